"""Two real processes, a barrier, one act each: races of the services, run in the application's role."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connection, connections

from crm.kernel.access.errors import DomainError
from crm.kernel.people.models import Person
from projects.deals.models import Project
from projects.deals.services import project_update
from risk.reviews.models import ReviewCase
from risk.reviews.services import conflict_declare, decision_make, review_submit, review_withdraw
from risk.reviews.tests.factories import OPINION

Act = dict[str, Any]
LIMIT_SECONDS = 60
VERBS: dict[str, dict[str, Any]] = {
    "approve": {},
    "return": {"reason_code": "documents_missing", "target_stage": "initial", "items": ["补充资料"]},
    "reject": {"reason_code": "credit_risk"},
    "escalate": {},
}


def prepared(act: Act) -> Callable[[], object]:
    """The act as a call that only has to be made: everything it needs was read before, as a page would have."""
    by = Person.objects.get(pk=act["by"])
    project = Project.objects.get(pk=act["project"])
    what = act["what"]
    if what == "submit":
        return lambda: review_submit(project=project, expected_version=project.version, by=by)
    if what == "edit":
        return lambda: project_update(
            project=project, expected_version=project.version, by=by, amount=project.amount - 1
        )
    if what == "reassign":
        other = Person.objects.get(pk=act["to"])
        return lambda: project_update(project=project, expected_version=project.version, by=by, assistant=other)
    case = ReviewCase.objects.get(project=project)
    version = case.version
    if what == "withdraw":
        return lambda: review_withdraw(case=case, expected_version=version, reason="撤回", by=by)
    if what == "conflict":
        return lambda: conflict_declare(case=case, has_conflict=True, expected_version=version, by=by)
    return lambda: decision_make(case=case, verb=what, opinion=OPINION, expected_version=version, by=by, **VERBS[what])


def _as_application() -> None:
    """This process speaks to the same database in the application's role, as the product does."""
    connections.close_all()
    parts = urlsplit(os.environ["DATABASE_URL"])
    connection.settings_dict.update(USER=parts.username or "", PASSWORD=unquote(parts.password or ""))


def _work(orders: Any, answers: Any, barrier: Barrier) -> None:
    _as_application()
    while (act := orders.get()) is not None:
        try:
            call = prepared(act)
            barrier.wait(LIMIT_SECONDS)
            call()
            answers.put({"won": True, "status": 200, "reason": ""})
        except DomainError as refusal:
            answers.put({"won": False, "status": refusal.status, "reason": str(refusal.message)})
        except Exception as fault:  # noqa: BLE001 - a fault of the product is what the race looks for
            barrier.abort()
            answers.put({"won": False, "status": 500, "reason": f"{type(fault).__name__}: {fault}"})
    connections.close_all()


class Racers:
    """Two processes that wait for each other before each act. Use as a context manager."""

    def __enter__(self) -> "Racers":
        context = multiprocessing.get_context("fork")
        self.barrier = context.Barrier(2)
        connections.close_all()
        self.lanes = []
        for _lane in range(2):
            orders, answers = context.Queue(), context.Queue()
            child = context.Process(target=_work, args=(orders, answers, self.barrier), daemon=True)
            child.start()
            self.lanes.append((child, orders, answers))
        return self

    def __exit__(self, *exc: object) -> None:
        for child, orders, _answers in self.lanes:
            orders.put(None)
            child.join(5)
            if child.is_alive():
                child.kill()

    def race(self, first: Act, second: Act) -> list[Act]:
        """Both acts at one moment; the two answers in order."""
        for (_child, orders, _answers), act in zip(self.lanes, (first, second), strict=True):
            orders.put(act)
        found = [answers.get(timeout=LIMIT_SECONDS + 10) for _child, _orders, answers in self.lanes]
        if self.barrier.broken:
            self.barrier.reset()
        return found
