"""Pictures of ratings: the scorecard while one answers, a scored rating that waits."""

from typing import Any

from clients.file.models import ClientType
from clients.statements.models import Statement
from risk.ratings.models import Rating
from tools.shots.page import Page

PAGES = (
    Page("19-rating-score", "risk:rating_score", "tangyutong", of="rating_client"),
    Page("19-rating-scored", "risk:rating_confirm", "hejunfeng", of="rating_scored"),
)


def things() -> dict[str, tuple[Any, ...]]:
    """A company with confirmed statements and no waiting rating; a scored rating."""
    rows = Statement.objects.filter(state="confirmed", client__client_type=ClientType.COMPANY)
    waiting = Rating.objects.filter(status="proposed")
    client = rows.exclude(client__in=waiting.values("client")).order_by("client").first()
    return {
        "rating_client": (client.client_id,),
        "rating_scored": (waiting.exclude(scoring=None).latest("pk").pk,),
    }
