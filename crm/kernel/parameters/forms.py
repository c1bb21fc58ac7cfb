"""The shapes in which people propose a parameter's value, approve it or take it back."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _

from crm.kernel.parameters import services
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.people.models import Person
from crm.kernel.web.admin import ServiceForm


class ExactDecoder(json.JSONDecoder):
    """A fraction stays the text it was written as: 0.1 never passes through a float."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, parse_float=str)


class IndentedEncoder(DjangoJSONEncoder):
    """One line per entry, so that people can read and compare a table."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"indent": 2, "ensure_ascii": False}))


class TableField(forms.JSONField):
    """A table as JSON; nothing yet is an empty box, not the word null."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            # A number of thousands of digits, or a table nested deeper than Python reads.
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""}) from None


class ProposeForm(ServiceForm):
    """A new value of one parameter; the shape is checked here for courtesy and by the service for good."""

    by: Person
    value = TableField(
        label=_("value"), decoder=ExactDecoder, encoder=IndentedEncoder, widget=forms.Textarea(attrs={"rows": 24})
    )

    class Meta:
        model = ParameterVersion
        fields = ("parameter", "value", "effective_from", "effective_to", "source")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        parameter, value = cleaned.get("parameter"), cleaned.get("value")
        if parameter is None or value is None:
            return cleaned
        for place, texts in services.value_errors(parameter.code, value).items():
            for text in texts:
                self.add_error("value", ValidationError(f"{place.removeprefix('value').lstrip('.')} {text}".strip()))
        return cleaned

    def perform(self) -> ParameterVersion:
        given = dict(self.cleaned_data)
        return services.parameter_propose(code=given.pop("parameter").code, **given, by=self.by)


class DecideForm(ServiceForm):
    """The second person's word on a proposal."""

    by: Person
    verdict = forms.ChoiceField(
        label=_("decision on the proposal"),
        choices=[("approve", _("Approve")), ("withdraw", _("Withdraw"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("reason for withdrawal"), max_length=300, required=False)

    class Meta:
        model = ParameterVersion
        fields = ()

    def perform(self) -> ParameterVersion:
        if self.cleaned_data["verdict"] == "approve":
            return services.parameter_approve(version=self.instance, by=self.by)
        return services.parameter_withdraw(version=self.instance, reason=self.cleaned_data["reason"], by=self.by)
