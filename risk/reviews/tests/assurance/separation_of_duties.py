"""Trust row 14: a maker is never a checker, one person sits at one stage. People who hold every reviewing role, and are
kept out only by what they did, try to decide: by raw SQL in the application's role, by service, page, API and admin,
with their first and with a second account. Needs a throw-away database with reference data; rows are committed.
"""

import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.test import APIClient

from clients.file.models import Client, ClientGrant
from crm.kernel.access.errors import DomainError
from crm.kernel.access.grants import set_grants
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account, Person
from crm.kernel.people.roles import Role
from crm.kernel.people.services import api_key_create
from crm.tests.support.people import cast_member, make_account, make_person
from projects.deals.models import ProjectEditor
from risk.reviews.models import Decision, ReviewCase, ReviewRound, ReviewSeat, Verb
from risk.reviews.services import conflict_declare, decision_make
from risk.reviews.tests.factories import OPINION, decide, declare, make_client, make_project, submit

ROW = 14
TITLE = "maker is never checker; one person, one stage"
ATTEMPTS = 10_000
EVERY_ROLE = (Role.ACCOUNT_MANAGER, Role.INITIAL_REVIEWER, Role.RECHECK_REVIEWER, Role.FINAL_APPROVER)
STAGES = ("initial", "recheck", "final")
# Kept out by code alone: the database has no seat of theirs to hold against them, so raw SQL is not their door.
BY_CODE = frozenset({"new_owner", "new_co_manager", "near", "low"})
_marks = itertools.count(1)


@dataclass
class Siege:
    """One case at one stage with everybody who must not decide it."""

    case: ReviewCase
    attackers: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, list[Account]] = field(default_factory=dict)

    def add(self, name: str, person: Person) -> None:
        """`person` with two accounts."""
        self.attackers[name] = person
        make_account(person)
        self.accounts[name] = list(person.accounts.order_by("pk"))


def _able(name: str, *, place: str = "0030", level: int = 2) -> Person:
    return make_person(f"{name}{next(_marks)}", *EVERY_ROLE, place=place, level=level)


def besieged(stage: str) -> Siege:
    """A case that stands at `stage` in its second round, and its attackers."""
    owner = _able("主办", place="0010")
    lead, assistant, editor = (_able(name) for name in ("主调", "协办", "编辑"))
    # Everybody is there before the submission, which lets the people see the case for whom it waits.
    turned, recused, new_owner, helper = (_able(name) for name in ("转向", "回避", "接手", "新协"))
    earlier = {stage_before: _able("前任") for stage_before in STAGES[: STAGES.index(stage)]}
    near, low = _able("近邻", place="0010"), _able("低权", level=1)
    client = make_client(owner)
    project = make_project(client, lead=lead, assistant=assistant)
    ProjectEditor.objects.create(project=project, person=editor)
    case = submit(project, by=assistant)
    decide(case, turned, "return")
    # Decided, then worked on the deal: the seat stays, the voice is gone.
    ProjectEditor.objects.create(project=project, person=turned)
    case = submit(project, by=lead)
    siege = Siege(case)
    for name, person in {"owner": owner, "lead": lead, "assistant": assistant, "editor": editor}.items():
        siege.add(name, person)
    siege.add("turned", turned)
    for stage_before, decider in earlier.items():
        decide(case, decider)
        siege.add(f"decided_{stage_before}", decider)
    declare(case, recused, conflict=True)
    siege.add("recused", recused)
    for person in (new_owner, helper):
        declare(case, person)
    Client.objects.filter(pk=client.pk).update(owner=new_owner)
    with transaction.atomic():
        set_grants(
            ClientGrant, client, action="change", person_ids=[helper.pk], source="co_manager", reason="test", by=SYSTEM
        )
    siege.add("new_owner", new_owner)
    siege.add("new_co_manager", helper)
    if stage == "recheck":
        siege.add("near", near)
    if stage == "final":
        siege.add("low", low)
    case.refresh_from_db()
    return siege


# -- raw SQL -----------------------------------------------------------------------------------------------------------

