"""The database's half of the form in which identifying texts are compared."""

from django.db import migrations

from crm.kernel.text.search import create_identifying


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_department_codes")]

    operations = [create_identifying()]
