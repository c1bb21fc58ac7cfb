"""A limit is worked out, proposed by an assessor, decided by the approver of its level; a worse grade cuts it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from clients.file.models import Client
from clients.file.tests.factories import ClientFactory
from clients.statements.tests.factories import WAN, confirmed
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, RuleRefused
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.outbox.relay import relay_due
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, cast_member, make_person
from risk.limits.models import CreditLimit
from risk.limits.services import limit_approve, limit_decline, limit_follow
from risk.limits.tests.factories import OPINION, amount, in_force, propose, rated_client
from risk.ratings.models import Rating
from risk.ratings.services import rating_confirm
from risk.ratings.tests.factories import RatingFactory
from risk.reviews import parameter_codes as codes
from risk.reviews.selectors.gates import list_overtaken
from risk.reviews.tests.factories import give_grade, make_project, submit

pytestmark = pytest.mark.django_db


def standing(client: Client) -> Any:
    """The client's standing as stored."""
    return Client.objects.select_related("standing").get(pk=client.pk).standing


class TestProposing:
    def test_the_formula_gives_the_least_term_and_the_row_keeps_every_one(self) -> None:
        limit = propose(rated_client("A"), asked_of=cast_member("general_manager"))
        caps = {term["code"]: term["cap"] for term in limit.terms["terms"]}
        assert caps["net_worth"] == "121800000.00" and caps["need"] == "150000000.00"
        assert (limit.computed, limit.terms["binding"]) == (amount(12_180), "net_worth")
        assert limit.valid_until == standing(limit.client).grade_until
        assert [rule["code"] for rule in limit.rule_versions][:2] == ["limit.formula", "limit.own_capital"]

    def test_less_may_be_proposed_more_may_not(self) -> None:
        client = rated_client()
        with pytest.raises(RuleRefused) as refused:
            propose(client, amount=amount(15_001))
        assert refused.value.errors.keys() == {"amount"}
        assert propose(client, amount=amount(9_000)).amount == amount(9_000)

    def test_without_statements_grade_or_own_capital_there_is_no_limit(self, client: Client) -> None:
        for fitting in (client, give_grade(client, "AA") or client):
            with pytest.raises(RuleRefused) as refused:
                propose(fitting)
            assert refused.value.code == "unknown_terms"

    def test_the_level_follows_the_amount_and_a_lower_approver_is_refused(self, head: Person) -> None:
        client = rated_client()
        lower = make_person("方远", Role.FINAL_APPROVER, level=1)
        with pytest.raises(RuleRefused) as refused:
            propose(client, asked_of=lower)
        assert refused.value.code == "not_a_decider"
        assert propose(client).level == 2

    def test_only_an_assessor_who_does_not_work_on_the_client_proposes(self, owner: Person, head: Person) -> None:
        client = rated_client()
        for person in (owner, head):
            with pytest.raises(NotPermitted):
                propose(client, by=person)
        keeper = make_person("方远", Role.ACCOUNT_MANAGER, Role.RISK_ASSESSOR)
        Client.objects.filter(pk=client.pk).update(owner=keeper)
        with pytest.raises(NotPermitted):
            propose(client, by=keeper)

    def test_a_second_proposal_takes_the_place_of_the_first(self) -> None:
        client = rated_client()
        first, second = propose(client), propose(client, amount=amount(8_000))
        first.refresh_from_db()
        assert (first.status, second.status) == ("replaced", "proposed")

    def test_short_words_and_a_need_below_nothing_are_named(self) -> None:
        with pytest.raises(BadInput) as refused:
            propose(rated_client(), source="表", reason="好", need=-1 * WAN)
        assert refused.value.errors.keys() == {"source", "reason", "need"}


