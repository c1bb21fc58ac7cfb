"""Two waivers of the demo: one waits for a vice-president, one was given."""

from datetime import timedelta
from typing import Any

from crm.kernel.declarations import demo
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from projects.deals.models import Project
from projects.deals.services import project_update
from risk.gates.models import GateWaiver
from risk.gates.services import waiver_ask, waiver_grant

GATE = "project_approval"
ASKED = "项目备案已由发改部门受理，预计两周内出具备案证明，申请先行送审。"
GIVEN = "同意先行送审，备案证明原件须在首次放款前补齐。"


def ask_for_waivers(stage: Stage) -> None:
    """Two drafts whose projects are not filed yet."""
    drafts = [project for project, state in stage.made["projects"] if state == "draft"]
    for project, is_given in zip(drafts[1:3], (False, True), strict=True):
        with stage.days_ago(2):
            waiver = _ask(Project.objects.get(pk=project.pk), stage.people["hanzhiyuan"])
        if is_given:
            with stage.days_ago(1):
                last = clock.today() + timedelta(days=60)
                waiver_grant(waiver=waiver, reason=GIVEN, expires_on=last, by=stage.people["hanzhiyuan"])


def _ask(project: Project, decider: Person) -> GateWaiver:
    owner = Person.objects.get(pk=project.owner_id)
    missing: dict[str, Any] = {"approval_no": None, "approval_date": None}
    project_update(project=project, expected_version=project.version, by=owner, **missing)
    return waiver_ask(project=project, gate=GATE, asked_of=decider, reason=ASKED, by=owner)


demo.register(ask_for_waivers, order=72)
