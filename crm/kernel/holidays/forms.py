"""The two admin forms of a holiday notice; each calls one service."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from crm.kernel.holidays import services
from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.people.models import Person
from crm.kernel.web.admin import ServiceForm

LARGEST_FILE = 64 * 1024
# GB18030 reads nearly any bytes, so it comes last: what a Chinese Excel writes as CSV.
ENCODINGS = ("utf-8-sig", "gb18030")


class EnterForm(ServiceForm):
    """A notice: typed, pasted from a sheet, or as a CSV file."""

    by: Person
    lines = forms.CharField(
        label=_("days of the notice"),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 24, "placeholder": "2027-01-01, 休, 元旦"}),
        help_text=_(
            "One day per line: date, 休 or 班, holiday. Rows copied from a spreadsheet can be pasted. Leave out days "
            "that follow the weekday."
        ),
    )
    file = forms.FileField(
        label=_("CSV file"), required=False, help_text=_("Instead of typing: the same three columns.")
    )

    class Meta:
        model = HolidayNotice
        fields = ("year", "number")

    def clean_file(self) -> str:
        """The text of the file, "" without one."""
        file: UploadedFile | None = self.cleaned_data.get("file")
        if not file:
            return ""
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError(_("The file is too large for a holiday notice."))
        content = file.read()
        for encoding in ENCODINGS:
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return text
        raise ValidationError(_("The file is not a CSV file. Save the sheet as CSV, or paste its rows."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("lines")) == bool(cleaned.get("file")) and "file" not in self.errors:
            self.add_error("lines", _("Type the days, or choose a file: one of the two."))
        return cleaned

    def perform(self) -> HolidayNotice:
        given = self.cleaned_data
        lines = given["lines"] or given["file"]
        return services.notice_enter(year=given["year"], number=given["number"], lines=lines, by=self.by)


class ReleaseForm(ServiceForm):
    """The second person's decision."""

    by: Person
    verdict = forms.ChoiceField(
        label=_("decision on the notice"),
        choices=[("release", _("Release")), ("withdraw", _("Withdraw"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("reason for withdrawal"), max_length=300, required=False)

    class Meta:
        model = HolidayNotice
        fields = ()

    def perform(self) -> HolidayNotice:
        if self.cleaned_data["verdict"] == "release":
            return services.notice_release(notice=self.instance, by=self.by)
        return services.notice_withdraw(notice=self.instance, reason=self.cleaned_data["reason"], by=self.by)
