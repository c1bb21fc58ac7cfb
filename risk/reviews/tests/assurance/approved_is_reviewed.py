"""Trust row 16: approved = reviewed. After a decision every field of the deal, its documents, its investigators and the
facts linked to it are changed: by service and by raw SQL in the application's role. Each change is refused, or makes
the decision void (no approval until the case is returned, which then starts again at the initial review). The
print-out, the PDF itself, carries the hash of what was reviewed. Needs a throw-away database with reference data; rows
are committed.
"""

import io
import itertools
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg2
import pypdf
from django.urls import reverse

from clients.file.models import Client, Industry, Region
from crm.kernel.access.errors import DomainError
from crm.kernel.people.roles import Role
from crm.tests.support.people import browser_for, cast_member, make_person
from projects.deals.investigators import investigators_now
from projects.deals.models import Investigator, Project, ProjectDocument
from projects.deals.services import document_add, document_remove, project_update, report_sign
from projects.deals.signatures import REPORT, ReportSignature
from projects.deals.tests.factories import text_file
from risk.reviews import selectors
from risk.reviews.models import Decision, ReviewCase, ReviewRound
from risk.reviews.selectors import dossier
from risk.reviews.tests.assurance.separation_of_duties import application_connection
from risk.reviews.tests.factories import approve_all, decide, give_grade, make_client, make_project, submit

ROW = 16
TITLE = "approved is what was reviewed"
# A value of its own for each field of the deal that people may set, unlike the one it has.
DEAL: dict[str, Any] = {
    "name": "另一个项目",
    "product": "P15",
    "sector": "port_shipping",
    "amount": Decimal("70000000.00"),
    "currency": "USD",
    "term_months": 96,
    "secured": False,
    "purpose": "另作他用",
    "total_investment": Decimal("130000000.00"),
    "capital": Decimal("41000000.00"),
    "capital_know_how": Decimal("1000000.00"),
    "capital_instruments": Decimal("2000000.00"),
    "capital_not_counted": Decimal("3000000.00"),
    "other_sources": Decimal("4000000.00"),
    "short_board_points": Decimal("2.50"),
    "short_board_reason": "补短板项目",
    "approval_kind": "ratification",
    "approval_no": "另一文号",
    "approval_date": date(2025, 6, 30),
    "rate_kind": "fixed",
    "rate_spread_bp": 75,
    "rate_fixed": Decimal("3.8500"),
    "repayment": "bullet",
    "security_kinds": ["guarantee"],
    "is_fully_margined": True,
    "draw_months": 6,
    "validity_months": 3,
    "term_reason": "另一理由",
    "sector_reason": "又一理由",
}
# What changes along with a field by service, so that the deal does not contradict itself.
BESIDE: dict[str, dict[str, Any]] = {
    "secured": {"security_kinds": None},
    "rate_kind": {"rate_fixed": Decimal("3.8500"), "rate_spread_bp": None},
    "rate_fixed": {"rate_kind": "fixed", "rate_spread_bp": None},
    "is_fully_margined": {"security_kinds": ["cash_margin"]},
}
# The client's facts in the dossier. `address` is shown to every decider but is not material (architecture 5).
CLIENT: dict[str, Any] = {
    "name": "更名后的公司",
    "client_type": "spv",
    "credit_code": "91350100M000100Y43",
    "size": "large",
    "legal_representative": "另一位代表",
}
_files = itertools.count(1)


