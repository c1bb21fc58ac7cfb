"""Files: what is refused and why, what is kept, and how it is handed out (short form of trust row 39)."""

import tracemalloc
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.access.errors import BadInput, Conflict, DomainError, TooLarge
from crm.kernel.attachments.confinement import check_confined
from crm.kernel.attachments.models import StoredFile
from crm.kernel.attachments.rules.contents import CONTENT_TYPES, Limits, check_content
from crm.kernel.attachments.rules.names import checked_name, extension_of
from crm.kernel.attachments.rules.refusal import FileRefused
from crm.kernel.attachments.rules.text import check_text
from crm.kernel.attachments.sentences import refusal_sentence
from crm.kernel.attachments.services import file_intact, file_store
from crm.kernel.attachments.tests import makers
from crm.kernel.attachments.tests.corpus import GOOD, Good
from crm.kernel.attachments.tests.hostile_corpus import BAD, Bad
from crm.kernel.attachments.views import file_response
from crm.kernel.people.models import Person
from crm.tests.support.people import cast_member


@pytest.fixture
def owner(db: None) -> Person:
    return cast_member("owner")


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def store(name: str, body: bytes, by: Person) -> StoredFile:
    upload = SimpleUploadedFile("x", body)
    upload._name = name  # type: ignore[attr-defined]  # past Django's own cleaning, as another door might
    return file_store(upload=upload, by=by)


LIMITS = Limits(unpacked=314_572_800, ratio=200, entries=10_000, image_side=20_000)
# Through the service, each in a process of its own, goes one file of every rule; the rules themselves see all of them.
ONE_OF_EACH_RULE = tuple({bad.code: bad for bad in reversed(BAD)}.values())
ONE_OF_EACH_TYPE = tuple({good.type: good for good in reversed(GOOD)}.values())


def ids(files: Iterable[Good | Bad]) -> list[str]:
    return [ascii(file.name) for file in files]


@pytest.mark.parametrize("good", GOOD, ids=ids(GOOD))
def test_what_people_send_is_taken_under_its_true_type(good: Good) -> None:
    kept, extension = checked_name(good.name, allowed=CONTENT_TYPES)
    assert kept == (good.kept or good.name)
    assert check_content(BytesIO(good.make()), extension, LIMITS) == good.type


@pytest.mark.parametrize("bad", BAD, ids=ids(BAD))
def test_what_attackers_send_is_refused_and_the_refusal_names_what_was_found(bad: Bad) -> None:
    body = bad.make()
    with pytest.raises(FileRefused) as refused:
        _kept, extension = checked_name(bad.name, allowed=CONTENT_TYPES)
        check_content(BytesIO(body), extension, LIMITS)
    assert refused.value.code == bad.code
    sentence = refusal_sentence(refused.value)
    assert bad.found in sentence
    assert sentence
    assert "%(" not in sentence


def test_the_corpus_is_as_large_as_the_proof_asks() -> None:
    assert len({good.name for good in GOOD}) == len(GOOD) >= 40
    assert len({bad.name for bad in BAD}) == len(BAD) >= 60


@pytest.mark.parametrize("good", ONE_OF_EACH_TYPE, ids=ids(ONE_OF_EACH_TYPE))
def test_a_good_file_is_kept_under_its_hash(good: Good, owner: Person) -> None:
    stored = store(good.name, good.make(), owner)
    assert stored.name == (good.kept or good.name)
    assert stored.content_type == good.type
    assert stored.size == len(good.make())
    assert file_intact(stored)
    assert stored.storage_name == f"files/{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.sha256}"
    assert file_response(stored)["Content-Type"] == good.type


@pytest.mark.parametrize("bad", ONE_OF_EACH_RULE, ids=ids(ONE_OF_EACH_RULE))
def test_a_bad_file_is_refused_with_field_and_reason_and_nothing_is_kept(
    bad: Bad, owner: Person, tmp_path: Path
) -> None:
    with pytest.raises(DomainError) as refused:
        store(bad.name, bad.make(), owner)
    assert refused.value.code == f"file_{bad.code}"
    assert (refused.value.status, refused.value.field) == (400, "file")
    assert bad.found in str(refused.value.message)
    assert not StoredFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("bad", [bad for bad in BAD if bad.code.startswith("bomb_")], ids=lambda bad: bad.code)
def test_a_bomb_is_refused_from_its_directory_without_unpacking(bad: Bad) -> None:
    body = BytesIO(bad.make())
    tracemalloc.start()
    with pytest.raises(FileRefused):
        check_content(body, "docx", LIMITS)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * 1024 * 1024


def test_a_file_that_wants_more_memory_than_allowed_costs_its_own_process_only() -> None:
    with pytest.raises(FileRefused) as refused:
        check_confined(BytesIO(makers.heavy_pdf()), "pdf", LIMITS)
    assert refused.value.code == "too_costly"
    assert check_confined(BytesIO(makers.pdf()), "pdf", LIMITS) == "application/pdf"


