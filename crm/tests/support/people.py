"""People for tests: each has a name, a role and a place in the tree, as in the institution the demo shows.

Head office 0001 ─ client department one 0001.0010 (owner, colleague, head) · client department two 0001.0020 (stranger)
· risk department 0001.0030 (assessors, re-check) · audit 0001.0090. The final approvers sit in the head office.
"""

import itertools
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from rest_framework.test import APIClient

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account, Department, Person
from crm.kernel.people.roles import Role
from crm.kernel.people.services import account_create, api_key_create, department_create, person_create, role_grant
from crm.kernel.workdays import clock

PASSWORD = "Sanshen-test-2026"
_numbers = itertools.count(1)

TREE = {
    "0001": ("总部", None),
    "0010": ("客户一部", "0001"),
    "0020": ("客户二部", "0001"),
    "0030": ("风险管理部", "0001"),
    "0090": ("审计部", "0001"),
}


def department(code: str = "0010") -> Department:
    """A node of the test tree, made with its parents when first asked for."""
    found = Department.objects.filter(code=code).first()
    if found:
        return found
    name, parent = TREE[code]
    return department_create(code=code, name=name, parent=department(parent) if parent else None, by=SYSTEM)


def make_account(person: Person, *, login: str | None = None) -> Account:
    """A way in for `person` that asks for no new password. A second call gives the same person a second account."""
    return account_create(
        person=person,
        login=login or f"u{person.employee_no.lower()}-{next(_numbers)}",
        password=PASSWORD,
        must_change_password=False,
        by=SYSTEM,
    )


def make_person(name: str, *roles: str, place: str = "0010", level: int = 0, account: bool = True) -> Person:
    """An active person of department `place` with `roles` (an approver with `level`) and an account."""
    person = person_create(name=name, employee_no=f"T{next(_numbers):05d}", department=department(place), by=SYSTEM)
    for role in roles:
        role_grant(person=person, role=role, authority_level=level if role == Role.FINAL_APPROVER else 0, by=SYSTEM)
    if account:
        make_account(person)
    return person


def browser_for(person: Person) -> Browser:
    """A logged-in Django test client of the person's first account."""
    browser = Browser()
    account = person.accounts.order_by("pk").first()
    assert account is not None
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def api_for(person: Person) -> APIClient:
    """An API client with a key of the person's first account, in use: its last use is kept every ten minutes only."""
    client = APIClient()
    account = person.accounts.order_by("pk").first()
    assert account is not None
    key = api_key_create(account=account, name=f"test {next(_numbers)}", by=SYSTEM)
    account.api_keys.update(last_used_at=clock.now(), last_used_from="127.0.0.1")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


CAST: dict[str, tuple[str, tuple[str, ...], str, int]] = {
    "owner": ("林晓雯", (Role.ACCOUNT_MANAGER,), "0010", 0),
    "colleague": ("高翔宇", (Role.ACCOUNT_MANAGER,), "0010", 0),
    "assistant": ("邓思琪", (Role.ASSISTANT_INVESTIGATOR,), "0010", 0),
    "head": ("陈国栋", (Role.DEPARTMENT_HEAD,), "0010", 0),
    "stranger": ("马天放", (Role.ACCOUNT_MANAGER,), "0020", 0),
    "initial_reviewer": ("周启明", (Role.INITIAL_REVIEWER,), "0010", 0),
    "second_initial_reviewer": ("许嘉宁", (Role.INITIAL_REVIEWER,), "0020", 0),
    "recheck_reviewer": ("沈若岚", (Role.RECHECK_REVIEWER,), "0030", 0),
    "second_recheck_reviewer": ("罗文博", (Role.RECHECK_REVIEWER,), "0030", 0),
    "final_approver": ("韩致远", (Role.FINAL_APPROVER,), "0001", 2),
    "general_manager": ("秦仲衡", (Role.FINAL_APPROVER,), "0001", 3),
    "committee_secretary": ("温予宁", (Role.COMMITTEE_SECRETARY,), "0030", 0),
    "committee_member": ("高伯年", (Role.COMMITTEE_MEMBER,), "0030", 0),
    "second_final_approver": ("郑伯远", (Role.FINAL_APPROVER,), "0001", 2),
    "risk_assessor": ("唐雨桐", (Role.RISK_ASSESSOR,), "0030", 0),
    "second_assessor": ("何俊峰", (Role.RISK_ASSESSOR,), "0030", 0),
    "marketer": ("苏婉清", (Role.MARKETING_DEVELOPER,), "0010", 0),
    "back_office": ("方静怡", (Role.BACK_OFFICE,), "0001", 0),
    "complaints_officer": ("叶知秋", (Role.COMPLAINTS_OFFICER,), "0001", 0),
    "finance": ("邵明达", (Role.FINANCE,), "0001", 0),
    "steward": ("顾明哲", (Role.DATA_STEWARD,), "0001", 0),
    "auditor": ("梁雅文", (Role.AUDITOR,), "0090", 0),
    "system_admin": ("程子昂", (Role.SYSTEM_ADMIN,), "0001", 0),
    "second_system_admin": ("汪思源", (Role.SYSTEM_ADMIN,), "0001", 0),
    "security_admin": ("韦承安", (Role.SECURITY_ADMIN,), "0001", 0),
    "audit_admin": ("康定远", (Role.AUDIT_ADMIN,), "0090", 0),
}


def cast_member(part: str) -> Person:
    """One person of the cast, made when first asked for, the same afterwards."""
    name, roles, place, level = CAST[part]
    found = Person.objects.filter(name=name).first()
    return found or make_person(name, *roles, place=place, level=level)


def _fixture(part: str) -> Any:
    @pytest.fixture(name=part)
    def member(db: None) -> Person:
        return cast_member(part)

    member.__doc__ = f"{CAST[part][0]}, {', '.join(str(role) for role in CAST[part][1])}."
    return member


for _part in CAST:
    globals()[f"_{_part}_fixture"] = _fixture(_part)
