"""Facilities in force from a table: entered by its person, counted once a second person has confirmed each."""

from decimal import Decimal

import pytest
from django.core.files.storage import default_storage

from clients.file.tests.factories import ClientFactory, credit_code
from crm.kernel.imports import selectors
from crm.kernel.imports.tests.support import checked, finish, undone
from projects.facilities.models import Facility
from projects.facilities.selectors import read_exposure, sum_exposure
from projects.facilities.services import facility_confirm

pytestmark = pytest.mark.django_db
HEADERS = [
    "客户信用代码", "合同编号", "贷款用途", "业务品种", "合同金额（万元）", "批复日期", "批复机构", "到期日",
    "数据日期", "贷款余额",
]  # fmt: skip


def row(number, contract, amount="8600", outstanding="5,160万", kind="贷款"):
    facts = ["厂房二期建设", kind, amount, "2022/3/11", "原授信审批委员会", "2032年3月11日", "20261130"]
    return [credit_code(number), contract, *facts, outstanding]


def test_facilities_come_in_wait_for_the_second_person_and_count_after_it(owner, risk_assessor):
    client = ClientFactory(by=owner, credit_code=credit_code(1))
    rows = [row(1, "2022-固贷-0011"), row(1, "2022-固贷-0012", outstanding="9000万"), row(2, "2022-固贷-0013")]
    run = checked(rows, owner, HEADERS, "facility")
    assert run.mapping == [
        "client", "contract_no", "name", "kind", "amount", "approved_on", "approved_by", "matures_on", "as_of",
        "outstanding",
    ]  # fmt: skip
    assert [told.number for told in selectors.failed_rows(run)] == [3, 4]
    assert not Facility.objects.exists()
    run = finish(run, owner)
    facility = Facility.objects.get()
    assert (facility.state, facility.amount, facility.entered_by) == ("entered", Decimal(86_000_000), owner)
    with default_storage.open(facility.paper.storage_name) as paper:
        text = paper.read().decode()
    assert "2022-固贷-0011" in text
    assert "0012" not in text
    assert sum_exposure(read_exposure(client.pk)) == 0
    facility_confirm(facility=facility, by=risk_assessor)
    assert sum_exposure(read_exposure(client.pk)) == Decimal(51_600_000)
    # What a second person has confirmed is no longer taken back.
    assert [told.outcome for told in selectors.failed_rows(undone(run, owner)) if told.outcome] == ["kept"]
    facility.refresh_from_db()
    assert facility.state == "confirmed"


def test_an_import_of_facilities_is_undone_while_nobody_has_confirmed(owner):
    client = ClientFactory(by=owner, credit_code=credit_code(1))
    run = undone(finish(checked([row(1, "2022-固贷-0011")], owner, HEADERS, "facility"), owner), owner)
    assert (run.state, Facility.objects.get().state) == ("undone", "withdrawn")
    assert sum_exposure(read_exposure(client.pk)) == 0
    # The contract number is free again.
    finish(checked([row(1, "2022-固贷-0011")], owner, HEADERS, "facility"), owner)
    assert sorted(Facility.objects.values_list("state", flat=True)) == ["entered", "withdrawn"]


def test_a_facility_that_is_there_is_not_changed_by_a_table(owner):
    ClientFactory(by=owner, credit_code=credit_code(1))
    finish(checked([row(1, "2022-固贷-0011")], owner, HEADERS, "facility"), owner)
    run = checked([row(1, "2022-固贷-0011"), row(1, "2022-固贷-0014")], owner, HEADERS, "facility")
    assert selectors.counts(run)["skip"] == 1
    run = checked([row(1, "2022-固贷-0011", amount="9000")], owner, HEADERS, "facility")
    assert selectors.counts(run)["wrong"] == 1
