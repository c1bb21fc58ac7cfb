"""A list as a file in the background: what the page shows to whom when it is written, no more; kept for its person."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any, BinaryIO, cast

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from clients.file.models import Client
from clients.file.tests.factories import ClientFactory, ContactFactory
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.exports import selectors, services
from crm.kernel.exports.lists import listing_of, read_lists
from crm.kernel.exports.models import ExportPart, ExportRun
from crm.kernel.exports.tests.support import PURPOSE, again, ordered, text_of, work_off
from crm.kernel.imports.rules.tables import TableLimits, read_table
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.models import DueItem
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Person
from crm.kernel.people.services import api_key_create, api_key_revoke, role_grant, role_revoke
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for, cast_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set some of the limits for the test."""

    def to(**given: int) -> None:
        found = selectors.read_limits() | given
        monkeypatch.setattr(selectors, "read_limits", lambda: found)

    return to


def names(text: str) -> list[str]:
    return [line[0] for line in csv.reader(io.StringIO(text, newline=""))][1:]


def test_the_file_of_the_job_is_byte_for_byte_the_file_of_the_page(
    owner: Person, stranger: Person, limits: Any
) -> None:
    for name in ("福建闽江水务有限公司", "=1+1水务", "福建木兰溪水务有限公司", "浙江钧茂机械有限公司"):
        ContactFactory(client=ClientFactory(name=name), by=owner)
    ClientFactory(name="福建闽侯水务有限公司", by=stranger)
    query = {"format": "csv", "purpose": PURPOSE, "q": "水务", "ordering": "-name"}
    url = reverse("clients:client_list")
    direct = b"".join(browser_for(owner).get(url, query).streaming_content)
    limits(direct=1, chunk=2)
    asked = browser_for(owner).get(url, query)
    assert asked.status_code == 302
    page = asked.headers["Location"]
    browser = browser_for(owner)
    assert PURPOSE in browser.get(page).content.decode()
    form = browser.get(page).context["form"]
    sent = browser.post(page, {**form.initial, "purpose": PURPOSE})
    run = ExportRun.objects.get()
    assert (sent.status_code, sent.headers["Location"]) == (302, run.get_absolute_url())
    run = work_off(run)
    assert (run.state, run.total, run.done, ExportPart.objects.count()) == ("done", 3, 3, 0)
    taken = browser.get(reverse("exports:export_file", args=[run.pk]))
    assert b"".join(taken.streaming_content) == direct
    assert "'=1+1" in direct.decode("utf-8-sig")
    event = AuditEvent.objects.get(action="export.downloaded")
    assert (event.reason, event.data["sha256"]) == (PURPOSE, run.sha256)
    assert "水务" not in str(
        list(AuditEvent.objects.filter(action__startswith="export.").values_list("data", flat=True))
    )
    assert Notice.objects.filter(kind="export.done", recipient=owner).count() == 1


def test_every_list_leaves_as_it_is_on_screen_to_everybody(owner: Person, limits: Any) -> None:
    ContactFactory(client=ClientFactory(), by=owner)
    limits(at_once=20)
    compared = 0
    for listing in read_lists().values():
        for part in ("owner", "stranger", "auditor", "system_admin"):
            person = cast_member(part)
            answer = browser_for(person).get(listing.path, {"format": "csv", "purpose": PURPOSE})
            try:
                run = ordered(person, listing=listing)
            except (NotVisible, NotPermitted):
                assert answer.status_code in (403, 404), listing.path
                continue
            assert answer.status_code == 200, (listing.path, part)
            direct = b"".join(answer.streaming_content)
            run = work_off(run)
            assert run.state == "done", (listing.path, run.reason)
            # The order itself stands in two of the lists.
            if listing.view.model not in (AuditEvent, ExportRun):
                assert text_of(run).encode("utf-8-sig") == direct, (listing.path, part)
                compared += 1
    assert compared > 50


