"""The name of a place in the dossier, from the models' own words."""

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.standing.models import Standing
from projects.deals.models import Investigator, Project

MODELS: dict[str, type[Model]] = {"project": Project, "client": Client, "grade": Standing}


def format_field(path: str) -> str:
    """`project.amount` → the field's name in the reader's language."""
    part, _dot, rest = path.partition(".")
    if part in MODELS:
        return _field(MODELS[part], rest)
    if part == "investigators":
        return str(Investigator.Part(rest.partition(".")[0]).label)
    if part.startswith("documents"):
        return _("Document")
    if part == "request":
        return _("Reason for the change") if rest == "reason" else _("Effect of the change")
    if part == "exposure":
        return _("Exposure including this project") if rest == "total" else _("Exposure")
    return path


def _field(model: type[Model], name: str) -> str:
    if name == "identity":
        name = "identity_number"
    try:
        return str(getattr(model._meta.get_field(name.removesuffix("_id")), "verbose_name", name))
    except FieldDoesNotExist:
        return name
