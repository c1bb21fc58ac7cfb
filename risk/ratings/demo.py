"""Grades of the demo: entered by one assessor and confirmed by the other; some end soon, some wait."""

from datetime import date, timedelta

from clients.file.demo import CLIENTS
from clients.file.models import Client
from crm.kernel.declarations import demo
from crm.kernel.workdays.stage import Stage
from projects.deals.demo import GRADED, PAST
from risk.ratings.services import rating_confirm, rating_enter

ENDS_TODAY = "四川蜀垣生物制药有限公司"


def grade_past_clients(stage: Stage) -> None:
    """Whoever was financed in an earlier quarter was graded before it."""
    named = {deal.client for deal in PAST}
    with stage.days_ago(GRADED):
        for number, client in enumerate(stage.made["clients"]):
            if client.name in named:
                _grade(stage, client, CLIENTS[number][6], number)


def grade_clients(stage: Stage) -> None:
    """Two assessors for every graded client; some grades end soon, some wait for the second word."""
    for number, row in enumerate(CLIENTS):
        grade, client = row[6], stage.made["clients"][number]
        if not grade:
            continue
        days = 60 + number % 50 if grade != "B" else 40 + number
        with stage.days_ago(days):
            _grade(stage, client, grade, number, _grade_until(stage, number))
    for number, client in enumerate(stage.made["clients"]):
        if not CLIENTS[number][6] and number % 2 == 0:
            with stage.days_ago(2):
                rating_enter(
                    client=client,
                    grade="A",
                    reason="首次评级，资料齐全。",
                    source="2025 年审计报告",
                    by=stage.people["tangyutong"],
                )


def _grade(stage: Stage, client: Client, grade: str, number: int, until: date | None = None) -> None:
    """One assessor enters it, the other confirms."""
    one, two = stage.people["tangyutong"], stage.people["hejunfeng"]
    rating = rating_enter(
        client=client,
        grade=grade,
        reason="按 2026.2 版评分卡打分，财务与履约记录稳定。",
        source="2025 年审计报告，2026 年三季度报表",
        valid_until=until,
        by=one if number % 2 else two,
    )
    rating_confirm(rating=rating, by=two if number % 2 else one)


def _grade_until(stage: Stage, number: int) -> date | None:
    """One grade ends today, every ninth within weeks; the rest hold as long as the rule lets them."""
    if CLIENTS[number][1] == ENDS_TODAY:
        return stage.today
    if number % 9 != 5:
        return None
    return stage.today + timedelta(days=3 + number % 30)


demo.register(grade_past_clients, order=40)
demo.register(grade_clients, order=41)
