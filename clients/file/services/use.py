"""What belongs to clients: a client that anything rests on is not taken out."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from clients.file.models import Client
from crm.kernel.access.errors import RuleRefused, Text


def find_use(keys: Collection[int]) -> dict[int, Text]:
    """Of each client that is in use, by its key, what it is used by first. One query for each kind of row.

    A row that comes and goes with the client is no use of it.
    """
    found: dict[int, Text] = {}
    for relation in Client._meta.related_objects:
        if relation.one_to_one:
            continue
        model: Any = relation.related_model
        name = relation.field.attname
        for key in (
            model._base_manager.filter(**{f"{name}__in": keys}).order_by().values_list(name, flat=True).distinct()
        ):
            found.setdefault(key, model._meta.verbose_name_plural)
    return found


def in_use(what: Text) -> RuleRefused:
    """The refusal that names it."""
    return RuleRefused(_("The client is in use: %(what)s.") % {"what": what}, code="in_use")