class TestDeciding:
    def test_the_approver_puts_it_in_force_and_the_standing_says_it(self) -> None:
        limit = in_force()
        found = standing(limit.client)
        assert (found.limit, found.limit_until, found.limit_source) == (
            amount(15_000),
            limit.valid_until,
            f"limit:{limit.pk}",
        )
        assert set(AuditEvent.objects.filter(subject_type="risk.creditlimit").values_list("action", flat=True)) == {
            "limit.proposed",
            "limit.approved",
        }

    def test_nobody_but_who_was_asked_decides_and_only_once(self, second_final_approver: Person) -> None:
        limit = propose()
        for person in (second_final_approver, cast_member("risk_assessor"), cast_member("owner")):
            with pytest.raises(Exception) as refused:
                limit_approve(limit=limit, opinion=OPINION, by=person)
            assert type(refused.value).__name__ in ("NotPermitted", "NotVisible")
        limit_approve(limit=limit, opinion=OPINION, by=limit.asked_of)
        with pytest.raises(Conflict):
            limit_decline(limit=limit, opinion=OPINION, by=limit.asked_of)

    def test_above_the_level_of_the_committee_its_minutes_are_named(self, general_manager: Person) -> None:
        limit = propose(rated_client("AAA"), need=30_000 * WAN, asked_of=general_manager)
        assert (limit.level, limit.by_committee) == (3, True)
        with pytest.raises(BadInput) as refused:
            limit_approve(limit=limit, opinion=OPINION, by=general_manager)
        assert refused.value.errors.keys() == {"resolution"}
        assert limit_approve(
            limit=limit, opinion=OPINION, resolution="贷审会第 41 次会议纪要", by=general_manager
        ).status == ("in_force")

    def test_what_the_figures_of_today_no_longer_give_is_not_approved(self) -> None:
        limit = propose()
        give_grade(limit.client, "B")
        with pytest.raises(RuleRefused) as refused:
            limit_approve(limit=limit, opinion=OPINION, by=limit.asked_of)
        assert refused.value.code == "figures_today"

    def test_the_database_keeps_what_was_proposed_and_decided(self) -> None:
        limit = in_force()
        rows = CreditLimit.objects.filter(pk=limit.pk)
        tries: list[dict[str, Any]] = [
            {"amount": amount(14_000)},
            {"opinion": "另作决定"},
            {"status": "proposed", "decided_by": None, "decided_at": None},
            {"decided_by": limit.entered_by_id},
        ]
        for changed in tries:
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**changed)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
        waiting = propose(rated_client())
        with pytest.raises(IntegrityError), transaction.atomic():
            CreditLimit.objects.filter(pk=waiting.pk).update(
                status="in_force", decided_by=waiting.entered_by_id, decided_at=clock.now(), decided_level=4
            )


def waiting_rating(grade: str) -> Rating:
    """A grade that was typed before the client had confirmed statements, and still waits for its second person."""
    return RatingFactory(client=ClientFactory(owner=cast_member("owner")), grade=grade)  # type: ignore[return-value]


class TestFollowing:
    def test_a_worse_grade_cuts_the_limit_the_same_minute(self) -> None:
        rating = waiting_rating("AA")
        limit = in_force(rated_client("AAA", client=rating.client), need=30_000 * WAN, amount=amount(20_000))
        rating_confirm(rating=rating, by=cast_member("second_assessor"))
        relay_due()
        limit.refresh_from_db()
        assert (limit.amount, limit.cut_to, standing(limit.client).limit) == (
            amount(20_000),
            amount(16_240),
            amount(16_240),
        )
        told = {notice.recipient.name for notice in limit.entered_by.notices.filter(kind="limit.cut")}
        assert told == {limit.entered_by.name}
        assert limit_follow(pk=limit.client_id, by=SYSTEM) is None

    def test_worse_statements_cut_it_as_well(self) -> None:
        limit = in_force(rated_client("AAA"), amount=amount(14_000))
        losses = {("E108", "closing"): 0 * WAN, ("A208", "closing"): 11_000 * WAN}
        confirmed(limit.client, changes=losses, period_end=date(clock.today().year, 6, 30), months=6)
        relay_due()
        limit.refresh_from_db()
        assert limit.cut_to == amount(11_300)

    def test_a_better_grade_does_not_lift_it(self) -> None:
        rating = waiting_rating("AAA")
        limit = in_force(rated_client("A", client=rating.client), amount=amount(6_000))
        rating_confirm(rating=rating, by=cast_member("second_assessor"))
        relay_due()
        limit.refresh_from_db()
        assert limit.cut_to is None

    def test_nobody_but_the_system_cuts(self, risk_assessor: Person) -> None:
        limit = in_force()
        with pytest.raises(NotPermitted):
            limit_follow(pk=limit.client_id, by=risk_assessor)


