"""Migration operations that make a table append-only, and the rights of the application role.

Three nets: row triggers refuse UPDATE and DELETE for everybody, the owner included; the application role has no right
to either, nor to TRUNCATE; and it owns nothing, so it can neither disable the triggers nor give itself the right.
There is no TRUNCATE trigger: it would break every transactional test, and the missing right does that work.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

REFUSE_CHANGE = "audit_refuse_change"

CREATE_REFUSE_CHANGE = f"""
CREATE FUNCTION {REFUSE_CHANGE}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: its rows are evidence and are only ever added', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
DROP_REFUSE_CHANGE = f"DROP FUNCTION {REFUSE_CHANGE}();"


def append_only(table: str) -> list[Operation]:
    """Operations for the `operations` of an app's raw migration: `table` can be read and added to, nothing else.

    The migration must depend on `("kernel", "0002_audit_guards")`, which holds the shared trigger function.
    Example: `operations = [*append_only("risk_decision")]`. Reversible.
    """
    return [
        migrations.RunSQL(
            # ALWAYS: it fires for a session that plays a replica as well.
            f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {REFUSE_CHANGE}(); "
            f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER append_only;',
            f'DROP TRIGGER append_only ON "{table}";',
        ),
        migrations.RunPython(_AppRole(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {{role}}'),
                             _AppRole(f'GRANT UPDATE, DELETE ON "{table}" TO {{role}}')),
    ]  # fmt: skip


def owner_only(table: str) -> Operation:
    """The application role has no right at all to this table, not even to read it."""
    return migrations.RunPython(_AppRole(f'REVOKE ALL ON "{table}" FROM {{role}}'), migrations.RunPython.noop)


def grant_app_role() -> list[Operation]:
    """Operations of the first raw migration: the application may work with every table of the owner, now and later.

    It may not create, alter, truncate or own anything, and of the migrations' own table it may only read.
    """
    forward = (
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE TRUNCATE, REFERENCES, TRIGGER ON TABLES FROM {role}",
        "REVOKE TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA {schema} FROM {role}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    )
    backward = (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON TABLES FROM {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON SEQUENCES FROM {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {role}",
    )
    return [migrations.RunPython(_AppRole(*forward), _AppRole(*backward))]


class _AppRole:
    """Statements about the application role, run with its name filled in (RunPython's callable)."""

    def __init__(self, *statements: str) -> None:
        self.statements = statements

    def __call__(self, apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        role = settings.DATABASE_APP_ROLE
        quote = schema_editor.quote_name
        with schema_editor.connection.cursor() as cursor:
            _refuse_unfit_role(cursor, role)
            cursor.execute("SELECT current_schema()")
            schema = cursor.fetchone()[0]
            for statement in self.statements:
                cursor.execute(statement.format(role=quote(role), schema=quote(schema)))


def _refuse_unfit_role(cursor: Any, role: str) -> None:
    """Raise ImproperlyConfigured, with a hint, for a role that is missing or that could undo the guards."""
    cursor.execute(
        "SELECT rolsuper, pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s",
        [role],
    )
    found = cursor.fetchone()
    if found is None:
        raise ImproperlyConfigured(
            f"The application role {role!r} (user of DATABASE_URL) does not exist in this database server. "
            f"Create it first: CREATE ROLE {role} LOGIN PASSWORD '…'; migrate with DATABASE_OWNER_URL, another role."
        )
    if any(found):
        raise ImproperlyConfigured(
            f"The application role {role!r} (user of DATABASE_URL) is a superuser, or is or may become the role that "
            "migrates. It must own nothing, or the audit trail could be rewritten with it: migrate with another role "
            "(DATABASE_OWNER_URL)."
        )
