"""Names as they were at the act: who signed, in which post and department, with which roles; of which client.

Each model that holds signed or decided things names in KEEPS the foreign keys whose words its rows keep. A trigger of
the database (`keep_words`) writes them into `kept_words` whenever such a key is set, whoever writes the row, and
overrules what a writer says. Pages, paper and API show `row.kept.<field>`; today's name may stand beside.

`kept_words` is {"decided_by": {"name", "department", "post", "roles", "level"}, "client": {"name", "code"}}. Rows that
are older than the column have `filled` in it: their words come from the audit trail where it tells them, else from the
day of the migration; digests of evidence leave these out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models import Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Source:
    """Where the words of a key come from that is no person: an SQL function of the key.

    `again`: a column whose change has them kept anew; `told`: the function for rows older than their words.
    """

    function: str
    again: str = ""
    told: str = ""


@dataclass(frozen=True)
class KeptName:
    """The words of one key. `current_name`: today's name where it is another and the row was read with it."""

    pk: int
    name: str
    department: str = ""
    post: str = ""
    roles: tuple[str, ...] = ()
    level: int = 0
    code: str = ""
    client: str = ""
    grade: str = ""
    institution: str = ""
    current_name: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Department and post."""
        return " · ".join(filter(None, (self.department, self.post)))

    @property
    def note(self) -> str:
        """Department and post, and today's name if another."""
        current = gettext("now %(name)s") % {"name": self.current_name} if self.current_name else ""
        return " · ".join(filter(None, (self.place, current)))

    @property
    def full(self) -> str:
        """The name with its note in brackets, for a sentence."""
        return gettext("%(text)s (%(note)s)") % {"text": self.name, "note": self.note} if self.note else self.name


class KeptOf:
    """`row.kept`: each name of KEEPS as an attribute, a KeptName, or None where the key is empty."""

    def __init__(self, row: "KeptWords") -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        row = self._row
        if name not in row.KEEPS:
            raise AttributeError(f"{type(row).__name__} keeps no words of {name}")
        key: Any = row._meta.get_field(name)
        pk = getattr(row, key.attname)
        if pk is None:
            return None
        words = row.kept_words.get(name) if isinstance(row.kept_words, dict) else None
        if words is None:
            return KeptName(pk, str(getattr(row, name)))
        today = row._state.fields_cache.get(name)
        current = "" if today is None or str(today) == words["name"] else str(today)
        return KeptName(pk, **{**words, "roles": tuple(words.get("roles", ()))}, current_name=current)


class KeptWords(models.Model):
    """Abstract: a row that keeps the words of the keys named in KEEPS. Its migration calls `keep_words`."""

    KEEPS: ClassVar[tuple[str, ...]] = ()

    kept_words = models.JSONField(_("names as of the act"), editable=False, db_default=Value({}, models.JSONField()))

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; what the database wrote into the words is read when it is asked for."""
        is_new = self._state.adding
        if self.pk is None:
            self.kept_words = {}
        super().save(*args, **kwargs)
        if not is_new:
            self.__dict__.pop("kept_words", None)

    @property
    def kept(self) -> KeptOf:
        """The words as of the act."""
        return KeptOf(self)


PERSON = "kernel_person_words"
"""SQL function of key and moment of the act; with `_told` behind its name for rows older than their words."""
DEPARTMENT, POST = Source("kernel_department_words"), Source("kernel_post_words")


def keep_words(
    table: str, *, people: Mapping[str, str] | None = None, others: Mapping[str, Source] | None = None
) -> list[Operation]:
    """Migration operations: fill `kept_words` of the rows that exist, then let a trigger write it.

    `people`: foreign key to a person → column with the moment of the act ("" for none: the time of writing). `others`:
    foreign key → source of its words. The table has the column already.
    """
    people, others = people or {}, others or {}
    branches = [
        _BRANCH.format(
            name=name,
            moved=_moved(at),
            words=f"{PERSON}(NEW.{name}_id, {f'NEW.{at}' if at else 'now()'})",
        )
        for name, at in people.items()
    ]
    branches += [
        _BRANCH.format(name=name, moved=_moved(source.again), words=f"{source.function}(NEW.{name}_id)")
        for name, source in others.items()
    ]
    told = [f"'{name}', {PERSON}_told({name}_id, {at or 'now()'})" for name, at in people.items()]
    told += [f"'{name}', {source.told or source.function}({name}_id)" for name, source in others.items()]
    fill = f"UPDATE {table} SET kept_words = jsonb_strip_nulls(jsonb_build_object({', '.join(told)}, 'filled', true))"  # noqa: S608 - names of our own
    return [
        migrations.RunPython(_Fill(table, fill), migrations.RunPython.noop),
        migrations.RunSQL(
            _CREATE.format(table=table, branches="".join(branches)),
            f"DROP TRIGGER keep_words ON {table}; DROP FUNCTION {table}_keep_words();",
        ),
    ]


def _moved(column: str) -> str:
    return f"OR NEW.{column} IS DISTINCT FROM OLD.{column}" if column else ""


_BRANCH = """
    IF NEW.{name}_id IS NULL THEN
        words := words - '{name}';
    ELSIF TG_OP = 'INSERT' OR NEW.{name}_id IS DISTINCT FROM OLD.{name}_id {moved} THEN
        words := words || jsonb_build_object('{name}', {words});
    END IF;"""
_CREATE = """
CREATE FUNCTION {table}_keep_words() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    words jsonb := CASE WHEN TG_OP = 'UPDATE' THEN OLD.kept_words ELSE '{{}}' END;
BEGIN{branches}
    NEW.kept_words := words;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_words BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_keep_words();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER keep_words;
"""


class _Fill:
    """One UPDATE of a table, its own triggers being off: the rows are evidence and are only completed (RunPython)."""

    def __init__(self, table: str, statement: str) -> None:
        self.table, self.statement = table, statement

    def __call__(self, apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal "
                "AND tgenabled <> 'D'",
                [self.table],
            )
            triggers = cursor.fetchall()
            cursor.execute(f"ALTER TABLE {self.table} DISABLE TRIGGER USER")
            cursor.execute(self.statement)
            for name, mode in triggers:
                how = {"A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}.get(mode, "ENABLE")
                cursor.execute(f'ALTER TABLE {self.table} {how} TRIGGER "{name}"')
