from django.utils.translation import pgettext_lazy

from crm.kernel.declarations.states import Status, bad, ok, register

register(
    "export",
    {
        "waiting": Status(pgettext_lazy("export", "Waiting"), "accent", icon="hourglass"),
        "running": Status(pgettext_lazy("export", "Being written"), "accent", icon="progress"),
        "done": ok(pgettext_lazy("export", "Ready"), icon="check"),
        "cancelled": Status(pgettext_lazy("export", "Stopped"), "neutral", icon="x"),
        "failed": bad(pgettext_lazy("export", "Failed"), icon="circle-x"),
        "expired": Status(pgettext_lazy("export", "Removed"), "neutral", icon="x"),
    },
    field="kernel.ExportRun.state",
)
