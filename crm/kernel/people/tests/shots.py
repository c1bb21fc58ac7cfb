"""Pictures of moves: a person who is to come under another department, for the security administrator to decide."""

from typing import Any

from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account, Department, Move, Person
from crm.kernel.people.services import api_key_create, person_update
from tools.shots.page import Page

SECURITY, KEEPER = "weichengan", "chengziang"

PAGES = (
    Page("18-keys", "key_list"),
    Page("35-admin-moves", "admin:kernel_move_changelist", SECURITY),
    Page("35-admin-move", "admin:kernel_move_change", SECURITY, of="admin_move"),
    Page("35-admin-move-read-only", "admin:kernel_move_change", KEEPER, of="admin_move"),
)


def prepare() -> None:
    """The system administrator proposes that 苏婉清 comes under the second client department; a key of 林晓雯."""
    account = Account.objects.get(login="linxiaowen")
    if not account.api_keys.exists():
        scope = {"may_write": False, "areas": ["clients"], "networks": ["10.20.0.0/16"]}
        api_key_create(account=account, name="数据仓库", by=SYSTEM, **scope)
    if Move.objects.exists():
        return
    person = Person.objects.get(name="苏婉清")
    person_update(
        person=person,
        name=person.name,
        department=Department.objects.get(code="0020"),
        post=person.post,
        expected_version=person.version,
        by=Person.objects.get(name="程子昂"),
    )


def things() -> dict[str, tuple[Any, ...]]:
    """The move that waits."""
    return {"admin_move": (Move.objects.earliest("pk").pk,)}
