"""A write sent again with the same `Idempotency-Key` has one effect: the answer is kept with it and given again.

Effect and answer are written in one transaction, so neither exists without the other. A refusal is not kept: sent
again, the request is judged again. What a service counts in spite of its refusal (a look-up given out) stays counted,
as without a key. Keys belong to an account; another account's request with the same key is another request. Kept for a
day.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.errors import BadInput, Conflict, DomainError, NotVisible, RuleRefused
from crm.kernel.web.models import KeptAnswer
from crm.kernel.workdays import clock

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 100
# The method that says whether the caller sees the row with this id now.
IsVisible = Callable[[int], bool]


def run_once(
    request: Request, run: Callable[[], Response], *, account_id: int, row_id: int | None, is_visible: IsVisible
) -> Response:
    """The answer of `run`, or the kept answer of an earlier request of this account with the same key.

    Conflict (409) while the earlier one is under way, RuleRefused (422) when it was another request, NotVisible when
    the row has since been taken from the caller's sight. `row_id`: the row the address names, None for a new one.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return run()
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise BadInput(_("Send 1 to %(most)d printable ASCII characters.") % {"most": LONGEST_KEY}, field=HEADER)
    digest = _digest(request)
    with transaction.atomic():
        _take_turn(account_id, key)
        now = clock.now()
        mine = KeptAnswer.objects.filter(account_id=account_id, key=key)
        # Of this key alone: who deletes the others' answers waits for the requests that delete them too.
        mine.filter(at__lte=now - KEPT_FOR).delete()
        kept = mine.first()
        if kept is not None:
            return _repeat(kept, digest, is_visible)
        try:
            response = run()
        except DomainError as error:
            # The service has undone its own writes. What it left is meant to stay: the transaction is not rolled back.
            refusal = error
        else:
            _keep(response, account_id, key, digest, row_id, is_visible)
            return response
    raise refusal


def _keep(
    response: Response, account_id: int, key: str, digest: str, row_id: int | None, is_visible: IsVisible
) -> None:
    subject_id = row_id if row_id is not None else _id_of(response)
    KeptAnswer.objects.create(
        account_id=account_id,
        key=key,
        digest=digest,
        status=response.status_code,
        etag=response.headers.get("ETag", ""),
        body=JSONRenderer().render(response.data).decode(),
        subject_id=subject_id,
        is_visible=subject_id is not None and is_visible(subject_id),
        at=clock.now(),
    )


def forget_answers() -> int:
    """Delete the answers that are kept no longer; how many."""
    return KeptAnswer.objects.filter(at__lte=clock.now() - KEPT_FOR).delete()[0]


def _take_turn(account_id: int, key: str) -> None:
    """Hold the key until the transaction ends; Conflict if another request holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"answer {account_id} {key}"])
        if not cursor.fetchone()[0]:
            raise Conflict(
                _("The first request with this key is still being processed."), field=HEADER, code="in_flight"
            )


def _repeat(kept: KeptAnswer, digest: str, is_visible: IsVisible) -> Response:
    if kept.digest != digest:
        raise RuleRefused(_("This key was used for another request."), field=HEADER, code="key_reused")
    if kept.is_visible and kept.subject_id is not None and not is_visible(kept.subject_id):
        raise NotVisible
    response = Response(json.loads(kept.body), status=kept.status)
    if kept.etag:
        response.headers["ETag"] = kept.etag
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _id_of(response: Response) -> int | None:
    found = response.data.get("id") if isinstance(response.data, dict) else None
    return found if isinstance(found, int) else None


def _digest(request: Request) -> str:
    """What tells one request from another: method, address, version, and every field and byte of the body."""
    told = hashlib.sha256()

    def add(*parts: bytes) -> None:
        for part in parts:
            told.update(len(part).to_bytes(8, "big") + part)

    add(str(request.method).encode(), request.get_full_path().encode(), request.headers.get("If-Match", "").encode())
    data: Any = request.data
    if not hasattr(data, "lists"):
        add(json.dumps(data, sort_keys=True).encode())
        return told.hexdigest()
    for name, values in sorted(data.lists()):
        for value in values:
            add(name.encode("utf-8", "surrogatepass"))
            if hasattr(value, "chunks"):
                add(str(value.name).encode("utf-8", "surrogatepass"))
                told.update(hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in value.chunks())).digest())
                value.seek(0)
            else:
                add(str(value).encode("utf-8", "surrogatepass"))
    return told.hexdigest()
