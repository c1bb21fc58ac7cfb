"""Contacts from a table, by the credit code of their client and their name."""

import pytest

from clients.file.models import Contact
from clients.file.services import contact_update
from clients.file.tests.factories import ClientFactory, ContactFactory, credit_code
from crm.kernel.imports import selectors
from crm.kernel.imports.tests.support import again, checked, finish, undone
from crm.tests.support.people import browser_for

pytestmark = pytest.mark.django_db
HEADERS = ["客户统一社会信用代码", "姓名", "职务", "手机号码"]


def test_contacts_come_in_change_and_are_undone(owner, stranger):
    client = ClientFactory(by=owner, credit_code=credit_code(1))
    ClientFactory(by=stranger, credit_code=credit_code(2))
    known = ContactFactory(client=client, name="陈嘉树")
    before = sorted(Contact.objects.values_list("name", "title", "mobile", "is_primary"))
    rows = [
        [credit_code(1), "陈 嘉树", "总经理", ""],
        [credit_code(1), "沈亦舟", "财务总监", "138 0013 8001"],
        [credit_code(2), "顾明德", "董事长", ""],
        [credit_code(1), "钟启昂", "董事长", "一三八"],
    ]
    run = checked(rows, owner, HEADERS, "contact")
    wrong = {row.number: row.reasons for row in selectors.failed_rows(run)}
    assert sorted(wrong) == [4, 5]
    # Of a client that is not hers she learns no more than of one that is not there.
    absent = checked([[credit_code(3), "顾明德", "董事长", ""]], owner, HEADERS, "contact")
    assert [row.reasons for row in selectors.failed_rows(absent)] == [wrong[4]]
    run = finish(run, owner)
    known.refresh_from_db()
    assert (known.title, Contact.objects.get(name="沈亦舟").mobile) == ("总经理", "13800138001")
    run = undone(run, owner)
    assert run.state == "undone"
    assert sorted(Contact.objects.values_list("name", "title", "mobile", "is_primary")) == before


def test_a_contact_that_was_changed_since_stays(owner):
    client = ClientFactory(by=owner, credit_code=credit_code(1))
    run = finish(checked([[credit_code(1), "沈亦舟", "财务总监", ""]], owner, HEADERS, "contact"), owner)
    contact = Contact.objects.get(client=client)
    contact_update(contact=contact, changes={"title": "总经理"}, expected_version=contact.version, by=owner)
    assert [row.outcome for row in selectors.failed_rows(undone(run, owner))] == ["kept"]
    assert Contact.objects.get(client=client).title == "总经理"


def test_an_auditor_sees_that_contacts_were_imported_but_no_number_of_theirs(owner, auditor):
    run = checked([[credit_code(1), "钟启昂", "董事长", "13800138000"]], owner, HEADERS, "contact")
    page = browser_for(auditor).get(run.get_absolute_url())
    assert page.status_code == 200
    assert "13800138000" not in page.content.decode()
    assert "13800138000" in browser_for(owner).get(again(run).get_absolute_url()).content.decode()
