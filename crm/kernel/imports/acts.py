from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Subject, register
from crm.kernel.imports.models import ImportRun

COUNTS = {
    "waiting": _("waiting"),
    "create": _("new"),
    "update": _("changes"),
    "skip": _("nothing to change"),
    "wrong": _("with errors"),
    "created": _("created"),
    "updated": _("updated"),
    "skipped": _("skipped"),
    "failed": _("refused"),
    "undone": _("undone"),
    "kept": _("not undone"),
}

register(
    Act(
        "import.uploaded",
        _("Table uploaded for import"),
        {"entity": _("kind of rows"), "rows": _("rows"), "sha256": _("SHA-256")},
    ),
    Act("import.mapped", _("Columns assigned"), {"fields": _("fields")}),
    Act("import.checked", _("Import checked"), COUNTS),
    Act("import.started", _("Import started"), COUNTS),
    Act("import.done", _("Import finished"), COUNTS),
    Act("import.cancelled", _("Import stopped"), COUNTS),
    Act("import.undo_started", _("Undoing of an import started"), COUNTS),
    Act("import.undone", _("Import undone"), COUNTS),
    Act("import.errors_downloaded", _("Rows with errors downloaded"), {"rows": _("rows")}),
    subjects=(Subject(ImportRun),),
)
