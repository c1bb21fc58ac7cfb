"""A gate is waived by a named person of the level, with reason and last day, never silently, never by a maker."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, cast_member, make_person
from projects.deals.models import Project, ProjectEditor
from projects.deals.services import project_update
from risk.gates.models import GateWaiver
from risk.gates.services import waiver_ask, waiver_decline, waiver_grant
from risk.reviews.selectors.dossier import open_dossier
from risk.reviews.tests.factories import decide, make_project, submit
from risk.reviews.tests.helpers import fresh

pytestmark = pytest.mark.django_db
ASKED = "备案已受理，预计两周内出具备案证明。"
GIVEN = "同意先行送审，备案证明须于放款前补齐。"


@pytest.fixture
def project(owner: Person, assistant: Person) -> Project:
    """A deal whose project has not been filed with the authority yet."""
    return make_project(approval_no=None, approval_date=None)


def ask(project: Project, **changes: Any) -> GateWaiver:
    given = {"gate": "project_approval", "asked_of": cast_member("final_approver"), "reason": ASKED}
    return waiver_ask(project=project, by=cast_member("owner"), **{**given, **changes})


def in_days(count: int) -> Any:
    return clock.today() + timedelta(days=count)


def grant(waiver: GateWaiver, days: int = 30, **changes: Any) -> GateWaiver:
    by = changes.pop("by", None) or fresh(cast_member("final_approver"))
    return waiver_grant(waiver=waiver, by=by, **{"reason": GIVEN, "expires_on": in_days(days), **changes})


def test_a_waived_gate_lets_the_deal_through_and_stands_in_the_dossier(project: Project) -> None:
    with pytest.raises(RuleRefused) as refused:
        submit(project)
    assert list(refused.value.errors) == ["approval_no"]
    waiver = ask(project)
    with pytest.raises(RuleRefused):
        submit(project)  # asked for is not given
    grant(waiver)
    case = submit(project)
    [row] = [row for row in open_dossier(case.rounds.get())["gates"] if row["id"] == "project_approval"]
    assert row["result"] == "waived"
    assert (row["waiver"]["name"], row["waiver"]["level"], row["waiver"]["reason"]) == ("韩致远", 2, GIVEN)
    page = browser_for(cast_member("owner")).get(case.get_absolute_url()).content.decode()
    assert GIVEN in page and "商业银行法" in page


def test_a_waiver_ends_with_its_last_day_and_then_stops_the_decision(
    project: Project, initial_reviewer: Person
) -> None:
    grant(ask(project), days=1)
    case = submit(project)
    with clock.at(in_days(2)):
        with pytest.raises(RuleRefused) as refused:
            decide(case, initial_reviewer)
        assert (refused.value.code, refused.value.details["fields"]) == ("gates_today", ["approval_no"])


def test_a_reduction_for_short_board_infrastructure_needs_its_approver() -> None:
    """16 % of capital: below 20 %, within a reduction of 4 points that a vice-president approved."""
    facts = {"sector": "other_infra", "total_investment": 100_000_000, "capital": 16_000_000, "amount": 80_000_000}
    project = make_project(**facts, short_board_points="4.00", short_board_reason="收费稳定的污水处理补短板项目")
    with pytest.raises(RuleRefused) as refused:
        submit(project)
    assert list(refused.value.errors) == ["short_board_points"]
    grant(ask(project, gate="short_board"))
    rows = {row["id"]: row for row in open_dossier(submit(project).rounds.get())["gates"]}
    assert (rows["capital_ratio"]["result"], rows["capital_ratio"]["figures"]["minimum"]) == ("passed", "16.00%")
    assert rows["short_board"]["result"] == "waived"


class TestWho:
    def test_only_a_maker_asks(self, project: Project, stranger: Person, head: Person) -> None:
        with pytest.raises(NotVisible):
            waiver_ask(project=project, gate="project_approval", asked_of=head, reason=ASKED, by=stranger)
        with pytest.raises(NotPermitted):
            waiver_ask(project=project, gate="project_approval", asked_of=head, reason=ASKED, by=head)

    def test_who_is_asked_reaches_the_level_and_does_not_work_on_the_deal(self, project: Project, head: Person) -> None:
        low = make_person("低一级", Role.FINAL_APPROVER, place="0001", level=1)
        maker = make_person("曾经办", Role.FINAL_APPROVER, place="0001", level=2)
        ProjectEditor.objects.create(project=project, person=maker)
        for person in (low, maker, head, cast_member("owner")):
            with pytest.raises(RuleRefused) as refused:
                ask(project, asked_of=person)
            assert list(refused.value.errors) == ["asked_of"]
        assert not GateWaiver.objects.exists()

    def test_only_who_was_asked_decides_and_reads_the_deal_meanwhile(self, project: Project) -> None:
        approver = cast_member("final_approver")
        assert not Project.objects.visible_to(approver).filter(pk=project.pk).exists()
        waiver = ask(project)
        assert Project.objects.visible_to(approver).filter(pk=project.pk).exists()
        with pytest.raises(NotVisible):
            grant(waiver, by=cast_member("second_final_approver"))
        with pytest.raises(NotPermitted):
            grant(waiver, by=cast_member("owner"))
        grant(waiver)
        assert not Project.objects.visible_to(fresh(approver)).filter(pk=project.pk).exists()

    def test_who_became_a_maker_decides_no_more_and_what_they_gave_is_void(self, project: Project) -> None:
        given = grant(ask(project))
        ProjectEditor.objects.create(project=project, person=given.decided_by)
        with pytest.raises(RuleRefused):
            submit(project)
        waiver = ask(project, asked_of=cast_member("second_final_approver"))
        ProjectEditor.objects.create(project=project, person=waiver.asked_of)
        with pytest.raises(NotPermitted):
            grant(waiver, by=fresh(waiver.asked_of))


class TestBadInput:
    @pytest.mark.parametrize("gate", ["funding", "grade", "capital_ratio", "anything"])
    def test_what_the_rule_set_does_not_let_be_waived(self, project: Project, gate: str) -> None:
        with pytest.raises(RuleRefused) as refused:
            ask(project, gate=gate)
        assert list(refused.value.errors) == ["gate"]

    @pytest.mark.parametrize("reason", ["", "急", " " * 20, "理由\x00理由理由理由理由"])
    def test_a_reason_of_ten_characters(self, project: Project, reason: str) -> None:
        with pytest.raises(BadInput):
            ask(project, reason=reason)
        with pytest.raises(BadInput):
            grant(ask(project), reason=reason)

    @pytest.mark.parametrize("days", [-1, 181, None])
    def test_a_last_day_within_the_longest_validity(self, project: Project, days: int | None) -> None:
        waiver = ask(project)
        with pytest.raises(BadInput) as refused:
            grant(waiver, expires_on=None if days is None else in_days(days))
        assert list(refused.value.errors) == ["expires_on"]
        waiver.refresh_from_db()
        assert waiver.status == "asked"

    def test_a_second_decision_and_a_locked_deal(self, project: Project) -> None:
        waiver = ask(project)
        grant(waiver)
        with pytest.raises((Conflict, NotVisible, NotPermitted)):
            waiver_decline(waiver=waiver, reason=GIVEN, by=fresh(cast_member("final_approver")))
        submit(project)
        with pytest.raises(Conflict):
            ask(project)

    def test_asking_anew_replaces_what_waits(self, project: Project) -> None:
        first = ask(project)
        ask(project, asked_of=cast_member("second_final_approver"))
        first.refresh_from_db()
        assert first.status == "replaced"
        assert not Project.objects.visible_to(cast_member("final_approver")).filter(pk=project.pk).exists()


class TestDatabase:
    def refused(self, waiver: GateWaiver, **values: Any) -> str:
        with pytest.raises(IntegrityError) as found, transaction.atomic():
            GateWaiver.objects.filter(pk=waiver.pk).update(**values)
        return str(found.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]

    def test_it_refuses_a_maker_another_person_and_a_change_of_what_was_decided(self, project: Project) -> None:
        waiver, approver = ask(project), cast_member("final_approver")
        given = {"status": "granted", "decided_level": 2, "reason": GIVEN, "expires_on": in_days(3)}
        given["decided_at"] = clock.now()
        other = {**given, "decided_by": cast_member("second_final_approver")}
        assert self.refused(waiver, **other) == "risk_gatewaiver_two_people"
        low = {**given, "decided_by": approver, "decided_level": 1}
        assert self.refused(waiver, **low) == "risk_gatewaiver_status_has_its_person"
        ProjectEditor.objects.create(project=project, person=approver)
        assert self.refused(waiver, **given, decided_by=approver) == "risk_gatewaiver_not_by_a_maker"
        done = grant(
            ask(project, asked_of=cast_member("second_final_approver")), by=cast_member("second_final_approver")
        )
        assert self.refused(done, expires_on=in_days(300)) == "risk_gatewaiver_kept"


class TestFaces:
    def test_the_page_asks_and_decides(self, project: Project) -> None:
        owner, approver = browser_for(cast_member("owner")), browser_for(cast_member("final_approver"))
        asking = reverse("risk:gate_waiver_ask", args=[project.pk])
        panel = owner.get(reverse("risk:project_panel", args=[project.pk])).content.decode()
        assert f"{asking}?gate=project_approval" in panel
        sent = {"gate": "project_approval", "asked_of": cast_member("final_approver").pk, "asked_reason": ASKED}
        assert owner.post(asking, sent).status_code == 302
        waiver = GateWaiver.objects.get()
        page = waiver.get_absolute_url()
        assert page in approver.get("/").content.decode()
        assert ASKED in approver.get(page).content.decode()
        assert approver.post(page, {"verdict": "grant", "reason": GIVEN}).status_code == 400
        answer = approver.post(page, {"verdict": "grant", "reason": GIVEN, "expires_on": in_days(9).isoformat()})
        assert answer.status_code == 302
        waiver.refresh_from_db()
        assert (waiver.status, waiver.decided_by_name) == ("granted", "韩致远")
        assert AuditEvent.objects.filter(action="gate_waiver.granted").exists()

    def test_the_api_asks_and_decides(self, project: Project) -> None:
        owner, approver = api_for(cast_member("owner")), api_for(cast_member("final_approver"))
        sent = {"gate": "project_approval", "asked_of": cast_member("final_approver").pk, "reason": ASKED}
        asked = owner.post(f"/api/v1/projects/{project.pk}/gate-waivers/", sent, format="json")
        assert asked.status_code == 201, asked.data
        address = f"/api/v1/gate-waivers/{asked.data['id']}/"
        assert (
            owner.post(f"{address}grant/", {"reason": GIVEN, "expires_on": "2027-01-01"}, format="json").status_code
            == 403
        )
        declined = approver.post(f"{address}decline/", {"reason": "备案未完成，不得先行送审。"}, format="json")
        assert (declined.status_code, declined.data["status"]) == (200, "declined")
        assert owner.get(address).data["reason"] == "备案未完成，不得先行送审。"

    def test_the_admin_site_decides(self, project: Project) -> None:
        waiver, approver = ask(project), browser_for(cast_member("final_approver"))
        address = reverse("admin:risk_gatewaiver_change", args=[waiver.pk])
        assert ASKED in approver.get(address).content.decode()
        sent = {"verdict": "grant", "why": GIVEN, "last_day": in_days(9).isoformat()}
        assert approver.post(address, sent).status_code == 302
        waiver.refresh_from_db()
        assert waiver.status == "granted"
        assert browser_for(cast_member("owner")).post(address, sent).status_code == 403


def test_a_change_of_product_asks_the_gates_of_that_product(project: Project) -> None:
    """A working-capital loan has no project approval: nothing is left to be waived."""
    project_update(project=project, expected_version=project.version, by=project.owner, product="P04", term_months=36)
    with pytest.raises(RuleRefused):
        ask(project)
    assert submit(project).is_open
