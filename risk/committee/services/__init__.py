"""Every act of the credit committee."""

from risk.committee.services.ballots import ballot_close, ballot_open, vote_cast
from risk.committee.services.meetings import hearing_list, hearing_remove, meeting_close, meeting_convene

__all__ = [
    "ballot_close",
    "ballot_open",
    "hearing_list",
    "hearing_remove",
    "meeting_close",
    "meeting_convene",
    "vote_cast",
]
