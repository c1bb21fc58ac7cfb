"""General or major (rules 5.3): any one ground makes a complaint major, and every ground is named."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

GENERAL, MAJOR = "general", "major"
# The code of each ground, in the order in which they are named. Words: models.Ground.
GROUNDS = (
    "face_to_face",
    "common_facts",
    "amount",
    "exposure",
    "media",
    "suspicion",
    "key_account",
    "regulator",
    "repeat",
)


@dataclass(frozen=True)
class Facts:
    """What decides the class. Unknown money is None, never zero; `repeats` counts this complaint too."""

    complainants: int = 1
    is_face_to_face: bool = False
    has_common_facts: bool = False
    amount: Decimal | None = None
    exposure: Decimal | None = None
    is_in_media: bool = False
    is_suspicion: bool = False
    is_key_account: bool = False
    is_from_regulator: bool = False
    repeats: int = 1


@dataclass(frozen=True)
class Thresholds:
    """Where a complaint turns major; parameter `complaint.major`."""

    face_to_face_group: int
    common_facts_group: int
    amount: Decimal
    exposure_share: Decimal
    repeats: int

    @classmethod
    def of(cls, value: dict[str, Any]) -> "Thresholds":
        """From the parameter's value."""
        return cls(
            face_to_face_group=value["face_to_face_group"],
            common_facts_group=value["common_facts_group"],
            amount=Decimal(value["amount"]),
            exposure_share=Decimal(value["exposure_share"]),
            repeats=value["repeats"],
        )


def grounds_of(facts: Facts, at: Thresholds) -> list[str]:
    """The grounds that make it major, by code; empty for a general one."""
    amount, exposure = facts.amount, facts.exposure
    found = {
        "face_to_face": facts.is_face_to_face and facts.complainants >= at.face_to_face_group,
        "common_facts": facts.has_common_facts and facts.complainants >= at.common_facts_group,
        "amount": amount is not None and amount >= at.amount,
        "exposure": amount is not None and bool(exposure) and amount >= at.exposure_share * (exposure or 0),
        "media": facts.is_in_media,
        "suspicion": facts.is_suspicion,
        "key_account": facts.is_key_account,
        "regulator": facts.is_from_regulator,
        "repeat": facts.repeats >= at.repeats,
    }
    return [code for code in GROUNDS if found[code]]


def class_of(grounds: list[str]) -> str:
    """The class that the grounds give."""
    return MAJOR if grounds else GENERAL
