"""Grades of the demo: entered by one assessor and confirmed by the other; some end soon, some wait."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from clients.file.demo import CLIENTS
from clients.file.models import Client
from crm.kernel.declarations import demo
from crm.kernel.workdays.stage import Stage
from projects.deals.demo import GRADED, PAST
from risk.ratings.models import Rating
from risk.ratings.scoring import has_card
from risk.ratings.services import rating_confirm, rating_enter, rating_score

SCORED = 6
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


def score_clients(stage: Stage) -> None:
    """Some companies without a grade are rated on the scorecard: two of three confirmed, the rest wait."""
    waiting = set(Rating.objects.filter(status=Rating.Status.PROPOSED).values_list("client_id", flat=True))
    open_ones = [
        client
        for number, client in enumerate(stage.made["clients"])
        if not CLIENTS[number][6] and client.pk not in waiting and has_card(client)
    ]
    for number, client in enumerate(open_ones[:SCORED]):
        due = Decimal(4_200_000 + number % 5 * 1_350_000)
        answers: dict[str, Any] = {
            "interest_due": due,
            "interest_paid": due if number % 4 else due * 995 / 1000,
            "principal_due": due * 9,
            "principal_paid": due * 9 if number % 3 else due * 9 * 97 / 100,
            "q1": 3 + number % 2,
            "q2": 4,
            "q3": 3,
            "q5": 4,
            "q6": 4 - number % 2,
            "esg_score": 58 + number % 6 * 6,
        }
        with stage.days_ago(9 - number):
            rating = rating_score(
                client=client,
                answers=answers,
                reason="按上年度审计报告在评分卡上测算，付息还本情况取自台账和征信报告。",
                source="上年度审计报告，企业信用报告",
                by=stage.people["tangyutong"],
            )
        if number % 3:
            with stage.days_ago(8 - number):
                rating_confirm(rating=rating, by=stage.people["hejunfeng"])


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
# After the statements, which the scorecard reads.
demo.register(score_clients, order=99)
