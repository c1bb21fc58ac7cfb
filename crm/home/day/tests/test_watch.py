"""What auditors, heads and who grants roles find on my day, and what nobody else does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from crm.home.day.selectors import my_day
from crm.home.trail.lately import lately
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.people.services import role_grant
from crm.kernel.workdays import clock
from crm.tests.support.people import browser_for, cast_member, make_person
from risk.reviews.services import conflict_declare
from risk.reviews.tests.factories import decide, make_project, submit

pytestmark = pytest.mark.django_db


def lines(person: Person) -> list[Any]:
    return [row.line for band in my_day(person=person).bands for row in band.rows]


def test_an_auditor_finds_refusals_and_given_rights_and_nobody_else_does(
    owner: Person, auditor: Person, audit_admin: Person, security_admin: Person
) -> None:
    browser_for(owner).get("/admin/kernel/rolegrant/add/")
    role_grant(person=owner, role=Role.BACK_OFFICE, by=security_admin)
    for reader in (auditor, audit_admin):
        page = browser_for(reader).get(reverse("home:my_day")).content.decode()
        found = lately(viewer=reader)
        assert found is not None
        assert [event.action for event in found.refused] == ["request.refused"]
        assert found.weighty[0].subject_name == owner.name
        for event in (found.refused[0], found.weighty[0]):
            assert reverse("home:audit_detail", args=[event.pk]) in page
    for other in (owner, security_admin):
        assert lately(viewer=other) is None
        assert "/audit/" not in browser_for(other).get(reverse("home:my_day")).content.decode()


def test_an_auditor_finds_what_was_decided(auditor: Person, initial_reviewer: Person) -> None:
    case = submit(make_project())
    decide(case, initial_reviewer)
    found = lately(viewer=auditor)
    assert found is not None
    assert [(event.action, event.person_name) for event in found.decided] == [("review.decided", initial_reviewer.name)]
    page = browser_for(auditor).get(reverse("home:my_day")).content.decode()
    assert reverse("home:audit_detail", args=[found.decided[0].pk]) in page


def test_what_is_older_than_a_week_is_left_to_the_trail(owner: Person, auditor: Person) -> None:
    browser_for(owner).get("/admin/kernel/rolegrant/add/")
    with clock.at(clock.now() + timedelta(days=8)):
        found = lately(viewer=auditor)
    assert found is not None
    assert not found.refused


def test_a_case_without_anybody_is_on_the_day_of_head_auditor_and_who_grants_roles(
    owner: Person,
    head: Person,
    auditor: Person,
    security_admin: Person,
    initial_reviewer: Person,
    second_initial_reviewer: Person,
) -> None:
    case = submit(make_project())
    for person in (initial_reviewer, second_initial_reviewer):
        assert not [line for line in lines(head) if line.icon == "user-off"]
        case.refresh_from_db()
        conflict_declare(case=case, has_conflict=True, expected_version=case.version, by=person)
    for person in (head, auditor):
        found = [line for line in lines(person) if line.icon == "user-off"]
        assert [line.url for line in found] == [case.get_absolute_url()]
        assert browser_for(person).get(found[0].url).status_code == 200
    (found,) = [line for line in lines(security_admin) if line.icon == "user-off"]
    assert case.project.name not in found.title + found.note
    assert browser_for(security_admin).get(found.url).status_code == 200
    for other in (owner, make_person("蒋敏", Role.DEPARTMENT_HEAD, place="0020"), cast_member("audit_admin")):
        assert not [line for line in lines(other) if line.icon == "user-off"]


def test_a_trail_that_is_no_longer_anchored_is_a_line_of_the_auditors_day(
    owner: Person, auditor: Person, tmp_path: Path, settings: Any
) -> None:
    settings.ANCHOR_DIR = tmp_path
    assert not [line for line in lines(auditor) if line.kind == "audit"]
    # The server's clock stamps each row; only the owner of the database can make one look old.
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE kernel_auditevent SET written_at = written_at - interval '20 minutes'")
        cursor.execute("ALTER TABLE kernel_auditevent ENABLE TRIGGER USER")
    assert [line.due for line in lines(auditor) if line.kind == "audit"] == [clock.today()]
    assert not [line for line in lines(owner) if line.kind == "audit"]


def test_anchors_that_cannot_be_read_are_told(auditor: Person, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").write_text("")
    settings.ANCHOR_DIR = tmp_path / "file"
    assert [line.kind for line in lines(auditor)] == ["audit"]
    assert browser_for(auditor).get(reverse("home:my_day")).status_code == 200


def test_an_auditors_day_costs_at_most_seventeen_queries(
    auditor: Person, owner: Person, django_assert_max_num_queries
) -> None:
    browser_for(owner).get("/admin/kernel/rolegrant/add/")
    role_grant(person=owner, role=Role.BACK_OFFICE, by=SYSTEM)
    browser = browser_for(auditor)
    browser.get(reverse("home:my_day"))
    with django_assert_max_num_queries(17):
        browser.get(reverse("home:my_day"))
