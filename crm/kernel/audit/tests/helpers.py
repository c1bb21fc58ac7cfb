"""What several audit tests need: events to write, a sealer that waits for stragglers, an empty trail."""

import time

from django.db import connection, transaction
from django.utils import timezone

from crm.kernel.audit import context, sealing
from crm.kernel.audit.anchors import NOTHING, Anchor
from crm.kernel.audit.services import record

MANAGER = context.Actor(person_id=7, person_name="林晓", account_id=70, account_name="linxiao", roles="account_manager")


def write_events(n: int, *, by: context.ActsAs | context.Actor = MANAGER) -> None:
    """`n` committed events of one transaction each."""
    for number in range(n):
        with transaction.atomic():
            record("client.updated", subject=None, by=by, data={"n": number, "name": "福州港务"}, after={"grade": "AA"})


def seal_everything(*, seconds: float = 900) -> None:
    """Seal until nothing waits. Somebody else's transaction in the same database server may hold the sealer up for
    a while.
    """
    give_up = time.monotonic() + seconds
    while True:
        sealing.seal_events()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM kernel_auditevent e WHERE {sealing.UNSEALED}")
            waiting = cursor.fetchone()[0]
        if not waiting:
            return
        if time.monotonic() > give_up:
            raise AssertionError(f"{waiting} events were not sealed within {seconds} s")
        time.sleep(0.01)


def anchor_head(anchors: list[Anchor]) -> None:
    """Put the present head behind these anchors, as `write_anchor` would behind those of a file."""
    last, before = sealing.head(), anchors[-1] if anchors else None
    previous = before.sha256() if before else NOTHING
    anchors.append(Anchor(last.seq, last.digest.hex(), timezone.now().isoformat(), len(anchors) + 1, previous))


def empty_audit_tables() -> None:
    """TRUNCATE, as the owner of a throw-away database may. Refuses any database that does not look like one."""
    name = str(connection.settings_dict["NAME"])
    if not name.startswith(("test_", "sanshen_assure_")):
        raise RuntimeError(f"{name} is no throw-away database (test_… or sanshen_assure_…)")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kernel_auditevent, kernel_auditseal, kernel_auditanchor RESTART IDENTITY")
