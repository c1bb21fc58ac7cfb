"""A key opens at most what its account may, and of that what it was made for, from where and until when."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from crm.kernel.access.errors import BadInput, Conflict
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import ApiKey, Person
from crm.kernel.people.services import api_key_confirm, api_key_create, api_key_revoke
from crm.kernel.workdays import clock
from crm.tests.support.people import api_for, browser_for

pytestmark = pytest.mark.django_db


def key_of(person: Person, **opens: Any) -> str:
    return api_key_create(account=person.accounts.get(), name="数据仓库", by=SYSTEM, **opens)


def ask(key: str, path: str, *, method: str = "get", address: str = "127.0.0.1") -> Any:
    send = getattr(Browser(REMOTE_ADDR=address), method)
    return send(f"/api/v1/{path}/", content_type="application/json", headers={"Authorization": f"Bearer {key}"})


def test_a_key_that_only_reads_writes_nothing(owner: Person) -> None:
    reads, writes = key_of(owner, may_write=False), api_key_create(account=owner.accounts.get(), name="核心", by=SYSTEM)
    assert ask(reads, "clients").status_code == 200
    refused = ask(reads, "clients", method="post")
    assert (refused.status_code, refused.json()["code"]) == (403, "key_reads")
    assert ask(writes, "clients", method="post").status_code == 400


def test_a_key_opens_its_areas_and_no_other(owner: Person) -> None:
    key = key_of(owner, areas=["projects"])
    assert ask(key, "projects").status_code == 200
    refused = ask(key, "clients")
    assert (refused.status_code, refused.json()["code"]) == (403, "key_area")


@pytest.mark.parametrize(
    ("address", "status"), [("10.20.3.4", 200), ("10.21.0.1", 401), ("::ffff:10.20.3.4", 200), ("2001:db8::1", 401)]
)
def test_a_key_works_from_its_networks_alone(owner: Person, address: str, status: int) -> None:
    key = key_of(owner, networks=["10.20.0.0/16"])
    assert ask(key, "clients", address=address).status_code == status
    refused = AuditEvent.objects.filter(action="api_key.used_elsewhere")
    assert refused.count() == (status == 401)


def test_a_key_ends_on_its_day_and_its_person_hears_of_it_before(owner: Person) -> None:
    now = clock.now()
    key = key_of(owner, expires_at=now + timedelta(days=30))
    relay_due()
    assert not Notice.objects.filter(recipient=owner).exists()
    with clock.at(now + timedelta(days=17)):
        relay_due()
        assert [notice.kind for notice in Notice.objects.filter(recipient=owner)] == ["people.key_ends"]
        assert ask(key, "clients").status_code == 200
    with clock.at(now + timedelta(days=30)):
        assert ask(key, "clients").status_code == 401


def test_nobody_hears_of_the_end_of_a_revoked_key(owner: Person, system_admin: Person) -> None:
    key_of(owner)
    api_key_revoke(key=ApiKey.objects.get(), by=system_admin)
    with clock.at(clock.now() + timedelta(days=360)):
        relay_due()
    assert not Notice.objects.filter(recipient=owner, kind="people.key_ends").exists()


def test_a_key_without_an_end_gets_the_latest_one(owner: Person) -> None:
    key_of(owner)
    assert ApiKey.objects.get().expires_at > clock.now() + timedelta(days=365)


def test_a_key_that_has_ended_is_not_confirmed(owner: Person, system_admin: Person, security_admin: Person) -> None:
    ends = clock.now() + timedelta(days=2)
    api_key_create(account=owner.accounts.get(), name="核心", by=system_admin, expires_at=ends)
    with clock.at(ends), pytest.raises(Conflict):
        api_key_confirm(key=ApiKey.objects.get(), by=security_admin)


@pytest.mark.parametrize(
    ("opens", "field"),
    [
        ({"areas": ["clients", "moon"]}, "areas"),
        ({"networks": ["10.20.0.0/33"]}, "networks"),
        ({"networks": ["10.20.3.4/16"]}, "networks"),
        ({"networks": [f"10.0.0.{n}" for n in range(21)]}, "networks"),
        ({"expires_at": datetime.fromisoformat("2020-01-01T00:00+08:00")}, "expires_at"),
        ({"expires_at": datetime.fromisoformat("2220-01-01T00:00+08:00")}, "expires_at"),
    ],
)
def test_what_no_key_can_be_is_refused_by_field(owner: Person, opens: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        key_of(owner, **opens)
    assert refused.value.field == field
    assert not ApiKey.objects.exists()


def test_the_last_use_is_kept_with_its_place_at_most_every_ten_minutes(owner: Person) -> None:
    key, now = key_of(owner), clock.now()
    assert ApiKey.objects.get().last_used_at is None
    seen = []
    for minutes, address in ((0, "10.0.0.1"), (9, "10.0.0.1"), (9, "10.0.0.2"), (20, "10.0.0.2")):
        with clock.at(now + timedelta(minutes=minutes)):
            ask(key, "clients", address=address)
        row = ApiKey.objects.get()
        seen.append((round((row.last_used_at - now).total_seconds() / 60), row.last_used_from))
    assert seen == [(0, "10.0.0.1"), (0, "10.0.0.1"), (9, "10.0.0.2"), (20, "10.0.0.2")]


def test_the_security_administrator_sees_what_the_key_opens_before_it_works(
    owner: Person, system_admin: Person, security_admin: Person
) -> None:
    form = {"account": owner.accounts.get().pk, "name": "数据仓库", "areas": ["clients"], "networks": "10.20.0.0/16"}
    form["expires_at"] = f"{clock.today() + timedelta(days=90):%Y-%m-%d}"
    made = browser_for(system_admin).post(reverse("admin:kernel_apikey_add"), form)
    assert made.status_code == 302
    key = ApiKey.objects.get()
    assert (key.may_write, key.areas, key.networks) == (False, ["clients"], ["10.20.0.0/16"])
    page = browser_for(security_admin).get(reverse("admin:kernel_apikey_change", args=[key.pk])).content.decode()
    assert "10.20.0.0/16" in page
    form["networks"] = "somewhere"
    refused = browser_for(system_admin).post(reverse("admin:kernel_apikey_add"), {**form, "name": "另一把"})
    assert refused.status_code == 400
    assert ApiKey.objects.count() == 1


def test_whom_a_key_acts_for_sees_it_and_ends_it_and_nobody_elses(
    owner: Person, colleague: Person, auditor: Person
) -> None:
    api = api_for(owner)
    key = ApiKey.objects.get(account__person=owner)
    page, end = reverse("key_list"), reverse("key_revoke", args=[key.pk])
    assert key.name in browser_for(owner).get(page).content.decode()
    assert key.name not in browser_for(colleague).get(page).content.decode()
    assert browser_for(colleague).post(end).status_code == 404
    assert browser_for(auditor).post(end).status_code == 403
    assert api.get(reverse("api:client-list")).status_code == 200
    assert browser_for(owner).post(end).status_code == 302
    assert api.get(reverse("api:client-list")).status_code == 401
    assert browser_for(owner).post(end).status_code == 409
