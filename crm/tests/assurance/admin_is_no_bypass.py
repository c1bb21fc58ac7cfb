"""Trust row 10: the admin site is not a bypass. Every ModelAdmin, every way of writing it has, tried by every role."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import RequestFactory
from django.urls import reverse

from crm.tests.assurance import oracle
from crm.tests.assurance.cells import RolledBack
from crm.tests.assurance.digest import touched
from crm.tests.assurance.matrix import Walker
from crm.tests.assurance.world import the_world

ROW = 10
TITLE = "the admin site is not a bypass"
# Who may write what there: through the services, with the database as second net.
NAMED = {
    ("kernel_department", "add"): {"kernel_department"},
    ("kernel_department", "change"): {"kernel_department", "kernel_move"},
    ("kernel_post", "add"): {"kernel_post"},
    ("kernel_person", "add"): {"kernel_person"},
    ("kernel_person", "change"): {"kernel_person", "kernel_account", "kernel_move"},
    ("kernel_account", "add"): {"kernel_account"},
    ("kernel_account", "change"): {"kernel_account"},
    ("kernel_apikey", "add"): {"kernel_apikey"},
    ("kernel_apikey", "change"): {"kernel_apikey"},
    ("kernel_move", "change"): {"kernel_move", "kernel_department", "kernel_person"},
    ("kernel_apikey", "delete"): {"kernel_apikey"},
    ("kernel_rolegrant", "add"): {"kernel_rolegrant"},
    ("kernel_rolegrant", "delete"): {"kernel_rolegrant"},
    ("kernel_parameterversion", "add"): {"kernel_parameterversion"},
    ("kernel_parameterversion", "change"): {"kernel_parameterversion"},
    ("kernel_cover", "change"): {"kernel_cover", "kernel_notice"},
    ("projects_facility", "change"): {"projects_facility", "clients_standing", "clients_standingfact"},
    ("kernel_holidaynotice", "add"): {"kernel_holidaynotice"},
    ("kernel_holidaynotice", "change"): {"kernel_holidaynotice", "kernel_calendarday"},
}
# A filter on these would read out, letter by letter, what no page shows.
SECRET = ("password", "digest", "identity_number", "identity_hash", "mobile", "email")
ROWS = ("own", "final", "approved", "any")


@dataclass(frozen=True)
class Attempt:
    """One request to the admin: what it tries, where, and what it sends (None: a GET)."""

    what: str
    url: str
    body: dict[str, Any] | None = None


def words() -> dict[type[Model], str]:
    """Model → the oracle's word for it."""
    labels = {label.lower(): word for word, label in oracle.models().items()}
    return {
        model: labels[model._meta.label_lower] for model in admin.site._registry if model._meta.label_lower in labels
    }


def forged(model: type[Model]) -> dict[str, Any]:
    """A body that sets every column of the model to something else."""
    body: dict[str, Any] = {"_save": "1", "verdict": "approve", "reason": "x"}
    for field in model._meta.concrete_fields:
        if field.choices:
            body[field.name] = list(field.choices)[-1][0]
        else:
            body[field.name] = "1" if field.is_relation or "Integer" in type(field).__name__ else "2026-11-20"
    return body


def attempts(model: type[Model], pk: Any) -> Iterator[Attempt]:
    """Every way the admin has of writing a row, or of telling about one."""
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    body, listed = forged(model), reverse(f"{base}_changelist")
    change = reverse(f"{base}_change", args=[pk])
    yield Attempt("change", change, body)
    yield Attempt("change", f"{change}?_to_field=id&_popup=1", {**body, "_continue": "1"})
    # Django takes this for adding: whoever may add, adds through the service.
    yield Attempt("add", f"{change}?_saveasnew=1", {**body, "_saveasnew": "1"})
    yield Attempt("add", reverse(f"{base}_add"), body)
    yield Attempt("delete", reverse(f"{base}_delete", args=[pk]), {"post": "yes"})
    selected = {"_selected_action": [str(pk)], "index": "0", "post": "yes"}
    yield Attempt("action", listed, {"action": "delete_selected", **selected})
    yield Attempt("action", f"{listed}?_to_field=id", {"action": "make_approved", "select_across": "1", **selected})
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": str(pk), "_save": "1"}
    yield Attempt("list_editable", listed, {**rows, **{f"form-0-{name}": value for name, value in body.items()}})
    yield Attempt("history", reverse(f"{base}_history", args=[pk]), {"action": "revert"})
    inline = {"decisions-TOTAL_FORMS": "1", "decisions-INITIAL_FORMS": "0", "decisions-0-verb": "approve"}
    yield Attempt("inline", change, {**body, **inline})


def readings(model: type[Model]) -> Iterator[Attempt]:
    """Ways of asking that would tell what is hidden."""
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    listed = reverse(f"{base}_changelist")
    for field in model._meta.concrete_fields:
        if field.name in SECRET:
            yield Attempt("filter", f"{listed}?{field.name}__startswith=1")
            yield Attempt("order", f"{listed}?o={field.name}")
            yield Attempt("to_field", f"{listed}?_to_field={field.name}")


