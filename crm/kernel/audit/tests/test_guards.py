"""Who has the application's password, or even the owner's, still cannot change what was recorded."""

from datetime import UTC, datetime, timedelta

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections, migrations, transaction
from django.db.migrations.state import ProjectState
from django.utils import timezone

from crm.kernel.audit import guards
from crm.kernel.audit.anchors import read_anchors, write_anchor
from crm.kernel.audit.models import AuditEvent
from crm.kernel.audit.proof import proof_of
from crm.kernel.audit.tests.helpers import seal_everything, write_events
from crm.kernel.audit.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)

ATTACKS = [
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN x int",
    "DROP TRIGGER append_only ON {table}",
    "DROP TABLE {table}",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION audit_stamp_event()",
    "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "GRANT UPDATE ON {table} TO CURRENT_USER",
    "SELECT 1 FROM {table} FOR UPDATE",
]  # fmt: skip
ATTACKS_ON_ALL = [
    "SET session_replication_role = replica",
    "DROP FUNCTION audit_refuse_change() CASCADE",
    "CREATE OR REPLACE FUNCTION audit_stamp_event() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DELETE FROM django_migrations",
    "UPDATE django_migrations SET name = name",
    "CREATE TABLE mine (n int)",
]


def attempt(app_connection, sql: str) -> None:
    """Run as the application role; raises what the server says."""
    try:
        with app_connection.cursor() as cursor:
            cursor.execute(sql)
            # GRANT by one who may not is only a warning: see whether it had an effect.
            if sql.startswith("GRANT"):
                cursor.execute(
                    "SELECT has_table_privilege(current_user, 'kernel_auditevent', 'UPDATE') "
                    "OR has_table_privilege(current_user, 'kernel_auditseal', 'UPDATE')"
                )
                if not cursor.fetchone()[0]:
                    raise psycopg2.errors.InsufficientPrivilege
    finally:
        app_connection.rollback()


def test_the_application_role_can_only_read_and_add(app_connection):
    write_events(2)
    seal_everything()
    for table, column in (("kernel_auditevent", "action"), ("kernel_auditseal", "digest")):
        for attack in ATTACKS:
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                attempt(app_connection, attack.format(table=table, column=column))
    assert AuditEvent.objects.count() == 2


def test_the_right_is_missing_and_not_only_the_trigger_in_the_way(app_connection):
    with app_connection.cursor() as cursor:
        for table in ("kernel_auditevent", "kernel_auditseal"):
            for right in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"):
                cursor.execute("SELECT has_table_privilege(current_user, %s, %s)", [table, right])
                assert cursor.fetchone() == (False,), (table, right)


def test_the_application_role_cannot_undo_the_guards(app_connection):
    for attack in ATTACKS_ON_ALL:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            attempt(app_connection, attack)
    with pytest.raises(psycopg2.Error):
        attempt(app_connection, f"SET ROLE {connection.settings_dict['USER']}")


def insert_event(app_connection, told: dict[str, object], proof: str) -> tuple[object, ...]:
    """One event, as the application role, by plain SQL."""
    with app_connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_auditevent (at, action, outcome, reason, subject_type, subject_id, subject_name, "
            "person_id, person_name, roles, account_id, account_name, on_behalf_of_name, door, request_id, data, xid, "
            "proof) VALUES (%(at)s, 'a.b', 'done', '', '', '', '', %(person_id)s, %(person_name)s, %(roles)s, "
            "%(account_id)s, %(account_name)s, '', %(door)s, %(request_id)s, '{}', 1, %(proof)s) "
            "RETURNING xid, payload, at, written_at, proof",
            {**told, "proof": proof},
        )
        return cursor.fetchone()


def told_event(**changes: object) -> dict[str, object]:
    return {
        "at": timezone.now(),
        "person_id": 7,
        "person_name": "林晓",
        "roles": "account_manager",
        "account_id": 70,
        "account_name": "linxiao",
        "on_behalf_of_id": None,
        "on_behalf_of_name": "",
        "door": "page",
        "request_id": "r-1",
        **changes,
    }


