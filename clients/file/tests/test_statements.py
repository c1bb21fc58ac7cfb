"""How many statements a change of a client takes: each question is asked once by the page and once under the lock."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.file.models import Client, Industry, Region
from clients.file.tests.factories import ClientFactory
from crm.tests.support.people import browser_for

# Counted is all that one POST sends to the database: session, account, the form's choices, BEGIN and COMMIT.
RENAME = 11


def test_editing_a_clients_name_takes_at_most_eleven_statements(owner):
    region, industry = Region.objects.get(code="350102"), Industry.objects.get(code="46")
    client = ClientFactory(name="福建闽江水务有限公司", region=region, industry=industry)
    page, browser = reverse("clients:client_update", args=[client.pk]), browser_for(owner)
    browser.get(page)
    form = {
        "name": "福建闽江水务集团有限公司",
        "client_type": "company",
        "credit_code": client.credit_code,
        "region": region.pk,
        "industry": industry.pk,
        "version": "1",
    }
    with CaptureQueriesContext(connection) as sent:
        answer = browser.post(page, form)
    assert answer.status_code == 302, answer.content.decode()
    assert Client.objects.get().name == form["name"]
    assert len(sent) <= RENAME, "\n".join(query["sql"][:300] for query in sent)
