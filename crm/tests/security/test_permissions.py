"""`user.has_perm` and its like are answered by the policies (ADR 13)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from guardian.shortcuts import get_objects_for_user, get_perms

from clients.file.models import Client
from crm.kernel.access.permissions import list_permissions, list_permitted
from crm.kernel.people.models import Account
from crm.tests.assurance import permissions_agree
from crm.tests.assurance.world import World

pytestmark = pytest.mark.django_db


def account_of(world: World, part: str) -> Account:
    """The person's first way in, as after a login: with the rights of now."""
    return world.people[part].accounts.order_by("pk")[0]


def test_page_api_admin_and_has_perm_agree_wherever_they_are_asked(world: World) -> None:
    found = permissions_agree.compare(world, permissions_agree.SHORT_CELLS)
    assert found["differ"] == []
    assert found["cells"] / 10 < found["allowed"] < found["cells"] * 9 / 10
    assert len(permissions_agree.questions(world)) >= permissions_agree.LEAST_CELLS


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
