"""What was signed or decided keeps its words: every record, its page, its paper, its API and the admin site."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import F, Model, Value
from django.db.models.fields import TextField
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from clients.file.models import Client
from clients.standing.models import Standing
from clients.statements.models import Statement, StatementReason
from crm.kernel.access.kept_words import KeptWords
from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.people.models import Department, Move, Person, Post, RoleGrant
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, cast_member
from risk.reviews import selectors as reviews
from risk.reviews.hearings import Rehearing
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import approve_all, make_project, submit
from risk.reviews.views.case.page import CasePage
from risk.reviews.views.sheet import sheet_data

pytestmark = pytest.mark.django_db

# Keys to people that sign nothing: who something is with today, or what only a list of current things holds.
NOT_SIGNED = {
    "clients.calendarfeed": {"person"},
    "clients.client": {"owner", "created_by"},
    "clients.disclosure": {"person"},
    # Its name of the day stands in a column of its own.
    "clients.participant": {"person"},
    "clients.promise": {"owner"},
    # Whom it was assigned to, beside who assigned it.
    "clients.requeststep": {"person"},
    "clients.servicerequest": {"owner"},
    "kernel.account": {"person", "password_set_by", "opened_by"},
    "kernel.apikey": {"made_by", "confirmed_by"},
    "kernel.dueitem": {"recipient"},
    # What the rows wrote is kept by their records.
    "kernel.exportrun": {"person"},
    "kernel.importrun": {"person"},
    "kernel.move": {"person"},
    "kernel.notice": {"recipient"},
    "kernel.noticepreference": {"person"},
    "kernel.rolegrant": {"person"},
    # Whoever adds a file to a record is kept by that record.
    "kernel.storedfile": {"uploaded_by"},
    "kernel.todo": {"owner", "done_by", "escalated_to"},
    # The dossier freezes who kept, filed and investigated.
    "projects.project": {"owner", "created_by"},
    "projects.investigator": {"person"},
    "projects.projecteditor": {"person"},
    "projects.seriesmember": {"person"},
    # Their rows hold name and level of the day in columns of their own.
    "projects.reportsignature": {"person"},
    "risk.gatewaiver": {"asked_of", "asked_by", "decided_by"},
    "risk.warningepisode": {"owner", "escalated_to"},
    "risk.warningobservation": {"owner"},
    "staff.complaint": {"escalated_to"},
    "staff.declaredrelation": {"person", "related_person"},
}


def kept_models() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, KeptWords)]


def test_every_key_to_a_person_is_kept_or_named_as_signing_nothing() -> None:
    found = {}
    for model in apps.get_models():
        fields = (field for field in model._meta.get_fields() if field.concrete)
        names = {field.name for field in fields if field.related_model is Person}
        names -= set(getattr(model, "KEEPS", ()))
        if names:
            found[model._meta.label_lower] = names
    assert found == NOT_SIGNED


def test_the_database_writes_the_words_of_every_key() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, pg_get_functiondef(tgfoid) FROM pg_trigger "
            "WHERE tgname = 'keep_words' AND tgenabled = 'A'"
        )
        written = dict(cursor.fetchall())
    assert set(written) == {model._meta.db_table for model in kept_models()}
    for model in kept_models():
        for name in model.KEEPS:
            assert f"'{name}'" in written[model._meta.db_table], f"{model._meta.label}.{name}"


@dataclass(frozen=True)
class Place:
    """Where a reader finds the words of a row: a page, or the answer of the API."""

    url: str
    by_api: bool = False


def api(name: str, pk: int) -> Place:
    return Place(reverse(f"api:{name}-detail", args=[pk]), by_api=True)


PLACES: dict[str, Callable[[Any], list[Place]]] = {
    "risk.meeting": lambda row: [Place(row.get_absolute_url())],
    "risk.agendaitem": lambda row: [Place(row.get_absolute_url())],
    "risk.attendance": lambda row: [Place(row.item.get_absolute_url())],
    "risk.vote": lambda row: [Place(row.item.get_absolute_url())],
    "risk.decision": lambda row: [Place(row.case.get_absolute_url()), api("review", row.case_id)],
    "risk.reviewround": lambda row: [Place(reverse("admin:risk_reviewcase_history", args=[row.case_id]))],
    "risk.reviewseat": lambda row: [Place(reverse("admin:risk_reviewcase_change", args=[row.case_id]) + "?tab=seats")],
    "risk.reviewcase": lambda row: [api("review", row.pk)],
    "risk.condition": lambda row: [Place(row.case.get_absolute_url()), api("review", row.case_id)],
    "risk.rating": lambda row: [Place(row.get_absolute_url()), api("grade", row.pk)],
    "risk.identitychange": lambda row: [Place(row.get_absolute_url()), api("identity-change", row.pk)],
    "risk.warningepisode": lambda row: [Place(row.get_absolute_url()), api("warning", row.pk)],
    "risk.warningobservation": lambda row: [Place(row.warning.get_absolute_url())],
    "clients.interaction": lambda row: [Place(row.get_absolute_url()), api("interaction", row.pk)],
    "clients.interactionnote": lambda row: [
        Place(row.interaction.get_absolute_url()),
        api("interaction", row.interaction_id),
    ],
    "projects.facility": lambda row: [Place(row.get_absolute_url()), api("facility", row.pk)],
    "projects.facilitybalance": lambda row: [Place(row.facility.get_absolute_url())],
    "projects.cashflowmodel": lambda row: [Place(row.get_absolute_url()), api("cashflow", row.pk)],
    "projects.contract": lambda row: [Place(row.get_absolute_url()), api("contract", row.pk)],
    "projects.capitalpayment": lambda row: [Place(row.get_absolute_url()), api("capital", row.pk)],
    "projects.drawdown": lambda row: [Place(row.get_absolute_url()), api("drawdown", row.pk)],
    "projects.repaymentplan": lambda row: [Place(row.get_absolute_url()), api("plan", row.pk)],
    "projects.repayment": lambda row: [Place(row.get_absolute_url()), api("repayment", row.pk)],
    "projects.projectdocument": lambda row: [Place(row.project.get_absolute_url())],
    "staff.complaint": lambda row: [Place(row.get_absolute_url()), api("complaint", row.pk)],
    "staff.complaintseat": lambda row: [Place(row.complaint.get_absolute_url())],
    "staff.complaintevent": lambda row: [Place(row.complaint.get_absolute_url())],
    "staff.extension": lambda row: [Place(row.complaint.get_absolute_url())],
    "staff.complaintrecheck": lambda row: [Place(row.complaint.get_absolute_url())],
    "staff.kpischeme": lambda row: [Place(reverse("staff:kpi_scheme", args=[row.pk]))],
    "staff.kpiperiod": lambda row: [Place(row.get_absolute_url())],
    "staff.kpiresult": lambda row: [Place(row.get_absolute_url()), api("kpi-result", row.pk)],
    "staff.kpicorrection": lambda row: [],
}
# Keys that no page of the row names: it stands under the name of somebody else, or is shown by the admin site only.
UNSHOWN = {
    "risk.reviewcase": {"withdrawn_by"},
    "staff.complaint": {"created_by"},
    "staff.complaintrecheck": {"recorded_by"},
    "staff.extension": {"requested_by"},
    "projects.projectdocument": {"removed_by"},
}


def reader_of(row: Model) -> Person | None:
    """Somebody with an account who may see the row."""
    for person in Person.objects.filter(is_active=True, accounts__is_active=True).distinct().order_by("pk"):
        if type(row)._default_manager.visible_to(person).filter(pk=row.pk).exists():  # type: ignore[attr-defined]
            return person
    return None


def sample(model: Any) -> Iterator[Any]:
    """Rows of the demo that together have a value in every key the model keeps, as far as the demo has one."""
    taken: set[int] = set()
    for name in model.KEEPS:
        row = model._default_manager.filter(**{f"{name}__isnull": False}).order_by("pk").last()
        if row is not None and row.pk not in taken:
            taken.add(row.pk)
            yield row


def add_missing_rows() -> None:
    """What the demo has none of: a move, a role that a person granted, a re-hearing, a holiday notice, a reason."""
    one, two, three = Person.objects.order_by("pk")[:3]
    Move.objects.create(person=one, target=three.department, proposed_by=two)
    RoleGrant.objects.filter(person=one).update(granted_by=two)
    rejected = ReviewCase.objects.filter(status="rejected").earliest("pk")
    Rehearing.objects.create(case=rejected, round=2, new_facts="已取得购电协议", asked_by=two, asked_at=clock.now())
    HolidayNotice.objects.create(
        year=2031, version=1, number="国办发明电〔2030〕1 号", days=[], entered_by=two, entered_at=clock.now()
    )
    StatementReason.objects.create(
        statement=Statement.objects.filter(state="draft").earliest("pk"),
        key="I17:C90:0",
        kind="equivalents",
        text="三个月内理财计入现金等价物",
        given_by=two,
    )


def rename_everything() -> None:
    """Every person, department, post and client is called otherwise; everybody has one post, every client grade C."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE clients_client DISABLE TRIGGER USER")
    key = Cast(F("pk"), TextField())
    Person.objects.update(name=Concat(Value("新人"), key))
    Department.objects.update(name=Concat(Value("新部门"), key))
    Post.objects.update(name=Concat(Value("新岗位"), key))
    Person.objects.update(post=Post.objects.order_by("pk").first())
    Client.objects.update(name=Concat(Value("新客户"), key))
    Standing.objects.update(grade="C")