class Desk:
    """One deal with a document, decided as far as asked."""

    def __init__(self, *, closed: bool) -> None:
        self.owner = cast_member("owner")
        self.project = make_project(make_client(self.owner))
        self.document = document_add(
            project=self.project, upload=text_file(f"{next(_files)}.txt"), kind="application", by=self.owner
        )
        self.case = submit(self.project)
        if closed:
            approve_all(self.case)
        else:
            decide(self.case, cast_member("initial_reviewer"))
        self.other = make_person("新调查员", Role.ACCOUNT_MANAGER)

    def now(self) -> Project:
        return Project.objects.get(pk=self.project.pk)

    def sign(self) -> None:
        """Whoever came to investigate signs the report, so that nothing but the change stands in the way."""
        report = self.project.documents.select_related("file").get(kind=REPORT)
        signed = set(report.signatures.values_list("person_id", flat=True))
        for person in investigators_now(self.project).values():
            if person.pk not in signed:
                report_sign(document=report, sha256=report.file.sha256, by=person)

    def edits(self) -> dict[str, Callable[[], object]]:
        """Every way in which the deal, its people and its papers can be changed by a service."""
        version = self.now().version

        def change(**values: Any) -> Callable[[], object]:
            return lambda: project_update(project=self.now(), expected_version=version, by=self.owner, **values)

        found = {f"deal.{name}": change(**{name: value, **BESIDE.get(name, {})}) for name, value in DEAL.items()}
        found["lead"] = change(lead=self.other)
        found["assistant"] = change(assistant=self.other)
        found["document added"] = lambda: document_add(
            project=self.now(), upload=text_file(f"{next(_files)}.txt"), kind="other", by=self.owner
        )
        found["document replaced"] = lambda: document_add(
            project=self.now(),
            upload=text_file(f"{next(_files)}.txt"),
            kind="other",
            by=self.owner,
            replaces=self.document,
        )
        found["document removed"] = lambda: document_remove(
            document=self.document, expected_version=version, by=self.owner
        )
        return found

    def raw(self) -> dict[str, tuple[str, list[Any]]]:
        """The same by raw SQL, every column of the deal that is content, and the tables around it."""
        project, person = self.project.pk, self.other.pk
        deal, papers, people = (model._meta.db_table for model in (Project, ProjectDocument, Investigator))
        orders: dict[str, tuple[str, list[Any]]] = {
            f"deal.{name}": (f"UPDATE {deal} SET {name} = %s WHERE id = %s", [value, project])
            for name, value in DEAL.items()
        }
        orders["deal.client"] = (
            f"UPDATE {deal} SET client_id = %s WHERE id = %s",
            [make_client(self.owner).pk, project],
        )
        orders["deal removed"] = (f"DELETE FROM {deal} WHERE id = %s", [project])
        orders["investigator"] = (
            f"UPDATE {people} SET person_id = %s WHERE project_id = %s AND part = 'lead'",
            [person, project],
        )
        orders["investigator removed"] = (f"DELETE FROM {people} WHERE project_id = %s", [project])
        orders["document"] = (f"UPDATE {papers} SET title = 'x' WHERE project_id = %s", [project])
        orders["document removed"] = (
            f"UPDATE {papers} SET removed_by_id = %s, removed_at = now() WHERE project_id = %s",
            [person, project],
        )
        orders["document deleted"] = (f"DELETE FROM {papers} WHERE project_id = %s", [project])
        return orders

    def evidence(self) -> dict[str, tuple[str, list[Any]]]:
        """Raw SQL against what was decided and signed: dossier, hash, decision, signatures."""
        rounds, decisions, signatures = (model._meta.db_table for model in (ReviewRound, Decision, ReportSignature))
        return {
            "dossier": (f"UPDATE {rounds} SET dossier = '{{}}' WHERE case_id = %s", [self.case.pk]),
            "hash": (
                f"UPDATE {rounds} SET dossier_sha256 = repeat('0', 64) WHERE case_id = %s",
                [self.case.pk],
            ),
            "decision": (f"UPDATE {decisions} SET opinion = 'x' WHERE case_id = %s", [self.case.pk]),
            "decision removed": (f"DELETE FROM {decisions} WHERE case_id = %s", [self.case.pk]),
            "signature": (f"UPDATE {signatures} SET person_name = 'x' WHERE project_id = %s", [self.project.pk]),
            "signature removed": (f"DELETE FROM {signatures} WHERE project_id = %s", [self.project.pk]),
        }


