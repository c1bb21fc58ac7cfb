"""The words that go with a document, checked as the deal's own."""

from crm.kernel.access.inputs import checked
from projects.deals.models import ProjectDocument

LONGEST_TITLE = 120


def document_text(*, kind: str, title: str, file_name: str) -> tuple[str, str]:
    """Kind and title, cleaned; an empty title becomes the file's name without its extension. BadInput names fields."""
    title = (title or "").strip() or file_name.rpartition(".")[0][:LONGEST_TITLE]
    clean = checked(ProjectDocument, {"kind": kind, "title": title}, allowed=("kind", "title"))
    return clean["kind"], " ".join(clean["title"].split())
