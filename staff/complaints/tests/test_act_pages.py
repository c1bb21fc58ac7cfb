"""Every act has a page that opens for who may do it, and does it."""

import pytest
from django.urls import reverse

from crm.assure import oracle
from crm.assure.world import World, the_world
from crm.kernel.access.checks import may
from crm.testing.people import browser_for
from staff.complaints.models import Complaint
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