DECIDE = """
INSERT INTO risk_decision (case_id, round, stage, step, verb, person_id, account_id, opinion, reason_code, target_stage,
    return_due_on, dossier_sha256, rule_versions, decided_at)
VALUES (%(case)s, %(round)s, %(stage)s, %(step)s, %(verb)s, %(person)s, %(account)s, 'x', %(reason)s, %(target)s, NULL,
    %(sha256)s, '{}', now())
"""
SEAT = """
INSERT INTO risk_reviewseat (case_id, person_id, stage, declared_at, barred)
VALUES (%(case)s, %(person)s, %(stage)s, now(), '')
"""
MOVE_SEAT = """
UPDATE risk_reviewseat SET stage = %(stage)s, recused_at = NULL, barred = ''
WHERE case_id = %(case)s AND person_id = %(person)s
"""
REMOVE_SEAT = "DELETE FROM risk_reviewseat WHERE case_id = %(case)s AND person_id = %(person)s"
GIVE_VOICE = """
UPDATE risk_reviewseat SET recused_at = NULL, barred = '' WHERE case_id = %(case)s AND person_id = %(person)s
"""
TRICKS: dict[str, tuple[str, ...]] = {
    "plain": (DECIDE,),
    "another seat": (SEAT, DECIDE),
    "seat if none": (SEAT + " ON CONFLICT DO NOTHING", DECIDE),
    "seat moved": (MOVE_SEAT, DECIDE),
    "seat removed": (REMOVE_SEAT, SEAT, DECIDE),
    "voice back": (GIVE_VOICE, DECIDE),
    "guards off": ("ALTER TABLE risk_decision DISABLE TRIGGER ALL", DECIDE),
    "as a replica": ("SET LOCAL session_replication_role = replica", DECIDE),
    "case moved": ("UPDATE risk_reviewcase SET stage = %(stage)s, step = %(step)s WHERE id = %(case)s", DECIDE),
}


def raw_orders(siege: Siege) -> Iterator[tuple[str, tuple[str, ...], dict[str, Any]]]:
    """Every trick of every attacker, at every stage, in every round and step, with every verb and account."""
    case = siege.case
    hashes = {row.number: row.dossier_sha256 for row in ReviewRound.objects.filter(case=case)}
    names = [name for name in siege.attackers if name not in BY_CODE]
    stages, verbs = (*STAGES, "maker"), [verb.value for verb in Verb]
    for name, trick, stage, verb, number, step in itertools.product(names, TRICKS, stages, verbs, (1, 2), (0, 1)):
        account = siege.accounts[name][step % 2]
        yield (
            f"sql {trick}",
            TRICKS[trick],
            {
                "case": case.pk,
                "person": siege.attackers[name].pk,
                "account": account.pk,
                "stage": stage,
                "verb": verb,
                "round": number,
                "step": step,
                "reason": "other" if verb in ("return", "reject") else "",
                "target": "initial" if verb == "return" else "",
                "sha256": hashes[number],
            },
        )


def application_connection() -> Any:
    """A raw connection to the present database in the application's role."""
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
    return psycopg2.connect(url)


def raw_attempt(cursor: Any, statements: tuple[str, ...], values: dict[str, Any]) -> bool:
    """Whether the database took it; undone either way."""
    cursor.execute("SAVEPOINT attempt")
    try:
        for statement in statements:
            cursor.execute(statement, values)
        return True
    except psycopg2.Error:
        return False
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT attempt")


# -- doors -------------------------------------------------------------------------------------------------------------


def _more(verb: str) -> dict[str, Any]:
    if verb == "return":
        return {"reason_code": "other", "target_stage": "initial", "items": ["补充"]}
    if verb == "approve_with_conditions":
        return {"conditions": [{"text": "批复原件"}]}
    return {"reason_code": "other"} if verb == "reject" else {}


def _form(verb: str, version: int) -> dict[str, Any]:
    """What the page and the admin post."""
    return {
        "version": version,
        "verb": verb,
        "opinion": OPINION,
        "seen": "on",
        "return_reason": "other",
        "target_stage": "initial",
        "reject_reason": "other",
        "recuse_reason": "other",
        "items-TOTAL_FORMS": 1,
        "items-INITIAL_FORMS": 0,
        "items-0-text": "补充",
        "conditions-TOTAL_FORMS": 1,
        "conditions-INITIAL_FORMS": 0,
        "conditions-0-text": "批复原件",
        "conditions-0-kind": "precedent",
    }


