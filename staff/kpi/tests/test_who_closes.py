"""Each single thing that keeps somebody from closing, correcting, publishing: asked of the row and of the list."""

import pytest

from crm.kernel.access.checks import may
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member, make_person
from staff.kpi.models import KpiPeriod, KpiResult, KpiScheme
from staff.kpi.policies import MEASURED, NOT_A_CLOSER, NOT_AN_APPROVER, OWN_POST, OWN_PROPOSAL, OWN_RESULT
from staff.kpi.tests.factories import Q3, draft_scheme, in_post, post, previewed, result_of, scheme

pytestmark = pytest.mark.django_db


def why_not(row: KpiPeriod | KpiResult | KpiScheme, person: Person, action: str) -> str:
    """ "" for who may; else the reason. The list of rows on which the person may says the same."""
    person, row = Person.objects.get(pk=person.pk), type(row).objects.get(pk=row.pk)
    answer = may(person, action, row)
    assert type(row).objects.visible_to(person, action).filter(pk=row.pk).exists() is bool(answer)
    return "" if answer else str(answer.reason)


def test_who_is_measured_neither_closes_the_quarter_nor_corrects_the_own_result() -> None:
    measured = make_person("祁连", Role.FINANCE, place="0001")
    in_post(measured, cast_member("owner"))
    scheme()
    period, finance = previewed(), cast_member("finance")
    own, other = (result_of(period, person) for person in (measured, cast_member("owner")))
    assert (why_not(period, finance, "close"), why_not(period, measured, "close")) == ("", str(MEASURED))
    assert (why_not(own, finance, "correct"), why_not(own, measured, "correct")) == ("", str(OWN_RESULT))
    assert why_not(other, measured, "correct") == ""
    for part in ("head", "auditor", "final_approver", "owner"):
        assert why_not(period, cast_member(part), "close") == str(NOT_A_CLOSER)
        assert why_not(own, cast_member(part), "correct") == str(NOT_A_CLOSER)


def test_who_proposed_a_scheme_and_who_is_measured_by_it_do_not_publish_it() -> None:
    with clock.at(Q3.starts_on):
        draft = draft_scheme()
    finance, approver = cast_member("finance"), cast_member("final_approver")
    other = make_person("祁连", Role.FINANCE, place="0001")
    assert [why_not(draft, person, "approve") for person in (other, approver)] == ["", ""]
    assert why_not(draft, finance, "approve") == str(OWN_PROPOSAL)
    Person.objects.filter(pk=other.pk).update(post=post())
    assert why_not(draft, other, "approve") == str(OWN_POST)
    for part in ("head", "auditor", "system_admin"):
        assert why_not(draft, cast_member(part), "approve") == str(NOT_AN_APPROVER)
