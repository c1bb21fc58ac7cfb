"""Pictures of imports: the list, a table to send, its columns, what the check found, what was imported, its undoing."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from crm.kernel.audit.context import SYSTEM
from crm.kernel.imports.models import ImportRun
from crm.kernel.imports.services import import_finish, import_map, import_upload
from crm.kernel.people.models import Person
from tools.shots.page import Page

TABLE = """企业名称,社会信用代码,所属行业,注册地址
福建闽江水务有限公司,91350100M000100Y43,46,福州市鼓楼区五四路128号
福建闽江水务有限公司,91350100M000100Y4Z,46,福州市鼓楼区五四路128号
"""
PAGES = (
    Page("18-imports", "imports:import_list"),
    Page("18-import-upload", "imports:import_upload"),
    Page("18-import-columns", "imports:import_map", of="import_checked"),
    Page("18-import-checked", "imports:import_detail", of="import_checked"),
    Page("18-import-start", "imports:import_start", of="import_checked"),
    Page("18-import-done", "imports:import_detail", of="import_done"),
    Page("18-import-undo", "imports:import_undo", of="import_done"),
    Page("33-admin-imports", "admin:kernel_importrun_changelist", "liangyawen"),
)


def prepare() -> None:
    """A table that was checked and waits."""
    if ImportRun.objects.filter(state=ImportRun.State.CHECKED).exists():
        return
    by = Person.objects.get(name="林晓雯")
    table = SimpleUploadedFile("闽江水务.csv", TABLE.encode())
    run = import_upload(entity="client", file=table, by=by)
    run = import_map(run=run, mapping=run.mapping, expected_version=run.version, by=by)
    import_finish(run=run, by=SYSTEM)


def things() -> dict[str, tuple[Any, ...]]:
    """The demo's import, and the one that waits."""
    state = ImportRun.State
    return {
        "import_done": (ImportRun.objects.filter(state=state.DONE).earliest("pk").pk,),
        "import_checked": (ImportRun.objects.filter(state=state.CHECKED).earliest("pk").pk,),
    }
