"""Tables for tests, and the worker that does what is due."""

import io
from typing import Any

import xlsxwriter
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from clients.file.tests.factories import credit_code
from crm.kernel.imports import services
from crm.kernel.imports.models import ImportRun
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Person

BUSINESS = ("clients", "projects", "risk", "staff")
# A hint that was given stays counted.
COUNTED = "clients.Disclosure"
HEADERS = ["客户名称", "统一社会信用代码", "注册地址"]


def company(number: int, address: str = "福州市鼓楼区五四路128号") -> list[Any]:
    return [f"福建闽江第{number}水务有限公司", credit_code(number), address]


def as_xlsx(rows: list[list[Any]], name: str = "客户清单.xlsx") -> SimpleUploadedFile:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)
    return SimpleUploadedFile(name, target.getvalue())


def as_csv(rows: list[list[Any]], charset: str = "utf-8") -> SimpleUploadedFile:
    text = "\r\n".join(",".join(str(cell) for cell in row) for row in rows)
    return SimpleUploadedFile("客户清单.csv", text.encode(charset))


def business_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the four apps by model, versions aside."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in BUSINESS and model._meta.label != COUNTED:
            fields = [
                field.attname
                for field in model._meta.concrete_fields
                if field.name != "version" and not field.generated
            ]
            found[model._meta.label] = sorted(model._base_manager.values_list(*fields), key=str)
    return found


def again(run: ImportRun) -> ImportRun:
    return ImportRun.objects.get(pk=run.pk)


def work_off(run: ImportRun) -> ImportRun:
    """Let the worker do what is due."""
    relay_due(seconds=60)
    return again(run)


def checked(rows: list[list[Any]], by: Person, headers: list[str] = HEADERS, entity: str = "client") -> ImportRun:
    run = services.import_upload(entity=entity, file=as_xlsx([headers, *rows]), by=by)
    return work_off(services.import_map(run=run, mapping=run.mapping, expected_version=run.version, by=by))


def finish(run: ImportRun, by: Person) -> ImportRun:
    """Check it where that was not done, and import what is valid."""
    if run.state == ImportRun.State.UPLOADED:
        run = work_off(services.import_map(run=run, mapping=run.mapping, expected_version=run.version, by=by))
    return work_off(services.import_start(run=run, expected_version=run.version, by=by))


def imported(rows: list[list[Any]], by: Person) -> ImportRun:
    run = checked(rows, by)
    return work_off(services.import_start(run=run, expected_version=run.version, by=by))


def undone(run: ImportRun, by: Person) -> ImportRun:
    run = again(run)
    return work_off(services.import_undo(run=run, expected_version=run.version, by=by))
