"""Trust row 3: a refusal changes nothing. The figures are the walk's of row 2: a digest after each write refused."""

from typing import Any

from crm.tests.assurance.access_matrix import walked
from crm.tests.assurance.digest import tables

ROW = 3
TITLE = "a refusal changes nothing"


def run(full: bool) -> dict[str, Any]:
    """Every refused write cell of the walk."""
    tally = walked(full)
    return {
        "target": "0 rows changed by refused writes, in any business table",
        "refused_writes": tally.refused_writes,
        "tables": len(tables()),
        "changed": tally.changed_rows[:40],
        "ok": tally.is_alive and tally.refused_writes > 0 and not tally.changed_rows,
    }
