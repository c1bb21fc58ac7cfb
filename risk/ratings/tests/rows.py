"""Bodies of this module for the access matrix: whatever is missing, who is non-performing with us is C."""

from typing import Any

from crm.tests.assurance.world import World

REASON, SOURCE = "本行不良贷款客户，按评分卡规则直接评为 C 级。", "信用报告 2026-11"


def _score(world: World, situation: str) -> dict[str, Any]:
    return {"knock_outs": ["npl"], "reason": REASON, "source": SOURCE}


BODIES = {"risk:rating_score": _score, "api:client-scored-grade-list": _score}
