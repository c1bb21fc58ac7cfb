"""The frozen dossier of the present round: heading, facts, tests, documents. Every figure is of the stored JSON."""

from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel.access.errors import Text
from crm.kernel.text import numbers
from crm.kernel.workdays import clock
from risk.reviews.rules.dossier import compare_dossiers
from risk.reviews.selectors.gates import Check
from risk.reviews.subjects import label_of
from risk.reviews.views.case import facts as reading
from risk.reviews.views.case.rows import CaseRows


class DossierPart:
    """What was submitted, as it was frozen. No query beside the rows."""

    def __init__(self, rows: CaseRows) -> None:
        self._rows, self.case = rows, rows.case

    @property
    def heading(self) -> str:
        project = self._rows.dossier["project"]
        product = self._rows.words.of("project.product", project["product"])
        return f"{project['name']} · {product} {reading.wan_prose(project['amount'])}"

    @property
    def project_name(self) -> str:
        return str(self._rows.dossier["project"]["name"])

    @property
    def product_words(self) -> str:
        project = self._rows.dossier["project"]
        return f"{self._rows.words.of('project.product', project['product'])} {reading.wan(project['amount'])}"

    @property
    def client_name(self) -> str:
        return str(self._rows.dossier["client"]["name"])

    @property
    def grade(self) -> str:
        return self._rows.dossier["grade"].get("grade") or ""

    @property
    def owner_name(self) -> str:
        return self._rows.owner_name

    @property
    def owner_department(self) -> str:
        return self.case.project.client.department.name

    @property
    def submitted_words(self) -> str:
        day = numbers.date_long(self._rows.round.opened_at)
        first = self._rows.round.number == 1
        return _("submitted %(day)s") % {"day": day} if first else _("resubmitted %(day)s") % {"day": day}

    @property
    def sha256(self) -> str:
        return self._rows.round.dossier_sha256

    @property
    def short(self) -> str:
        return f"{self.sha256[:4]}…{self.sha256[-4:]}"

    @property
    def frozen_at(self) -> str:
        return numbers.moment_short(self._rows.round.opened_at, self._rows.today)

    @cached_property
    def facts(self) -> list[tuple[Text, str]]:
        return reading.facts(self._rows.dossier, self._rows.words)

    @cached_property
    def tests(self) -> list[reading.Test]:
        closed = self.case.closed_at
        day: date = closed.astimezone(clock.SHANGHAI).date() if closed else self._rows.today
        return reading.tests(self._rows.dossier, self.case.authority, self._rows.words, day)

    @property
    def kind_words(self) -> Text:
        """The kind of review, where it is not the project's application."""
        return label_of(self.case)

    @cached_property
    def changes(self) -> list[reading.Row]:
        """Of a requested change: each term as it is decided and as it is asked for."""
        dossier = self._rows.dossier
        decided = dossier.get("decided", {})
        asked = {name: dossier["project"][name] for name in decided}
        return reading.rows_of(compare_dossiers({"project": decided}, {"project": asked}), self._rows.words)

    @property
    def request(self) -> dict[str, str]:
        """Of a requested change: its reason and its effect, in the words of who asked."""
        return self._rows.dossier.get("request") or {}

    @cached_property
    def gates(self) -> list[Check]:
        """The checklist of the submission, frozen with the rest."""
        return reading.gates(self._rows.dossier)

    @property
    def purpose(self) -> str:
        return self._rows.dossier["project"].get("purpose") or ""

    @cached_property
    def documents(self) -> list[dict[str, Any]]:
        rows = reading.documents(self._rows.dossier)
        return [{**row, "url": reverse("projects:document_download", args=[row["id"]])} for row in rows]
