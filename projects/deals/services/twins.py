"""The same project filed twice is asked about, as a client of the same name is."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.access.errors import Conflict
from crm.kernel.parameters import selectors as parameters
from projects.deals.models import Project
from projects.deals.rules.twins import Outline, look_alike

CLOSE = "deal.twin_amount_percent"
# What the question rests on; an edit of anything else does not ask.
ASKED_ABOUT = ("name", "product", "currency", "amount")
ENDED = (Project.Status.REJECTED, Project.Status.WITHDRAWN)


def refuse_twin(facts: Mapping[str, Any], *, client_id: int, beside: int | None = None) -> None:
    """Conflict naming `name` when the client has an open or approved project that looks like `facts`. Two queries.

    The caller holds the client's row, so that the same filing sent twice at once is asked about too.
    """
    mine = _outline(facts)
    percent = parameters.value(CLOSE).value
    rows = Project.objects.filter(client_id=client_id).exclude(status__in=ENDED)
    if beside is not None:
        rows = rows.exclude(pk=beside)
    for row in rows.order_by("-pk").values("name", *ASKED_ABOUT[1:]):
        if look_alike(mine, _outline(row), percent=percent):
            words = {"name": row["name"]}
            raise Conflict(
                _("This client already has a similar project: %(name)s. Tick the box if yours is a different project.")
                % words,
                field="name",
                code="same_project",
            )


def is_similar(one: Project, other: Project) -> bool:
    """Whether two projects of one client look like the same one."""
    outlines = [_outline({name: getattr(row, name) for name in ASKED_ABOUT}) for row in (one, other)]
    return look_alike(*outlines, percent=parameters.value(CLOSE).value)


def _outline(facts: Mapping[str, Any]) -> Outline:
    return Outline(**{name: facts[name] for name in ASKED_ABOUT})
