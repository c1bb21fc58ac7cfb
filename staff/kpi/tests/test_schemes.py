"""Schemes: two people, weights of 100, nothing backdated; what is published stays."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, RuleRefused, Stale
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.tests.support.people import make_person
from staff.kpi.models import KpiScheme, KpiSchemeRow
from staff.kpi.rules.periods import quarter_of
from staff.kpi.services import scheme_approve, scheme_propose, scheme_withdraw
from staff.kpi.tests.factories import Q3, ROWS, closed, draft_scheme, post, scheme

pytestmark = pytest.mark.django_db


def changed(number: int, **figures: Any) -> list[dict[str, Any]]:
    return [{**row, **figures} if place == number else dict(row) for place, row in enumerate(ROWS)]


def propose(by: Person, **given: Any) -> KpiScheme:
    facts = {"post": post(), "effective_from": quarter_of(clock.today()).starts_on, "source": "办法", "rows": ROWS}
    return scheme_propose(**{**facts, **given}, by=by)


def test_weights_of_99_are_refused_with_the_sum(finance: Person) -> None:
    with pytest.raises(BadInput) as refusal:
        propose(finance, rows=changed(0, weight="39"))
    assert "99" in str(refusal.value.errors["rows"][0])
    assert not KpiScheme.objects.exists()


def test_the_database_publishes_no_scheme_of_99(final_approver: Person) -> None:
    with clock.at(Q3.starts_on):
        draft = draft_scheme()
        KpiSchemeRow.objects.filter(scheme=draft, measure="reviews_returned").update(weight=19)
        with pytest.raises(BadInput, match="bad_input"):
            scheme_approve(scheme=draft, expected_version=1, by=final_approver)
        with pytest.raises(DatabaseError, match="come to 100, not to 99"), transaction.atomic():
            KpiScheme.objects.filter(pk=draft.pk).update(
                status="published", approved_by=final_approver, approved_at=clock.now()
            )


def test_who_proposed_a_scheme_does_not_publish_it(finance: Person) -> None:
    draft = propose(finance)
    with pytest.raises(NotPermitted):
        scheme_approve(scheme=draft, expected_version=1, by=finance)
    with pytest.raises(DatabaseError, match="two_people"), transaction.atomic():
        KpiScheme.objects.filter(pk=draft.pk).update(status="published", approved_by=finance, approved_at=clock.now())


def test_nobody_publishes_what_measures_them(finance: Person, final_approver: Person) -> None:
    draft = propose(finance)
    Person.objects.filter(pk=final_approver.pk).update(post=post())
    final_approver.refresh_from_db()
    with pytest.raises(NotPermitted):
        scheme_approve(scheme=draft, expected_version=1, by=final_approver)


def test_a_second_person_publishes_and_both_are_on_record(finance: Person, final_approver: Person) -> None:
    found = scheme_approve(scheme=propose(finance), expected_version=1, by=final_approver)
    assert (found.status, found.approved_by, found.version) == ("published", final_approver, 2)
    actions = AuditEvent.objects.filter(action__startswith="kpi_scheme").order_by("pk")
    assert [(row.action, row.person_id) for row in actions] == [
        ("kpi_scheme.proposed", finance.pk),
        ("kpi_scheme.published", final_approver.pk),
    ]


def test_a_stale_publication_is_refused(finance: Person, final_approver: Person) -> None:
    draft = propose(finance)
    with pytest.raises(Stale):
        scheme_approve(scheme=draft, expected_version=7, by=final_approver)


def test_a_second_draft_of_a_post_waits_for_the_first(finance: Person) -> None:
    first = propose(finance)
    with pytest.raises(Conflict):
        propose(finance)
    scheme_withdraw(scheme=first, reason="数字有误", expected_version=1, by=finance)
    assert propose(finance).number == 2


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.DEPARTMENT_HEAD, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_others_propose_no_scheme(role: str) -> None:
    with pytest.raises(NotPermitted):
        propose(make_person("贾思远", role))


@pytest.mark.parametrize(
    ("number", "figures", "place"),
    [
        (0, {"target": "0"}, "rows.0.target"),
        (0, {"target": None}, "rows.0.target"),
        (0, {"step": "1"}, "rows.0.step"),
        (0, {"measure": "wishes"}, "rows.0.measure"),
        (1, {"measure": "financings_approved"}, "rows.1.measure"),
        (0, {"weight": None}, "rows.0.weight"),
        (0, {"weight": "-40"}, "rows.0.weight"),
        (2, {"zero_at": "1"}, "rows.2.full_at"),
        (0, {"secret": "1"}, "rows.0.secret"),
    ],
)
def test_a_row_that_cannot_be_scored_is_refused_at_its_place(
    finance: Person, number: int, figures: dict[str, Any], place: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        propose(finance, rows=changed(number, **figures))
    assert place in refusal.value.errors


def test_a_scheme_begins_with_a_quarter_that_is_not_over(finance: Person) -> None:
    running = quarter_of(clock.today())
    with pytest.raises(BadInput):
        propose(finance, effective_from=date(2026, 11, 2))
    with pytest.raises(RuleRefused):
        propose(finance, effective_from=running.previous.starts_on)
    assert propose(finance, effective_from=running.next.starts_on).number == 1


def test_a_published_scheme_and_its_rows_never_change(db: None) -> None:
    found = scheme()
    attacks = [
        lambda: found.rows.filter(measure="reviews_returned").update(weight=19),
        lambda: found.rows.filter(measure="reviews_returned").delete(),
        lambda: KpiSchemeRow.objects.create(
            scheme=found, measure="x", dimension="risk", order=9, weight=1, method="deduct", step=1
        ),
        lambda: KpiScheme.objects.filter(pk=found.pk).update(effective_from=date(2026, 1, 1)),
        lambda: KpiScheme.objects.filter(pk=found.pk).update(status="draft", approved_by=None, approved_at=None),
    ]
    for attack in attacks:
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()


def test_no_scheme_is_published_into_a_closed_quarter(final_approver: Person) -> None:
    scheme()
    with clock.at(Q3.ends_on):
        draft = draft_scheme(quarter=Q3)
    period = closed(Q3)
    assert period.is_closed
    with clock.at(Q3.ends_on), pytest.raises(RuleRefused):
        scheme_approve(scheme=draft, expected_version=1, by=final_approver)
    with pytest.raises(DatabaseError, match="is closed"), transaction.atomic():
        KpiScheme.objects.filter(pk=draft.pk).update(
            status="published", approved_by=final_approver, approved_at=clock.now()
        )
