"""The sealed bytes are the canonical text of the columns, whatever the columns hold."""

import pytest
from django.db import connection, transaction

from crm.kernel.audit import context
from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.models import AuditEvent
from crm.kernel.audit.services import record

pytestmark = pytest.mark.django_db
ODD = 'a"b\\c\n\t\x01/é/三审/\U0001f600/\u2028/{"x": 1}/\''
CANONICAL = """
SELECT payload, payload::jsonb::text, (
    SELECT jsonb_object_agg(name, value) FROM jsonb_each(to_jsonb(event)) AS told(name, value)
    WHERE name NOT IN ('payload', 'at', 'written_at', 'proof') AND (name, value) <> ('evidence', 'null'))
    <@ payload::jsonb
FROM kernel_auditevent AS event ORDER BY id
"""


def test_the_bytes_are_the_database_s_own_text_of_every_column():
    odd = {ODD: ODD, "n": [1, 0.1, None, True], "deep": {"b": {}, "aa": []}}
    with transaction.atomic():
        record("test.plain", subject=None, by=SYSTEM)
        with context.context(door=context.Door.PAGE, ip="2001:db8::1", request_id=ODD[:20]):
            record("test.odd", subject=None, by=SYSTEM, data=odd, before=odd, after={}, reason=ODD)
    with connection.cursor() as cursor:
        cursor.execute(CANONICAL)
        found = cursor.fetchall()
    assert len(found) == AuditEvent.objects.count() == 2
    for payload, canonical, holds_every_column in found:
        assert payload == canonical
        assert holds_every_column
