"""Every act has a page that opens for who may do it, and does it."""

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from crm.kernel.access.checks import may
from crm.kernel.audit.context import SYSTEM
from crm.kernel.parameters import selectors as parameters
from crm.kernel.parameters.services import parameter_approve, parameter_propose
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.tests.assurance import oracle
from crm.tests.assurance.world import World, the_world
from crm.tests.support.people import api_for, browser_for, cast_member
from staff.complaints import services
from staff.complaints.models import Complaint
from staff.complaints.tests.factories import FACTS, anew, assigned, extended
from staff.complaints.tests.factories import act as act_on
from staff.complaints.workflow import ACTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return the_world()


def test_the_page_of_every_act_opens_for_who_may_do_it(world: World) -> None:
    opened = set()
    for complaint in Complaint.objects.all():
        for act in ACTS:
            for actor in ("complaints_officer", "head", "other_head", "colleague"):
                person = world.people[actor]
                if Complaint.objects.visible_to(person).filter(pk=complaint.pk).exists() and may(
                    person, act.code, complaint
                ):
                    page = browser_for(person).get(reverse(f"staff:complaint_{act.code}", args=[complaint.pk]))
                    assert page.status_code in (200, 409, 422), (act.code, actor, page.status_code)
                    opened |= {act.code} if page.status_code == 200 else set()
    assert opened == set(oracle.book()["acts"]["staff:complaint"])


def test_a_second_extension_is_offered_for_decision_only_to_who_may_decide_on_it(
    complaints_officer: Person, head: Person, colleague: Person, final_approver: Person
) -> None:
    complaint = act_on(services.extension_request, extended(assigned(colleague)), colleague, reason="须境外取证")
    address = reverse("staff:complaint_decide_extension", args=[complaint.pk])
    for person, may_decide in ((complaints_officer, False), (head, False), (final_approver, True)):
        browser = browser_for(person)
        assert (address in browser.get(complaint.get_absolute_url()).content.decode()) is may_decide, person
        assert browser.get(address).status_code == (200 if may_decide else 403), person


def test_a_complaint_of_a_key_account_that_came_by_the_web_gets_that_ground(complaints_officer: Person) -> None:
    complaint, _code = services.complaint_file(facts=FACTS, address="203.0.113.7", token="form", by=SYSTEM)
    page = reverse("staff:complaint_reclassify", args=[complaint.pk])
    given = {"complainants": "1", "is_key_account": "on", "reason": "系重点客户", "version": complaint.version}
    assert browser_for(complaints_officer).post(page, given).status_code == 302
    assert anew(complaint).grounds == ["key_account"]
    api = api_for(complaints_officer)
    body = {"is_key_account": False, "reason": "并非重点客户"}
    version = f'"{anew(complaint).version}"'
    url = f"/api/v1/complaints/{complaint.pk}/reclassify/"
    assert api.post(url, body, format="json", HTTP_IF_MATCH=version).status_code == 200
    assert anew(complaint).grounds == []


def test_the_times_named_on_the_pages_are_those_of_the_parameters(complaints_officer: Person) -> None:
    limits = {"simple": 14, "complex": 28, "longest": 56}
    service = parameters.value("complaint.service").value
    service["general"] |= {"acknowledge_workdays": 3, "investigate_workdays": 9}
    for code, value in (("complaint.limits", limits), ("complaint.service", service)):
        facts = {"effective_from": clock.today(), "source": "[D] test", "by": cast_member("system_admin")}
        parameter_approve(
            version=parameter_propose(code=code, value=value, **facts), by=cast_member("second_system_admin")
        )
    board = browser_for(complaints_officer).get(reverse("staff:complaint_board")).content.decode()
    assert figures(board, "stage-counts", "</div>")[:4] == ["0", "3", "0", "9"]
    assert figures(board, "case-rule", "</p>")[:3] == ["14", "28", "56"]
    public = Browser().get(reverse("staff:public_complaint")).content.decode()
    assert figures(public, "gate-title", "</p>") == ["14", "28", "56"]


def figures(page: str, begin: str, end: str) -> list[str]:
    """The numbers in the words of one part of a page."""
    part = page[page.index(begin) :]
    return re.findall(r"\d+", re.sub("<[^>]*>", " ", part[part.index(">") + 1 : part.index(end)]))
