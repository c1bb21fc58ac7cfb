"""The urgent path: a reason, shorter limits, everything else the same, and marked wherever the case is shown."""

import pytest
from django.urls import reverse

from crm.kernel.access.errors import BadInput
from crm.kernel.workdays import clock
from crm.kernel.workdays.services import add_workdays
from crm.tests.support.people import browser_for, cast_member
from risk.reviews.models import ReviewCase
from risk.reviews.services import review_submit
from risk.reviews.tests.factories import approve_all, decide, make_project, submit

pytestmark = pytest.mark.django_db
WHY = "供热季前须完成管网改造，工期紧。"


def urgent_case(reason=WHY):
    project = make_project()
    return review_submit(project=project, expected_version=project.version, urgent_reason=reason, by=project.owner)


def test_every_stage_has_the_shorter_limit_and_the_same_decisions():
    case, usual = urgent_case(), submit(make_project())
    assert usual.due_on == add_workdays(clock.today(), 3).date
    assert case.due_on == add_workdays(clock.today(), 1).date
    decide(case, cast_member("initial_reviewer"))
    assert case.due_on == add_workdays(clock.today(), 2).date
    decide(case, cast_member("recheck_reviewer"))
    decide(case, cast_member("final_approver"))
    assert (case.status, case.required_level) == ("approved", approve_all(usual).required_level)


def test_a_reason_that_says_nothing_is_refused():
    with pytest.raises(BadInput) as refused:
        urgent_case("急")
    assert set(refused.value.errors) == {"urgent_reason"} and not ReviewCase.objects.exists()


def test_the_page_submits_it_and_marks_it(initial_reviewer):
    project = make_project()
    browser = browser_for(project.owner)
    panel = browser.get(reverse("risk:project_panel", args=[project.pk])).content.decode()
    assert 'name="urgent_reason"' in panel
    browser.post(reverse("risk:review_submit", args=[project.pk]), {"version": project.version, "urgent_reason": WHY})
    case = ReviewCase.objects.get(project=project)
    assert case.urgent_reason == WHY
    reviewer = browser_for(initial_reviewer)
    assert WHY in reviewer.get(case.get_absolute_url()).content.decode()
    assert "· 加急" in reviewer.get(reverse("risk:review_inbox")).content.decode()
