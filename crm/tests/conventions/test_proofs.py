"""Every row of docs/trust.md has its proof, and every proof its row."""

import re
from pathlib import Path

import pytest

from crm.tests.assurance.registry import BASE, find_proofs

PROOF = 'ROW = 7\nTITLE = "seven"\n'


def test_every_row_has_a_proof_and_every_proof_a_row() -> None:
    table = (BASE / "docs" / "trust.md").read_text("utf-8")
    # A row with a star is held by tests alone.
    assert list(find_proofs()) == [int(row) for row in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]


def test_a_proof_is_found_in_the_folder_of_its_module(tmp_path: Path) -> None:
    folder = tmp_path / "staff" / "kpi" / "tests" / "assurance"
    folder.mkdir(parents=True)
    (folder / "quarters.py").write_text(PROOF)
    (folder / "helpers.py").write_text("SEED = 7\n")
    assert [proof.module for proof in find_proofs(tmp_path).values()] == ["staff.kpi.tests.assurance.quarters"]


def test_two_proofs_of_one_row_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "crm" / "tests" / "assurance"
    folder.mkdir(parents=True)
    for name in ("one.py", "two.py"):
        (folder / name).write_text(PROOF)
    with pytest.raises(ValueError, match="row 7 is claimed by"):
        find_proofs(tmp_path)
