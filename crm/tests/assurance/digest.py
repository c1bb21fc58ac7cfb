"""What the business tables hold, as one figure per table: equal before and after a refusal, or the refusal wrote."""

from collections.abc import Iterable

from django.apps import apps
from django.db import connection

LABELS = ("kernel", "clients", "projects", "risk", "staff", "auth", "guardian", "contenttypes")
# The audit trail grows by the refusal itself and is judged apart; tries to log in and counted refusals are its like.
NOT_BUSINESS = ("kernel_auditevent", "kernel_auditseal", "kernel_loginattempt", "kernel_refusalcount")
# Large tables of reference data: their rows are not hashed but asked for the newest transaction that touched one.
REFERENCE = ("clients_region", "clients_industry", "kernel_calendarday", "auth_permission")


def tables() -> list[str]:
    """The tables of all models of the house, join tables included."""
    found = {
        model._meta.db_table
        for label in LABELS
        if label in apps.app_configs
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed
    }
    return sorted(name for name in found if name not in NOT_BUSINESS)


# Columns that say when something was used, as the audit trail does, and change nothing.
TRACES = {"kernel_apikey": "{last_used_at,last_used_from}"}


class Digest:
    """Takes the digest of all business tables in one query, and says later which of them differ."""

    def __init__(self) -> None:
        self.names = tables()

    def _part(self, name: str) -> str:
        row = f"(to_jsonb(t) - '{TRACES[name]}'::text[])" if name in TRACES else "t"
        held = "max(xmin::text::bigint)" if name in REFERENCE else f"coalesce(sum(hashtextextended({row}::text, 0)), 0)"
        return f"SELECT '{name}', count(*), {held} FROM \"{name}\" t"

    def take(self, names: Iterable[str] | None = None) -> dict[str, tuple[int, int]]:
        """Table → (rows, sum of the rows' hashes); all tables, or those named."""
        asked = self.names if names is None else list(names)
        if not asked:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(map(self._part, asked)))
            return {name: (rows, total) for name, rows, total in cursor.fetchall()}

    def changed_since(self, before: dict[str, tuple[int, int]], start: dict[str, int]) -> list[str]:
        """The tables that differ from `before`, where `start` is what was `touched()` when they were still as then.

        Inside one transaction: only the tables in which a row has been touched since are hashed again.
        """
        now = touched()
        moved = [name for name in self.names if now.get(name, 0) != start.get(name, 0)]
        after = self.take(moved)
        return [name for name in moved if before[name] != after[name]]


def touched() -> dict[str, int]:
    """Table → rows this transaction has inserted, updated or deleted so far, what was undone included.

    A hundred times cheaper than the digest: where it stands still nothing can have changed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {name: count for name, count in cursor.fetchall() if count}


def changed(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> list[str]:
    """The tables that differ."""
    return [name for name in before if before[name] != after[name]]


def last_event() -> int:
    """The newest audit row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM kernel_auditevent")
        return int(cursor.fetchone()[0])


def written_events(since: int) -> list[str]:
    """Audit rows since then that do not say that something was refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT action FROM kernel_auditevent WHERE id > %s AND outcome <> 'refused'", [since])
        return [str(row[0]) for row in cursor.fetchall()]
