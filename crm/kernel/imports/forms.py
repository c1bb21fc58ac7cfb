"""The forms of an import. Shape only: the service judges."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """What kind of rows, and the table."""

    entity = forms.ChoiceField(label=_("kind of rows"))
    file = forms.FileField(
        label=_("Table"), help_text=_("An .xlsx workbook or a .csv file; the first row names the columns.")
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entity"].choices = kinds  # type: ignore[attr-defined]


class MapForm(forms.Form):
    """For each column of the table the field it fills: `column_0`, `column_1` …"""

    def __init__(
        self, *args: Any, samples: list[tuple[str, list[str]]], fields: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("— not imported —")), *fields]
        for place, (header, values) in enumerate(samples):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=header, required=False, choices=choices, help_text=" · ".join(values)[:120]
            )

    @property
    def mapping(self) -> list[str]:
        """The fields in the order of the columns."""
        return [self.cleaned_data[name] for name in self.fields]


class ActForm(forms.Form):
    """An act that needs nothing but the version."""
