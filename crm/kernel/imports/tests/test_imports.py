"""Upload, check, import, errors, undo: the services of the pages, nothing half written, everything undone."""

import io

import pytest
from django.urls import reverse

from clients.file.models import Client, Disclosure
from clients.file.services import client_update
from clients.file.tests.factories import ClientFactory, ContactFactory, credit_code
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, Stale
from crm.kernel.audit.models import AuditEvent
from crm.kernel.imports import selectors, services
from crm.kernel.imports.models import ImportRun
from crm.kernel.imports.rules.tables import TableLimits, read_table
from crm.kernel.imports.tests.support import (
    HEADERS,
    again,
    as_csv,
    as_xlsx,
    checked,
    company,
    imported,
    undone,
    work_off,
)
from crm.kernel.outbox.models import DueItem
from crm.tests.support.people import api_for, browser_for

pytestmark = pytest.mark.django_db


def facts() -> list[tuple]:
    """Every client as it stands, versions aside."""
    fields = [
        field.attname for field in Client._meta.concrete_fields if field.name not in ("version", "grams", "sounds")
    ]
    return sorted(Client.objects.values_list(*fields), key=str)


def test_a_table_is_checked_imported_and_undone(owner):
    known = ClientFactory(by=owner, credit_code=credit_code(1), name=company(1)[0])
    run = checked(
        [company(1, "福州市台江区江滨中大道380号"), company(2), [*company(3)[:1], "91350100M000100Y4Z", ""]], owner
    )
    counts = selectors.counts(run)
    assert (run.state, counts["create"], counts["update"], counts["wrong"]) == ("checked", 1, 1, 1)
    assert Client.objects.count() == 1
    before = facts()
    run = work_off(services.import_start(run=run, expected_version=run.version, by=owner))
    assert run.state == "done"
    known.refresh_from_db()
    assert known.address == "福州市台江区江滨中大道380号"
    filed = Client.objects.get(credit_code=credit_code(2))
    assert (filed.owner, filed.department) == (owner, owner.department)
    event = AuditEvent.objects.get(action="client.created", subject_id=str(filed.pk))
    assert (event.person_id, event.door) == (owner.pk, "import")
    run = undone(run, owner)
    assert not [row.reasons for row in selectors.failed_rows(run) if row.outcome]
    assert (run.state, facts()) == ("undone", before)
    assert selectors.counts(run)["undone"] == 2
    assert AuditEvent.objects.filter(action="client.removed", subject_id=str(filed.pk)).exists()


def test_what_changed_since_or_is_used_is_not_undone_and_named(owner):
    run = imported([company(1), company(2), company(3)], owner)
    changed, used = (Client.objects.get(credit_code=credit_code(number)) for number in (1, 2))
    client_update(client=changed, changes={"address": "莆田市"}, expected_version=changed.version, by=owner)
    ContactFactory(client=used)
    run = undone(run, owner)
    assert set(Client.objects.values_list("pk", flat=True)) == {changed.pk, used.pk}
    kept = {row.number: row.reasons for row in selectors.failed_rows(run)}
    assert sorted(kept) == [2, 3]
    assert changed.name in kept[2]
    assert used.name in kept[3]


def test_the_same_key_twice_in_a_table_is_told_with_its_row(owner):
    run = checked([company(1), company(2), company(1)], owner)
    (row,) = selectors.failed_rows(run)
    assert (row.number, "2" in row.reasons) == (4, True)


def test_two_imports_of_the_same_rows_file_each_once(owner, colleague):
    first, second = checked([company(1)], owner), checked([company(1)], colleague)
    for run, by in ((first, owner), (second, colleague)):
        services.import_start(run=run, expected_version=run.version, by=by)
    work_off(first)
    assert Client.objects.get().owner == owner
    counts = selectors.counts(again(second))
    assert (counts["created"], counts["failed"]) == (0, 1)


def test_a_client_of_others_is_told_no_more_than_one_by_one_and_counted(owner, stranger):
    ClientFactory(by=stranger, credit_code=credit_code(1), name=company(1)[0])
    run = checked([company(1)], owner)
    (row,) = selectors.failed_rows(run)
    assert row.verdict == "wrong"
    assert Disclosure.objects.filter(person=owner).count() == 1


def test_a_worker_killed_between_chunks_repeats_nothing(owner, monkeypatch):
    run = checked([company(number) for number in range(1, 8)], owner)
    limits = {"rows": 10, "columns": 10, "cell": 100, "chunk": 3}
    monkeypatch.setattr(selectors, "read_limits", lambda: limits)
    services.import_start(run=run, expected_version=run.version, by=owner)
    tried = services.work.try_rows
    chunks: list[int] = []

    def dies(kind, plans, **how):
        answers = tried(kind, plans, **how)
        chunks.append(len(answers))
        if len(chunks) == 2:
            raise MemoryError("killed")
        return answers

    monkeypatch.setattr(services.work, "try_rows", dies)
    work_off(run)
    # The chunk that died left nothing.
    assert Client.objects.count() == 3
    DueItem.objects.filter(kind=services.CHUNK, state="pending").update(next_try_at=run.created_at)
    run = work_off(run)
    assert (run.state, Client.objects.count(), selectors.counts(run)["created"]) == ("done", 7, 7)