def test_old_words_stand_everywhere_after_everything_was_renamed(demo: None) -> None:
    add_missing_rows()
    rows = [row for model in kept_models() for row in sample(model)]
    before = {(row._meta.label_lower, row.pk): dict(row.kept_words) for row in rows}
    readers = {(row._meta.label_lower, row.pk): reader_of(row) for row in rows}
    rename_everything()
    missing = [model._meta.label_lower for model in kept_models() if not any(isinstance(row, model) for row in rows)]
    assert missing == []
    wrong = []
    for row in rows:
        row = type(row)._default_manager.get(pk=row.pk)
        label = row._meta.label_lower
        words, reader = before[label, row.pk], readers[label, row.pk]
        assert row.kept_words == words
        assert not any("新" in json.dumps(one, ensure_ascii=False) for one in words.values())
        for name in row.KEEPS:
            if (kept := getattr(row.kept, name)) is not None:
                assert kept.name == words[name]["name"] and (name == "project" or kept.name)
        if reader is None:
            continue
        for place in PLACES.get(label, lambda row: [])(row):
            answer = (api_for if place.by_api else browser_for)(reader).get(place.url)
            said = answer.content.decode()
            if answer.status_code != 200:
                wrong.append(f"{label} {place.url}: {answer.status_code} for {reader}")
                continue
            for name, one in words.items():
                if name in UNSHOWN.get(label, ()):
                    continue
                asked = [one["client" if name == "project" else "name"], one.get("department", "")]
                wrong += [f"{label}.{name} {place.url}: {text} is not shown" for text in asked if text not in said]
        wrong += wrong_in_admin(row, words, reader)
    assert wrong == [], "\n".join(wrong)


def wrong_in_admin(row: Any, words: dict[str, Any], reader: Person) -> list[str]:
    """The admin site's page of the row, or its list, shows the old words."""
    if type(row) not in admin.site._registry or isinstance(row, ReviewCase):
        return []
    route = f"admin:{row._meta.app_label}_{row._meta.model_name}"
    url = reverse(f"{route}_change", args=[row.pk])
    said = "".join(browser_for(reader).get(one).content.decode() for one in (url, reverse(f"{route}_changelist")))
    hidden = set(admin.site._registry[type(row)].exclude or ())
    return [
        f"admin {url} {name}: {one['name']} is not shown"
        for name, one in words.items()
        if name not in hidden and one["name"] not in said
    ]


def test_the_sheet_stays_as_it_was_signed() -> None:
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        cast_member(part)
    case = approve_all(submit(make_project()))
    reader = cast_member("auditor")

    def sheet() -> dict[str, Any]:
        page = CasePage(reviews.get_review(viewer=reader, pk=case.pk), reader)
        data = sheet_data(page, by=reader)
        return {name: value for name, value in data.items() if not name.startswith("footer")}

    before = sheet()
    rename_everything()
    assert sheet() == before
