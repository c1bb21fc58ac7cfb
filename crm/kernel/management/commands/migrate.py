"""`migrate` with the comparison of `makemigrations`: reworded labels are not reported as missing migrations."""

from django.core.management.commands.migrate import Command as Migrate

from crm.kernel.management.commands.makemigrations import SchemaAutodetector


class Command(Migrate):
    """Django's command; the comparison decides only what it reports after the work."""

    autodetector = SchemaAutodetector
