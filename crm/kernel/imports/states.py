from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "import",
    {
        "uploaded": Status(pgettext_lazy("import", "Columns to be assigned"), "accent", icon="hourglass"),
        "checking": Status(pgettext_lazy("import", "Being checked"), "accent", icon="progress"),
        "checked": Status(pgettext_lazy("import", "Checked"), "accent", icon="hourglass"),
        "running": Status(pgettext_lazy("import", "Being imported"), "accent", icon="progress"),
        "done": ok(pgettext_lazy("import", "Imported"), icon="check"),
        "cancelled": Status(pgettext_lazy("import", "Stopped"), "neutral", icon="x"),
        "undoing": Status(pgettext_lazy("import", "Being undone"), "accent", icon="progress"),
        "undone": Status(pgettext_lazy("import", "Undone"), "neutral", icon="x"),
    },
    field="kernel.ImportRun.state",
)
register(
    "import_verdict",
    {
        "create": ok(pgettext_lazy("import", "New"), icon="check"),
        "update": ok(pgettext_lazy("import", "Changes"), icon="check"),
        "skip": Status(pgettext_lazy("import", "Nothing to change"), "neutral"),
        "wrong": bad(pgettext_lazy("import", "With errors"), icon="circle-x"),
    },
    field="kernel.ImportRow.verdict",
)
register(
    "import_outcome",
    {
        "created": ok(pgettext_lazy("import", "Created"), icon="check"),
        "updated": ok(pgettext_lazy("import", "Updated"), icon="check"),
        "skipped": Status(pgettext_lazy("import", "Skipped"), "neutral"),
        "failed": bad(pgettext_lazy("import", "Refused"), icon="circle-x"),
        "undone": Status(pgettext_lazy("import", "Undone"), "neutral", icon="x"),
        "kept": bad(pgettext_lazy("import", "Not undone"), icon="circle-x"),
    },
    field="kernel.ImportRow.outcome",
)
