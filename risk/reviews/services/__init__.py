"""Every act on a review. Nothing else in the house writes a case's state."""

from risk.reviews.services.conditions import condition_report, condition_settle
from risk.reviews.services.deal_subject import DealSubject as DealSubject
from risk.reviews.services.decide import decision_make
from risk.reviews.services.declare import conflict_declare
from risk.reviews.services.lapse import approvals_lapse, approvals_remind
from risk.reviews.services.nudge import review_nudge
from risk.reviews.services.prolong import review_prolong
from risk.reviews.services.refresh import dates_refresh, waiting_refresh
from risk.reviews.services.rehear import review_rehear
from risk.reviews.services.returned import returned_refresh
from risk.reviews.services.submit import review_submit
from risk.reviews.services.withdraw import review_withdraw

__all__ = [
    "approvals_lapse",
    "approvals_remind",
    "condition_report",
    "condition_settle",
    "conflict_declare",
    "dates_refresh",
    "decision_make",
    "returned_refresh",
    "review_nudge",
    "review_prolong",
    "review_rehear",
    "review_submit",
    "review_withdraw",
    "waiting_refresh",
]
