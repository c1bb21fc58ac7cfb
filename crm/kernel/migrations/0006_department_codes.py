"""A dot in a code would make two departments of one in the path of its subtree."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_set_based_writes"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="department",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[\\w-]+$")), name="kernel_department_code_is_one_word"
            ),
        ),
    ]
