"""The tables a client file is checked against: industries (GB/T 4754-2017) and regions (GB/T 2260)."""

import csv
from pathlib import Path

from django.db import transaction

from clients.file.models import Industry, Region
from clients.file.rules.regions import region_rows

INDUSTRIES = Path(__file__).parent / "data" / "industries.csv"
BATCH = 2000


def industry_rows() -> list[tuple[str, str, str]]:
    """`(code, name, section)`: twenty sections, which are their own section, and ninety-seven divisions."""
    with INDUSTRIES.open(encoding="utf-8", newline="") as file:
        return [(row["code"], row["name"], row["section"] or row["code"]) for row in csv.DictReader(file)]


@transaction.atomic
def load() -> str:
    """Add what is missing and refresh what the tables renamed; nothing is deleted, clients may point to it."""
    return f"industries: {_load_industries()} written, regions: {_load_regions()} written"


def _load_industries() -> int:
    known = {row.code: (row.name, row.section) for row in Industry.objects.all()}
    rows = [
        Industry(code=code, name=name, section=section)
        for code, name, section in industry_rows()
        if known.get(code) != (name, section)
    ]
    Industry.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["code"], update_fields=["name", "section"]
    )
    return len(rows)


def _load_regions() -> int:
    known = {
        code: (name, parent or "", current)
        for code, name, parent, current in Region.objects.values_list("code", "name", "parent_id", "is_current")
    }
    rows = [
        Region(code=row.code, name=row.name, parent_id=row.parent or None, is_current=row.ended is None)
        for row in region_rows()
        if known.get(row.code) != (row.name, row.parent, row.ended is None)
    ]
    Region.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "parent", "is_current"],
    )
    return len(rows)
