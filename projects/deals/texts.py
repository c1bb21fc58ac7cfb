"""The words that go with a deal and its documents, checked as the deal's own."""

from django.utils.translation import gettext as _

from crm.kernel.access.errors import BadInput
from crm.kernel.access.inputs import checked, text_problem
from projects.deals.models import ProjectDocument

LONGEST_TITLE = 120
LONGEST_REASON = 500


def document_text(*, kind: str, title: str, file_name: str) -> tuple[str, str]:
    """Kind and title, cleaned; an empty title becomes the file's name without its extension. BadInput names fields."""
    title = (title or "").strip() or file_name.rpartition(".")[0][:LONGEST_TITLE]
    clean = checked(ProjectDocument, {"kind": kind, "title": title}, allowed=("kind", "title"))
    return clean["kind"], " ".join(clean["title"].split())


def withdrawal_reason(reason: str) -> str:
    """Why a draft is withdrawn, without blanks at both ends. BadInput where nothing sound is said."""
    reason = (reason or "").strip()
    problem = text_problem(reason) if reason else _("State why the project is withdrawn.")
    if len(reason) > LONGEST_REASON:
        problem = _("At most %(limit)d characters.") % {"limit": LONGEST_REASON}
    if problem:
        raise BadInput(problem, field="reason")
    return reason
