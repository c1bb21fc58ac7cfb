"""The tests of this folder can fail: each kind of finding is planted once and must be found."""

from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from clients.file import admin as client_admin
from clients.file.models import Client
from clients.file.services import clients as client_services
from clients.file.views.clients import ClientDetail
from crm.kernel.people.models import Person
from crm.kernel.web.views import ObjectMixin
from crm.tests.assurance import admin_is_no_bypass, lost_update
from crm.tests.assurance.cells import Cell
from crm.tests.assurance.matrix import Tally, Walker

pytestmark = pytest.mark.django_db

HEAD_EDITS = Cell("clients:client_update", "POST", "head", "own")
STRANGER_READS = Cell("clients:client_detail", "GET", "stranger", "own")


def asked(walker: Walker, cell: Cell) -> Tally:
    tally = Tally()
    walker.one(cell, tally)
    return tally


def test_without_sabotage_both_cells_are_green(walker: Walker) -> None:
    assert asked(walker, HEAD_EDITS).ok
    assert asked(walker, STRANGER_READS).ok


def test_a_row_written_before_the_refusal_is_found(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = ObjectMixin.require_action

    def write_first(view: Any) -> None:
        Person.objects.filter(pk=view.person.pk).update(version=99)
        judged(view)

    monkeypatch.setattr(ObjectMixin, "require_action", write_first)
    assert "kernel_person" in asked(walker, HEAD_EDITS).changed_rows[0]


def test_a_refusal_that_names_the_row_is_found(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    def name_it(view: Any, request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponseNotFound(f"{Client.objects.get(pk=pk)} is not yours")

    monkeypatch.setattr(ClientDetail, "dispatch", name_it)
    found = asked(walker, STRANGER_READS)
    assert found.told
    assert not found.wrong


def test_a_door_left_open_is_a_leak(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ClientDetail, "get_object", lambda view: Client.objects.get(pk=view.kwargs["pk"]))
    assert asked(walker, STRANGER_READS).leaks == 1


def test_a_version_that_nobody_compares_is_a_lost_update(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    edit = next(edit for edit in lost_update.EDITS if edit.route == "api:client-detail")
    monkeypatch.setattr(client_services, "check_version", lambda obj, expected: None)
    assert any("not 412" in problem for problem in lost_update.Editors(walker).judge(edit))


def test_an_admin_that_edits_in_the_list_is_a_bypass(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    open_admin = client_admin.ClientAdmin
    monkeypatch.setattr(open_admin, "list_editable", ("size",))
    monkeypatch.setattr(open_admin, "has_change_permission", lambda self, request, obj=None: True)
    assert any("editable" in problem for problem in admin_is_no_bypass.standing_problems())
    siege = admin_is_no_bypass.Siege(walker)
    siege.writes("owner", Client, walker.world.row("client", "own").pk)
    assert any("clients_client" in problem for problem in siege.problems)


def test_every_admin_is_looked_at() -> None:
    missing = [model._meta.label for model in admin.site._registry if model not in admin_is_no_bypass.words()]
    assert missing == []
