"""Every reference to a rule, a section or a decision can be followed to a page of `docs/`."""

import re
import subprocess
from pathlib import Path

BASE = Path(__file__).resolve().parents[3]
DOCS = BASE / "docs"
SUFFIXES = (".py", ".html", ".css", ".js", ".json", ".yaml", ".md")
# "rules 1.3", "rules 5.1, 5.2", "architecture 4, 5 and 7", "visual 9", "trust rows 2 and 3", "ADR 7".
NUMBER = r"\d+(?:\.\d+)*"
REFERENCE = re.compile(
    rf"\b(rules|architecture|visual|trust rows?|ADR) ({NUMBER}(?:(?:, | and |, and ){NUMBER})*)(?![\w%])"
)


def sections(page: str) -> set[str]:
    """The numbers of the headings of a page, or of the rows of the table of proofs."""
    text = (DOCS / f"{page}.md").read_text("utf-8")
    pattern = rf"^\| ({NUMBER})\*? \|" if page == "trust" else rf"^#+ ({NUMBER})\.? "
    return set(re.findall(pattern, text, re.MULTILINE))


def decisions() -> set[str]:
    """The numbers of the records of decisions, without leading zeros."""
    return {str(int(path.name[:4])) for path in (DOCS / "adr").glob("[0-9]*.md")}


def tracked_files() -> list[Path]:
    """The files of the repository that may hold references; locks and the catalogue do not."""
    names = subprocess.run(["git", "ls-files"], cwd=BASE, capture_output=True, text=True, check=True).stdout.split("\n")
    return [BASE / name for name in names if name.endswith(SUFFIXES) and "package" not in name]


def references(text: str) -> list[tuple[str, str]]:
    """All references of a text as (page, number)."""
    found = REFERENCE.findall(text)
    return [(kind.split()[0], number) for kind, numbers in found for number in re.findall(NUMBER, numbers)]


def test_every_reference_leads_to_a_section() -> None:
    known = {page: sections(page) for page in ("rules", "architecture", "visual", "trust")} | {"ADR": decisions()}
    lost, followed = [], 0
    for path in tracked_files():
        if path == Path(__file__):
            continue
        for page, number in references(path.read_text("utf-8")):
            followed += 1
            if number not in known[page]:
                lost.append(f"{path.relative_to(BASE)}: {page} {number}")
    assert lost == []
    assert followed > 100, "the pattern finds no references any more"


def test_a_reference_to_nowhere_is_found() -> None:
    assert references('"""As rules 99.9 and 1.3, architecture 5 say; trust rows 2 and 3; ADR 7."""') == [
        ("rules", "99.9"),
        ("rules", "1.3"),
        ("architecture", "5"),
        ("trust", "2"),
        ("trust", "3"),
        ("ADR", "7"),
    ]
    assert "99.9" not in sections("rules")


def test_every_test_that_the_requirements_name_exists() -> None:
    named = re.findall(r"`([\w/]+/test_\w+\.py)`", (DOCS / "requirements.md").read_text("utf-8"))
    assert named
    assert [path for path in named if not (BASE / path).is_file()] == []
