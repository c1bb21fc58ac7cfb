"""What Django's migrations cannot say: the stamp on audit events, the append-only guards, the rights of the
application role.
"""

from django.db import migrations

from crm.kernel.audit import guards

CREATE_STAMP = """
-- The bytes that will be sealed are made here, from the columns, so that no writer (INSERT ... SELECT included) can
-- store a row whose columns say one thing and whose sealed bytes another. Transaction id and time are the server's,
-- whatever the writer gave.
CREATE FUNCTION audit_stamp_event() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.xid := pg_current_xact_id()::text::bigint;
    NEW.written_at := clock_timestamp();
    NEW.payload := jsonb_build_object(
        'id', NEW.id,
        'xid', NEW.xid,
        'written_at', to_char(NEW.written_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'at', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'action', NEW.action,
        'outcome', NEW.outcome,
        'reason', NEW.reason,
        'subject_type', NEW.subject_type,
        'subject_id', NEW.subject_id,
        'subject_name', NEW.subject_name,
        'person_id', NEW.person_id,
        'person_name', NEW.person_name,
        'roles', NEW.roles,
        'account_id', NEW.account_id,
        'account_name', NEW.account_name,
        'on_behalf_of_id', NEW.on_behalf_of_id,
        'on_behalf_of_name', NEW.on_behalf_of_name,
        'door', NEW.door,
        'ip', host(NEW.ip),
        'request_id', NEW.request_id,
        'data', NEW.data,
        'before', NEW.before,
        'after', NEW.after
    )::text;
    RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON kernel_auditevent FOR EACH ROW EXECUTE FUNCTION audit_stamp_event();
"""
DROP_STAMP = "DROP TRIGGER stamp ON kernel_auditevent; DROP FUNCTION audit_stamp_event();"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        *guards.grant_app_role(),
        migrations.RunSQL(CREATE_STAMP, DROP_STAMP),
        migrations.RunSQL(guards.CREATE_REFUSE_CHANGE, guards.DROP_REFUSE_CHANGE),
        *guards.append_only("kernel_auditevent"),
        *guards.append_only("kernel_auditseal"),
    ]
