"""What the institution must have on the day an authority matrix is published: people for each stage and level."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.access.errors import RuleRefused
from crm.kernel.parameters.selectors import value
from crm.kernel.people.models import RoleGrant
from crm.kernel.people.roles import AuthorityLevel, Role


def require_staff(matrix: Mapping[str, Any]) -> None:
    """At least so many active people for each stage, and for each level that decides without the committee.

    A level is staffed by whoever may decide at it or above it. Levels behind the committee are left out: the
    general manager is one person, and the committee has its own quorum. Two queries.
    """
    least = value("authority.min_people").value
    held = set(
        RoleGrant.objects.in_force()
        .filter(person__is_active=True, role__in=(Role.INITIAL_REVIEWER, Role.RECHECK_REVIEWER, Role.FINAL_APPROVER))
        .values_list("role", "authority_level", "person_id")
    )
    missing = [
        str(role.label)
        for role in (Role.INITIAL_REVIEWER, Role.RECHECK_REVIEWER)
        if len({person for held_role, _level, person in held if held_role == role}) < least
    ]
    missing += [
        str(AuthorityLevel(row["level"]).label)
        for row in matrix["levels"]
        if not row["committee"] and len({person for _role, level, person in held if level >= row["level"]}) < least
    ]
    if missing:
        text = _("Fewer than %(least)s active people for: %(missing)s.")
        raise RuleRefused(text % {"least": least, "missing": ", ".join(missing)}, field="value")
