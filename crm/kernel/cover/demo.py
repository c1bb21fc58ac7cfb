"""Covers of the demo: one of a vice-president in force, one that waits, one that is over."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from crm.kernel.cover.services import cover_ask, cover_confirm
from crm.kernel.declarations import demo
from crm.kernel.people.models import Cover
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage

# Who is away, who stands in, why, the first day from the day of asking, days, ceiling in yuan, asked so many days ago.
COVERS: tuple[tuple[str, str, str, int, int, str, int, bool], ...] = (
    ("zhengboyuan", "duruofei", "trip", 1, 12, "50000000", 40, True),
    ("zhengboyuan", "duruofei", "leave", 0, 14, "50000000", 1, True),
    ("gaoxiangyu", "dengsiqi", "leave", 5, 9, "", 0, False),
)


def make_covers(stage: Stage) -> None:
    """Asked for by who is away, confirmed by the security administrator."""
    for number, (away, deputy, kind, first, days, ceiling, ago, is_confirmed) in enumerate(COVERS, start=16):
        with stage.days_ago(ago):
            starts_on = clock.today() + timedelta(days=first)
            given: dict[str, Any] = {
                "kind": kind,
                "starts_on": starts_on,
                "ends_on": starts_on + timedelta(days=days - 1),
                "letter_no": f"授权〔{starts_on.year}〕{number}号",
                "ceiling": Decimal(ceiling) if ceiling else None,
            }
            cover: Cover = cover_ask(
                person=stage.people[away], deputy=stage.people[deputy], by=stage.people[away], **given
            )
            if is_confirmed:
                cover_confirm(cover=cover, by=stage.people["weichengan"])


demo.register(make_covers, order=95)
