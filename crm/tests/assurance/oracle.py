"""Reads the hand-written expectations and answers what a cell of the matrix must give.

`oracle.yaml` names the people and situations; each module's `tests/access.yaml` says who may do what to its rows.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from crm.kernel.declarations import add
from crm.kernel.modules import module_paths

FILE = Path(__file__).with_name("oracle.yaml")
ACCESS = "tests/access.yaml"
HEADS = ("groups", "models", "routes", "acts", "admin", "exempt")
MOST_LINES, MOST_EXEMPTIONS = 90, 11
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOT_IN = frozenset({"visitor", "disabled", "revoked"})
# Actors who stand for a person of another name: a key of the owner's is the owner.
STANDS_FOR = {"machine": "owner"}
# Pages of Django's admin that take any method for a read.
ADMIN_READS = frozenset({"admin:index", "admin:app_list", "admin:autocomplete"})
ADMIN_PAGES = ("changelist", "add", "change", "delete", "history", "redirect")

# What an answer may be taken for. `ok` is success, `refused` any other 4xx: the person was let in, the input was not.
ALLOWED = frozenset({"ok", "refused", "conflict"})
HIDDEN, FORBIDDEN, LOGIN, METHOD = (frozenset({word}) for word in ("hidden", "forbidden", "login", "method"))
# Who sees the row and may not act: 403; a case that has moved on says so first (409).
DENIED = FORBIDDEN | {"conflict"}


@dataclass(frozen=True)
class Spec:
    """What the oracle says of one route."""

    model: str
    has_row: bool
    methods: dict[str, str]
    deny: str = "forbidden"
    shows: str = ""
    admin: str = ""
    rows: tuple[str, ...] = ()


def access_files() -> list[Path]:
    """The tables of all modules that have one."""
    folders = [Path(settings.BASE_DIR, *module.split(".")) for module in module_paths()]
    return [folder / ACCESS for folder in folders if (folder / ACCESS).is_file()]


@lru_cache(maxsize=1)
def book() -> dict[str, Any]:
    """People, situations, and the tables of all modules in one; what two of them say is a mistake."""
    found: dict[str, Any] = {head: {} for head in HEADS}
    for file in (FILE, *access_files()):
        for head, entries in yaml.safe_load(file.read_text("utf-8")).items():
            for name, entry in entries.items():
                add(found.setdefault(head, {}), name, entry)
    groups = found["groups"]
    for entry in found["models"].values():
        entry |= {action: groups[who] for action, who in entry.items() if action != "model" and isinstance(who, str)}
    return found


def models() -> dict[str, str]:
    """The tables' word for each model → its label."""
    return {word: entry["model"] for word, entry in book()["models"].items()}


def actors() -> dict[str, str]:
    """Actor → role."""
    return dict(book()["actors"])


def rows_of(model: str) -> list[str]:
    """The situations in which a model is tried."""
    return list(book()["models"][model]["rows"])


def situations_of(name: str) -> list[str]:
    """The situations in which a route is tried; one empty one for a route without a row."""
    spec = specs()[name]
    return list(spec.rows or rows_of(spec.model)) if spec.has_row else [""]


@lru_cache(maxsize=1)
def tie_words() -> frozenset[str]:
    """The ties to a row; such a word is never the name of an actor, though one may be called the same."""
    return frozenset(word for ties in book()["situations"].values() for word in ties)


@lru_cache(maxsize=1)
def specs() -> dict[str, Spec]:
    """Route name → what is expected, the admin's pages spelled out."""
    found: dict[str, Spec] = {}
    for name, entry in book()["routes"].items():
        methods = {method: action for method, action in entry.items() if method in METHODS}
        model = entry.get("of") or entry["about"]
        found[name] = Spec(
            model,
            has_row="of" in entry,
            methods=methods,
            deny=entry.get("deny", "forbidden"),
            shows=entry.get("shows", ""),
            rows=tuple(entry.get("rows", ())),
        )
    for prefix, acts in book()["acts"].items():
        model = prefix.split(":")[1]
        for act in acts:
            found[f"{prefix}_{act}"] = Spec(model, True, {"GET": act, "POST": act})
            found[f"api:{model}-{act.replace('_', '-')}"] = Spec(model, True, {"POST": act})
    for name, entry in book()["admin"].items():
        for page in ADMIN_PAGES:
            found[f"admin:{name}_{page}"] = _admin_spec(entry, page)
    return found


