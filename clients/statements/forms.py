"""The forms of financial statements. Shape only: the service judges."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clients.statements import services
from clients.statements.models import Statement, StatementLine, StatementReason
from clients.statements.rules.identities import Finding
from clients.statements.rules.lines import FORMS, lines_of
from clients.statements.rules.units import count_decimals, read_figure, to_yuan
from crm.kernel.people.models import Person
from crm.kernel.web.admin import ServiceForm
from crm.kernel.web.widgets import DayInput

CONFIRM, RETURN = "confirm", "return"
VERDICTS = [(CONFIRM, pgettext_lazy("my opinion", "Confirm")), (RETURN, _("Return"))]
MOST_DECIMALS = 4


class StatementForm(forms.Form):
    """What a set is about; its figures follow on the next page."""

    period_end = forms.DateField(label=_("period end"), widget=DayInput())
    months = forms.IntegerField(
        label=_("months of the year"),
        min_value=1,
        max_value=12,
        initial=12,
        help_text=_("12 for a year, 6 for a half-year. Flows are the sum since 1 January."),
    )
    scope = forms.ChoiceField(label=pgettext_lazy("statement", "scope"), choices=Statement.Scope.choices)
    layout = forms.ChoiceField(label=_("layout"), choices=Statement.Layout.choices)
    unit = forms.ChoiceField(
        label=_("unit of the source"),
        choices=[("", _("Choose as printed")), *Statement.Unit.choices],
        help_text=_("As printed above the table."),
    )
    source = forms.ChoiceField(label=pgettext_lazy("statement", "source"), choices=Statement.Source.choices)
    received_on = forms.DateField(label=_("received on"), widget=DayInput())
    opinion = forms.ChoiceField(label=_("audit opinion"), choices=Statement.Opinion.choices)
    auditor = forms.CharField(label=_("auditor"), max_length=120, required=False)
    report_no = forms.CharField(label=_("number of the audit report"), max_length=60, required=False)
    report_on = forms.DateField(label=_("date of the audit report"), widget=DayInput(), required=False)
    paper = forms.FileField(
        label=_("source paper"), required=False, allow_empty_file=True, help_text=_("PDF, picture or office file")
    )


class GridForm(forms.Form):
    """The figures as they are printed, one field `A101.closing` each, and the unit they are printed in."""

    unit = forms.ChoiceField(label=_("unit of the source"), choices=Statement.Unit.choices)
    unit_is_sure = forms.BooleanField(label=_("The unit is right, total assets have changed that much"), required=False)

    def __init__(self, *args: Any, layout: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = layout
        self.wrong: set[str] = set()

    def typed(self) -> dict[str, str]:
        """Name of a cell → what was typed, empty cells left out."""
        names = [
            f"{line.code}.{column}" for form in FORMS for line in lines_of(form, self.layout) for column in line.columns
        ]
        return {name: text for name in names if (text := str(self.data.get(name, "")).strip())}

    def clean(self) -> dict[str, Any]:
        """`figures` in yuan and the `decimals` they are printed with."""
        given = super().clean() or {}
        unit, language = given.get("unit"), get_language() or ""
        labels = dict(StatementLine.Column.choices)
        figures: list[tuple[str, str, Decimal]] = []
        decimals = 0
        for form in FORMS:
            for line in lines_of(form, self.layout):
                for column in line.columns:
                    name = f"{line.code}.{column}"
                    text = str(self.data.get(name, ""))
                    try:
                        figure = read_figure(text)
                        if figure is None or not unit:
                            continue
                        decimals = max(decimals, min(count_decimals(figure), MOST_DECIMALS))
                        figures.append((line.code, column, to_yuan(figure, unit)))
                    except ValueError:
                        self.wrong.add(name)
                        words = {
                            "line": line.named(language, self.layout),
                            "column": labels[column],
                            "text": text.strip()[:40],
                        }
                        self.add_error(None, _("%(line)s, %(column)s: “%(text)s” is not a figure.") % words)
        return {**given, "figures": figures, "decimals": decimals}


class CheckForm(forms.Form):
    """A reason for each warning that has none yet; the fields follow from what the check finds."""

    def __init__(self, *args: Any, findings: Sequence[Finding] = (), labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [finding.key for finding in findings]
        for place, key in enumerate(self.keys):
            self.fields[f"kind_{place}"] = forms.ChoiceField(
                label=labels[key], choices=StatementReason.Kind.choices, initial=StatementReason.Kind.SOURCE
            )
            self.fields[f"text_{place}"] = forms.CharField(label=_("Reason"), max_length=500)

    @property
    def reasons(self) -> list[dict[str, str]]:
        """The reasons as the service takes them."""
        given = self.cleaned_data
        return [
            {"key": key, "kind": given[f"kind_{place}"], "text": given[f"text_{place}"]}
            for place, key in enumerate(self.keys)
        ]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3, "maxlength": "500"}))


class VerdictForm(forms.Form):
    """Confirm, or return with a reason."""

    verdict = forms.ChoiceField(label=_("My opinion"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason for returning"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": "500"}),
    )


def judge(statement: Statement, verdict: str, reason: str, version: int | None, by: Any) -> Statement:
    """The service that the verdict names."""
    told = {"statement": statement, "expected_version": version, "by": by}
    if verdict == RETURN:
        return services.statement_return(reason=reason, **told)
    return services.statement_confirm(**told)


class AdminVerdictForm(ServiceForm):
    """The same word in the admin site."""

    by: Person
    verdict = forms.ChoiceField(label=_("My opinion"), choices=VERDICTS, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason for returning"), max_length=500, required=False)

    class Meta:
        model = Statement
        fields = ()

    def perform(self) -> Statement:
        given = self.cleaned_data
        return judge(self.instance, given["verdict"], given["reason"], self.instance.version, self.by)
