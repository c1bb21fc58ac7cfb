from django.utils.translation import gettext_lazy as _

from clients.requests.models import ServiceRequest
from crm.kernel.access.errors import Text
from crm.kernel.declarations.acts import Act, Kept, Subject, register

FACTS: dict[str, Text | Kept] = {"client": Kept(_("Client"), "clients.Client")}

register(
    Act("request.recorded", _("Client request recorded"), FACTS),
    Act("request.taken", _("Client request taken from the queue"), FACTS),
    Act("request.assigned", _("Client request assigned"), FACTS),
    Act("request.answered", _("Client request answered"), FACTS),
    Act("request.solved", _("Client request solved"), FACTS),
    Act("request.closed", _("Client request closed"), FACTS),
    Act("request.reopened", _("Client request reopened"), FACTS),
    Act("request.promised", _("Client request became a promise"), {**FACTS, "promise": _("Promise")}),
    Act("request.late", _("First answer to a client request overdue"), FACTS),
    subjects=(Subject(ServiceRequest),),
)
