"""Statement sets: entered and checked by one person, confirmed by another, corrected by a new version."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.urls import reverse

from clients.file.models import Client
from clients.file.services import co_manager_add, co_manager_remove
from clients.file.tests.factories import ClientFactory
from clients.statements.models import Statement
from clients.statements.selectors import find_problems, read_columns
from clients.statements.services import (
    statement_check,
    statement_confirm,
    statement_correct,
    statement_create,
    statement_return,
    statement_save,
    statement_void,
)
from clients.statements.tests.factories import FACTS, WAN, confirmed, draft, figures, last_year, submitted
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, Stale
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import browser_for, cast_member

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def manager() -> Person:
    return cast_member("owner")


@pytest.fixture
def client(manager: Person) -> Client:
    return ClientFactory(owner=manager)  # type: ignore[return-value]


@pytest.fixture
def assessor() -> Person:
    return cast_member("risk_assessor")


def confirm(row: Statement, by: Person) -> Statement:
    return statement_confirm(statement=row, expected_version=row.version, by=by)


def test_a_set_is_entered_checked_and_confirmed_by_another(client: Client, assessor: Person) -> None:
    row = draft(client)
    columns = read_columns([row.pk])[row.pk]
    assert columns["closing"]["A999"] == 52550 * WAN and columns["ytd"]["P40"] == 3450 * WAN
    assert find_problems(row) == []
    row = statement_check(statement=row, expected_version=row.version, by=client.owner)
    assert Todo.objects.filter(kind="statement.confirm", done_at=None).count() == 1
    with pytest.raises(NotPermitted):
        confirm(row, client.owner)
    row = confirm(row, assessor)
    assert (row.state, row.confirmed_by, row.kept.confirmed_by.name) == ("confirmed", assessor, assessor.name)
    assert not Todo.objects.filter(kind="statement.confirm", done_at=None).exists()
    acts = AuditEvent.objects.filter(action__startswith="statement.").order_by("pk").values_list("action", flat=True)
    assert list(acts) == [f"statement.{act}" for act in ("created", "saved", "checked", "confirmed")]


def test_a_head_who_entered_it_does_not_confirm_it(client: Client) -> None:
    head = cast_member("head")
    co_manager_add(client=client, person=head, by=client.owner)
    row = submitted(client, by=head)
    co_manager_remove(client=client, person=head, by=client.owner)
    with pytest.raises(NotPermitted):
        confirm(row, head)


def test_a_head_who_works_on_the_client_does_not_confirm_it(client: Client) -> None:
    head = cast_member("head")
    row = submitted(client)
    co_manager_add(client=client, person=head, by=client.owner)
    with pytest.raises(NotPermitted):
        confirm(row, head)
    co_manager_remove(client=client, person=head, by=client.owner)
    assert confirm(row, head).state == "confirmed"


def test_who_edited_the_figures_does_not_confirm_them(client: Client) -> None:
    head = cast_member("head")
    row = draft(client)
    co_manager_add(client=client, person=head, by=client.owner)
    row = statement_save(statement=row, figures=figures(), expected_version=row.version, by=head)
    co_manager_remove(client=client, person=head, by=client.owner)
    row = statement_check(statement=row, expected_version=row.version, by=client.owner)
    with pytest.raises(NotPermitted):
        confirm(row, head)
    with pytest.raises(IntegrityError, match="not_by_an_editor"), transaction.atomic():
        Statement.objects.filter(pk=row.pk).update(state="confirmed", confirmed_by=head, confirmed_at=clock.now())
    with pytest.raises(Error), transaction.atomic():
        Statement.objects.filter(pk=row.pk).update(editors=[])


def test_an_imbalance_is_refused_with_the_figure_and_kept_as_a_draft(client: Client) -> None:
    worse = draft(client, changes={("A999", "closing"): 60000 * WAN})
    with pytest.raises(Conflict) as refusal:
        statement_check(statement=worse, expected_version=worse.version, by=client.owner)
    assert "I3 A999: 600,000,000.00 − 525,500,000.00 = 74,500,000.00" in str(refusal.value.message)
    worse.refresh_from_db()
    assert worse.state == "draft"


def test_a_warning_needs_its_reason(client: Client) -> None:
    row = draft(client, changes={("M03", "closing"): 100 * WAN})
    told: dict[str, Any] = {"statement": row, "expected_version": row.version, "by": client.owner}
    with pytest.raises(Conflict) as refusal:
        statement_check(**told)
    assert "I17 C90: 66,000,000.00 − 65,000,000.00" in str(refusal.value.message)
    with pytest.raises(BadInput):
        statement_check(reasons=[{"key": "I17:C90:0", "kind": "equivalents", "text": "短"}], **told)
    reason = {"key": "I17:C90:0", "kind": "equivalents", "text": "三个月内理财计入现金等价物"}
    assert statement_check(reasons=[reason], **told).reasons.get().text == reason["text"]


def test_a_reason_is_for_the_figures_it_was_given_for(client: Client) -> None:
    reason = {"key": "I17:C90:0", "kind": "equivalents", "text": "三个月内理财计入现金等价物"}
    row = draft(client, changes={("M03", "closing"): 100 * WAN})
    row = statement_check(statement=row, reasons=[reason], expected_version=row.version, by=client.owner)
    for restricted, kept in ((100, 1), (900, 0)):
        changed = figures({("M03", "closing"): restricted * WAN})
        row = statement_save(statement=row, figures=changed, expected_version=row.version, by=client.owner)
        assert row.reasons.count() == kept
    with pytest.raises(Conflict):
        statement_check(statement=row, expected_version=row.version, by=client.owner)


def test_a_unit_that_total_assets_speak_against_is_asked_back(client: Client) -> None:
    confirmed(client, period_end=date(last_year().year - 1, 12, 31))
    row = statement_create(client=client, by=client.owner, period_end=last_year(), received_on=clock.today(), **FACTS)
    page, address = browser_for(client.owner), reverse("clients:statement_edit", args=[row.pk])
    typed = {"unit": "yuan", "version": row.version, "A101.closing": "60,000.00", "E101.closing": "60,000.00"}
    refused = page.post(address, typed)
    assert refused.status_code == 400 and "unit_is_sure" in refused.content.decode()
    row.refresh_from_db()
    assert not row.lines.exists() and row.unit == "wan"
    assert page.post(address, {**typed, "unit_is_sure": "on"}).status_code == 302
    row.refresh_from_db()
    assert page.post(address, {**typed, "unit": "wan", "version": row.version}).status_code == 302


def test_a_loss_printed_without_its_minus_is_named(client: Client) -> None:
    row = draft(client, changes={("P13", "ytd"): 3500 * WAN, ("P20", "ytd"): (4530 - 3500) * WAN})
    with pytest.raises(Conflict, match="unbalanced") as refusal:
        statement_check(statement=row, expected_version=row.version, by=client.owner)
    assert "P12" in str(refusal.value.message)


def test_a_correction_takes_the_place_of_what_it_corrects(client: Client, assessor: Person) -> None:
    first = confirmed(client)
    told: dict[str, Any] = {"reason": "审计调整收入确认", "by": client.owner}
    second = statement_correct(statement=first, expected_version=first.version, **told)
    assert read_columns([second.pk])[second.pk] == read_columns([first.pk])[first.pk]
    with pytest.raises(Conflict):
        statement_correct(statement=first, expected_version=first.version, **told)
    second = statement_check(statement=second, expected_version=second.version, by=client.owner)
    confirm(second, assessor)
    first.refresh_from_db()
    assert first.state == "superseded"


def test_two_confirmed_sets_of_one_period_are_refused(client: Client, assessor: Person) -> None:
    confirmed(client)
    other = submitted(client)
    with pytest.raises(Conflict, match="taken"):
        confirm(other, assessor)
    consolidated = submitted(client, scope="consolidated")
    assert confirm(consolidated, assessor).state == "confirmed"


def test_who_returns_says_why_and_the_figures_open_again(client: Client, assessor: Person) -> None:
    row = submitted(client)
    told: dict[str, Any] = {"statement": row, "expected_version": row.version, "by": assessor}
    with pytest.raises(BadInput):
        statement_return(reason="不", **told)
    row = statement_return(reason="附注缺受限资金", **told)
    assert (row.state, row.checked_by) == ("draft", None)


def test_saving_again_reopens_what_was_checked_and_refuses_an_old_version(client: Client) -> None:
    row = submitted(client)
    told: dict[str, Any] = {"statement": row, "figures": figures(), "by": client.owner}
    with pytest.raises(Stale):
        statement_save(expected_version=row.version - 1, **told)
    assert statement_save(expected_version=row.version, **told).state == "draft"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"period_end": date(2099, 12, 31)}, "period_end"),
        ({"months": 6}, "period_end"),
        ({"months": 13}, "months"),
        ({"opinion": "qualified"}, "auditor"),
        ({"received_on": date(2020, 1, 1)}, "received_on"),
    ],
)
def test_contradicting_facts_are_refused_with_their_field(client: Client, facts: dict[str, Any], field: str) -> None:
    given = {"period_end": last_year(), "received_on": clock.today(), **FACTS, **facts}
    with pytest.raises(BadInput) as refusal:
        statement_create(client=client, by=client.owner, **given)
    assert field in refusal.value.errors


@pytest.mark.parametrize("value", ["NaN", "Infinity", "0.001", "1e20"])
def test_figures_that_cannot_be_kept_are_named(client: Client, value: str) -> None:
    row = draft(client)
    with pytest.raises(BadInput) as refusal:
        statement_save(
            statement=row, figures=[("A101", "closing", D(value))], expected_version=row.version, by=client.owner
        )
    assert list(refusal.value.errors) == ["A101.closing"]


def test_opening_figures_are_compared_with_the_confirmed_set_of_last_year(client: Client) -> None:
    former = date(last_year().year - 1, 12, 31)
    confirmed(client, period_end=former)
    found = find_problems(draft(client))
    assert {finding.number for finding in found} == {"I18", "I21"}
    assert "A105" in [code for finding in found for code, _, _ in finding.lines]


def test_a_confirmed_set_is_void_only_by_a_second_person(client: Client, assessor: Person) -> None:
    row = confirmed(client)
    told: dict[str, Any] = {"statement": row, "reason": "错传他户报表", "expected_version": row.version}
    with pytest.raises(NotPermitted):
        statement_void(by=client.owner, **told)
    assert statement_void(by=assessor, **told).state == "void"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE clients_statementline SET value = value + 1 WHERE statement_id = %s",
        "DELETE FROM clients_statementline WHERE statement_id = %s",
        "UPDATE clients_statement SET unit = 'yuan' WHERE id = %s",
        "UPDATE clients_statement SET state = 'draft' WHERE id = %s",
        "DELETE FROM clients_statement WHERE id = %s",
    ],
)
def test_the_database_keeps_what_was_confirmed(client: Client, sql: str) -> None:
    row = confirmed(client)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [row.pk])


def test_the_database_holds_two_people_and_one_confirmed_set(client: Client) -> None:
    row = submitted(client)
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=row.pk).update(
            state="confirmed", confirmed_by=client.owner, confirmed_at=clock.now()
        )


def test_the_figures_of_the_grid_are_stored_in_yuan(client: Client) -> None:
    row = statement_create(client=client, by=client.owner, period_end=last_year(), received_on=clock.today(), **FACTS)
    page = browser_for(client.owner)
    address = reverse("clients:statement_edit", args=[row.pk])
    assert page.get(address).status_code == 200
    typed = {"unit": "wan", "version": row.version, "A101.closing": "6,600.00", "E101.closing": "（1.5）"}
    assert page.post(address, {**typed, "A105.closing": "约一万"}).status_code == 422
    assert page.post(address, typed).status_code == 302
    found = read_columns([row.pk])[row.pk]["closing"]
    assert (found["A101"], found["A199"], found["E101"]) == (D(66_000_000), D(66_000_000), D(-15_000))
    row.refresh_from_db()
    assert row.decimals == 2


def test_the_page_names_the_difference_and_the_client_page_has_the_panel(client: Client, assessor: Person) -> None:
    row = draft(client, changes={("A999", "closing"): 60000 * WAN})
    page = browser_for(client.owner)
    shown = page.get(row.get_absolute_url()).content.decode()
    assert "74,500,000.00" in shown and "6,600.00" in shown
    panel = page.get(reverse("clients:statement_panel", args=[client.pk]), headers={"HX-Request": "true"})
    assert row.get_absolute_url() in panel.content.decode()
    waiting = submitted(client, scope="consolidated")
    desk = browser_for(assessor)
    answer = desk.post(waiting.get_absolute_url(), {"verdict": "confirm", "version": waiting.version})
    waiting.refresh_from_db()
    assert (answer.status_code, waiting.state, waiting.confirmed_by) == (302, "confirmed", assessor)


def test_a_day_after_the_period_end_is_the_earliest_receipt(client: Client) -> None:
    given = {**FACTS, "period_end": last_year()}
    with pytest.raises(BadInput):
        statement_create(client=client, by=client.owner, received_on=last_year() - timedelta(days=1), **given)