class Doors:
    """The four doors for one attacker's account."""

    def __init__(self, siege: Siege, account: Account) -> None:
        self.case, self.account = siege.case, account
        self.browser = Browser(raise_request_exception=False, SERVER_NAME="localhost")
        self.browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.api = APIClient(raise_request_exception=False, SERVER_NAME="localhost")
        key = api_key_create(account=account, name=f"row 14 {next(_marks)}", by=SYSTEM)
        self.api.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")

    def person(self) -> Person:
        return Person.objects.get(pk=self.account.person_id)

    def service(self, verb: str) -> int:
        """Declare, then decide; whatever is refused, the next is tried all the same."""
        try:
            conflict_declare(case=self.case, has_conflict=False, expected_version=self.case.version, by=self.person())
        except DomainError:
            pass
        try:
            decision_make(
                case=self.case,
                verb=verb,
                opinion=OPINION,
                expected_version=self.case.version,
                by=self.person(),
                **_more(verb),
            )
        except DomainError as refusal:
            return refusal.status
        return 201

    def through_api(self, verb: str) -> int:
        version = {"expected_version": self.case.version}
        path = f"/api/v1/reviews/{self.case.pk}"
        self.api.post(f"{path}/conflict/", {"has_conflict": False, **version}, format="json")
        body = {"verb": verb, "opinion": OPINION, "seen": True, **version, **_more(verb)}
        return int(self.api.post(f"{path}/decisions/", body, format="json").status_code)

    def through(self, conflict_url: str, decide_url: str, verb: str) -> int:
        version = self.case.version
        self.browser.post(conflict_url, {"has_conflict": "no", "version": version})
        return int(self.browser.post(decide_url, _form(verb, version)).status_code)

    def page(self, verb: str) -> int:
        args = [self.case.pk]
        return self.through(reverse("risk:review_conflict", args=args), reverse("risk:review_decide", args=args), verb)

    def admin(self, verb: str) -> int:
        names = ("admin:risk_reviewcase_conflict", "admin:risk_reviewcase_decide")
        conflict, decision = (reverse(name, args=[self.case.pk]) for name in names)
        return self.through(conflict, decision, verb)

    def all(self) -> dict[str, Callable[[str], int]]:
        """The doors by name."""
        return {"service": self.service, "api": self.through_api, "page": self.page, "admin": self.admin}


def _state(case: ReviewCase) -> tuple[Any, ...]:
    """What an attempt must not change."""
    now = ReviewCase.objects.values_list("version", "status", "stage", "round", "step").get(pk=case.pk)
    seats = tuple(ReviewSeat.objects.filter(case=case).order_by("pk").values_list("person_id", "stage", "recused_at"))
    return now, seats, Decision.objects.filter(case=case).count()


def _storm_doors(siege: Siege, every: int, tally: Counter[str], failures: list[str]) -> int:
    count, before = 0, _state(siege.case)
    verbs = [verb.value for verb in Verb]
    for name, accounts in siege.accounts.items():
        for account in accounts:
            doors = Doors(siege, account).all()
            for number, (door, verb) in enumerate(itertools.product(doors, verbs)):
                if (number + account.pk) % every:
                    continue
                status = doors[door](verb)
                count += 1
                tally[f"{door} {status}"] += 1
                # An open door may send on (302) only after it did something: the state is what counts.
                if _state(siege.case) != before or status >= 500:
                    failures.append(f"{name} {verb} by {door} at {siege.case.stage}: {status}")
                    before = _state(siege.case)
    return count


def _storm_database(siege: Siege, every: int, tally: Counter[str], failures: list[str]) -> int:
    count = 0
    raw = application_connection()
    try:
        with raw.cursor() as cursor:
            for number, (trick, statements, values) in enumerate(raw_orders(siege)):
                if number % every:
                    continue
                count += 1
                taken = raw_attempt(cursor, statements, values)
                tally[f"{trick} {'taken' if taken else 'refused'}"] += 1
                if taken:
                    failures.append(f"{trick} {values}")
        raw.rollback()
    finally:
        raw.close()
    return count


def open_doors(verbs: Sequence[Verb]) -> list[str]:
    """The same doors for somebody who may: which of them did not open? A storm against a wall proves nothing."""
    shut = []
    for door in ("service", "api", "page", "admin"):
        for verb in verbs:
            project = make_project(make_client(cast_member("owner")))
            case = submit(project)
            reviewer = cast_member("initial_reviewer")
            siege = Siege(case)
            before = _state(case)[0]
            status = Doors(siege, reviewer.accounts.order_by("pk")[0]).all()[door](verb.value)
            moved = _state(case)[0] != before
            if verb == Verb.RECUSE or moved == (verb != Verb.ESCALATE):
                continue
            shut.append(f"{door} {verb}: {status}")
    return shut


def run(full: bool) -> dict[str, Any]:
    """At least 10,000 attempts (short: every 40th of the same), 0 of which succeed."""
    started = time.monotonic()
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        cast_member(part)
    tally: Counter[str] = Counter()
    failures: list[str] = []
    attempts = 0
    for stage in STAGES:
        siege = besieged(stage)
        attempts += _storm_database(siege, 1 if full else 40, tally, failures)
        attempts += _storm_doors(siege, 1 if full else 40, tally, failures)
    least = ATTEMPTS if full else ATTEMPTS // 25
    shut = open_doors(list(Verb) if full else [Verb.APPROVE])
    failures += [f"control: {text}" for text in shut]
    passed = not failures and attempts >= least
    return {
        "target": f"0 of at least {least} attempts succeed",
        "attempts": attempts,
        "succeeded": len(failures),
        "doors_open_to_who_may": not shut,
        "by_door": dict(sorted(tally.items())),
        "failures": failures[:10],
        "passed": passed,
        "ok": passed,
        "seconds": round(time.monotonic() - started, 1),
    }
