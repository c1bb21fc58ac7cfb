"""Cash-flow models: kept as typed, judged against the levels, confirmed by another person, then as they are."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.urls import reverse

from crm.kernel.access.checks import may
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, Stale
from crm.kernel.people.models import Person
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, cast_member
from projects.cashflow import services
from projects.cashflow.models import CashflowModel
from projects.cashflow.policies import CONFIRM
from projects.cashflow.rules.typed import FACTS as TYPED_FACTS
from projects.cashflow.tests.factories import FACTS, confirmed, draft, inputs, submitted
from projects.deals.models import Project
from projects.deals.tests.factories import ProjectFactory
from risk.reviews.tests.factories import make_project, submit

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def project(db: Any) -> Project:
    return ProjectFactory()  # type: ignore[return-value]


@pytest.fixture
def assessor(db: Any) -> Person:
    return cast_member("risk_assessor")


def save(row: CashflowModel, by: Person, **changes: Any) -> CashflowModel:
    return services.cashflow_save(model=row, inputs=inputs(**changes), expected_version=row.version, by=by)


def test_a_version_is_drafted_judged_and_confirmed_by_another(project: Project, assessor: Person) -> None:
    row = submitted(project)
    assert row.min_dscr == D("1.289660") or abs(row.min_dscr - D("1.2897")) < D("0.0001")  # type: ignore[operator]
    assert (row.verdict, row.number, row.problems) == ("amber", 1, [])
    failed = [one["code"] for one in row.result["stress"] if not one["passes"]]
    assert failed == ["S3"] and row.result["levels"]["base"] == "1.30"
    todo = Todo.objects.get(kind=services.CONFIRM_TODO, done_at__isnull=True)
    assert todo.owner == assessor
    row = services.cashflow_confirm(model=row, expected_version=row.version, by=assessor)
    assert (row.state, row.confirmed_by) == ("confirmed", assessor)
    todo.refresh_from_db()
    assert todo.done_at is not None


def test_a_wrong_cell_stays_in_the_draft_with_its_line_and_period(project: Project) -> None:
    owner = project.client.owner
    row = draft(project, changes={"revenue": {"cells": ["1800", "一千八", "1850"]}})
    assert row.inputs["lines"]["revenue"]["cells"] == ["1800", "一千八", "1850"]
    assert (row.verdict, row.min_dscr, row.result) == ("", None, {})
    page = browser_for(owner).get(reverse("projects:cashflow_edit", args=[row.pk])).content.decode()
    assert "2029" in page and "一千八" in page
    with pytest.raises(Conflict, match="problems"):
        services.cashflow_check(model=row, expected_version=row.version, by=owner)
    row = save(row, owner)
    assert row.problems == [] and row.verdict == "amber"
    row = save(row, owner, tranche={"kind": "sculpted"}, opex={"cells": ["1900"], "growth": "0"})
    assert [fault["code"] for fault in row.problems] == ["sculpting_infeasible"], "named, not a crash"


def test_who_had_a_hand_in_it_or_works_on_the_project_does_not_confirm(project: Project) -> None:
    cast_member("risk_assessor")
    row = submitted(project)
    for name in ("owner", "assistant", "auditor"):
        with pytest.raises(NotPermitted):
            services.cashflow_confirm(model=row, expected_version=row.version, by=cast_member(name))
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE projects_cashflowmodel SET state='confirmed', confirmed_by_id=made_by_id, confirmed_at=now() "
            "WHERE id=%s",
            [row.pk],
        )


def test_a_head_who_edited_it_or_works_on_the_client_does_not_confirm_it(project: Project) -> None:
    head, owner = cast_member("head"), project.client.owner
    row = submitted(project)
    assert may(head, CONFIRM, row)
    CashflowModel.objects.filter(pk=row.pk).update(state="draft", checked_by=None, checked_at=None)
    CashflowModel.objects.filter(pk=row.pk).update(editors=[head.pk])
    row.refresh_from_db()
    row = services.cashflow_check(model=row, expected_version=row.version, by=owner)
    assert not may(head, CONFIRM, row)
    with pytest.raises(NotPermitted):
        services.cashflow_confirm(model=row, expected_version=row.version, by=head)


def test_a_new_version_supersedes_and_the_database_keeps_the_old_one(project: Project, assessor: Person) -> None:
    owner = project.client.owner
    first = confirmed(project)
    with pytest.raises(Conflict, match="moved"):
        save(first, owner)
    second = services.cashflow_copy(model=first, expected_version=first.version, by=owner)
    with pytest.raises(Conflict, match="taken"):
        services.cashflow_copy(model=first, expected_version=first.version, by=owner)
    second = save(second, owner, opex={"cells": ["500"], "growth": "0"})
    second = services.cashflow_check(model=second, expected_version=second.version, by=owner)
    with pytest.raises(BadInput):
        services.cashflow_return(model=second, reason="不", expected_version=second.version, by=assessor)
    services.cashflow_confirm(model=second, expected_version=second.version, by=assessor)
    first.refresh_from_db()
    assert (first.state, second.number) == ("superseded", 2)
    with pytest.raises(Stale):
        services.cashflow_copy(model=first, expected_version=first.version - 1, by=owner)
    for change in ("inputs='{}'", "min_dscr=9", "state='draft'", "result='{}'", "note='x'"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE projects_cashflowmodel SET {change} WHERE id=%s", [first.pk])
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM projects_cashflowmodel WHERE id=%s", [first.pk])


def test_while_a_review_holds_the_project_its_model_stays(assessor: Person) -> None:
    project = make_project()
    row = draft(project)
    submit(project)
    with pytest.raises(Conflict, match="locked"):
        services.cashflow_check(model=row, expected_version=row.version, by=project.client.owner)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE projects_cashflowmodel SET note='x' WHERE id=%s", [row.pk])


def test_the_levels_follow_the_revenue_type_and_the_share_under_contract(project: Project) -> None:
    row = draft(project, revenue_type="contracted_re", contracted_share=D(70))
    assert (row.floor_of("base"), row.floor_of("gearing")) == (D("1.415"), D("0.74"))
    with pytest.raises(BadInput) as refusal:
        services.cashflow_save(
            model=row, inputs=inputs(), facts={"revenue_type": "hydro"}, expected_version=row.version,
            by=project.client.owner,
        )  # fmt: skip
    assert "contracted_share" in refusal.value.errors


def test_the_pages_say_the_verdict_first_and_take_a_pasted_grid(project: Project, assessor: Person) -> None:
    browser = browser_for(project.client.owner)
    made = browser.post(reverse("projects:cashflow_create", args=[project.pk]), {**FACTS, "starts_on": "2026-01-01"})
    row = CashflowModel.objects.get()
    assert made.status_code == 302 and str(row.inputs["facts"]["gearing"]).startswith("72.72")
    given = inputs()
    body: dict[str, Any] = {**FACTS, "starts_on": "2026-01-01", "version": row.version}
    body |= {fact.code: given["facts"].get(fact.code, fact.default) for fact in TYPED_FACTS if fact.shape != "flag"}
    body |= {f"tranche.0.{name}": text for name, text in given["tranches"][0].items()}
    for code, line in given["lines"].items():
        body |= {f"{code}.{place}": text for place, text in enumerate(line["cells"])}
        body[f"{code}.growth"] = line.get("growth", "")
    edit = reverse("projects:cashflow_edit", args=[row.pk])
    wrong = browser.post(edit, {**body, "opex.0": "六百"})
    assert wrong.status_code == 302 and wrong["Location"] == edit
    row.refresh_from_db()
    saved = browser.post(edit, {**body, "version": row.version})
    assert saved["Location"] == row.get_absolute_url()
    page = browser.get(row.get_absolute_url()).content.decode()
    for text in ("1.29×", "1.30×", "S6", "data-chart", "9.06%", "−17.00%".replace("−", ""), "503 bp"):
        assert text in page, text
    assert "1.12×" in browser.get(f"{row.get_absolute_url()}?scenario=S1").content.decode()
    panel = browser.get(reverse("projects:cashflow_panel", args=[project.pk]), HTTP_HX_REQUEST="true")
    assert "1.29×" in panel.content.decode()


def test_it_is_entered_and_confirmed_over_the_api(project: Project, assessor: Person) -> None:
    api, judge = api_for(project.client.owner), api_for(assessor)
    made = api.post(
        f"/api/v1/projects/{project.pk}/cashflow-models/",
        {**FACTS, "starts_on": "2026-01-01"},
        content_type="application/json",
    )
    assert made.status_code == 201, made.content
    where = f"/api/v1/cashflow-models/{made.json()['id']}/"
    given = inputs()
    body = {
        "assumptions": [{"code": code, "text": text} for code, text in given["facts"].items()],
        "tranches": given["tranches"],
        "lines": [{"code": code, **line} for code, line in given["lines"].items()],
    }
    wrong = {**body, "expected_version": 1, "lines": [{"code": "revenue", "cells": ["x"]}]}
    bad = api.post(f"{where}figures/", wrong, content_type="application/json")
    assert bad.status_code == 200 and any("x" in text for text in api.get(where).json()["problems"])
    good = api.post(
        f"{where}figures/", {**body, "expected_version": bad.json()["version"]}, content_type="application/json"
    )
    assert good.json()["verdict"] == "amber", good.content
    sent = api.post(f"{where}check/", {"expected_version": good.json()["version"]}, content_type="application/json")
    done = judge.post(f"{where}confirm/", {"expected_version": sent.json()["version"]}, content_type="application/json")
    assert done.json()["state"] == "confirmed", done.content
    read = api.get(where).json()
    assert (len(read["periods"]), read["periods"][0]["dscr"]) == (15, "1.4008")
    listed = api.get("/api/v1/cashflow-models/?verdict=amber").json()
    assert [row["id"] for row in listed["results"]] == [read["id"]]
