"""How a personal value looks to who has not said why they need it, and how long a grant counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clients.file.models import Client, ClientGrant
from clients.file.services import co_manager_add
from clients.file.tests.factories import ClientFactory
from crm.kernel.access.masks import mask_email, mask_id_number, mask_mobile, mask_name
from crm.kernel.people.models import Person


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_name, "张三丰", "张**"),
        (mask_name, "王五", "王*"),
        (mask_name, "李", "李*"),
        (mask_name, "欧阳修", "欧阳*"),
        (mask_name, "欧阳", "欧*"),
        (mask_mobile, "13812345678", "138****5678"),
        (mask_mobile, "138 1234-5678", "138****5678"),
        (mask_mobile, "6543210", "654****3210"),
        (mask_mobile, "654321", "****21"),
        (mask_mobile, "4321", "****"),
        (mask_id_number, "110101199003071234", "110101********1234"),
        (mask_id_number, "110101900307", "110101**0307"),
        (mask_id_number, "11010190030", "********"),
        (mask_email, "someone@example.com", "s***@example.com"),
        (mask_email, "someone", "***"),
    ],
)
def test_a_mask_shows_so_much_and_no_more(mask, value, shown):
    assert mask(value) == shown


@pytest.mark.django_db
def test_a_grant_that_has_ended_opens_nothing(owner, colleague):
    client = ClientFactory()
    co_manager_add(client=client, person=colleague, by=owner)
    now = timezone.now()
    for end, count in ((now + timedelta(hours=1), 1), (now - timedelta(seconds=1), 0)):
        ClientGrant.objects.filter(user__person=colleague).update(valid_until=end)
        person = Person.objects.get(pk=colleague.pk)
        assert (Client.objects.visible_to(person).count(), Client.objects.visible_to(person, "change").count()) == (
            count,
            count,
        )