def _admin_spec(entry: dict[str, Any], page: str) -> Spec:
    model = entry["of"]
    if page in ("changelist", "add"):
        return Spec(model, False, {}, shows=entry.get("shows", "") if page == "changelist" else "", admin=page)
    return Spec(model, True, {}, admin=page)


def is_one_of(actor: str, words: list[str], situation: str) -> bool:
    """Whether the actor is named by a tie to the situation's row, by role, by name, or as staff."""
    if actor in NOT_IN:
        return False
    person = STANDS_FOR.get(actor, actor)
    ties = book()["situations"].get(situation, {})
    for word in words:
        if word in tie_words():
            holders = ties.get(word, [])
            if person in (holders if isinstance(holders, list) else [holders]):
                return True
        elif word in ("staff", person, actors()[actor]):
            return True
    return False


def allows(model: str, action: str, actor: str, situation: str) -> bool:
    """Whether `actor` may do `action` (`model.action` for another model's rule) to the row of `situation`."""
    if action == "open":
        return actor not in NOT_IN
    if "." in action:
        model, action = action.split(".")
    if model == "staff":
        return actor not in NOT_IN
    words = book()["models"][model].get(action, [])
    return is_one_of(actor, words, situation)


def sees(model: str, actor: str, situation: str) -> bool:
    """Whether the row of `model` in `situation` exists for this actor."""
    return situation != "absent" and allows(model, "view", actor, situation)


def expected(name: str, method: str, actor: str, situation: str) -> frozenset[str]:
    """The outcomes that are right for a cell; `situation` is "" for routes without a row."""
    spec = specs()[name]
    is_api = name.startswith("api:")
    if actor in NOT_IN or (actor == "machine" and not is_api):
        return LOGIN
    if spec.admin:
        return _expected_admin(name, spec, method, actor, situation)
    visible = not spec.has_row or sees(spec.model, actor, situation)
    if method not in spec.methods:
        if name in ADMIN_READS:
            return METHOD | FORBIDDEN | ALLOWED
        # What comes first is the house's choice: an absent row or the method that does not exist.
        return METHOD if visible and is_api else METHOD | FORBIDDEN if visible else METHOD | HIDDEN
    if not visible:
        return HIDDEN
    if allows(spec.model, spec.methods[method], actor, situation):
        return ALLOWED
    return {"hidden": HIDDEN, "field": DENIED | {"refused"}}.get(spec.deny, DENIED)


def _expected_admin(name: str, spec: Spec, method: str, actor: str, situation: str) -> frozenset[str]:
    """Django's admin takes every method but POST for a read, and sends away from an absent row to its index."""
    entry = book()["admin"][name.removeprefix("admin:").rsplit("_", 1)[0]]
    named = is_one_of(actor, entry.get(spec.admin, []), situation)
    visible = not spec.has_row or sees(spec.model, actor, situation)
    if spec.admin == "redirect":
        return ALLOWED  # to the change page, which judges; absent and foreign alike
    if spec.admin in ("add", "delete"):
        return ALLOWED if named and visible else FORBIDDEN if not named else HIDDEN
    if not visible:
        return HIDDEN if method != "POST" or spec.admin != "change" else HIDDEN | FORBIDDEN
    # A page that is only read may say so by the method: 405.
    if method == "POST" and spec.admin == "change" and not named:
        return DENIED | METHOD
    return ALLOWED | METHOD if method == "POST" and spec.admin == "history" else ALLOWED