def test_the_application_role_may_read_and_add_and_the_time_is_the_server_s(app_connection):
    told = told_event(at=timezone.now() - timedelta(minutes=5))
    xid, payload, at, written_at, proof = insert_event(app_connection, told, proof_of(told))
    assert xid > 1
    assert '"action": "a.b"' in payload
    assert at == written_at
    assert proof == ""


@pytest.mark.parametrize(
    "change",
    [
        {"at": datetime(2026, 3, 1, 9, tzinfo=UTC)},
        {"person_id": 8},
        {"person_name": "陈致远"},
        {"account_id": 71},
        {"account_name": "chenzhiyuan"},
        {"door": "admin"},
        {"roles": "auditor"},
    ],
)
def test_the_application_role_writes_no_event_in_another_s_name_or_of_another_time(app_connection, change):
    told = told_event()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="not proven"):
        insert_event(app_connection, {**told, **change}, proof_of(told))
    app_connection.rollback()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="not proven"):
        insert_event(app_connection, {**told, **change}, "")


def test_a_proof_of_another_time_is_worth_nothing(app_connection):
    told = told_event(at=timezone.now() - timedelta(days=2))
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="not the present"):
        insert_event(app_connection, told, proof_of(told))


def test_the_application_role_cannot_read_the_key_of_proofs(app_connection):
    for sql in ("SELECT * FROM kernel_auditkey", "UPDATE kernel_auditkey SET inner_pad = ''"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            attempt(app_connection, sql)


def test_recording_sealing_anchoring_and_verifying_need_no_more_than_the_application_role(app_connection):
    owner = connections["default"]
    mine = owner.copy()
    mine.settings_dict = {
        **owner.settings_dict,
        "USER": app_connection.info.user,
        "PASSWORD": app_connection.info.password,
    }
    connections["default"] = mine
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone()[0] == django_settings.DATABASE_APP_ROLE
        write_events(3)
        seal_everything()
        write_anchor()
        report = verify(read_anchors())
    finally:
        mine.close()
        connections["default"] = owner
    assert (report.intact, report.anchored) == (True, 3)


def test_even_the_owner_is_refused_by_the_trigger():
    write_events(1)
    seal_everything()
    for table, column in (("kernel_auditevent", "action"), ("kernel_auditseal", "digest")):
        for sql in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="evidence"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def test_another_app_guards_its_table_with_the_same_helper(app_connection):
    run_sql("CREATE TABLE a_decision (n int); INSERT INTO a_decision VALUES (1)")
    try:
        apply(guards.append_only("a_decision"))
        for sql in ("UPDATE a_decision SET n = 2", "DELETE FROM a_decision", "TRUNCATE a_decision"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                attempt(app_connection, sql)
        with pytest.raises(DatabaseError, match="evidence"):
            run_sql("UPDATE a_decision SET n = 2")
        attempt(app_connection, "INSERT INTO a_decision VALUES (2)")
        apply(guards.append_only("a_decision"), backwards=True)
        attempt(app_connection, "UPDATE a_decision SET n = 2")
    finally:
        run_sql("DROP TABLE a_decision")


def test_tables_made_later_are_open_to_the_application_but_not_to_truncate(app_connection):
    run_sql("CREATE TABLE made_later (id bigint GENERATED BY DEFAULT AS IDENTITY, n int)")
    try:
        attempt(app_connection, "INSERT INTO made_later (n) VALUES (1)")
        attempt(app_connection, "UPDATE made_later SET n = 2")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            attempt(app_connection, "TRUNCATE made_later")
    finally:
        run_sql("DROP TABLE made_later")


def test_a_missing_or_mighty_application_role_fails_loudly(settings):
    for role in ("nobody_by_this_name", connection.settings_dict["USER"]):
        settings.DATABASE_APP_ROLE = role
        with pytest.raises(ImproperlyConfigured, match="application role"):
            apply(guards.grant_app_role())


def run_sql(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def apply(operations, *, backwards: bool = False) -> None:
    migration = migrations.Migration("scratch", "kernel")
    migration.operations = operations
    with connection.schema_editor() as editor:
        (migration.unapply if backwards else migration.apply)(ProjectState(), editor)
