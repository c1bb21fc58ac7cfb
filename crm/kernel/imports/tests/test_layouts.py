"""Tables of other systems are recognised by their headers, and what is imported is what stands in them."""

import io

import pytest

from clients.file.models import Client, Region
from clients.file.tests.factories import credit_code
from crm.kernel.imports import selectors, services
from crm.kernel.imports.rules.tables import TableLimits, read_table
from crm.kernel.imports.tests.support import as_xlsx, finish, undone, work_off
from crm.kernel.imports.workbook import template_workbook

pytestmark = pytest.mark.django_db
NAME, STREET, KEEPER = "福建闽江水务有限公司", "福州市鼓楼区五四路128号", "陈嘉树"
# Header, cell, the field that it fills. What no field takes is left out, and so are words that no list of ours has.
LAYOUTS = {
    "Salesforce accounts": [
        ("Account ID", "0015g00000XyZaAAC", ""),
        ("Account Name", NAME, "name"),
        ("Account Number", credit_code(1), "credit_code"),
        ("Type", "Customer - Direct", ""),
        ("Industry", "Utilities", ""),
        ("Billing Street", STREET, "address"),
        ("Billing City", "Fuzhou", ""),
        ("Billing State/Province", "Fujian", ""),
        ("Account Owner", "Lin Xiaowen", ""),
    ],
    "HubSpot companies": [
        ("Record ID", "18403725551", ""),
        ("Company name", NAME, "name"),
        ("Company owner", "Lin Xiaowen", ""),
        ("Phone Number", "0591-87550000", ""),
        ("City", "福州", ""),
        ("Industry", "UTILITIES", ""),
        ("Street Address", STREET, "address"),
        ("State/Region", "350100", "region"),
        ("统一社会信用代码", credit_code(2), "credit_code"),
    ],
    "用友客户档案": [
        ("客户编码", "KH0001", ""),
        ("客户名称", NAME, "name"),
        ("客户简称", "闽江水务", ""),
        ("地区编码", "350100", "region"),
        ("所属行业", "46", "industry"),
        ("税号", credit_code(3), "credit_code"),
        ("法人", KEEPER, "legal_representative"),
        ("地址", STREET, "address"),
        ("开户银行", "中国银行福州分行", ""),
    ],
    "金蝶客户": [
        ("编码", "CUST0001", ""),
        ("名称", NAME, "name"),
        ("简称", "闽江水务", ""),
        ("国家", "中国", ""),
        ("地区", "350100", "region"),
        ("通讯地址", STREET, "address"),
        ("公司类别", "普通公司", ""),
        ("纳税登记号", credit_code(4), "credit_code"),
        ("法人代表", KEEPER, "legal_representative"),
    ],
}


@pytest.fixture
def fuzhou():
    """A city of the table of regions."""
    return Region.objects.get(pk="350100")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_table_of_another_system_comes_in_without_a_difference(owner, fuzhou, layout):
    columns = LAYOUTS[layout]
    table = as_xlsx([[header for header, _cell, _field in columns], [cell for _header, cell, _field in columns]])
    run = services.import_upload(entity="client", file=table, by=owner)
    assert run.mapping == [field for _header, _cell, field in columns]
    run = finish(run, owner)
    assert selectors.counts(run)["created"] == 1
    kind, client = selectors.find_kind("client"), Client.objects.get()
    stored = kind.facts(client)
    assert {field: stored[field] for _header, _cell, field in columns if field} == {
        field: cell for _header, cell, field in columns if field
    }
    assert undone(run, owner).state == "undone"
    assert not Client.objects.exists()


@pytest.mark.parametrize("code", ["client", "contact", "facility"])
def test_the_columns_of_a_template_are_recognised_and_its_example_can_be_read(owner, code):
    kind = selectors.list_kinds(owner)[code]
    sent = template_workbook(kind)
    table = read_table(io.BytesIO(sent), "xlsx", TableLimits(5, 60, 500))
    file = as_xlsx([[]])
    file.file, file.size = io.BytesIO(sent), len(sent)
    run = services.import_upload(entity=code, file=file, by=owner)
    filled = [column.name if cell else "" for column, cell in zip(kind.columns, table.rows[0][1], strict=False)]
    assert [name for name in run.mapping if name] == [column.name for column in kind.columns]
    run = work_off(services.import_map(run=run, mapping=run.mapping, expected_version=run.version, by=owner))
    # The example may speak of a client that is not there; no cell of it is unreadable.
    assert not [row.reasons for row in selectors.failed_rows(run) if "“" in row.reasons], filled
