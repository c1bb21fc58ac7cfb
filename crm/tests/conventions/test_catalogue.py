"""The Chinese catalogue is what the sources ask for: no text is missing, none is left over."""

from pathlib import Path

from tools.translations import catalogue_path, extract, problems

PAGE = '{% load i18n %}<h1>{% translate "Clients" %}</h1>'


def tree_with(folder: Path, page: str) -> Path:
    (folder / "templates").mkdir()
    (folder / "templates" / "page.html").write_text(page)
    extract(folder, {"Clients": "客户", "Loans": "贷款"})
    return folder


def test_a_catalogue_just_written_is_well(tmp_path: Path) -> None:
    assert problems(tree_with(tmp_path, PAGE)) == []


def test_a_text_that_no_source_asks_for_any_more_is_reported(tmp_path: Path) -> None:
    tree = tree_with(tmp_path, PAGE + '{% translate "Loans" %}')
    assert "Loans" in catalogue_path(tree).read_text("utf-8")
    (tree / "templates" / "page.html").write_text(PAGE)
    assert problems(tree) == ["The catalogue is not what the sources give: run `make translations` and commit it."]


def test_a_message_without_chinese_text_is_named_with_its_file(tmp_path: Path) -> None:
    tree = tree_with(tmp_path, PAGE)
    (tree / "templates" / "page.html").write_text(PAGE + '{% translate "Ratings" %}')
    assert problems(tree) == ["templates/page.html: no Chinese text for 'Ratings'"]
