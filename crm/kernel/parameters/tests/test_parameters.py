"""Parameters: two people, no rewriting of the past, and every seed has its shape and source."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, RuleRefused
from crm.kernel.audit.models import AuditEvent
from crm.kernel.declarations.parameters import SHAPES, list_seeds, problems_of
from crm.kernel.parameters import reference
from crm.kernel.parameters.models import Parameter, ParameterVersion
from crm.kernel.parameters.selectors import choices, parameter_list, value, values, version_list
from crm.kernel.parameters.services import parameter_approve, parameter_propose, parameter_withdraw
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member

CODE = "client.reveals_per_day"
MATRIX = next(item["versions"][0]["value"] for item in list_seeds() if item["code"] == "authority.matrix")


@pytest.fixture
def proposer(db: None) -> Person:
    return cast_member("system_admin")


@pytest.fixture
def approver(db: None) -> Person:
    return cast_member("second_system_admin")


def propose(by: Person, **facts: Any) -> ParameterVersion:
    given_facts = {"code": CODE, "value": 5, "effective_from": clock.today(), "source": "[D] test"} | facts
    return parameter_propose(by=by, **given_facts)


def test_every_seed_has_a_shape_a_source_mark_and_no_stranger() -> None:
    codes = [item["code"] for item in list_seeds()]
    assert sorted(codes) == sorted(SHAPES)
    for item in list_seeds():
        assert item["name"]
        assert item["name_en"]
        for version in item["versions"]:
            assert problems_of(item["code"], version["value"]) == []
            assert version["source"].startswith(("[S", "[G]", "[D]"))


def test_two_people_change_a_value_and_the_old_one_stays(proposer: Person, approver: Person) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    draft = propose(proposer, effective_from=tomorrow)
    assert value(CODE, on=tomorrow).value == 10
    parameter_approve(version=draft, by=approver)
    assert (value(CODE).value, value(CODE).version) == (10, 1)
    assert (value(CODE, on=tomorrow).value, value(CODE, on=tomorrow).version) == (5, 2)
    actions = AuditEvent.objects.filter(action__startswith="parameter.").values_list("action", flat=True)
    assert sorted(actions) == ["parameter.approved", "parameter.proposed"]


def test_a_security_administrator_may_be_the_second_person(proposer: Person) -> None:
    parameter_approve(version=propose(proposer), by=cast_member("security_admin"))
    assert value(CODE).value == 5


def test_nobody_approves_what_they_proposed(proposer: Person) -> None:
    draft = propose(proposer)
    with pytest.raises(NotPermitted):
        parameter_approve(version=draft, by=proposer)
    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize(
    "part", ["owner", "head", "final_approver", "auditor", "audit_admin", "security_admin", "steward"]
)
def test_only_a_system_administrator_proposes(part: str, db: None) -> None:
    with pytest.raises(NotPermitted):
        propose(cast_member(part))
    assert not ParameterVersion.objects.filter(status="draft").exists()


@pytest.mark.parametrize("part", ["owner", "auditor", "audit_admin", "steward"])
def test_only_administrators_approve_or_withdraw(part: str, proposer: Person) -> None:
    draft = propose(proposer)
    with pytest.raises(NotPermitted):
        parameter_approve(version=draft, by=cast_member(part))
    with pytest.raises(NotPermitted):
        parameter_withdraw(version=draft, by=cast_member(part), reason="no")


def test_everybody_reads(db: None) -> None:
    assert parameter_list(viewer=cast_member("owner")).count() == len(list_seeds())
    assert version_list(viewer=cast_member("owner")).exists()


def test_a_second_proposal_waits_for_the_first(proposer: Person, approver: Person) -> None:
    draft = propose(proposer)
    with pytest.raises(Conflict):
        propose(approver)
    parameter_withdraw(version=draft, by=proposer, reason="typing error")
    assert propose(approver).version == 3
    with pytest.raises(Conflict):
        parameter_approve(version=draft, by=approver)


def test_no_value_takes_effect_in_the_past(proposer: Person, approver: Person) -> None:
    with pytest.raises(RuleRefused) as refused:
        propose(proposer, effective_from=clock.today() - timedelta(days=1))
    assert refused.value.field == "effective_from"
    draft = propose(proposer)
    with clock.at(clock.today() + timedelta(days=1)), pytest.raises(RuleRefused):
        parameter_approve(version=draft, by=approver)


@pytest.mark.parametrize(
    ("code", "wrong", "field"),
    [
        (CODE, "ten", "value"),
        (CODE, True, "value"),
        (CODE, 10.5, "value"),
        (CODE, -1, "value"),
        (
            "authority.modifiers",
            {"unsecured_factor": 0.5, "long_tenor_months": 120, "long_tenor_level": 4},
            "value.unsecured_factor",
        ),
        (
            "authority.modifiers",
            {"unsecured_factor": "NaN", "long_tenor_months": 120, "long_tenor_level": 4},
            "value.unsecured_factor",
        ),
        ("authority.modifiers", {"unsecured_factor": "0.5"}, "value.long_tenor_months"),
        ("review.return_reasons", [], "value"),
        ("review.return_reasons", [{"code": "a", "zh": "一", "en": "A"}] * 2, "value[1]"),
        ("attachment.types", ["exe"], "value[0]"),
    ],
)
def test_a_wrong_shape_is_refused_naming_the_place(code: str, wrong: Any, field: str, proposer: Person) -> None:
    with pytest.raises(BadInput) as refused:
        propose(proposer, code=code, value=wrong)
    assert field in refused.value.errors


def matrix(**changes: Any) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(MATRIX))
    for path, new in changes.items():
        level, grade = path.split("_")[1:]
        copy["levels"][int(level) - 1]["limits"][grade] = new
    return copy


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (matrix(at_2_AA="20000000.00"), "not_ascending"),
        (matrix(at_2_AA="19999999.99"), "not_ascending"),
        (matrix(at_2_AA=None), "last_without_limit"),
        (matrix(at_4_AA="1"), "last_without_limit"),
        (matrix(at_1_AA=30000000), "decimal_text"),
        (matrix(at_1_AA="-1"), "range"),
        ({**MATRIX, "levels": MATRIX["levels"][::-1]}, "not_ascending"),
        ({**MATRIX, "levels": MATRIX["levels"][:3]}, "last_without_limit"),
        ({**MATRIX, "levels": [MATRIX["levels"][0], *MATRIX["levels"][2:]]}, "level_missing"),
        ({**MATRIX, "without_grade": "D"}, "unknown_choice"),
        ({"levels": MATRIX["levels"]}, "missing_key"),
    ],
)
def test_a_matrix_with_a_gap_is_never_published(wrong: Any, code: str) -> None:
    assert code in {problem.code for problem in problems_of("authority.matrix", wrong)}


def test_a_matrix_is_published_only_when_each_stage_and_level_has_two_people(
    proposer: Person, approver: Person
) -> None:
    before = value("authority.matrix").version
    draft = propose(proposer, code="authority.matrix", value=MATRIX)
    for part in ("initial_reviewer", "recheck_reviewer", "second_recheck_reviewer", "final_approver"):
        cast_member(part)
    with translation.override("en"), pytest.raises(RuleRefused) as refused:
        parameter_approve(version=draft, by=approver)
    for word in ("Initial reviewer", "Department head", "Vice-president"):
        assert word in str(refused.value.message)
    assert "Re-check" not in str(refused.value.message)
    cast_member("second_initial_reviewer")
    cast_member("second_final_approver")
    assert parameter_approve(version=draft, by=approver).status == "published"
    assert value("authority.matrix").version == before + 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(SHAPES)), json_values)
def test_no_value_breaks_a_validator(code: str, anything: Any) -> None:
    for problem in problems_of(code, anything):
        assert problem.code


def test_many_values_cost_one_query(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = values([CODE, "authority.matrix", "rating.validity_months"])
    assert found["rating.validity_months"].value["AAA"] == 12
    assert found[CODE].as_stamp() == {"code": CODE, "version": 1, "effective_from": "2020-01-01"}


def test_an_unknown_code_is_never_silently_zero(db: None) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"no\.such"):
        value("no.such")
    with pytest.raises(ImproperlyConfigured):
        value(CODE, on=date(1999, 1, 1))


@pytest.mark.parametrize(
    ("day", "minimum"), [(date(2015, 9, 8), "0.30"), (date(2015, 9, 9), "0.25"), (date(2019, 11, 20), "0.20")]
)
def test_the_value_of_a_day_is_the_one_in_force_then(day: date, minimum: str, db: None) -> None:
    sectors = value("capital.ratios", on=day).value["sectors"]
    assert next(row for row in sectors if row["code"] == "port_shipping")["minimum"] == minimum


def test_choices_speak_the_readers_language(db: None) -> None:
    with translation.override("en"):
        assert ("CNY", "Chinese yuan") in choices("deal.currencies")
    with translation.override("zh-hans"):
        assert ("CNY", "人民币") in choices("deal.currencies")


def test_a_restart_never_overwrites_what_people_changed(proposer: Person, approver: Person) -> None:
    parameter_approve(version=propose(proposer), by=approver)
    before = list(ParameterVersion.objects.order_by("pk").values())
    Parameter.objects.filter(code=CODE).update(unit="wrong")
    call_command("load_reference", verbosity=0)
    call_command("load_reference", verbosity=0)
    assert list(ParameterVersion.objects.order_by("pk").values()) == before
    assert Parameter.objects.get(code=CODE).unit == "次/日"


def test_what_a_later_release_brings_is_in_the_trail(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    new = {"effective_from": "2027-01-01", "source": "[D] test", "value": 9}
    brought = [
        {**item, "versions": [*item["versions"], new]} if item["code"] == CODE else item for item in list_seeds()
    ]
    monkeypatch.setattr(reference, "list_seeds", lambda: brought)
    reference.load()
    reference.load()
    event = AuditEvent.objects.get(action="parameter.released")
    assert event.after == {**new}
    assert event.subject_id == str(ParameterVersion.objects.get(parameter__code=CODE, source="[D] test").pk)


@pytest.mark.parametrize(
    "statement", ["UPDATE kernel_parameterversion SET value = '11'", "DELETE FROM kernel_parameterversion"]
)
def test_the_database_refuses_to_rewrite_what_was_in_force(statement: str, db: None) -> None:
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_one_person_in_both_seats(proposer: Person) -> None:
    draft = propose(proposer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterVersion.objects.filter(pk=draft.pk).update(
            status="published", approved_by=proposer, approved_at=clock.now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterVersion.objects.filter(pk=draft.pk).update(status="published")
