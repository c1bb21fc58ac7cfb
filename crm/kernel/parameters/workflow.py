"""Moves of a parameter's version as a table: a proposal is published by a second person, or withdrawn."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.access.errors import Conflict
from crm.kernel.access.workflow import Move, Workflow
from crm.kernel.parameters.models import ParameterVersion

DRAFT = (ParameterVersion.Status.DRAFT,)


def refuse_state(version: ParameterVersion, move: Move) -> Conflict:
    """Somebody has published or withdrawn it."""
    return Conflict(_("This version is no longer waiting for approval."), field="status")


VERSION = Workflow(
    model=ParameterVersion,
    moves=(
        Move("approve", DRAFT, ParameterVersion.Status.PUBLISHED, audit="parameter.approved"),
        Move("withdraw", DRAFT, ParameterVersion.Status.WITHDRAWN, audit="parameter.withdrawn"),
    ),
    refuse_state=refuse_state,
)
