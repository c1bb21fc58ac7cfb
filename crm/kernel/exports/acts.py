from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Subject, register
from crm.kernel.exports.models import ExportRun

ORDER = {
    "list": _("List"),
    "format": _("Format"),
    "rows": _("Rows"),
    "columns": _("Columns"),
    "conditions": _("Conditions"),
}
FILE = {"rows": _("Rows"), "sha256": _("SHA-256"), "size": _("size in bytes")}

register(
    Act("export.ordered", _("Export ordered"), ORDER),
    Act("export.done", _("Export finished"), FILE),
    Act("export.failed", _("Export failed"), {"rows": _("Rows")}),
    Act("export.cancelled", _("Export stopped"), {"rows": _("Rows")}),
    Act("export.downloaded", _("Export downloaded"), FILE, is_read=True),
    Act("export.expired", _("File of an export removed"), FILE),
    subjects=(Subject(ExportRun),),
)