def test_a_workbook_is_written_as_by_the_page(owner: Person, limits: Any) -> None:
    ClientFactory(name="=1+1水务")
    answer = browser_for(owner).get(reverse("clients:client_list"), {"format": "xlsx", "purpose": PURPOSE})
    run = work_off(ordered(owner, format="xlsx"))
    bounds = TableLimits(9, 60, 500)
    with default_storage.open(run.storage_name, "rb") as file:
        written = read_table(cast(BinaryIO, file), "xlsx", bounds)
    assert written == read_table(io.BytesIO(b"".join(answer.streaming_content)), "xlsx", bounds)


def test_scope_is_that_of_the_running_and_masks_hold(owner: Person, stranger: Person) -> None:
    mine, given = ClientFactory(individual=True), ClientFactory(name="福建闽侯水务有限公司")
    run = ordered(owner)
    Client.objects.filter(pk=given.pk).update(owner=stranger, department=stranger.department)
    text = text_of(work_off(run))
    assert names(text) == [mine.name] and str(mine.identity_number) not in text


def test_a_right_that_is_taken_away_bites_before_between_and_after(owner: Person, limits: Any) -> None:
    limits(chunk=1, at_once=9)
    for _number in range(3):
        ClientFactory()
    grant = owner.role_grants.get()
    ready = work_off(ordered(owner))
    queued = ordered(owner)
    assert queued.state == "waiting" and ready.done == 3
    halfway = ordered(owner)
    for _step in range(2):
        services.step_do(pk=halfway.pk, by=SYSTEM)
    assert again(halfway).done == 1
    role_revoke(grant=grant, by=SYSTEM)
    former = Person.objects.get(pk=owner.pk)
    with pytest.raises(NotPermitted):
        services.export_take(run=ready, by=former)
    assert browser_for(former).get(reverse("exports:export_file", args=[ready.pk])).status_code == 403
    for run in (queued, halfway):
        run = work_off(run)
        assert (run.state, run.done) == ("done", 0), run.reason
    owner.accounts.update(is_active=False)
    closed = ordered(former)
    assert (work_off(closed).state, again(closed).storage_name) == ("failed", "")


def test_a_worker_killed_between_parts_repeats_nothing(owner: Person, limits: Any, monkeypatch: Any) -> None:
    limits(chunk=2)
    for number in range(5):
        ClientFactory(name=f"福建闽江第{number}水务有限公司")
    run = ordered(owner, query="ordering=name")
    written, parts = services._write_part, []

    def dies(*given: Any) -> None:
        written(*given)
        parts.append(given[1].number)
        if len(parts) == 2:
            raise MemoryError("killed")

    monkeypatch.setattr(services, "_write_part", dies)
    run = work_off(run)
    assert (run.state, run.done) == ("running", 2)
    DueItem.objects.filter(kind=services.STEP, state="pending").update(next_try_at=run.created_at)
    run = work_off(run)
    assert (run.state, run.done, parts) == ("done", 5, [1, 2, 2, 3])
    assert names(text_of(run)) == [f"福建闽江第{number}水务有限公司" for number in range(5)]


def test_a_stopped_export_leaves_no_file_and_is_its_persons_own(
    owner: Person, colleague: Person, auditor: Person
) -> None:
    ClientFactory()
    run = ordered(owner)
    for other in (colleague, auditor):
        with pytest.raises((NotVisible, NotPermitted)):
            services.export_cancel(run=run, expected_version=1, by=other)
    assert browser_for(colleague).get(run.get_absolute_url()).status_code == 404
    assert browser_for(auditor).get(run.get_absolute_url()).status_code == 200
    browser = browser_for(owner)
    stop = reverse("exports:export_cancel", args=[run.pk])
    assert stop in browser.get(run.get_absolute_url()).content.decode()
    assert browser.post(stop, {"version": run.version}).status_code == 302
    run = work_off(run)
    assert (run.state, run.storage_name, run.parts.count()) == ("cancelled", "", 0)
    assert browser.get(reverse("exports:export_file", args=[run.pk])).status_code == 409
    ready = work_off(ordered(owner))
    for other, status in ((colleague, 404), (auditor, 403)):
        assert browser_for(other).get(reverse("exports:export_file", args=[ready.pk])).status_code == status


