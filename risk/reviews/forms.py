"""The forms of a case. They give shape to what people type; every rule is the service's, which answers in words.

The decision form holds all verbs of the stage at once, as `workflow` describes them: the page shows what the chosen
verb takes, and all of it works without a script. Rows (items, conditions) are added by submitting with `add`; then
nothing is checked yet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.parameters import selectors as parameters
from crm.kernel.text import numbers
from crm.kernel.web.widgets import AmountInput, DayInput, MoneyField
from projects.deals.models import ProjectDocument
from risk.reviews.parameter_codes import PROLONGATION
from risk.reviews.rules.validity import last_prolonged_day
from risk.reviews.workflow import TERMS, Text, VerbRow

Choices = Sequence[tuple[str, Any]]
# Read when the form looks at it: for a sound answer that is seldom.
Offer = Callable[[], Choices]
MOST_ROWS = 30
NOTHING_CHOSEN = ("", _("Please choose"))


class ConflictForm(forms.Form):
    """The first question of a decision. Nothing is preset; what the conflict is must be said when there is one."""

    has_conflict = forms.ChoiceField(
        choices=[("no", _("No conflict")), ("yes", _("Conflict"))],
        widget=forms.RadioSelect,
        label=_("Conflict of interest"),
        error_messages={"required": _("Declare first whether you have a conflict of interest.")},
    )
    text = forms.CharField(
        label=_("Basis of the rating"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("has_conflict") == "yes" and not data.get("text", "").strip():
            self.add_error("text", _("Describe the conflict in a few words."))
        return data


class WithdrawForm(forms.Form):
    """Why a running case is taken back."""

    reason = forms.CharField(
        label=_("Why you withdraw it"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), required=True
    )


class RehearForm(forms.Form):
    """What is new since the rejection, and the documents that show it."""

    new_facts = forms.CharField(
        label=_("New facts"), max_length=2000, widget=forms.Textarea({"rows": 4, "maxlength": "2000"})
    )
    documents = forms.ModelMultipleChoiceField(
        ProjectDocument.objects.none(),
        label=_("Documents added after the rejection"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Add them on the project's page first."),
    )

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["documents"].queryset = documents  # type: ignore[attr-defined]


class ProlongForm(forms.Form):
    """Until when the approval is valid instead, and why."""

    until = forms.DateField(label=_("Approval valid until"), widget=DayInput())
    reason = forms.CharField(
        label=_("Reason for the prolongation"), max_length=500, widget=forms.Textarea({"rows": 3, "maxlength": "500"})
    )

    def __init__(self, *args: Any, last_day: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if last_day is not None:
            latest = last_prolonged_day(last_day, months=int(parameters.value(PROLONGATION).value))
            self.fields["until"].help_text = _("Until %(day)s so far; until %(latest)s at the latest.") % {
                "day": numbers.date_long(last_day),
                "latest": numbers.date_long(latest),
            }


class ReportForm(forms.Form):
    """How a condition is met."""

    evidence = forms.CharField(
        label=_("How it was met"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5, "maxlength": "2000"}),
        help_text=_("What is in place, since when and where it can be read; or why the condition is no longer needed."),
    )


class SettleForm(forms.Form):
    """The second person's word on a condition that was reported."""

    verdict = forms.ChoiceField(
        label=_("My opinion"),
        choices=[("met", _("Met")), ("waived", _("Waive")), ("open", _("Not met yet, send back"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": "500"}),
        help_text=_("Required unless the condition is met; the person who reported it sees this."),
    )


class ItemForm(forms.Form):
    """One thing that must be brought before the case comes again."""

    text = forms.CharField(
        label=_("Required item"),
        max_length=500,
        required=False,
        widget=forms.TextInput({"aria-label": _("Required item")}),
    )


class ConditionForm(forms.Form):
    """One new condition. A row left empty is no condition."""

    text = forms.CharField(label=_("Condition"), max_length=500, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    owner = forms.ChoiceField(label=_("Responsible"), required=False)
    due_text = forms.CharField(label=_("Due date in words"), max_length=60, required=False)
    due_on = forms.DateField(label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    blocking = forms.TypedChoiceField(
        label=_("Drawdown"),
        choices=[
            ("", _("By kind: a condition precedent blocks, a continuing one does not")),
            ("yes", _("Blocks drawdown until met")),
            ("no", _("Does not block drawdown")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, kinds: Offer, owners: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]


ItemFormSet = forms.formset_factory(ItemForm, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS)
ConditionFormSet = forms.formset_factory(
    ConditionForm, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS
)


class Options(Protocol):
    """What a case offers: the stage's verbs, and the choices of their fields."""

    @property
    def rows(self) -> Sequence[VerbRow]: ...
    def targets(self) -> Choices: ...
    def reasons(self, row: VerbRow) -> Choices: ...
    def kinds(self) -> Choices: ...
    def owners(self) -> Choices: ...
    @property
    def most(self) -> Mapping[str, str]: ...
    @property
    def standing(self) -> Sequence[Any]: ...
    @property
    def shortest(self) -> int: ...


@dataclass
class Part:
    """The fields that the same verbs take, as one part of the form. `shown_for`: places of those verbs, for the page.

    `kind` is fields, terms, conditions or dropped; `has_items`: whether the items to be brought stand below the fields.
    """

    kind: str
    shown_for: str
    heading: Text = ""
    fields: list[forms.BoundField] = field(default_factory=list)
    has_items: bool = False


class DecisionForm(forms.Form):
    """What a person decides, with all that any verb of the stage takes. `options` carries what the case offers."""

    verb = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )
    opinion = forms.CharField(label=_("Opinion"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    seen = forms.BooleanField(
        label=_("I have reviewed the changes and the frozen dossier"),
        error_messages={"required": _("Read the frozen dossier first, then tick this box.")},
    )

    def __init__(self, *args: Any, options: Options, add: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        self.rows = {row.verb.value: row for row in options.rows}
        self.fields["verb"].choices = [(value, row.verb.label) for value, row in self.rows.items()]  # type: ignore[attr-defined]
        for row in self.rows.values():
            self._add_fields(row)
        self.order_fields(["verb", *(name for name in self.fields if name not in self.base_fields), "opinion", "seen"])
        data = grown(self.data, add) if self.is_bound else None
        offers = {"kinds": options.kinds, "owners": options.owners}
        # The two formsets: what is to be brought (items) and the new conditions.
        self.items = ItemFormSet(data, prefix="items", initial=[{}] if data is None else None)
        self.conditions = ConditionFormSet(
            data, prefix="conditions", form_kwargs=offers, initial=[{}] if data is None else None
        )
        if any("dropped" in row.fields for row in self.rows.values()):
            self._add_dropped()

    def _add_fields(self, row: VerbRow) -> None:
        """The single fields a verb takes; one that an earlier verb takes too is there already."""
        if row.reasons:
            self.fields[row.reason_field] = forms.ChoiceField(
                label=row.reason_label,  # type: ignore[arg-type]  # the stubs know no lazy text in a union
                required=False,
                choices=lambda: [NOTHING_CHOSEN, *self.options.reasons(row)],
            )
        for name in TERMS:
            if name in row.fields and name not in self.fields:
                self.fields[name] = self._terms_field(name)
        if "target_stage" in row.fields:
            self.fields.setdefault(
                "target_stage", forms.ChoiceField(label=_("Back to"), required=False, choices=self.options.targets)
            )
        if "return_due_on" in row.fields:
            day = forms.DateInput(attrs={"type": "date"})
            self.fields.setdefault("return_due_on", forms.DateField(label=_("Correct by"), required=False, widget=day))

    def _terms_field(self, name: str) -> forms.Field:
        """One of the terms. Left empty it stays as it was carried so far, which stands below."""
        if name == "amount":
            return MoneyField(label=_("Amount carried"), required=False)
        label = _("Term carried (months)") if name == "term_months" else _("Draw-down period carried (months)")
        return forms.IntegerField(label=label, widget=AmountInput({"maxlength": "4"}), required=False)

    def _add_dropped(self) -> None:
        """A field for each condition that stands; of an answer that drops none they are not looked for."""
        if self.is_bound and not any(key.startswith("drop_") and value for key, value in self.data.items()):
            return
        for condition in self.options.standing:
            self.fields[f"drop_{condition.pk}"] = forms.CharField(
                label=_("Reason for revoking it"), max_length=500, required=False
            )

    @property
    def parts(self) -> list[Part]:
        """The fields as parts, each shown for the verbs that take it. A field of several verbs has its own part."""
        takers: dict[str, list[int]] = {}
        for nth, row in enumerate(self.rows.values(), start=1):
            for name in row.fields:
                takers.setdefault(row.reason_field if name == "reason_code" else name, []).append(nth)
        parts: dict[tuple[str, str], Part] = {}
        for name, verbs in takers.items():
            kind = "terms" if name in TERMS else name if name in ("conditions", "dropped") else "fields"
            shown_for = " ".join(map(str, verbs))
            heading = list(self.rows.values())[verbs[0] - 1].heading if len(verbs) == 1 else ""
            if kind == "terms":
                heading = _("Amount and term")
                self.fields[name].help_text = self.options.most[name]
            part = parts.setdefault((kind, shown_for), Part(kind, shown_for, heading))
            if name == "items":
                part.has_items = True
            elif kind in ("fields", "terms"):
                part.fields.append(self[name])
        # What is dropped comes last, below what the same verb adds.
        return sorted(parts.values(), key=lambda part: part.kind == "dropped")

    def dropped(self) -> Iterable[tuple[Any, forms.BoundField]]:
        """The standing conditions, each with the field that drops it."""
        for condition in self.options.standing:
            name = f"drop_{condition.pk}"
            if name not in self.fields:
                self.fields[name] = forms.CharField(label=_("Reason for revoking it"), max_length=500, required=False)
        return [(condition, self[f"drop_{condition.pk}"]) for condition in self.options.standing]

    def is_valid(self) -> bool:
        # All three are asked, so that all mistakes are shown at once.
        return all([super().is_valid(), self.items.is_valid(), self.conditions.is_valid()])

    def clean(self) -> dict[str, Any]:
        """A verb's choices must be made; everything else of it the service asks."""
        data = super().clean() or {}
        row = self.rows.get(str(data.get("verb")))
        for name in self._list_choices(row) if row else ():
            if not data.get(name):
                self.add_error(name, _("Please choose."))
        return data

    def _list_choices(self, row: VerbRow) -> list[str]:
        names = [row.reason_field if name == "reason_code" else name for name in row.fields]
        return [name for name in names if isinstance(self.fields.get(name), forms.ChoiceField)]

    @property
    def has_dropped(self) -> bool:
        """Whether a reason for dropping a condition was typed: then that part stays open."""
        return any(self.data.get(f"drop_{one.pk}") for one in self.options.standing) if self.is_bound else False

    @property
    def verb_chosen(self) -> str:
        """The verb as it stands in the form, also when the form was refused."""
        return str(self.data.get("verb", "")) if self.is_bound else ""

    def field_of(self, name: str) -> str:
        """Our field for the one a service names: the reason belongs to the chosen verb."""
        if name != "reason_code":
            return name
        takes = [row for row in self.rows.values() if row.reasons]
        chosen = next((row for row in takes if row.verb == self.verb_chosen), takes[0])
        return chosen.reason_field

    def row_of(self, name: str, rest: str) -> tuple[forms.Form, str | None] | None:
        """The row that a service means by `items.0` or `conditions.1.kind`: it counts only the rows filled in."""
        known: dict[str, Any] = {"items": self.items, "conditions": self.conditions}
        rows = known.get(name)
        place, _dot, field = rest.partition(".")
        if rows is None or not place.isdecimal():
            return None
        filled = [row for row in rows.forms if getattr(row, "cleaned_data", {}).get("text", "").strip()]
        if int(place) >= len(filled):
            return None
        row = filled[int(place)]
        return row, field if field in row.fields else "text"

    def decided(self) -> dict[str, Any]:
        """The arguments of `decision_make`, without those that the chosen verb does not take."""
        row = self.rows[self.cleaned_data["verb"]]
        return {
            "verb": row.verb.value,
            "opinion": self.cleaned_data["opinion"],
            **{name: self._value(row, name) for name in row.fields},
        }

    def _value(self, row: VerbRow, name: str) -> Any:
        """One field of a verb as the service wants it."""
        data = self.cleaned_data
        if name == "reason_code":
            return data[row.reason_field]
        if name == "items":
            return [line["text"].strip() for line in self.items.cleaned_data if line.get("text", "").strip()]
        if name == "conditions":
            return [dict(one) for one in self.conditions.cleaned_data if one.get("text", "").strip()]
        if name == "dropped":
            return {
                int(key.removeprefix("drop_")): text for key, text in data.items() if key.startswith("drop_") and text
            }
        return data[name]


def grown(data: Any, add: str) -> Any:
    """The posted data with one more empty row of the formset `add` ("items" or "conditions")."""
    if add not in ("items", "conditions"):
        return data
    copy = data.copy()
    key = f"{add}-TOTAL_FORMS"
    count = str(copy.get(key, "0"))
    copy[key] = str(min(int(count) + 1 if count.isascii() and count.isdigit() and len(count) < 5 else 1, MOST_ROWS))
    return copy
