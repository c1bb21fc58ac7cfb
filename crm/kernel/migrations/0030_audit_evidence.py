"""Events hold digests of evidence; time, person and account of an event are bound to who writes it; anchors counted."""

import django.contrib.postgres.indexes
from django.db import migrations, models

from crm.kernel.audit import guards

# Written by the owner after every migration (proof.store_key); the application role may not even read it. The trigger
# below reads it with the owner's rights.
KEY = """
CREATE TABLE kernel_auditkey (
    id smallint PRIMARY KEY CHECK (id = 1),
    inner_pad bytea NOT NULL,
    outer_pad bytea NOT NULL
);
"""

STAMP = """
CREATE OR REPLACE FUNCTION audit_stamp_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pads kernel_auditkey;
    told text;
BEGIN
    NEW.xid := pg_current_xact_id()::text::bigint;
    NEW.written_at := clock_timestamp();
    -- Whoever is not the owner (nor may become it) proves that the application named time, person and account, and its
    -- time is the server's. `current_user` is the owner here: the function runs with its rights.
    IF NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
        told := concat_ws(chr(31),
            to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), coalesce(NEW.person_id::text, ''),
            NEW.person_name, NEW.roles, coalesce(NEW.account_id::text, ''), NEW.account_name,
            coalesce(NEW.on_behalf_of_id::text, ''), NEW.on_behalf_of_name, NEW.door, NEW.request_id);
        SELECT * INTO pads FROM kernel_auditkey;
        IF NEW.proof IS DISTINCT FROM
            encode(sha256(pads.outer_pad || sha256(pads.inner_pad || convert_to(told, 'UTF8'))), 'hex') THEN
            RAISE EXCEPTION 'audit event refused: time, person and account are not proven'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.at NOT BETWEEN NEW.written_at - interval '1 hour' AND NEW.written_at + interval '5 minutes' THEN
            RAISE EXCEPTION 'audit event refused: its time % is not the present', NEW.at
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.at := NEW.written_at;
    END IF;
    NEW.proof := '';
    NEW.payload := concat(
        '{"at": "', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        '", "id": ', NEW.id,
        ', "ip": ', coalesce('"' || host(NEW.ip) || '"', 'null'),
        ', "xid": ', NEW.xid,
        ', "data": ', coalesce(NEW.data, 'null'),
        ', "door": ', to_json(NEW.door),
        ', "after": ', coalesce(NEW.after, 'null'),
        ', "roles": ', to_json(NEW.roles),
        ', "action": ', to_json(NEW.action),
        ', "before": ', coalesce(NEW.before, 'null'),
        ', "reason": ', to_json(NEW.reason),
        ', "outcome": ', to_json(NEW.outcome),
        ', "evidence": ' || NEW.evidence::text,
        ', "person_id": ', coalesce(NEW.person_id::text, 'null'),
        ', "account_id": ', coalesce(NEW.account_id::text, 'null'),
        ', "request_id": ', to_json(NEW.request_id),
        ', "subject_id": ', to_json(NEW.subject_id),
        ', "written_at": "', to_char(NEW.written_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        '", "person_name": ', to_json(NEW.person_name),
        ', "account_name": ', to_json(NEW.account_name),
        ', "subject_name": ', to_json(NEW.subject_name),
        ', "subject_type": ', to_json(NEW.subject_type),
        ', "on_behalf_of_id": ', coalesce(NEW.on_behalf_of_id::text, 'null'),
        ', "on_behalf_of_name": ', to_json(NEW.on_behalf_of_name), '}'
    );
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION audit_stamp_event() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0051_two_people")]

    operations = [
        migrations.AddField(
            "auditevent", "evidence", models.JSONField(editable=False, null=True, verbose_name="evidence")
        ),
        migrations.AddField(
            "auditevent", "proof", models.CharField(db_default="", default="", editable=False, max_length=64)
        ),
        migrations.AddIndex(
            "auditevent",
            django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("evidence__isnull", False)), fields=["evidence"], name="audit_event_evidence"
            ),
        ),
        migrations.CreateModel(
            name="AuditAnchor",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("line_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the line")),
            ],
            options={
                "verbose_name": "audit anchor",
                "verbose_name_plural": "audit anchors",
                "ordering": ["number"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="audit_anchor_number_from_one")
                ],
            },
        ),
        *guards.append_only("kernel_auditanchor"),
        migrations.RunSQL(KEY, "DROP TABLE kernel_auditkey"),
        guards.owner_only("kernel_auditkey"),
        # No way back: the former function would take events in anybody's name again.
        migrations.RunSQL(STAMP),
    ]
