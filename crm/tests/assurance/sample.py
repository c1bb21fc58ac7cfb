"""Which cells are asked: all that tell something, or the short sample of the tests. Both are the same every time."""

import hashlib

from crm.tests.assurance import oracle
from crm.tests.assurance.cells import Cell, cells

# Ownership for the methods a route does not have; the others are tried in every situation.
FEW_ROWS = frozenset({"", "own", "other", "any", "absent", "final", "other_final"})
ADMIN_METHODS = frozenset({"GET", "POST"})
# Of two people in one role and one place the second adds nothing where neither is named.
TWINS = frozenset({"second_final_approver", "second_recheck_reviewer", "second_system_admin", "other_head", "revoked"})
# Who tries the methods a route does not have.
METHOD_ACTORS = frozenset(
    {"visitor", "machine", "owner", "stranger", "head", "final_approver", "auditor", "system_admin"}
)
SHORT_ACTORS = (
    "visitor",
    "owner",
    "stranger",
    "initial_reviewer",
    "auditor",
    "system_admin",
    "security_admin",
    "steward",
)
SHORT_ROWS = frozenset({"", "own", "other", "any", "initial", "other_initial"})
SHORT_ADMIN = ("changelist", "change")


def full_cells() -> list[Cell]:
    """Every route, actor, row and method; methods a route lacks in fewer states, the admin by the two it knows."""
    return [cell for cell in cells() if _in_full(cell)]


def _in_full(cell: Cell) -> bool:
    spec = oracle.specs()[cell.route]
    if spec.admin:
        return cell.method in ADMIN_METHODS and cell.situation in FEW_ROWS and cell.actor not in TWINS
    if cell.method in spec.methods:
        return True
    return cell.situation in FEW_ROWS and cell.actor in METHOD_ACTORS


def _pick(text: str, of: int) -> bool:
    """One in `of`, always the same ones."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % of == 0


def short_cells() -> list[Cell]:
    """Each route with the methods it has, by a few actors on own and foreign rows: the same few of them each time."""
    chosen = []
    for cell in cells(actors=SHORT_ACTORS):
        spec = oracle.specs()[cell.route]
        if cell.situation not in SHORT_ROWS:
            continue
        if spec.admin:
            keep = spec.admin in SHORT_ADMIN and cell.method == "GET" and _pick(str(cell), 9)
        elif cell.method in spec.methods:
            keep = _pick(str(cell), 4 if cell.actor in ("owner", "stranger") else 12)
        else:
            keep = _pick(str(cell), 60)
        if keep:
            chosen.append(cell)
    return chosen