class Book:
    """What was tried and what came of it."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.failures: list[str] = []

    def note(self, kind: str, what: str, good: bool) -> None:
        self.count[kind] += 1
        if not good:
            self.failures.append(f"{kind}: {what}")


def _refused(call: Callable[[], object]) -> bool:
    try:
        call()
    except DomainError as refusal:
        return refusal.status == 409
    return False


def _while_held(book: Book, desk: Desk, name: str) -> None:
    """Every edit is refused, by service and by raw SQL."""
    for what, edit in desk.edits().items():
        book.note(f"{name}, by service", what, _refused(edit))
    raw = application_connection()
    try:
        with raw.cursor() as cursor:
            for what, (statement, values) in {**desk.raw(), **desk.evidence()}.items():
                cursor.execute("SAVEPOINT attempt")
                try:
                    cursor.execute(statement, values)
                    taken = cursor.rowcount > 0
                except psycopg2.Error:
                    taken = False
                cursor.execute("ROLLBACK TO SAVEPOINT attempt")
                book.note(f"{name}, by raw SQL", what, not taken)
        raw.rollback()
    finally:
        raw.close()


def _void_after_return(book: Book, what: str) -> None:
    """Returned, changed, submitted again: the approval that stood does not stand any more."""
    desk = Desk(closed=False)
    decide(desk.case, cast_member("recheck_reviewer"), "return", target_stage="recheck")
    desk.edits()[what]()
    desk.sign()
    try:
        case = submit(desk.now(), by=desk.owner)
    except DomainError as refusal:
        # Some values do not pass the gates: refused is as good as void.
        book.note("changed after a return", what, refusal.status == 422)
        return
    opened = ReviewRound.objects.get(case=case, number=case.round)
    book.note("changed after a return", what, case.stage == "initial" and not opened.carried)


def _linked(book: Book, what: str, change: Callable[[Client], object]) -> None:
    """A linked fact changes under a running case: approvals are refused, the change is shown, a return helps."""
    desk = Desk(closed=False)
    change(desk.project.client)
    reviewer = cast_member("recheck_reviewer")
    try:
        decide(desk.case, reviewer)
        refused = False
    except DomainError as refusal:
        refused = refusal.code == "material_change"
    shown = selectors.find_live_changes(selectors.get_review(viewer=reviewer, pk=desk.case.pk))
    book.note("linked fact", what, refused and any(one.is_material for one in shown))


def _set_client(name: str, value: Any) -> Callable[[Client], object]:
    return lambda client: Client.objects.filter(pk=client.pk).update(**{name: value})


def _set_expiry(client: Client) -> None:
    type(client.standing).objects.filter(client=client).update(grade_until=date(2099, 1, 1))


def _print_out(book: Book, desk: Desk) -> None:
    """The paper itself, as its reader gets it: the one hash on it is that of the dossier every decision was made on."""
    answer = browser_for(desk.owner).get(reverse("risk:review_sheet", args=[desk.case.pk]))
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = "".join("".join(page.extract_text().split()) for page in pages)
    case = ReviewCase.objects.get(pk=desk.case.pk)
    found = ReviewRound.objects.get(case=case, number=case.round)
    decided = set(Decision.objects.filter(case=case).values_list("dossier_sha256", flat=True))
    printed = set(re.findall(r"SHA-256([0-9a-f]{64})", text))
    book.note("print-out", case.number, printed == decided == {found.dossier_sha256} and dossier.is_intact(found))


def run(full: bool) -> dict[str, Any]:
    """Every field, attachment, investigator and linked fact (short: every one while held, a few of the others)."""
    started = time.monotonic()
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        cast_member(part)
    book = Book()
    under_review, approved = Desk(closed=False), Desk(closed=True)
    _while_held(book, under_review, "under review")
    _while_held(book, approved, "approved")
    _print_out(book, under_review)
    _print_out(book, approved)
    every = 1 if full else 6
    for what in list(under_review.edits())[::every]:
        _void_after_return(book, what)
    places = {"industry_id": Industry.objects.order_by("pk")[0].pk, "region_id": Region.objects.order_by("pk")[0].pk}
    linked: dict[str, Callable[[Client], object]] = {
        name: _set_client(name, value) for name, value in {**CLIENT, **places}.items()
    }
    linked["grade"] = lambda client: give_grade(client, "A")
    linked["grade until"] = _set_expiry
    for what in list(linked)[::every]:
        _linked(book, what, linked[what])
    passed = not book.failures and sum(book.count.values()) > 0
    return {
        "target": "every change after a decision is refused or makes it void, 100 %; the print-out carries the hash",
        "tried": sum(book.count.values()),
        "by_kind": dict(book.count),
        "failures": book.failures[:20],
        "passed": passed,
        "ok": passed,
        "seconds": round(time.monotonic() - started, 1),
    }
