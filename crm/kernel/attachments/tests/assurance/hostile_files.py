"""Trust row 39: files. Every file of the corpus through the one service that takes files in, memory measured.

The files that only cost (`COSTLY`) may be refused or taken, within the same bound. Growth is that of this process and
of the largest process that a check ran in.
"""

import resource
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings

from crm.kernel.access.errors import DomainError
from crm.kernel.attachments.confinement import CONFINED, MEMORY_BYTES, run_check
from crm.kernel.attachments.models import StoredFile
from crm.kernel.attachments.rules.contents import Limits
from crm.kernel.attachments.rules.names import extension_of
from crm.kernel.attachments.services import file_intact, file_store
from crm.kernel.attachments.tests import makers
from crm.kernel.attachments.tests.corpus import GOOD
from crm.kernel.attachments.tests.hostile_corpus import BAD
from crm.kernel.attachments.views import file_response
from crm.kernel.people.models import Person
from crm.tests.support.people import cast_member

ROW = 39
TITLE = "files: bad ones are refused by name, good ones are taken"
GROWTH_MB = 200
LIMITS = Limits(unpacked=314_572_800, ratio=200, entries=10_000, image_side=20_000)
SEALED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "no-store",
}
COSTLY: dict[str, tuple[str, Callable[[], bytes]]] = {
    "twenty million numbers": ("a.pdf", makers.heavy_pdf),
    "twenty thousand objects": ("b.pdf", lambda: makers.pdf(*[b"<</S/GoTo/JSON 1>>"] * 20_000)),
    "a text of 250 MB": ("a.docx", lambda: makers.long_document(250)),
    "an attribute of 200 MB": ("b.docx", lambda: makers.long_attribute(200)),
    "a sheet of 250 MB": ("a.xlsx", lambda: makers.long_sheet(250)),
    "padding of 48 MB": ("a.jpg", lambda: makers.jpeg(fill=48_000_000)),
    "four million chunks": ("a.png", lambda: makers.png(chunks=4_000_000)),
    "text of 48 MB": ("a.csv", lambda: "甲,=1\n".encode() * 5_000_000),
}


def run(full: bool) -> dict[str, Any]:
    """The whole corpus and the costly files (short: every eighth of the corpus, one costly file)."""
    step, began = (1, time.monotonic()) if full else (8, time.monotonic())
    good, bad = GOOD[::step], BAD[::step]
    costly = COSTLY if full else dict(list(COSTLY.items())[:1])
    owner = cast_member("owner")
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        failures = [f"{file.name}: {what}" for file in good if (what := _why_not_taken(file, owner))]
        failures += [f"{file.name!a}: {what}" for file in bad if (what := _why_not_refused(file, owner))]
        grown = {name: _growth(filename, make, owner) for name, (filename, make) in costly.items()}
    most = max(grown.values())
    return {
        "target": f"{len(bad)} of {len(bad)} bad files refused by name and nothing kept, "
        f"{len(good)} of {len(good)} good ones taken and handed out sealed, memory grows under {GROWTH_MB} MB",
        "good": len(good),
        "bad": len(bad),
        "grown_mb": grown,
        "failures": failures,
        "ok": not failures and most < GROWTH_MB,
        "seconds": round(time.monotonic() - began, 1),
    }


def _store(name: str, body: bytes, owner: Person) -> StoredFile:
    upload = SimpleUploadedFile("x", body)
    upload._name = name  # type: ignore[attr-defined]  # past Django's own cleaning, as another entry point might
    return file_store(upload=upload, by=owner)


def _why_not_taken(file: Any, owner: Person) -> str:
    body = file.make()
    try:
        stored = _store(file.name, body, owner)
    except DomainError as error:
        return f"refused: {error}"
    answer = file_response(stored)
    sealed = all(answer[name] == value for name, value in SEALED.items())
    attachment = answer["Content-Disposition"].startswith("attachment")
    if not (sealed and attachment and b"".join(answer) == body and file_intact(stored)):
        return "not handed out as it came, sealed"
    return "" if (answer["Content-Type"], stored.name) == (file.type, file.kept or file.name) else str(answer)


def _why_not_refused(file: Any, owner: Person) -> str:
    before = StoredFile.objects.count()
    try:
        with transaction.atomic():
            _store(file.name, file.make(), owner)
    except DomainError as error:
        named = error.code == f"file_{file.code}" and file.found in str(error.message)
        return "" if named and StoredFile.objects.count() == before else f"{error.code}: {error.message}"
    return "taken"


def _growth(name: str, make: Callable[[], bytes], owner: Person) -> int:
    """Megabytes by which this process grew, or which the check's own process took, whichever is more."""
    body = make()
    before = _peak()
    try:
        _store(name, body, owner)
    except DomainError:
        pass
    own = max(0, _peak() - before - len(body) / 2**20)
    extension = extension_of(name)
    # A process that was ended for its time says nothing any more; it had at most what it may have.
    most = MEMORY_BYTES // 2**20
    taken = run_check(BytesIO(body), extension, LIMITS).get("peak_mb", most) if extension in CONFINED else 0
    return round(max(own, taken))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
