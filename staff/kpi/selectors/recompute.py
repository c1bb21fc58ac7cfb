"""A closed quarter computed again: from the rows it kept (the same bytes, or it was meddled with), and from the facts
as they read today (a difference is a fact that changed after closing).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from risk.reviews.rules.dossier import hash_text
from staff.kpi.models import KpiCorrection, KpiPeriod, KpiResult
from staff.kpi.selectors.basis import closed_basis, computed, hashes, sheets_of


@dataclass(frozen=True)
class Shift:
    """One line of one person's sheet that reads otherwise today than when it was last told."""

    person: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What a check of one closed quarter found. `broken`: people whose sheet is not what its own rows, hash and scheme
    give; `shifts`: lines whose facts changed without a correction saying so.
    """

    period: str
    people: int
    broken: list[int]
    inputs_match: bool
    results_match: bool
    shifts: list[Shift]

    @property
    def is_sound(self) -> bool:
        return not self.broken and self.inputs_match and self.results_match and not self.shifts


def opened(results: list[KpiResult]) -> dict[int, dict[str, Any]]:
    """Person → document."""
    return {row.person_id: json.loads(row.document) for row in results}


def results_of(period: KpiPeriod) -> list[KpiResult]:
    """The period's results in the order of the people. One query."""
    return list(KpiResult.objects.filter(period=period).order_by("person_id"))


def shifts_of(period: KpiPeriod) -> list[Shift]:
    """Lines of a closed quarter whose facts read otherwise today than the sheet, or its last correction, says."""
    results = results_of(period)
    return _shifts(period, results, opened(results))


def _shifts(period: KpiPeriod, results: list[KpiResult], documents: Mapping[int, dict[str, Any]]) -> list[Shift]:
    told = _last_told(period)
    found = []
    for subject, _scheme, sheet in sheets_of(closed_basis(period, results, documents, as_kept=False)):
        now = {line["measure"]: line for line in sheet.document["lines"]}
        for line in documents[subject.person]["lines"]:
            known = told.get((subject.person, line["measure"]), line)
            if (after := now.get(line["measure"])) is not None and after != known:
                found.append(Shift(subject.person, known, after))
    return found


def _last_told(period: KpiPeriod) -> dict[tuple[int, str], dict[str, Any]]:
    """Person and measure → the line as the last comparison found it. One query."""
    rows = KpiCorrection.objects.filter(period=period).exclude(after="").order_by("pk")
    return {(row.person_id, row.measure): json.loads(row.after) for row in rows}


def verdict_of(period: KpiPeriod) -> Verdict:
    """Everything that can be said against a closed quarter."""
    results = results_of(period)
    documents = opened(results)
    # From the rows it kept: every sheet, byte for byte, and both hashes over all of them.
    kept = computed(closed_basis(period, results, documents, as_kept=True))
    broken = [
        row.person_id
        for row in results
        if kept[row.person_id].text != row.document
        or hash_text(row.document) != row.document_sha256
        or (row.points, row.measured) != (kept[row.person_id].sheet.points, kept[row.person_id].sheet.measured)
    ]
    went_in, came_out = hashes(kept)
    return Verdict(
        period.code,
        len(results),
        broken,
        went_in == period.inputs_sha256 and len(results) == period.people,
        came_out == period.results_sha256,
        _shifts(period, results, documents),
    )
