"""The index by which the notices of one thing are found."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("kernel", "0076_holiday_notice_guard"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="notice",
            index=models.Index(fields=["object_type", "object_id", "recipient", "id"], name="kernel_notice_of_thing"),
        ),
    ]
