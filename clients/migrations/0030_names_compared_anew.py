"""Names on file in the form in which they are compared from now on."""

from django.db import migrations

from crm.kernel.text.identifying import identifying_form

LENGTH = 240


def write_forms(apps, schema_editor):
    client_model = apps.get_model("clients", "Client")
    changed = []
    for client in client_model.objects.only("name", "name_normalised").iterator(chunk_size=2000):
        form = identifying_form(client.name)[:LENGTH] or client.name_normalised
        if form != client.name_normalised:
            client.name_normalised = form
            changed.append(client)
    client_model.objects.bulk_update(changed, ["name_normalised"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("clients", "0005_set_based_writes"), ("kernel", "0025_identifying_form")]

    operations = [migrations.RunPython(write_forms, migrations.RunPython.noop)]