def test_a_stopped_import_files_nothing_more(owner):
    run = checked([company(1)], owner)
    run = services.import_start(run=run, expected_version=run.version, by=owner)
    run = services.import_cancel(run=run, expected_version=run.version, by=owner)
    assert (work_off(run).state, Client.objects.count()) == ("cancelled", 0)
    with pytest.raises(Conflict):
        services.import_start(run=run, expected_version=run.version, by=owner)


def test_the_workbook_of_errors_comes_back_without_assigning_columns_again(owner):
    headers = ["Account Name", "自定义代码", "Billing Street"]
    run = services.import_upload(entity="client", file=as_xlsx([headers, ["闽江水务", "坏代码", "=1+1"]]), by=owner)
    assert run.mapping == ["name", "", "address"]
    mapping = ["name", "credit_code", "address"]
    run = work_off(services.import_map(run=run, mapping=mapping, expected_version=run.version, by=owner))
    sent = services.errors_take(run=run, by=owner)
    (row,) = read_table(io.BytesIO(sent), "xlsx", TableLimits(5, 9, 500)).rows
    assert row[1][:2] == ["闽江水务", "坏代码"]
    assert row[1][3]
    returned = as_xlsx([[]])
    returned.file = io.BytesIO(sent)
    returned.size = len(sent)
    second = services.import_upload(entity="client", file=returned, by=owner)
    assert (second.headers, second.mapping) == (headers, mapping)


def test_who_may_not_file_may_not_import_and_others_imports_are_not_there(owner, colleague):
    run = checked([company(1)], owner)
    with pytest.raises(NotVisible):
        services.import_start(run=run, expected_version=run.version, by=colleague)
    with pytest.raises(Stale):
        services.import_start(run=run, expected_version=run.version + 1, by=owner)


def test_an_auditor_reads_but_imports_nothing(auditor):
    with pytest.raises(NotPermitted):
        services.import_upload(entity="client", file=as_csv([HEADERS, company(1)]), by=auditor)
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "mapping", [["name"], ["name", "name", "credit_code"], ["name", "", ""], ["name", "credit_code", "owner"]]
)
def test_a_wrong_assignment_is_refused(owner, mapping):
    run = services.import_upload(entity="client", file=as_csv([HEADERS, company(1)]), by=owner)
    with pytest.raises(BadInput) as refused:
        services.import_map(run=run, mapping=mapping, expected_version=run.version, by=owner)
    assert "mapping" in refused.value.errors


def test_the_pages_lead_from_the_table_to_its_undoing(owner):
    browser = browser_for(owner)
    page = reverse("imports:import_upload")
    assert reverse("imports:import_template", args=["client"]) in browser.get(page).content.decode()
    template = browser.get(reverse("imports:import_template", args=["client"]))
    table = read_table(io.BytesIO(template.content), "xlsx", TableLimits(5, 60, 500))
    assert len(table.rows) == 1
    answer = browser.post(page, {"entity": "client", "file": as_xlsx([HEADERS, company(1), ["", "x", ""]])})
    run = ImportRun.objects.get()
    columns = reverse("imports:import_map", args=[run.pk])
    assert (answer.status_code, answer.headers["Location"]) == (302, columns)
    assert "福建闽江第1水务有限公司" in browser.get(columns).content.decode()
    fields = {f"column_{place}": name for place, name in enumerate(run.mapping)}
    assert browser.post(columns, {**fields, "version": run.version}).status_code == 302
    run = work_off(run)
    shown = browser.get(run.get_absolute_url()).content.decode()
    for name in ("import_start", "import_errors"):
        assert reverse(f"imports:{name}", args=[run.pk]) in shown
    for name in ("import_start", "import_undo"):
        answer = browser.post(reverse(f"imports:{name}", args=[run.pk]), {"version": run.version})
        assert answer.status_code == 302
        run = work_off(run)
    assert (run.state, Client.objects.count()) == ("undone", 0)


def test_another_system_imports_through_the_api(owner):
    api = api_for(owner)
    sent = api.post(reverse("api:import-list"), {"entity": "client", "file": as_csv([HEADERS, company(1)], "gb18030")})
    assert sent.status_code == 201, sent.json()
    body = sent.json()
    at = {name: reverse(f"api:import-{name}", args=[body["id"]]) for name in ("detail", "map", "start", "undo")}
    given = {"mapping": body["mapping"], "expected_version": body["version"]}
    assert api.post(at["map"], given, format="json").status_code == 200
    relay = ImportRun.objects.get()
    for act, count in (("start", 1), ("undo", 0)):
        work_off(relay)
        version = api.get(at["detail"]).json()["version"]
        assert api.post(at[act], {"expected_version": version}, format="json").status_code == 200
        work_off(relay)
        assert Client.objects.count() == count
