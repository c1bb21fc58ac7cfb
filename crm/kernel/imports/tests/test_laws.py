"""Import then undo leaves every business table as it was; of two imports at one moment each row is registered once."""

import threading

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.file.models import Client
from clients.file.tests.factories import ClientFactory, ContactFactory, credit_code
from crm.kernel.audit.context import SYSTEM
from crm.kernel.imports import selectors, services
from crm.kernel.imports.tests.support import again, business_rows, checked, company, finish, undone

CONTACTS = ["客户信用代码", "姓名", "职务"]
a_client = st.tuples(st.integers(1, 5), st.sampled_from(["", "福州市台江区", "厦门市思明区"]))
a_contact = st.tuples(st.integers(1, 5), st.sampled_from(["陈嘉树", "沈亦舟"]), st.sampled_from(["", "总经理"]))


@pytest.mark.django_db
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(clients=st.lists(a_client, min_size=1, max_size=5), contacts=st.lists(a_contact, min_size=1, max_size=4))
def test_import_then_undo_is_an_identity_on_every_business_table(owner, clients, contacts):
    for number in (1, 2):
        if not Client.objects.filter(credit_code=credit_code(number)).exists():
            client = ClientFactory(by=owner, credit_code=credit_code(number), name=company(number)[0])
            ContactFactory(client=client, name="陈嘉树")
    before = business_rows()
    done = []
    for rows, how in (
        ([company(number, address) for number, address in clients], {}),
        (
            [[credit_code(number), name, title] for number, name, title in contacts],
            {"headers": CONTACTS, "entity": "contact"},
        ),
    ):
        run = checked(rows, owner, **how)
        counts = selectors.counts(run)
        if counts["create"] + counts["update"]:
            done.append(finish(run, owner))
    for run in reversed(done):
        assert undone(run, owner).state == "undone"
    assert business_rows() == before


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_rows_at_one_moment_register_each_once(owner, colleague):
    runs = [checked([company(number) for number in range(1, 6)], by) for by in (owner, colleague)]
    for run, by in zip(runs, (owner, colleague), strict=True):
        services.import_start(run=run, expected_version=run.version, by=by)
    barrier = threading.Barrier(2)

    def work(run):
        barrier.wait()
        try:
            services.import_finish(run=run, by=SYSTEM)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = [selectors.counts(again(run)) for run in runs]
    assert Client.objects.count() == 5
    assert [again(run).state for run in runs] == ["done", "done"]
    assert sum(count["created"] for count in counts) == sum(count["failed"] for count in counts) == 5
