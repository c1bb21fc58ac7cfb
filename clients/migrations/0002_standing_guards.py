"""The history of a client's standing is only ever added to."""

from django.db import migrations

from crm.kernel.audit import guards


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial"), ("kernel", "0002_audit_guards")]

    operations = [*guards.append_only("clients_standingfact")]
