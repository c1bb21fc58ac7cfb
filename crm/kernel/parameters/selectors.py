"""Reads of parameters. Each costs one query: nothing is kept between requests, so nothing can be stale."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from crm.kernel.access.policies import Viewer
from crm.kernel.parameters.models import Parameter, ParameterVersion
from crm.kernel.workdays import clock

_HOLDS = "v.status = 'published' AND v.effective_from <= %s AND (v.effective_to IS NULL OR v.effective_to >= %s)"
_OF = "FROM kernel_parameterversion v JOIN kernel_parameter p ON p.id = v.parameter_id WHERE p.code ="
IN_FORCE = f"""SELECT DISTINCT ON (p.id) p.code, v.value, v.version, v.source, v.effective_from
{_OF} ANY(%s) AND {_HOLDS} ORDER BY p.id, v.effective_from DESC, v.version DESC"""
VALUE_IN_FORCE = f"SELECT v.value {_OF} %s AND {_HOLDS} ORDER BY v.effective_from DESC, v.version DESC LIMIT 1"


@dataclass(frozen=True)
class ParameterValue:
    """A value in force with the version and source that a result stores beside itself."""

    code: str
    value: Any
    version: int
    source: str
    effective_from: date

    @property
    def decimal(self) -> Decimal:
        """The value as Decimal, for those kept as text or whole number."""
        return Decimal(self.value)

    def as_stamp(self) -> dict[str, Any]:
        """What a stored result says about the parameter it used."""
        return {"code": self.code, "version": self.version, "effective_from": self.effective_from.isoformat()}


def values(codes: Iterable[str], *, on: date | None = None) -> dict[str, ParameterValue]:
    """The values in force on a day (today unless told), by code, in one query.

    In force: published, begun, not ended; of several the latest begun, of those the highest version. A code without
    one is a mistake of the set-up (ImproperlyConfigured), never silently zero.
    """
    wanted, day = set(codes), on or clock.today()
    found = {row[0]: ParameterValue(*row) for row in _in_force(wanted, day)}
    if missing := sorted(wanted - set(found)):
        raise ImproperlyConfigured(f"no value in force on {day} for {', '.join(missing)}: run manage.py load_reference")
    return found


def _in_force(codes: Iterable[str], day: date) -> list[tuple[Any, ...]]:
    """Code, value, version, source and first day of each. In plain SQL: nearly every page reads parameters, and
    composing this cost more than answering it.
    """
    with connection.cursor() as cursor:
        cursor.execute(IN_FORCE, [sorted(codes), day, day])
        return [(code, json.loads(value), *rest) for code, value, *rest in cursor.fetchall()]


def _holds(on: date) -> Q:
    """Of versions those that are published and hold on a day; several of a parameter may."""
    is_not_over = Q(effective_to__isnull=True) | Q(effective_to__gte=on)
    return is_not_over & Q(status=ParameterVersion.Status.PUBLISHED, effective_from__lte=on)


def versions_in_force(*, on: date) -> QuerySet[ParameterVersion]:
    """Of each parameter the version that holds on a day."""
    return (
        ParameterVersion.objects.filter(_holds(on))
        .order_by("parameter_id", "-effective_from", "-version")
        .distinct("parameter_id")
    )


def value_then(code: str, *, on: date) -> Any:
    """The value in force on a past day; for a day before the first version, that version's. Two queries at most."""
    if found := _in_force([code], on):
        return found[0][1]
    rows = ParameterVersion.objects.filter(parameter__code=code, status=ParameterVersion.Status.PUBLISHED)
    return rows.order_by("effective_from", "version").values_list("value", flat=True).first()


def value_of(code: str, *, version: int) -> Any:
    """What a version said, for results that name it. One query."""
    return ParameterVersion.objects.values_list("value", flat=True).get(parameter__code=code, version=version)


def shorten(value: Any) -> str:
    """A value in one line, as a list shows it: figures and words as they are, tables as `name: figure`."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {shorten(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(shorten(item) for item in value)
    return str(value)


def as_subquery(code: str, *, on: date) -> RawSQL:
    """The value in force on a day inside another query; NULL where there is none."""
    return RawSQL(VALUE_IN_FORCE, [code, on, on], output_field=JSONField())  # noqa: S611 - constant text


def value_in_force(*, on: date) -> Subquery:
    """The value in force on a day of the parameter that is asked for around it; NULL where there is none."""
    rows = ParameterVersion.objects.filter(_holds(on), parameter=OuterRef("pk"))
    return Subquery(rows.order_by("-effective_from", "-version").values("value")[:1], output_field=JSONField())


def value(code: str, *, on: date | None = None) -> ParameterValue:
    """One value in force on a day (today unless told). One query; for several use `values`."""
    return values([code], on=on)[code]


def label(item: dict[str, Any]) -> str:
    """The word of an `{code, zh, en}` item in the reader's language."""
    return str(item["zh"] if (get_language() or "zh").startswith("zh") else item["en"])


def choices(code: str, *, on: date | None = None) -> list[tuple[str, str]]:
    """What a choice field offers, from a parameter that is a list of `{code, zh, en}`, in the reader's language."""
    return choices_of(value(code, on=on))


def choices_of(found: ParameterValue) -> list[tuple[str, str]]:
    """The same from a value already read with others."""
    return [(item["code"], label(item)) for item in found.value]


def parameter_list(*, viewer: Viewer) -> QuerySet[Parameter]:
    """The parameters this person may read."""
    return Parameter.objects.visible_to(viewer)


def version_list(*, viewer: Viewer) -> QuerySet[ParameterVersion]:
    """Their versions, newest first, with the people who proposed and approved."""
    return (
        ParameterVersion.objects.visible_to(viewer)
        .select_related("parameter", "proposed_by", "approved_by")
        .order_by("parameter__code", "-version")
    )


def published_list(*, viewer: Viewer) -> QuerySet[ParameterVersion]:
    """What holds, has held or will hold, parameter by parameter, the newest version first."""
    rows = ParameterVersion.objects.visible_to(viewer).filter(status=ParameterVersion.Status.PUBLISHED)
    return rows.select_related("parameter").order_by("parameter__code", "-version")
