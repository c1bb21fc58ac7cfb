"""Trust row 13: legal paths only. A Hypothesis state machine acts on the product and on the model of `review_model`
and compares, after every step, the answer and the whole state of the case. Runs on a throw-away database.
"""

import multiprocessing
import time
from collections import Counter
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from clients.file.services import client_reassign
from crm.kernel.access.errors import DomainError
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.tests.support.people import make_person
from projects.deals.models import Project, ProjectGrant
from projects.deals.services import project_update, report_sign
from projects.deals.signatures import REPORT, ReportSignature
from risk.reviews.models import ReviewCase, ReviewSeat
from risk.reviews.services import conflict_declare, decision_make, review_submit, review_withdraw
from risk.reviews.tests.assurance.review_model import CAST, Model
from risk.reviews.tests.factories import OPINION, make_client, make_project

ROW = 13
TITLE = "legal transitions only"
RUNS, STEPS = 2000, 50
ROLES = {
    "manager": Role.ACCOUNT_MANAGER,
    "assistant": Role.ASSISTANT_INVESTIGATOR,
    "head": Role.DEPARTMENT_HEAD,
    "initial": Role.INITIAL_REVIEWER,
    "recheck": Role.RECHECK_REVIEWER,
    "final": Role.FINAL_APPROVER,
}
PLACES = {"10": "0010", "20": "0020", "30": "0030", "01": "0001"}
AMOUNTS = {"big": Decimal("80000000.00"), "small": Decimal("15000000.00")}
# Two processes work in years of their own: each year has its own counter of case numbers.
DAYS = (date(2025, 6, 3), date(2024, 6, 3))

people = st.sampled_from(sorted(CAST))
managers = st.sampled_from(["owner", "colleague"])
helpers = st.sampled_from(["assistant", "colleague"])
verbs = st.sampled_from(["approve", "approve", "approve", "approve_with_conditions", "return", "reject", "escalate"])
stages = st.sampled_from(["initial", "recheck", "final"])
stale = st.sampled_from([False] * 9 + [True])


class World:
    """The people and one deal, made once; every run of the machine starts from it and is rolled back."""

    def __init__(self, mark: str, day: date) -> None:
        self.day = day
        with clock.at(day):
            self.ids = {
                name: make_person(
                    f"{name}-{mark}", *[ROLES[role] for role in roles], place=PLACES[place], level=level
                ).pk
                for name, (roles, place, level) in CAST.items()
            }
            owner = Person.objects.get(pk=self.ids["owner"])
            assistant = Person.objects.get(pk=self.ids["assistant"])
            self.client = make_client(owner)
            self.project = make_project(self.client, lead=owner, assistant=assistant)
            self.report = self.project.documents.select_related("file").get(kind=REPORT)
        self.names = {pk: name for name, pk in self.ids.items()}
        found = Person.objects.select_related("department").in_bulk(self.names)
        self.people = {self.names[pk]: person for pk, person in found.items()}
        for person in self.people.values():
            _roles = person.roles  # read once: no step of the machine grants or takes a role

    def person(self, name: str, model: Model) -> Person:
        """As the next request would load them."""
        person = copy(self.people[name])
        person.is_active = name in model.active
        return person


class Tally:
    """What a process of the machine did: steps, answers by status, divergences in words."""

    def __init__(self) -> None:
        self.runs = self.steps = 0
        self.answers: Counter[int] = Counter()
        self.divergences: list[str] = []