def test_a_fault_of_the_check_itself_is_never_taken_for_a_fault_of_the_file() -> None:
    nonsense = replace(LIMITS, entries="many")  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="TypeError"):
        check_confined(BytesIO(makers.package()), "docx", nonsense)


class Counting(BytesIO):
    """A file that counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)


@pytest.mark.parametrize(
    ("make", "extension"),
    [
        (lambda: makers.jpeg(fill=48_000_000), "jpg"),
        (lambda: makers.jpeg(segments=12_000_000), "jpg"),
        (lambda: makers.png(chunks=4_000_000), "png"),
    ],
    ids=["fill", "segments", "chunks"],
)
def test_a_file_of_padding_is_refused_at_once(make: Any, extension: str) -> None:
    body = Counting(make())
    with pytest.raises(FileRefused) as refused:
        check_content(body, extension, LIMITS)
    assert refused.value.code == "damaged"
    assert body.reads < 40_000


def test_a_directory_that_lies_about_sizes_unfolds_no_further_than_it_says(owner: Person) -> None:
    """The prologue of a part is read at most, and the archive reader stops at the declared size."""
    body = bytearray(makers.package(extra={"word/a.xml": b"<a>" + b" " * 10_000_000 + b"</a>"}))
    at = body.rfind(b"PK\x01\x02")
    body[at + 24 : at + 28] = (10).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(BadInput):
        store("a.docx", bytes(body), owner)
    assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    tracemalloc.stop()


def test_a_file_above_the_limit_is_refused_by_its_size(owner: Person) -> None:
    upload = SimpleUploadedFile("a.pdf", makers.pdf())
    upload.size = 52_428_801
    with pytest.raises(TooLarge) as refused:
        file_store(upload=upload, by=owner, field="document")
    assert (refused.value.status, refused.value.field) == (413, "document")


def test_equal_content_is_kept_once_and_a_broken_copy_is_not_trusted(owner: Person, tmp_path: Path) -> None:
    first, second = store("a.pdf", makers.pdf(), owner), store("b.pdf", makers.pdf(), owner)
    assert first.storage_name == second.storage_name
    (tmp_path / first.storage_name).write_bytes(b"torn by a crash")
    assert not file_intact(first)
    third = store("c.pdf", makers.pdf(), owner)
    assert third.storage_name != first.storage_name
    assert file_intact(third)


@pytest.mark.parametrize("statement", ["UPDATE kernel_storedfile SET sha256 = sha256", "DELETE FROM kernel_storedfile"])
def test_stored_files_are_only_ever_added(statement: str, owner: Person) -> None:
    store("a.pdf", makers.pdf(), owner)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_download_is_never_a_page_of_ours(owner: Person, tmp_path: Path) -> None:
    stored = store("可研报告.pdf", makers.pdf(), owner)
    response = file_response(stored)
    assert b"".join(response) == makers.pdf()
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    (tmp_path / stored.storage_name).unlink()
    with pytest.raises(Conflict):
        file_response(stored)


def test_a_stranger_does_not_see_the_bare_row(owner: Person) -> None:
    stored = store("a.pdf", makers.pdf(), owner)
    assert StoredFile.objects.visible_to(owner).get() == stored
    assert not StoredFile.objects.visible_to(cast_member("stranger")).exists()


@given(st.text(max_size=130))
def test_every_name_is_taken_or_refused_for_a_reason(name: str) -> None:
    for candidate in (name, f"{name}.pdf"):
        try:
            kept, extension = checked_name(candidate, allowed=tuple(CONTENT_TYPES))
        except FileRefused as refusal:
            assert refusal.code
        else:
            assert extension in CONTENT_TYPES
            assert "/" not in kept
            assert len(kept) <= 120


@given(st.binary(max_size=400), st.sampled_from(GOOD), st.data())
def test_no_damage_breaks_a_check(noise: bytes, good: Good, data: Any) -> None:
    body = good.make()
    at = data.draw(st.integers(0, len(body)))
    cut = data.draw(st.integers(0, 40))
    damaged = body[:at] + noise + body[at + cut :]
    for candidate in (damaged, noise):
        try:
            check_content(BytesIO(candidate), extension_of(good.kept or good.name), LIMITS)
        except FileRefused as refusal:
            assert refusal.code


def test_the_bombs_are_bombs() -> None:
    with zipfile.ZipFile(BytesIO(makers.bomb(100))) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) > 100 * 1024 * 1024


def test_a_million_blank_lines_are_looked_through_once() -> None:
    """Before, each of them was the start of a walk to the end: 20,000 took nineteen seconds."""
    assert check_text(BytesIO(b"a,b\n1,2\n" + b"\n" * 1_000_000), cells=True) == "utf-8"