class TestGate:
    """A deal goes to review and is approved only within the limit in force."""

    def test_a_deal_above_the_free_limit_is_not_submitted_and_the_figures_are_named(self) -> None:
        client = in_force(rated_client(), amount=amount(9_000)).client
        submit(make_project(client, amount=amount(3_000)))
        with pytest.raises(RuleRefused) as refused:
            submit(make_project(client, amount=amount(9_001)))
        assert "limit" in str(refused.value.errors["amount"]) or "限额" in str(refused.value.errors["amount"])

    def test_a_limit_cut_during_the_review_refuses_the_approval(self) -> None:
        client = in_force(rated_client("AAA"), need=30_000 * WAN, amount=amount(20_000)).client
        case = submit(make_project(client, amount=amount(7_000), total_investment=amount(20_000)))
        project = case.project
        rules = parameters.values(codes.TODAY)
        fresh = type(project).objects.select_related("client__standing", "client__industry")
        assert "limit_room" not in {one.gate for one in list_overtaken(fresh.get(pk=project.pk), rules)}
        give_grade(client, "B")
        limit_follow(pk=client.pk, by=SYSTEM)
        failed = {one.gate: one for one in list_overtaken(fresh.get(pk=project.pk), rules)}
        assert "limit_room" in failed and failed["limit_room"].field == "amount"

    def test_without_a_limit_the_checklist_only_says_so(self) -> None:
        case = submit(make_project())
        assert case.rounds.latest("number").dossier.count("limit_missing") == 1

    def test_an_ended_limit_bounds_nothing_and_is_named(self) -> None:
        limit = in_force(rated_client(), amount=amount(1_000))
        limit.client.standing.__class__.objects.filter(pk=limit.client_id).update(
            limit_until=clock.today() - timedelta(days=1)
        )
        case = submit(make_project(Client.objects.get(pk=limit.client_id)))
        assert "limit_ended" in case.rounds.latest("number").dossier


class TestDoors:
    def test_the_page_shows_the_terms_while_one_types_and_writes_nothing(self, risk_assessor: Person) -> None:
        client = rated_client()
        browser = browser_for(risk_assessor)
        address = reverse("risk:limit_propose", args=[client.pk])
        assert browser.get(address).status_code == 200
        shown = browser.post(f"{address}?preview=1", {"need": "150000000"}).content.decode()
        assert "15,000.00" in shown and not CreditLimit.objects.exists()

    def test_proposed_by_page_and_decided_by_api(self, risk_assessor: Person, final_approver: Person) -> None:
        client = rated_client()
        given = {
            "need_kind": "debt_capacity",
            "need": "150000000",
            "source": "现金流模型第 3 版",
            "reason": "近三年经营稳定，限额由偿债能力决定。",
            "asked_of": final_approver.pk,
        }
        answer = browser_for(risk_assessor).post(reverse("risk:limit_propose", args=[client.pk]), given)
        assert answer.status_code == 302
        limit = CreditLimit.objects.get()
        api = api_for(final_approver)
        assert [row["id"] for row in api.get("/api/v1/credit-limits/?waiting=me").json()["results"]] == [limit.pk]
        answer = api.post(f"/api/v1/credit-limits/{limit.pk}/approve/", {"opinion": OPINION}, format="json")
        assert (answer.status_code, answer.json()["status"]) == (200, "in_force")

    def test_decided_on_the_page_by_who_was_asked(self, final_approver: Person) -> None:
        limit = propose()
        page = browser_for(final_approver)
        assert page.get(limit.get_absolute_url()).status_code == 200
        page.post(limit.get_absolute_url(), {"verdict": "decline", "opinion": "需求测算依据不足。"})
        limit.refresh_from_db()
        assert (limit.status, limit.decided_by) == ("declined", final_approver)


@pytest.fixture
def client() -> Client:
    """A company without statements."""
    return ClientFactory(owner=cast_member("owner"))  # type: ignore[return-value]
