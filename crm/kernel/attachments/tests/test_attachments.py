"""Files: what is refused and why, what is kept, and how it is handed out (first form of trust row 39)."""

import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.access.errors import BadInput, Conflict, DomainError, TooLarge
from crm.kernel.attachments.models import StoredFile
from crm.kernel.attachments.rules.contents import CHUNK, CONTENT_TYPES, Limits, check_content
from crm.kernel.attachments.rules.names import checked_name
from crm.kernel.attachments.rules.refusal import FileRefused
from crm.kernel.attachments.services import file_intact, file_store
from crm.kernel.attachments.tests import makers
from crm.kernel.attachments.views import file_response
from crm.kernel.people.models import Person
from crm.tests.support.people import cast_member

STREAM = b"3 0 obj<</Length 9>>\nstream\r\n%b\nendstream endobj\n"
CHART = makers.package("xlsx")
MACRO_TYPES = makers.CONTENT_TYPES.replace("application/xml", "application/vnd.ms-word.document.macroEnabled.main+xml")


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


GOOD = {
    "可研报告.pdf": makers.pdf(),
    "report.v2.PDF": makers.pdf(),
    "2026.11.20 会议纪要.docx": makers.package("docx"),
    "测算.xlsx": makers.package("xlsx"),
    "汇报.pptx": makers.package("pptx", extra={"ppt/embeddings/Microsoft_Excel_Sheet1.xlsx": CHART}),
    "发票.ofd": makers.zipped({"OFD.xml": b"<ofd:OFD xmlns:ofd='x'/>", "Doc_0/Document.xml": b"<d/>"}),
    "流.pdf": makers.pdf(STREAM % b"\x9c/AA /JS(\xff" + b"<</JSON 1/AAPL 2/Launches 3>>"),
    "图.png": makers.png(),
    "多块.png": makers.png(chunks=9_997),
    "填充.jpg": makers.jpeg(fill=64),
    "照片.jpg": makers.jpeg(),
    "照片.jpeg": makers.jpeg(after=b"\0" * 20),
    "说明.txt": "资金用途\n".encode(),
    "旧系统.csv": "客户,金额\n甲,1\n".encode("gb18030"),
    "utf.csv": "\ufeff客户,金额\n".encode(),
}