def test_old_files_are_removed_with_what_was_asked_and_what_stands_still_is_given_up(owner: Person) -> None:
    ClientFactory()
    run, still = work_off(ordered(owner, query="q=%E6%B0%B4")), ordered(owner)
    name = run.storage_name
    assert default_storage.exists(name)
    days = selectors.read_limits()["days"]
    with clock.at(clock.now() + timedelta(days=days, minutes=-1)):
        assert services.exports_remove_old(by=SYSTEM) == 0 and again(still).state == "failed"
    with clock.at(clock.now() + timedelta(days=days, minutes=1)):
        with pytest.raises(Conflict):
            services.export_take(run=run, by=owner)
        assert services.exports_remove_old(by=SYSTEM) == 1
    run = again(run)
    assert (run.state, run.query, run.storage_name, default_storage.exists(name)) == ("expired", "", "", False)
    assert AuditEvent.objects.filter(action="export.expired").exists()


def test_a_wrong_order_is_refused_by_name(owner: Person, limits: Any) -> None:
    ClientFactory.create_batch(2)
    for given, field in (
        ({"query": "colour=red"}, "colour"),
        ({"columns": ["secret"]}, "columns"),
        ({"format": "pdf"}, "format"),
        ({"purpose": "核"}, "purpose"),
    ):
        with pytest.raises(BadInput) as refused:
            ordered(owner, **given)
        assert field in refused.value.errors
    with pytest.raises(BadInput):
        listing_of("secrets")
    limits(at_once=1)
    ordered(owner)
    with pytest.raises(Conflict):
        ordered(owner)
    limits(rows=1, direct=1, at_once=9)
    with pytest.raises(BadInput) as refused:
        ordered(owner)
    assert refused.value.code == "too_many"


def test_another_system_orders_waits_and_takes_what_its_key_opens(owner: Person) -> None:
    client = ClientFactory()
    api = api_for(owner)
    body = {"noun": "clients", "filter": "ordering=name", "columns": ["name"], "format": "csv", "purpose": PURPOSE}
    sent = api.post(reverse("api:export-list"), body, format="json")
    assert sent.status_code == 201, sent.json()
    at = {name: reverse(f"api:export-{name}", args=[sent.json()["id"]]) for name in ("detail", "file", "cancel")}
    assert api.get(at["file"]).status_code == 409
    relay_due(seconds=60)
    assert api.get(at["detail"]).json()["state"] == "done"
    text = b"".join(api.get(at["file"]).streaming_content).decode("utf-8-sig")
    assert names(text) == [client.name]
    assert api.post(at["cancel"], {"expected_version": 3}, format="json").status_code == 409
    assert not Notice.objects.filter(kind="export.done").exists()
    account = owner.accounts.get()
    for number, (areas, status) in enumerate(((["kernel"], 403), (["kernel", "clients"], 201))):
        key = api_key_create(account=account, name=f"narrow {number}", areas=areas, by=SYSTEM)
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        assert api.post(reverse("api:export-list"), body, format="json").status_code == status
        assert api.get(at["file"]).status_code == (403 if status == 403 else 200)
    run = ExportRun.objects.latest("pk")
    api_key_revoke(key=run.key, by=SYSTEM)
    assert work_off(run).state == "failed"


def test_a_new_role_gets_a_new_file(owner: Person) -> None:
    ClientFactory()
    run = work_off(ordered(owner))
    role_grant(person=owner, role="marketing_developer", by=SYSTEM)
    with pytest.raises(NotPermitted):
        services.export_take(run=run, by=Person.objects.get(pk=owner.pk))
