"""The forms of a case. They give shape to what people type; every rule is the service's, which answers in words.

The decision form holds all verbs at once: the page shows what the chosen verb needs, and all of it works without a
script. Rows (return items, conditions) are added by submitting with `add`; then nothing is checked yet.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Choices = Sequence[tuple[str, Any]]
MOST_ROWS = 30
# What must be chosen besides, by verb.


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

    text = forms.CharField(label=_("Required item"), max_length=500, required=False)


class ConditionForm(forms.Form):
    """One new condition. A row left empty is no condition."""

    text = forms.CharField(label=_("Condition"), max_length=500, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    owner = forms.ChoiceField(label=_("Responsible"), required=False)
    due_text = forms.CharField(label=_("Due date in words"), max_length=60, required=False)
    due_on = forms.DateField(label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    blocking = forms.BooleanField(label=_("Blocks drawdown"), required=False)

    def __init__(self, *args: Any, kinds: Choices = (), owners: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]
        self.fields["owner"].choices = list(owners)  # type: ignore[attr-defined]


ItemFormSet = forms.formset_factory(ItemForm, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS)
ConditionFormSet = forms.formset_factory(
    ConditionForm, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS
)


class DecisionForm(forms.Form):
    """What a person decides, with all that any verb asks for.

    `options` carries what the case allows: `verbs`, `targets`, `return_reasons`, `reject_reasons`, `recuse_reasons`,
    `kinds`, `owners` (choices), `standing` (conditions that may be dropped), `shortest` (characters of an opinion).
    """

    verb = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )
    return_reason = forms.ChoiceField(label=_("Reason for return"), required=False)
    target_stage = forms.ChoiceField(label=_("Back to"), required=False)
    return_due_on = forms.DateField(
        label=_("Correct by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reject_reason = forms.ChoiceField(label=_("Reason for rejection"), required=False)
    recuse_reason = forms.ChoiceField(label=_("Reason for recusal"), required=False)
    opinion = forms.CharField(label=_("Opinion"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    seen = forms.BooleanField(
        label=_("I have reviewed the changes and the frozen dossier"),
        error_messages={"required": _("Read the frozen dossier first, then tick this box.")},
    )

    def __init__(self, *args: Any, options: Mapping[str, Any], add: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        for name, key in (("verb", "verbs"), ("target_stage", "targets")):
            self.fields[name].choices = list(options[key])  # type: ignore[attr-defined]
        for name in ("return_reason", "reject_reason", "recuse_reason"):
            self.fields[name].choices = [NOTHING_CHOSEN, *options[f"{name}s"]]  # type: ignore[attr-defined]
        self.fields["opinion"].widget.attrs["minlength"] = options["shortest"]
        for condition in options["standing"]:
            self.fields[f"drop_{condition.pk}"] = forms.CharField(
                label=_("Reason for revoking it"), max_length=500, required=False
            )
        data = grown(self.data, add) if self.is_bound else None
        rows = {"kinds": options["kinds"], "owners": options["owners"]}
        # The two formsets: what is to be brought (items) and the new conditions.
        self.items = ItemFormSet(data, prefix="items", initial=[{}] if data is None else None)
        self.conditions = ConditionFormSet(
            data, prefix="conditions", form_kwargs=rows, initial=[{}] if data is None else None
        )

    def dropped(self) -> Iterable[tuple[Any, forms.BoundField]]:
        """The standing conditions, each with the field that drops it."""
        return [(condition, self[f"drop_{condition.pk}"]) for condition in self.options["standing"]]

    def is_valid(self) -> bool:
        # All three are asked, so that all mistakes are shown at once.
        return all([super().is_valid(), self.items.is_valid(), self.conditions.is_valid()])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        verb = data.get("verb")
        needs = {
            "return": ("return_reason", "target_stage"),
            "reject": ("reject_reason",),
            "recuse": ("recuse_reason",),
        }.get(str(verb), ())
        for name in needs:
            if not data.get(name):
                self.add_error(name, _("Please choose."))
        return data

    @property
    def has_dropped(self) -> bool:
        """Whether a reason for dropping a condition was typed: then that part stays open."""
        return any(self.data.get(f"drop_{one.pk}") for one in self.options["standing"]) if self.is_bound else False

    @property
    def verb_chosen(self) -> str:
        """The verb as it stands in the form, also when the form was refused."""
        return str(self.data.get("verb", "")) if self.is_bound else ""

    def field_of(self, name: str) -> str:
        """Our field for the one a service names."""
        if name == "reason_code":
            return {"reject": "reject_reason", "recuse": "recuse_reason"}.get(self.verb_chosen, "return_reason")
        return name

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
        """The arguments of `decision_make`, without those that the chosen verb does not have."""
        data, verb = self.cleaned_data, self.cleaned_data["verb"]
        wanted: dict[str, Any] = {"verb": verb, "opinion": data["opinion"]}
        if verb == "return":
            wanted |= {
                "reason_code": data["return_reason"],
                "target_stage": data["target_stage"],
                "return_due_on": data["return_due_on"],
                "items": self.lines(),
            }
        elif verb in ("reject", "recuse"):
            wanted["reason_code"] = data[f"{verb}_reason"]
        elif verb in ("approve", "approve_with_conditions"):
            dropped = {one.pk: data[f"drop_{one.pk}"] for one in self.options["standing"] if data[f"drop_{one.pk}"]}
            wanted["dropped"] = dropped
            if verb == "approve_with_conditions":
                wanted["conditions"] = self.new_conditions()
        return wanted

    def lines(self) -> list[str]:
        """The items of a return that were filled in."""
        return [row["text"].strip() for row in self.items.cleaned_data if row.get("text", "").strip()]

    def new_conditions(self) -> list[dict[str, Any]]:
        """The new conditions that were filled in, as the service wants them."""
        return [dict(row) for row in self.conditions.cleaned_data if row.get("text", "").strip()]


def grown(data: Any, add: str) -> Any:
    """The posted data with one more empty row of the formset `add` ("items" or "conditions")."""
    if add not in ("items", "conditions"):
        return data
    copy = data.copy()
    key = f"{add}-TOTAL_FORMS"
    count = str(copy.get(key, "0"))
    copy[key] = str(min(int(count) + 1 if count.isascii() and count.isdigit() and len(count) < 5 else 1, MOST_ROWS))
    return copy
