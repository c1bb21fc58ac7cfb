"""Bad tables: each is refused as a whole with its reason, and nothing is kept of it, or its good rows alone come in."""

import io
import zipfile

import pytest

from clients.file.models import Client
from clients.file.tests.factories import credit_code
from crm.kernel.access.errors import BadInput
from crm.kernel.attachments.models import StoredFile
from crm.kernel.imports import selectors, services
from crm.kernel.imports.models import ImportRun
from crm.kernel.imports.tests.support import HEADERS, as_csv, as_xlsx, checked, company, finish

pytestmark = pytest.mark.django_db


def bomb():
    """A workbook of a few kilobytes whose sheet unfolds to two hundred megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(as_xlsx([HEADERS, company(1)]).file) as good, zipfile.ZipFile(packed, "w", 8) as bad:
        for name in good.namelist():
            part = good.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b"</sheetData>", b" " * 200_000_000 + b"</sheetData>")
            bad.writestr(name, part)
    file = as_xlsx([[]])
    file.file, file.size = io.BytesIO(packed.getvalue()), len(packed.getvalue())
    return file


def named(file, name):
    file.name = name
    return file


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bomb, "file_"),
        (lambda: as_csv([[], []]), "table_empty"),
        (lambda: as_xlsx([HEADERS]), "table_empty"),
        (lambda: as_xlsx([["客户信息", "", ""], ["客户名称", "", "注册地址"], company(1)]), "table_header_missing"),
        (lambda: as_xlsx([[*HEADERS[:2], HEADERS[0]], company(1)]), "table_header_twice"),
        (lambda: as_xlsx([HEADERS, ["", *company(1)]]), "table_shifted"),
        (lambda: as_xlsx([HEADERS, [*company(1)[:2], "长" * 501]]), "table_cell"),
        (lambda: named(as_csv([HEADERS, company(1)]), "客户清单.txt"), "file_type"),
        (lambda: named(as_csv([HEADERS, company(1)]), "客户清单.xlsx"), "file_"),
        (lambda: as_csv([HEADERS, ["=cmd|'/C calc'!A0", *company(1)[1:]]]), "file_office_dde"),
    ],
    ids=[
        "zip bomb", "empty csv", "no rows", "merged headers", "a header twice", "shifted", "a long cell", "a text file",
        "a csv called xlsx", "a formula that starts a program",
    ],
)  # fmt: skip
def test_a_bad_table_is_refused_and_nothing_is_kept(owner, make, code):
    with pytest.raises(BadInput) as refused:
        services.import_upload(entity="client", file=make(), by=owner)
    assert set(refused.value.errors) == {"file"}
    assert refused.value.code.startswith(code)
    assert not ImportRun.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("field", "cell", "stored"),
    [
        ("name", "=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("name", " 福建（闽江）水务\u200b有限公司 ", "福建（闽江）水务有限公司"),
        ("credit_code", "".join(chr(ord(sign) + 0xFEE0) for sign in credit_code(7)), credit_code(7)),
        ("credit_code", credit_code(7).lower(), credit_code(7)),
        ("credit_code", credit_code(7)[:-1] + "Z", None),
        ("credit_code", "3.50100E+17", None),
        ("address", "@SUM(A1)", "@SUM(A1)"),
    ],
)
def test_a_cell_is_stored_as_it_is_meant_or_its_row_is_refused_by_name(owner, field, cell, stored):
    row = dict(zip(("name", "credit_code", "address"), company(7), strict=True)) | {field: cell}
    run = checked([list(row.values()), company(8)], owner)
    failed = list(selectors.failed_rows(run))
    finish(run, owner)
    if stored is None:
        (told,) = failed
        assert told.number == 2
        assert "统一社会信用代码" in told.reasons
        assert Client.objects.count() == 1
    else:
        assert failed == []
        assert getattr(Client.objects.exclude(credit_code=credit_code(8)).get(), field) == stored
