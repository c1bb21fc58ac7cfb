from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("risk", "0002_review_constraints"), ("kernel", "0003_parameter_and_file_guards")]
    operations = []
