"""`user.has_perm` gives the answer of page, API and admin (ADR 0013): generated cells in which all agree."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from guardian.shortcuts import get_objects_for_user, get_perms

from clients.file.models import Client
from crm.kernel.access.permissions import list_permissions, list_permitted
from crm.kernel.people.models import Account
from crm.tests.assurance.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.long]
# The model's word in the world → permission, page, API, and the admin page where there is one.
WAYS: dict[str, tuple[str, ...]] = {
    "client": ("clients.view_client", "clients:client_detail", "api:client-detail", "admin:clients_client_change"),
    "project": (
        "projects.view_project",
        "projects:project_detail",
        "api:project-detail",
        "admin:projects_project_change",
    ),
    "review": ("risk.view_reviewcase", "risk:review_detail", "api:review-detail", "admin:risk_reviewcase_change"),
    "complaint": (
        "staff.view_complaint",
        "staff:complaint_detail",
        "api:complaint-detail",
        "admin:staff_complaint_change",
    ),
    "warning": ("risk.view_warningepisode", "risk:warning_detail", "api:warning-detail"),
}
# Spread evenly over all of them: each costs a page, an API answer and an admin page.
CELLS = 100


def cells(world: World) -> list[tuple[str, str, str]]:
    """(person's part, model, situation) of rows that exist, in a fixed order."""
    parts = [part for part in world.people if part in world.browsers]
    rows = {
        (model, situation): made.rows[model]
        for situation, made in world.situations.items()
        for model in WAYS
        if made.rows.get(model) is not None
    }
    return [(part, model, situation) for (model, situation), part in product(rows, parts)]


def account_of(world: World, part: str) -> Account:
    """The person's first way in, as after a login: with the rights of now."""
    return world.people[part].accounts.order_by("pk")[0]


def test_page_api_admin_and_has_perm_agree_wherever_it_is_asked(world: World) -> None:
    asked = cells(world)
    assert len(asked) >= CELLS, len(asked)
    step = len(asked) / CELLS
    differ, seen = [], 0
    for part, model, situation in [asked[int(number * step)] for number in range(CELLS)]:
        permission, *ways = WAYS[model]
        row = world.situations[situation].rows[model]
        said = account_of(world, part).has_perm(permission, row)
        browser = world.browsers[part]
        found = {way: browser.get(reverse(way, args=[row.pk])).status_code == 200 for way in ways}
        found["list"] = list_permitted(world.people[part], permission).filter(pk=row.pk).exists()
        seen += said
        if set(found.values()) != {said}:
            differ.append((part, model, situation, said, found))
    assert differ == []
    assert CELLS / 10 < seen < CELLS * 9 / 10


def test_a_yes_without_a_row_means_every_row(world: World) -> None:
    can = {part: account_of(world, part).has_perm("clients.view_client") for part in world.people}
    for part, all_rows in can.items():
        if all_rows:
            assert list_permitted(world.people[part], "clients.view_client").count() == Client.objects.count(), part
    assert any(can.values()) and not can["owner"]


def test_what_names_no_model_or_nobody_is_refused(world: World) -> None:
    client = world.situations["own"].client
    owner = account_of(world, "owner")
    assert owner.has_perm("clients.view_client", client) and owner.has_perm("clients.add_client")
    assert not AnonymousUser().has_perm("clients.view_client", client)
    for permission in (
        "clients.fly_client",
        "clients.view_nothing",
        "nothing",
        "",
        "auth.view_user",
        "clients.view_project",
    ):
        assert not owner.has_perm(permission, client), permission
    assert not owner.has_perm("projects.view_project", client)
    owner.is_active = False
    assert not owner.has_perm("clients.view_client", client)


def test_guardians_helpers_read_our_grants(world: World) -> None:
    client = world.situations["own"].client
    helper, owner = account_of(world, "co_manager"), account_of(world, "owner")
    assert "change_client" in get_perms(helper, client)
    assert client in get_objects_for_user(helper, "clients.change_client")
    assert get_perms(owner, client) == []
    assert {"view_client", "change_client"} <= set(list_permissions(world.people["owner"], client))