def standing_problems() -> list[str]:
    """Admins that declare a way of writing: actions, editable columns, inlines."""
    problems = []
    for model, model_admin in admin.site._registry.items():
        name = model._meta.label
        request = RequestFactory().get("/admin/")
        request.person = the_world().people["auditor"]  # type: ignore[attr-defined]
        request.user = the_world().accounts["auditor"]
        if model not in words():
            problems.append(f"{name}: registered without a policy in the oracle")
            continue
        if model_admin.get_actions(request):
            problems.append(f"{name}: has actions")
        if model_admin.list_editable:
            problems.append(f"{name}: has editable columns")
        if model_admin.get_inline_instances(request):
            problems.append(f"{name}: has inlines")
    return problems


def changed_events() -> int:
    """Audit rows that this transaction has changed or deleted so far, what was undone included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables WHERE relname = 'kernel_auditevent'")
        return int(cursor.fetchone()[0])


class Siege:
    """Makes the attempts and counts what came through."""

    def __init__(self, walker: Walker) -> None:
        self.walker, self.tally, self.problems = walker, Counter[str](), list[str]()
        self.statuses, self.through = Counter[int](), set[str]()

    def writes(self, actor: str, model: type[Model], pk: Any) -> None:
        """All writing attempts on one row; the tables afterwards must be those from before."""
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for attempt in attempts(model, pk):
            self.tally[attempt.what] += 1
            with RolledBack():
                start, events = touched(), changed_events()
                answer = self.walker.world.browsers[actor].post(attempt.url, attempt.body or {})
                tables = set(self.walker.digest.changed_since(self.walker.before, start))
                has_meddled = changed_events() != events
            self.walker.forget(actor)
            # Rows of an inline travel with a change: they are forbidden, the change itself may be this person's.
            what = "change" if attempt.what == "inline" else attempt.what
            allowed = NAMED.get((name, what), set()) if self.is_named(actor, name, what) else set()
            self.statuses[answer.status_code] += 1
            if tables & allowed:
                self.through.add(f"{what} of {name}")
            if tables - allowed or has_meddled:
                wrote = ", ".join(sorted(tables - allowed)) or "the audit trail"
                self.problems.append(f"{attempt.what} of {name} by {actor} wrote {wrote}")
            if answer.status_code >= 500:
                self.problems.append(f"{attempt.what} of {name} by {actor}: {answer.status_code}")

    def is_named(self, actor: str, name: str, what: str) -> bool:
        entry = oracle.book()["admin"].get(name, {})
        return oracle.is_one_of(actor, entry.get(what, []), "any")

    def reads(self, actor: str, model: type[Model]) -> None:
        """Filters and orders by secret columns: refused, or the same as without."""
        for attempt in readings(model):
            self.tally[attempt.what] += 1
            with RolledBack():
                browser = self.walker.world.browsers[actor]
                answer = browser.get(attempt.url)
                listed = browser.get(attempt.url.split("?")[0])
            self.walker.forget(actor)
            refused = answer.status_code in (302, 400, 403, 404)
            if not refused and attempt.what == "filter" and listed.status_code == 200:
                self.problems.append(f"{attempt.what} by {actor}: {attempt.url} is not refused")
            if answer.status_code >= 500:
                self.problems.append(f"{attempt.what} by {actor}: {attempt.url}: {answer.status_code}")


def run(full: bool) -> dict[str, Any]:
    """Every admin, every role (short: two of four, in turn), one to three rows each."""
    problems = standing_problems()
    siege = Siege(Walker(the_world()))
    roles = [actor for actor in oracle.actors() if actor not in {*oracle.NOT_IN, "machine"}]
    chosen = roles if full else ["owner", "system_admin", "security_admin", "auditor"]
    for number, (model, word) in enumerate(words().items()):
        rows = [row for row in ROWS if row in oracle.rows_of(word)][: 3 if full else 1]
        for actor in chosen if full else chosen[number % 2 :: 2]:
            siege.reads(actor, model)
            for situation in rows:
                row = the_world().row(word, situation)
                if row is not None:
                    siege.writes(actor, model, row.pk)
    problems += siege.problems
    # A house that refuses every request would pass: somebody's own acts must come through, others must be forbidden.
    alive = bool(siege.through) and {200, 302, 403} <= set(siege.statuses)
    return {
        "target": "0 writes to decision, audit or status fields by any role through the admin's own ways",
        "admins": len(admin.site._registry),
        "roles": len(chosen),
        "attempts": sum(siege.tally.values()),
        "by_kind": dict(siege.tally),
        "answers": {str(status): count for status, count in sorted(siege.statuses.items())},
        "acts_that_came_through": sorted(siege.through),
        "problems": list(dict.fromkeys(problems))[:60],
        "ok": alive and not problems,
    }
