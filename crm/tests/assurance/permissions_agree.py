"""Trust row 51: a permission has one answer. Page, API, admin site, the list of permitted rows and `user.has_perm` are
asked of the same person and row, and all agree.

The other rows compare each entry point with the oracle; here they are compared with each other and with what a library
for Django would ask (ADR 13).
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import reverse

from crm.kernel.access.permissions import list_permitted
from crm.tests.assurance.cells import RolledBack
from crm.tests.assurance.world import World, the_world

ROW = 51
TITLE = "a permission has one answer"
LEAST_CELLS, SHORT_CELLS = 1_000, 100
# The model's word in the world → its permission, and every address that shows one row of it.
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
    "warning": (
        "risk.view_warningepisode",
        "risk:warning_detail",
        "api:warning-detail",
        "admin:risk_warningepisode_change",
    ),
}


@dataclass(frozen=True)
class Question:
    """May this person see the row of this model in this situation?"""

    part: str
    model: str
    situation: str

    def __str__(self) -> str:
        return f"{self.part} · {self.model} · {self.situation}"


def questions(world: World) -> list[Question]:
    """Every person with every row there is, in a fixed order."""
    rows = [(model, name) for name, made in world.situations.items() for model in WAYS if made.rows.get(model)]
    return [Question(part, model, name) for (model, name), part in product(rows, world.people)]


def ask(world: World, question: Question) -> dict[str, bool]:
    """{who was asked: whether the person may see it}; `has_perm` is one of them."""
    permission, *ways = WAYS[question.model]
    row, person = world.situations[question.situation].rows[question.model], world.people[question.part]
    account = person.accounts.order_by("pk")[0]
    with RolledBack():
        browser = world.browsers[question.part]
        found = {way: browser.get(reverse(way, args=[row.pk])).status_code == 200 for way in ways}
    found["list"] = list_permitted(person, permission).filter(pk=row.pk).exists()
    return {"has_perm": account.has_perm(permission, row), **found}


def compare(world: World, most: int | None = None) -> dict[str, Any]:
    """The figures over all questions, or over `most` that lie evenly among them."""
    every = questions(world)
    step = len(every) / most if most else 1
    chosen = [every[int(number * step)] for number in range(most or len(every))]
    answers = {question: ask(world, question) for question in chosen}
    differ = [f"{question}: {found}" for question, found in answers.items() if len(set(found.values())) > 1]
    allowed = sum(found["has_perm"] for found in answers.values())
    return {"cells": len(chosen), "asked": sum(map(len, answers.values())), "allowed": allowed, "differ": differ}


def run(full: bool) -> dict[str, Any]:
    """All cells, or a hundred of them."""
    found = compare(the_world(), None if full else SHORT_CELLS)
    least = LEAST_CELLS if full else SHORT_CELLS
    # A system that refuses everybody, or nobody, agrees with itself as well.
    is_alive = found["cells"] / 10 < found["allowed"] < found["cells"] * 9 / 10
    return {
        "target": f"page, API, admin site, list and has_perm agree in at least {least} cells",
        **found,
        "ok": not found["differ"] and found["cells"] >= least and is_alive,
    }
