"""Writes of the warnings: the night that opens them, the answer, the closing by a second person, the hand-over,
the rebuild.
"""

from risk.indicators.services.episodes import warning_close, warning_respond
from risk.indicators.services.keepers import keepers_follow
from risk.indicators.services.night import CHUNK, risk_review
from risk.indicators.services.rebuild import standing_rebuild
from risk.indicators.services.redate import dates_refresh

__all__ = [
    "CHUNK",
    "dates_refresh",
    "keepers_follow",
    "risk_review",
    "standing_rebuild",
    "warning_close",
    "warning_respond",
]
