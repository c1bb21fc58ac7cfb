"""A verb is one row of `workflow.VERBS`: form, service, page, API and texts follow it; nothing else names a verb."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

from crm.kernel.access.errors import BadInput, RuleRefused
from crm.kernel.declarations.states import status_of
from crm.kernel.parameters import selectors as parameters
from crm.tests.support.people import cast_member
from risk.reviews import parameter_codes as codes
from risk.reviews import selectors, workflow
from risk.reviews.forms import DecisionForm
from risk.reviews.orders import check_order
from risk.reviews.serializers import DecisionInputSerializer
from risk.reviews.tests.factories import OPINION, declare, make_project, submit
from risk.reviews.views.case.page import CasePage
from risk.reviews.workflow import STAGES, VERBS, Verb

HERE = Path(__file__).parents[1]
# The enumeration with its rows; the constraints of the database, which a migration has written.
NAMED_IN = {"workflow.py", "models.py", "states.py"}


class Offered:
    """A case of the final stage, without a case."""

    standing, shortest = (), 10
    most = dict.fromkeys(workflow.TERMS, "")

    @property
    def rows(self):
        return STAGES[-1].rows

    def targets(self):
        return [("initial", "Initial review")]

    def reasons(self, row):
        return [(f"{row.verb.value}_code", "Because")]

    def kinds(self):
        return [("precedent", "Precedent")]

    def owners(self):
        return []


def posted(verb: str, **more: str) -> DecisionForm:
    rows = {f"{name}-{key}_FORMS": "0" for name in ("items", "conditions") for key in ("TOTAL", "INITIAL")}
    return DecisionForm({"verb": verb, "opinion": OPINION, "seen": "on", **rows, **more}, options=Offered())


def ask(verb: str, **more: object) -> object:
    given = {"reason_code": "", "target_stage": "", "return_due_on": None, "items": (), "conditions": (), "dropped": {}}
    rules = parameters.values(codes.DECISION)
    return check_order(verb=verb, opinion=OPINION, rules=rules, **{**given, **more})  # type: ignore[arg-type]


def test_every_verb_has_a_row_a_stage_and_a_badge() -> None:
    assert list(VERBS) == Verb.values
    assert {verb for stage in STAGES for verb in stage.verbs} == set(Verb)
    assert all(status_of("decision", verb).word for verb in VERBS)
    assert max(len(stage.verbs) for stage in STAGES) <= 8, "css/reviews.css shows the parts of eight verbs"


def test_the_api_takes_every_field_of_a_verb_and_says_which_verb_takes_it() -> None:
    assert set(DecisionInputSerializer().fields) == {
        "verb",
        "opinion",
        "seen",
        "expected_version",
        *workflow.list_fields(),
    }
    told = str(DecisionInputSerializer.__doc__)
    assert all(f"{row.verb.value}: {', '.join(row.fields)}" in told for row in VERBS.values() if row.fields)


@pytest.mark.parametrize("row", VERBS.values(), ids=list(VERBS))
def test_the_form_shows_the_fields_of_a_verb_and_hands_them_on(row: workflow.VerbRow) -> None:
    nth = str(list(VERBS).index(row.verb.value) + 1)
    parts = [part for part in posted(row.verb.value).parts if nth in part.shown_for.split()]
    shown = {field.name for part in parts for field in part.fields} | {"items" for part in parts if part.has_items}
    shown |= {part.kind for part in parts} - {"fields", "terms"}
    assert shown == {row.reason_field if name == "reason_code" else name for name in row.fields}
    choices = {"target_stage": "initial", row.reason_field: f"{row.verb.value}_code"} if row.fields else {}
    form = posted(row.verb.value, **{name: value for name, value in choices.items() if name})
    assert form.is_valid(), form.errors
    assert set(form.decided()) == {"verb", "opinion", *row.fields}


def test_a_field_given_to_a_verb_is_asked_everywhere(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """A rejection that names a stage: form, its check and the service take it from the row."""
    with pytest.raises(BadInput) as refused:
        ask("reject", reason_code="other", target_stage="initial")
    assert list(refused.value.errors) == ["target_stage"]
    row = replace(VERBS["reject"], fields=("reason_code", "target_stage"))
    monkeypatch.setitem(VERBS, "reject", row)
    assert ask("reject", reason_code="other", target_stage="initial").target_stage == "initial"  # type: ignore[attr-defined]
    form = posted("reject", reject_reason="reject_code")
    assert not form.is_valid() and list(form.errors) == ["target_stage"]
    form = posted("reject", reject_reason="reject_code", target_stage="initial")
    assert form.is_valid() and form.decided()["target_stage"] == "initial"
    # Two verbs take it now: it stands in a part of its own, shown for both.
    assert [part.shown_for for part in form.parts if "target_stage" in [field.name for field in part.fields]] == ["3 4"]


def test_reasons_and_needs_follow_the_row(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setitem(VERBS, "escalate", replace(VERBS["escalate"], fields=("items",), needs=frozenset({"items"})))
    with pytest.raises(RuleRefused) as refused:
        ask("escalate")
    assert list(refused.value.errors) == ["items"]
    taken = replace(VERBS["recuse"], reasons="review.reject_reasons", needs=frozenset({"reason_code"}))
    monkeypatch.setitem(VERBS, "recuse", taken)
    with pytest.raises(BadInput):
        ask("recuse", reason_code="family")
    assert ask("recuse", reason_code="credit_risk").reason_code == "credit_risk"  # type: ignore[attr-defined]


def test_the_page_says_of_a_verb_what_its_row_says(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    for part in ("initial_reviewer", "recheck_reviewer", "final_approver"):
        cast_member(part)
    person = cast_member("initial_reviewer")
    case = submit(make_project())
    declare(case, person)
    told = replace(
        VERBS["reject"], choice="Decline", note="A reason, please", after="%(owner)s hears of it.", is_grave=False
    )
    monkeypatch.setitem(VERBS, "reject", told)
    with translation.override("en"):
        page = CasePage(selectors.get_review(viewer=person, pk=case.pk), person)
        shown = next(verb for verb in page.decision.verbs if verb["value"] == "reject")
    assert (shown["text"], shown["note"], shown["danger"]) == ("Decline", "A reason, please", False)
    assert shown["outcome"].endswith("decline") and case.project.owner.name in shown["after"]


def test_nothing_but_the_workflow_names_a_verb() -> None:
    """Neither `Verb.RETURN` nor a comparison with "return": a new verb would be forgotten there."""
    found = []
    for path in sorted(HERE.rglob("*.py")):
        if "tests" in path.parts or path.name in NAMED_IN:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Verb" and node.attr.isupper():
                found.append(f"{path.name}:{node.lineno} Verb.{node.attr}")
            if isinstance(node, ast.Compare):
                words = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
                found += [f"{path.name}:{node.lineno} {word}" for word in words if word in VERBS]
    assert not found