def machine(world: World, tally: Tally) -> type[RuleBasedStateMachine]:
    """The state machine over `world`."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.point = transaction.atomic()
            self.point.__enter__()
            self.clock = clock.at(world.day)
            self.clock.__enter__()
            self.model = Model()
            self.case: ReviewCase | None = None
            tally.runs += 1

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)
            self.clock.__exit__(None, None, None)

        @initialize(ready=st.sampled_from([True] * 9 + [False]))
        def begin(self, ready: bool) -> None:
            if ready:
                self.submit("owner", False)

        def step(self, expected: int, act: Any, what: str) -> None:
            tally.steps += 1
            try:
                act()
                got = 200
            except DomainError as refusal:
                got = refusal.status
            tally.answers[got] += 1
            found, wanted = self.product_state(), self.model_state()
            if got != expected or found != wanted:
                text = f"{what}: model {expected} {wanted}, product {got} {found}"
                tally.divergences.append(text)
                raise AssertionError(text)

        def model_state(self) -> dict[str, Any]:
            model = self.model
            if not model.round:
                return {}
            return {
                "case": (model.status, model.stage, model.round, model.step, model.level),
                "seats": {name: (seat[0], seat[1]) for name, seat in model.seats.items()},
                "let see": set(model.granted),
                "signed": set(model.signed),
                "deal": "in_review" if model.status == "open" else model.status,
            }

        def product_state(self) -> dict[str, Any]:
            case = ReviewCase.objects.select_related("project").filter(project=world.project).first()
            self.case = case
            if case is None:
                return {}
            seats = ReviewSeat.objects.filter(case=case).values_list("person_id", "stage", "recused_at")
            # Granted at each move to exactly those for whom the case waits, and to the deciders with a voice.
            granted = ProjectGrant.objects.filter(content_object=world.project).values_list("user__person", flat=True)
            signers = ReportSignature.objects.filter(document=world.report).values_list("person_id", flat=True)
            return {
                "case": (case.status, case.stage, case.round, case.step, case.required_level),
                "seats": {world.names[pk]: (stage, recused is not None) for pk, stage, recused in seats},
                "let see": {world.names[pk] for pk in granted if pk in world.names},
                "signed": {world.names[pk] for pk in signers},
                "deal": case.project.status,
            }

        def version(self, obj: Any, is_stale: bool) -> int:
            return int(obj.version) + (1000 if is_stale else 0)

        @rule(who=managers, is_stale=stale)
        def submit(self, who: str, is_stale: bool) -> None:
            project = Project.objects.get(pk=world.project.pk)
            self.step(
                self.model.submit(who, is_stale),
                lambda: review_submit(
                    project=project, expected_version=self.version(project, is_stale), by=world.person(who, self.model)
                ),
                f"submit {who}",
            )

        @rule(who=people, is_stale=stale)
        def submit_by_anybody(self, who: str, is_stale: bool) -> None:
            self.submit(who, is_stale)

        @rule(who=managers, is_stale=stale, amount=st.sampled_from(sorted(AMOUNTS)), helper=helpers)
        def edit(self, who: str, is_stale: bool, amount: str, helper: str) -> None:
            project = Project.objects.get(pk=world.project.pk)
            self.step(
                self.model.edit(who, is_stale, amount, helper),
                lambda: project_update(
                    project=project,
                    expected_version=self.version(project, is_stale),
                    by=world.person(who, self.model),
                    amount=AMOUNTS[amount],
                    assistant=world.person(helper, self.model),
                ),
                f"edit {who} {amount} {helper}",
            )

        @rule(who=people, amount=st.sampled_from(sorted(AMOUNTS)))
        def edit_by_anybody(self, who: str, amount: str) -> None:
            self.edit(who, False, amount, self.model.helper)

        @rule(who=helpers)
        def sign(self, who: str) -> None:
            """Whoever comes to investigate signs the report, without which no round begins."""
            self.step(
                self.model.sign(who),
                lambda: report_sign(
                    document=world.report, sha256=world.report.file.sha256, by=world.person(who, self.model)
                ),
                f"sign {who}",
            )

        @rule(who=people)
        def sign_by_anybody(self, who: str) -> None:
            self.sign(who)

        @rule(who=people, is_stale=stale)
        def withdraw(self, who: str, is_stale: bool) -> None:
            if (case := self.case) is None:
                return
            self.step(
                self.model.withdraw(who, is_stale),
                lambda: review_withdraw(
                    case=case,
                    expected_version=self.version(case, is_stale),
                    reason="推迟",
                    by=world.person(who, self.model),
                ),
                f"withdraw {who}",
            )

        @rule(who=people, is_stale=stale, conflict=st.sampled_from([False] * 5 + [True]))
        def declare(self, who: str, is_stale: bool, conflict: bool) -> None:
            if (case := self.case) is None:
                return
            self.step(
                self.model.declare(who, is_stale, conflict),
                lambda: conflict_declare(
                    case=case,
                    has_conflict=conflict,
                    expected_version=self.version(case, is_stale),
                    by=world.person(who, self.model),
                ),
                f"declare {who} {conflict}",
            )

        @rule(who=people, is_stale=stale, verb=verbs, back_to=stages)
        def decide(self, who: str, is_stale: bool, verb: str, back_to: str) -> None:
            if (case := self.case) is None:
                return
            more: dict[str, Any] = {}
            if verb == "return":
                more = {"reason_code": "documents_missing", "target_stage": back_to, "items": ["补充资料"]}
            elif verb == "reject":
                more = {"reason_code": "credit_risk"}
            elif verb == "approve_with_conditions":
                more = {"conditions": [{"text": "接入系统批复原件"}]}
            self.step(
                self.model.decide(who, is_stale, verb, back_to),
                lambda: decision_make(
                    case=case,
                    verb=verb,
                    opinion=OPINION,
                    expected_version=self.version(case, is_stale),
                    by=world.person(who, self.model),
                    **more,
                ),
                f"decide {who} {verb} {back_to}",
            )

        @rule(pick=st.integers(0, 20), verb=verbs, back_to=stages)
        def whoever_may_decides(self, pick: int, verb: str, back_to: str) -> None:
            """Most random people may not: this rule lets the case get on, so that deep states are reached."""
            if waiting := sorted(self.model.waiting()):
                who = waiting[pick % len(waiting)]
                self.declare(who, False, False)
                self.decide(who, False, verb, back_to)

        @rule(who=people)
        def recuse(self, who: str) -> None:
            self.decide(who, False, "recuse", "initial")

        @rule(to=managers)
        def reassign(self, to: str) -> None:
            world.client.refresh_from_db()
            self.step(
                self.model.reassign(to) if "head" in self.model.active else 404,
                lambda: client_reassign(
                    client=world.client,
                    owner=world.person(to, self.model),
                    expected_version=world.client.version,
                    by=world.person("head", self.model),
                ),
                f"reassign {to}",
            )

        @rule(who=people)
        def deactivate(self, who: str) -> None:
            """Somebody leaves, or comes back."""
            self.model.active ^= {who}
            Person.objects.filter(pk=world.ids[who]).update(is_active=who in self.model.active)

    return Machine


def _drive(world: World, runs: int, steps: int, number: int) -> Tally:
    tally = Tally()
    chosen = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    try:
        run_state_machine_as_test(seed(13 + number)(machine(world, tally)), settings=chosen)
    except AssertionError:
        # The first divergence ends this process's part; it is in the tally.
        pass
    return tally


def _child(world: World, runs: int, steps: int, number: int, answer: Any) -> None:
    connections.close_all()
    answer.put(_drive(world, runs, steps, number))
    connections.close_all()


def run(full: bool) -> dict[str, Any]:
    """2,000 runs of 50 steps in two processes (short: 12 of 30 in this one). Needs reference data in the database."""
    started = time.monotonic()
    runs, steps = (RUNS, STEPS) if full else (12, 30)
    if full:
        worlds = [World(str(number), day) for number, day in enumerate(DAYS)]
        context = multiprocessing.get_context("fork")
        answers: Any = context.Queue()
        connections.close_all()
        children = [
            context.Process(target=_child, args=(world, runs // 2, steps, number, answers))
            for number, world in enumerate(worlds)
        ]
        for child in children:
            child.start()
        tallies = [answers.get() for _child_ in children]
        for child in children:
            child.join()
    else:
        tallies = [_drive(World("0", DAYS[0]), runs, steps, 0)]
    answered: Counter[int] = Counter()
    for tally in tallies:
        answered.update(tally.answers)
    done, acted = sum(tally.runs for tally in tallies), sum(tally.steps for tally in tallies)
    divergences = [text for tally in tallies for text in tally.divergences]
    passed = not divergences and done >= runs
    return {
        "target": f"{runs} runs of {steps} steps, 0 divergences, 0 server errors",
        "runs": done,
        "steps": acted,
        "answers": {str(status): count for status, count in sorted(answered.items())},
        "divergences": len(divergences),
        "failures": divergences[:5],
        "passed": passed,
        "ok": passed,
        "seconds": round(time.monotonic() - started, 1),
    }
