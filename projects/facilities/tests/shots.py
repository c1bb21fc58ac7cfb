"""Pictures of facilities in force: the list, entering one, the second person's word, one in force."""

from typing import Any

from clients.file.models import Client
from projects.facilities.models import Facility
from tools.shots.page import Page

PAGES = (
    Page("17-facilities", "projects:facility_list", "tangyutong"),
    Page("17-facility-enter", "projects:facility_enter", of="facility_client"),
    Page("17-facility-confirm", "projects:facility_detail", "tangyutong", of="facility_waiting"),
    Page("17-facility-settled", "projects:facility_detail", "tangyutong", of="facility_settling"),
    Page("17-facility", "projects:facility_detail", "tangyutong", of="facility_in_force"),
    Page("17-facility-balance", "projects:facility_tell", "tangyutong", of="facility_in_force"),
    Page("33-admin-facilities", "admin:projects_facility_changelist", "liangyawen"),
    Page("33-admin-balances", "admin:projects_facilitybalance_changelist", "liangyawen"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's facilities by where they stand."""
    rows = Facility.objects.order_by("pk")
    first = {state: rows.filter(state=state)[0] for state in ("entered", "settling", "confirmed")}
    return {
        "facility_waiting": (first["entered"].pk,),
        "facility_settling": (first["settling"].pk,),
        "facility_in_force": (first["confirmed"].pk,),
        "facility_client": (Client.objects.filter(owner__name="林晓雯").earliest("pk").pk,),
    }
