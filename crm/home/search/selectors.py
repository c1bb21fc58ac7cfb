"""One box over clients and projects: each kind asks its own visible rows, a handful of each."""

from dataclasses import dataclass

from clients.file.models import Client
from clients.file.selectors import matches as client_matches
from crm.kernel.access.policies import Viewer
from crm.kernel.text.identifying import identifying_form
from projects.deals.models import Project
from projects.deals.selectors import matches as project_matches
from risk.reviews.models import ReviewCase

EACH = 20


@dataclass(frozen=True)
class Found:
    """What a text was found in, best first, at most `EACH` of a kind."""

    clients: list[Client]
    projects: list[Project]
    reviews: list[ReviewCase]

    @property
    def count(self) -> int:
        return len(self.clients) + len(self.projects) + len(self.reviews)


def search(*, viewer: Viewer, text: str) -> Found:
    """Clients by name or code, projects by name, reviews by number; only what `viewer` may see."""
    if not identifying_form(text):
        return Found([], [], [])
    clients = Client.objects.visible_to(viewer).filter(client_matches(text))
    projects = Project.objects.visible_to(viewer).filter(project_matches(text))
    reviews = ReviewCase.objects.visible_to(viewer).filter(number__begins_like=text)
    return Found(
        clients=list(clients.select_related("owner", "standing").order_by("name_pinyin")[:EACH]),
        projects=list(projects.select_related("client").order_by("name_pinyin")[:EACH]),
        reviews=list(reviews.select_related("project__client").order_by("-id")[:EACH]),
    )
