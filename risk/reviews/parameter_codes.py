"""Codes of the parameters that the review reads together, by occasion."""

from crm.kernel.worklist.selectors import RULE
from risk.gates.selectors.findings import CODES as GATE_CODES
from risk.reviews.workflow import list_reason_parameters

REMIND_BEFORE = "review.remind_before_workdays"
# When a stage reminds and escalates.
CLOCK = (REMIND_BEFORE, RULE)
SLA, URGENT_SLA = "review.sla_workdays", "review.urgent_sla_workdays"
# How long a stage may take.
LIMITS = (SLA, URGENT_SLA)
AUTHORITY = ("authority.matrix", "authority.modifiers")
# Asked again of every approval, by the rules in force on its day.
TODAY = GATE_CODES
VALIDITY = "deal.validity"
REHEARING = "deal.rehearing"
PROLONGATION = "deal.prolongation_months"
# The most a deputy may decide finally, by post.
DEPUTY_MAXIMUM = "authority.deputy_maximum"
LOOKBACK = "review.conflict_lookback_months"
SUBMISSION = (*AUTHORITY, *TODAY, "review.min_investigators", *LIMITS, LOOKBACK, *CLOCK)
DECISION = (
    *AUTHORITY,
    *TODAY,
    "review.opinion_min_length",
    LOOKBACK,
    *LIMITS,
    "review.return_workdays",
    VALIDITY,
    *list_reason_parameters(),
    *CLOCK,
)
# What the case page says, of the day on which the case was closed or of today.
PAGE = (
    *TODAY,
    *AUTHORITY,
    *LIMITS,
    "review.opinion_min_length",
    LOOKBACK,
    *list_reason_parameters(),
)
