"""A list with one column reads no more than with all: what hidden columns need is neither loaded nor fetched later."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel.people.models import Account, Person
from crm.kernel.web.views import KernelListView
from crm.tests.conventions.test_lists_and_forms import routes_of
from crm.tests.support.people import browser_for

pytestmark = pytest.mark.django_db
ENOUGH_ROWS = 3
# Department head, auditor, the two administrators, finance.
PEOPLE = ("chenguodong", "liangyawen", "chengziang", "weichengan", "fangjingyi")


def test_every_list_keeps_its_budget_with_one_column(demo: None) -> None:
    lists = [route for route in routes_of(KernelListView) if route.callback.view_class.table_class is not None]
    first = {route.name: [route.callback.view_class.table_class.declared[0].name] for route in lists}
    Account.objects.update(list_columns=first)
    browsers = [browser_for(person) for person in Person.objects.filter(accounts__login__in=PEOPLE)]
    drawn = []
    for route in lists:
        for browser in browsers:
            answer = browser.get(route.url())
            if answer.status_code == 200 and len(answer.context["table"].rows) >= ENOUGH_ROWS:
                with CaptureQueriesContext(connection) as found:
                    browser.get(route.url())
                assert len(found) <= route.callback.view_class.query_budget, (route.name, len(found))
                drawn.append(route.name)
                break
    assert len(drawn) >= 10, drawn
