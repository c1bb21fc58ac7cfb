"""What was told of to-dos that are done by now counts as read."""

from django.db import migrations

SETTLE = """
UPDATE kernel_notice AS notice SET read_at = now() FROM kernel_todo AS todo
WHERE notice.object_type = 'kernel.todo' AND notice.object_id = todo.id::text AND notice.read_at IS NULL
    AND todo.done_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0080_notices_of_things"),
    ]

    operations = [migrations.RunSQL(SETTLE, migrations.RunSQL.noop)]