BAD = {
    "a.exe": (b"MZ", "type_not_allowed"),
    "a.EXE": (b"MZ", "type_not_allowed"),
    "a.svg": (b"<svg/>", "type_not_allowed"),
    "a.html": (b"<html>", "type_not_allowed"),
    "a.docm": (makers.package(), "type_not_allowed"),
    "a.zip": (makers.zipped({"a": b"a"}), "type_not_allowed"),
    "noextension": (makers.pdf(), "type_not_allowed"),
    ".pdf": (makers.pdf(), "name_path"),
    "a.exe.pdf": (makers.pdf(), "name_double_extension"),
    "a.pdf.docx": (makers.package(), "name_double_extension"),
    "a.HtMl.pdf": (makers.pdf(), "name_double_extension"),
    "../../etc/a.pdf": (makers.pdf(), "name_path"),
    "c:\\a.pdf": (makers.pdf(), "name_path"),
    "fdp\u202eexe.pdf": (makers.pdf(), "name_hidden_marks"),
    "a\u200b.pdf": (makers.pdf(), "name_hidden_marks"),
    "a\x00.pdf": (makers.pdf(), "name_hidden_marks"),
    "a\ud800.pdf": (makers.pdf(), "name_hidden_marks"),
    "a\n.pdf": (makers.pdf(), "name_hidden_marks"),
    "x" * 117 + ".pdf": (makers.pdf(), "name_long"),
    "empty.pdf": (b"", "empty"),
    "mz.pdf": (b"MZ" + makers.pdf(), "content_differs"),
    "page.pdf": (b"<html><script>alert(1)</script>", "content_differs"),
    "cut.pdf": (b"%PDF-1.7 ", "damaged"),
    "locked.pdf": (makers.pdf(b"trailer<</Encrypt 5 0 R>>"), "encrypted"),
    "script.pdf": (makers.pdf(b"<</S/JavaScript/JS(app.alert(1))>>"), "active_content"),
    "launch.pdf": (makers.pdf(b"<</S/Launch/F(cmd.exe)>>"), "active_content"),
    "spelled.pdf": (makers.pdf(b"<</S/J#61v#61Script>>"), "active_content"),
    "spelled-lock.pdf": (makers.pdf(b"trailer<</#45ncrypt 5 0 R>>"), "encrypted"),
    "js.pdf": (makers.pdf(b"<</S/Rendition/JS(app.alert(1))>>"), "active_content"),
    "spelled-js.pdf": (makers.pdf(b"<</#4a#53 7 0 R>>"), "active_content"),
    "opening.pdf": (makers.pdf(b"<</AA<</O 5 0 R>>>>"), "active_content"),
    "after-stream.pdf": (makers.pdf(STREAM % b"x" + b"<</AA 5 0 R>>"), "active_content"),
    "posting.pdf": (makers.pdf(b"<</S/SubmitForm/F(http://x)>>"), "active_content"),
    "importing.pdf": (makers.pdf(b"<</S /ImportData/F(a.fdf)>>"), "active_content"),
    "carrying.pdf": (makers.pdf(b"<</Type/EmbeddedFile/Length 1>>"), "active_content"),
    "carrier.pdf": (makers.pdf(b"<</Names<</EmbeddedFiles 9 0 R>>>>"), "active_content"),
    "media.pdf": (makers.pdf(b"<</Subtype/RichMedia>>"), "active_content"),
    "border.pdf": (makers.pdf(b" " * (CHUNK - 45) + b"<</S/JavaScr#69pt>>"), "active_content"),
    "border-aa.pdf": (makers.pdf(b" " * (CHUNK - 44) + b"<</AA 5 0 R>>"), "active_content"),
    "both.pdf": (makers.pdf(makers.zipped({"a": b"a"})), "content_differs"),
    "tail.png": (makers.png(after=makers.zipped({"a": b"a"})), "content_differs"),
    "huge.png": (makers.png(50_000, 50_000), "image_sides"),
    "none.png": (makers.png(0, 5), "image_sides"),
    "cut.png": (makers.png()[:20], "damaged"),
    "huge.jpg": (makers.jpeg(50_000, 2), "image_sides"),
    "tail.jpg": (makers.jpeg(after=makers.zipped({"a": b"a"})), "damaged"),
    "page.jpg": (b"\xff\xd8<html>", "damaged"),
    "fill.jpg": (makers.jpeg(fill=65), "damaged"),
    "segments.jpg": (makers.jpeg(segments=10_001), "damaged"),
    "chunks.png": (makers.png(chunks=9_998), "damaged"),
    "swapped.png": (makers.jpeg(), "content_differs"),
    "page.txt": (b" \n<!DOCTYPE html><script>1</script>", "content_differs"),
    "svg.csv": ('\ufeff<svg onload="alert(1)">'.encode(), "content_differs"),
    "binary.txt": (b"\x00\x01\x02", "content_differs"),
    "elf.csv": (b"\x7fELF\x02\x01", "content_differs"),
    "half.txt": (b"ab\xff\xff", "content_differs"),
    "plain.docx": (makers.zipped({"a.xml": b"<a/>"}), "content_differs"),
    "sheet.docx": (makers.package("xlsx"), "content_differs"),
    "text.docx": (b"hello", "content_differs"),
    "old.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted_or_old"),
    "locked.docx": (makers.encrypted_package(), "encrypted"),
    "macro.docx": (makers.package(extra={"word/vbaProject.bin": b"x"}), "macros"),
    "macro2.docx": (makers.package(types=MACRO_TYPES), "macros"),
    "macro4.xlsx": (makers.package("xlsx", extra={"xl/macrosheets/sheet1.xml": b"<m/>"}), "macros"),
    "control.docx": (makers.package(extra={"word/activeX/activeX1.bin": b"x"}), "macros"),
    "program.docx": (makers.package(extra={"word/embeddings/a.exe": b"MZ"}), "package_program"),
    "page.docx": (makers.package(extra={"word/a.html": b"<html>"}), "package_program"),
    "slip.docx": (makers.package(extra={"../../evil.xml": b"<a/>"}), "package_path"),
    "root.docx": (makers.package(extra={"/evil.xml": b"<a/>"}), "package_path"),
    "xxe.docx": (
        makers.package(extra={"word/a.xml": b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'}),
        "package_entities",
    ),
    "xxe16.docx": (
        makers.package(extra={"word/a.xml": '<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16")}),
        "package_entities",
    ),
    "late.docx": (
        makers.package(extra={"word/a.xml": b"<!--" + b"x" * 5000 + b"--><!DOCTYPE a><a/>"}),
        "package_entities",
    ),
    "quoting.docx": (
        makers.package(extra={"word/a.xml": b"<!-- <a>" + b"x" * 5000 + b"--><!DOCTYPE a><a/>"}),
        "package_entities",
    ),
    "nested.docx": (makers.package(extra={"word/embeddings/a.zip": makers.zipped({"a": b"a"})}), "package_nested"),
    "deep.docx": (
        makers.package(
            extra={"word/embeddings/a.xlsx": makers.package("xlsx", extra={"xl/embeddings/b.docx": makers.package()})}
        ),
        "package_nested",
    ),
    "inner.docx": (
        makers.package(extra={"word/embeddings/a.xlsx": makers.package("xlsx", extra={"xl/vbaProject.bin": b"x"})}),
        "macros",
    ),
    "overlap.docx": (makers.overlapping(), "damaged"),
    "cut.docx": (makers.package()[:-10], "damaged"),
    "front.docx": (b"%PDF-" + makers.package(), "content_differs"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_kept_under_its_hash(name: str, owner: Person) -> None:
    stored = store(name, GOOD[name], owner)
    assert stored.name == name
    assert stored.size == len(GOOD[name])
    assert file_intact(stored)
    assert stored.storage_name == f"files/{stored.sha256[:2]}/{stored.sha256[2:4]}/{stored.sha256}"


@pytest.mark.parametrize("name", BAD, ids=[ascii(name) for name in BAD])
def test_a_bad_file_is_refused_with_field_and_reason_and_nothing_is_kept(
    name: str, owner: Person, tmp_path: Path
) -> None:
    body, reason = BAD[name]
    with pytest.raises(DomainError) as refused:
        store(name, body, owner)
    assert refused.value.code == f"file_{reason}"
    assert (refused.value.status, refused.value.field) == (400, "file")
    assert str(refused.value.message)
    assert "%(" not in str(refused.value.message)
    assert not StoredFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: makers.bomb(400), "bomb_size"),
        (lambda: makers.bomb(100), "bomb_ratio"),
        (lambda: makers.package(extra={f"word/{n}.bin": b"" for n in range(10_001)}), "bomb_entries"),
    ],
    ids=["size", "ratio", "entries"],
)
def test_a_bomb_is_refused_from_its_directory_without_unpacking(make: Any, reason: str, owner: Person) -> None:
    body = make()
    tracemalloc.start()
    with pytest.raises(BadInput) as refused:
        store("a.docx", body, owner)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.code == f"file_{reason}"
    assert peak < 60 * 1024 * 1024


class Counting(BytesIO):
    """A file that counts how often it is read."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        return super().read(size)


LIMITS = Limits(unpacked=10**7, ratio=200, entries=100, image_side=20_000)


@pytest.mark.parametrize(
    ("make", "extension"),
    [
        (lambda: makers.jpeg(fill=48_000_000), "jpg"),
        (lambda: makers.jpeg(segments=12_000_000), "jpg"),
        (lambda: makers.png(chunks=4_000_000), "png"),
        (lambda: makers.pdf(b"stream\n" * 6_000_000), "pdf"),
        (lambda: makers.pdf(b">>stream\nendstream" * 2_800_000), "pdf"),
    ],
    ids=["fill", "segments", "chunks", "words", "streams"],
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


@given(st.binary(max_size=400), st.sampled_from(sorted(GOOD)), st.data())
def test_no_damage_breaks_a_check(noise: bytes, name: str, data: Any) -> None:
    body = GOOD[name]
    at = data.draw(st.integers(0, len(body)))
    cut = data.draw(st.integers(0, 40))
    damaged = body[:at] + noise + body[at + cut :]
    for candidate in (damaged, noise):
        try:
            check_content(BytesIO(candidate), name.rsplit(".", 1)[1].lower(), LIMITS)
        except FileRefused as refusal:
            assert refusal.code


def test_the_bombs_are_bombs() -> None:
    with zipfile.ZipFile(BytesIO(makers.bomb(100))) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) > 100 * 1024 * 1024
