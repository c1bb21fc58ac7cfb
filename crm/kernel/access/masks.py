"""How a personal value is shown to who has not said why they need it (rules 7.2)."""

import re
from collections.abc import Callable
from typing import Any

from django.db.models import Model

Mask = Callable[[str], str]

_COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯")


def mask_name(value: str) -> str:
    """张三丰 → 张**, 欧阳修 → 欧阳*."""
    keep = 2 if value.startswith(_COMPOUND_SURNAMES) and len(value) > 2 else 1
    return value[:keep] + "*" * max(len(value) - keep, 1)


def mask_mobile(value: str) -> str:
    """13812345678 → 138****5678; anything shorter keeps its last two characters at most."""
    digits = re.sub(r"[\s-]", "", value)
    if len(digits) < 7:
        return "****" + digits[-2:] if len(digits) > 4 else "****"
    return f"{digits[:3]}****{digits[-4:]}"


def mask_id_number(value: str) -> str:
    """First six and last four stay: 110101********1234."""
    if len(value) < 12:
        return "********"
    return value[:6] + "*" * (len(value) - 10) + value[-4:]


def mask_email(value: str) -> str:
    """someone@example.com → s***@example.com."""
    local, at, domain = value.partition("@")
    return f"{local[:1]}***{at}{domain}" if at else "***"


_masks: dict[type[Model], dict[str, Mask]] = {}


def masks(model: type[Model], **fields: Mask) -> None:
    """Declare the personal fields of `model` and how each is masked, beside the model."""
    _masks[model] = fields


def masked_fields(model: type[Model]) -> dict[str, Mask]:
    """The personal fields of `model`."""
    return _masks.get(model, {})


def masked(obj: Model, field: str) -> str:
    """What everybody who sees `obj` sees of `field`."""
    value: Any = getattr(obj, field)
    return masked_fields(type(obj))[field](str(value)) if value else ""
