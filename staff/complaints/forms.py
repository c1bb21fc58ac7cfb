"""The forms of complaints: intake, the acts, and the public page. They give shape; the services say what may be."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Person
from crm.kernel.web.pickers import PickerField
from crm.kernel.web.widgets import AmountInput, CodeInput, DayInput
from crm.kernel.workdays import clock
from staff.complaints.models import DECISION_CHOICES, Channel, Complaint, ComplaintRecheck, DeclaredRelation, Pause

MOMENT = "%Y-%m-%dT%H:%M"
CHANNELS = [(value, label) for value, label in Channel.choices if value != Channel.WEB]


def area(rows: int, most: int) -> forms.Textarea:
    """A box for a text of at most `most` characters."""
    return forms.Textarea({"rows": rows, "maxlength": str(most)})


class MomentInput(forms.DateTimeInput):
    """Day and time, with the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT)


def moment_field(**kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(input_formats=[MOMENT, "%Y-%m-%d %H:%M"], widget=MomentInput(), **kwargs)


def person_field(label: Any, **kwargs: Any) -> PickerField:
    """One active colleague."""
    return PickerField(Person.objects.filter(is_active=True), url_name="person_picker", label=label, **kwargs)


class DecidesClass(forms.Form):
    """What decides whether it is major (rules 5.3)."""

    amount = forms.DecimalField(
        label=_("Amount in dispute"), max_digits=18, decimal_places=2, min_value=0, required=False, widget=AmountInput()
    )
    complainants = forms.IntegerField(label=_("Number of complainants"), min_value=1, max_value=9999, initial=1)
    is_face_to_face = forms.BooleanField(label=_("A group came in person"), required=False)
    has_common_facts = forms.BooleanField(label=_("A group with common facts"), required=False)
    is_in_media = forms.BooleanField(label=_("In the media or online"), required=False)
    is_suspicion = forms.BooleanField(label=_("Suspected fraud, data leak or staff crime"), required=False)
    is_key_account = forms.BooleanField(label=_("Key account"), required=False)


class Complaining(forms.Form):
    """Who complains, and of what."""

    title = forms.CharField(label=_("Matter"), min_length=4, max_length=120)
    facts = forms.CharField(label=_("What is complained of"), min_length=10, max_length=4000, widget=area(6, 4000))
    complainant_name = forms.CharField(label=_("Name of the complainant"), max_length=60)
    complainant_phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    complainant_email = forms.EmailField(label=_("E-mail"), max_length=120, required=False)


class IntakeForm(Complaining, DecidesClass):
    """A complaint that somebody here was told."""

    demand = forms.CharField(label=_("What is asked for"), max_length=1000, required=False, widget=area(3, 1000))
    representatives = forms.IntegerField(
        label=_("Number of representatives"),
        min_value=0,
        max_value=5,
        initial=0,
        required=False,
        help_text=_("One to five people represent a group, with a written mandate."),
    )
    proxy_name = forms.CharField(label=_("Proxy"), max_length=60, required=False)
    has_mandate = forms.BooleanField(label=_("A written mandate was presented"), required=False)

    channel = forms.ChoiceField(label=_("Complaint channel"), choices=CHANNELS, widget=forms.RadioSelect)
    received_at = moment_field(
        label=_("Received at"), help_text=_("Beijing time. The legal limit is counted from the next day.")
    )
    client_code = forms.CharField(
        label=_("Client's unified social credit code"),
        max_length=60,
        required=False,
        widget=CodeInput(),
        help_text=_("Leave empty if the complainant is not a client."),
    )
    project_name = forms.CharField(
        label=_("Project"),
        max_length=120,
        required=False,
        help_text=_("The full project name, if the complaint is about a project."),
    )
    subject = person_field(
        _("Person complained of"),
        required=False,
        help_text=_(
            "This person can take no action on the complaint. A second person decides whether the naming is justified; "
            "until then its content is closed to the person named."
        ),
    )
    field_order = (
        "channel",
        "received_at",
        "complainant_name",
        "complainant_phone",
        "complainant_email",
        "client_code",
        "project_name",
        "subject",
        "title",
        "facts",
        "demand",
        "amount",
        "complainants",
        "representatives",
        "proxy_name",
        "has_mandate",
    )

    def clean_received_at(self) -> datetime:
        """Typed to the minute: this very minute is not the future."""
        given: datetime = self.cleaned_data["received_at"]
        now = clock.now()
        return now if now.replace(second=0, microsecond=0) == given else given

    def arguments(self) -> dict[str, Any]:
        """What the service takes."""
        given = dict(self.cleaned_data)
        subject = given.pop("subject")
        given["representatives"] = given["representatives"] or 0
        return {**given, "subjects": [subject] if subject else []}


class AssignForm(forms.Form):
    """Only who may answer for `complaint` is offered; whoever is named all the same is refused with the reason."""

    person = PickerField(Person.objects.filter(is_active=True), url_name="staff:handler_picker", label=_("Handler"))

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget: Any = self.fields["person"].widget
        widget.query = f"complaint={complaint.pk}"


class HowForm(forms.Form):
    how = forms.CharField(
        label=_("How the complainant was notified"),
        max_length=200,
        help_text=_("By telephone, letter or e-mail, and by whom."),
    )


class DraftForm(forms.Form):
    draft = forms.CharField(label=_("Facts found"), min_length=10, max_length=4000, widget=area(6, 4000))
    outcome = forms.ChoiceField(label=_("Decision"), choices=DECISION_CHOICES, widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("Reasons and basis"),
        max_length=4000,
        widget=area(6, 4000),
        help_text=_("With the contract clause, rule or law it is based on."),
    )
    measures = forms.CharField(label=_("Corrective measures"), min_length=2, max_length=2000, widget=area(4, 2000))
    measures_on = forms.DateField(
        label=_("Measures completed by"),
        widget=DayInput(),
        help_text=_("The paragraph on the complainant's rights is added to the reply automatically."),
    )


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("My opinion"), choices=[("yes", _("Approve")), ("no", _("Send back"))], widget=forms.RadioSelect
    )
    opinion = forms.CharField(label=_("Opinion"), min_length=5, max_length=500, widget=area(4, 500))

    def passes(self) -> bool:
        return bool(self.cleaned_data["verdict"] == "yes")


class ExtensionVerdictForm(VerdictForm):
    verdict = forms.ChoiceField(
        label=_("My opinion"),
        choices=[("yes", _("Approve the extension")), ("no", _("Refuse"))],
        widget=forms.RadioSelect,
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), min_length=5, max_length=1000, widget=area(4, 1000))


class WithdrawForm(forms.Form):
    withdrawn_on = forms.DateField(
        label=_("Withdrawal received on"),
        widget=DayInput(),
        help_text=_("The complaint closes on this day, also if it is recorded later."),
    )
    how = forms.CharField(
        label=_("How it was withdrawn"), max_length=200, help_text=_("By telephone, letter or e-mail, and by whom.")
    )


class CorrectForm(ReasonForm):
    client_code = forms.CharField(
        label=_("Client's unified social credit code"), max_length=60, required=False, widget=CodeInput()
    )
    project_name = forms.CharField(label=_("Project"), max_length=120, required=False)
    field_order = ("client_code", "project_name", "reason")


class AskRecheckForm(forms.Form):
    requested_on = forms.DateField(label=_("Review requested on"), widget=DayInput())
    grounds = forms.CharField(label=_("Grounds"), min_length=5, max_length=1000, widget=area(4, 1000))
    how = forms.CharField(
        label=_("How the complainant was notified of a refusal"),
        max_length=200,
        required=False,
        help_text=_("Only if the request is late: it is refused in writing."),
    )


class RecheckVerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Result"),
        choices=[one for one in ComplaintRecheck.Verdict.choices if one[0] != ComplaintRecheck.Verdict.LATE],
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(
        label=_("New decision"),
        choices=[("", _("unchanged")), *DECISION_CHOICES],
        required=False,
        help_text=_("Only if the decision is corrected."),
    )
    answer = forms.CharField(label=_("Answer with reasons"), max_length=2000, widget=area(6, 2000))
    how = HowForm.base_fields["how"]


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Findings and improvements"), min_length=5, max_length=1000, widget=area(4, 1000))


class PauseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Grounds"), choices=Pause.Reason.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("What was agreed or is missing"), min_length=5, max_length=500, widget=area(3, 500))


class NoForm(forms.Form):
    """Nothing to fill in."""


class ReclassifyForm(DecidesClass, ReasonForm):
    pass


class ConcernForm(ReasonForm):
    person = person_field(_("Person complained of"))
    field_order = ("person", "reason")


class ClaimVerdictForm(VerdictForm):
    verdict = forms.ChoiceField(
        label=_("My opinion"),
        choices=[("yes", _("Confirm the claim")), ("no", _("Do not confirm"))],
        widget=forms.RadioSelect,
    )
    # The claim that the page showed: another one that waits meanwhile is not decided by this answer.
    claim = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)


class PurposeForm(forms.Form):
    purpose = forms.CharField(label=_("Purpose"), min_length=4, max_length=200)


class FilesInput(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of files, empty without any."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(FilesField, self).clean(one) for one in data or ()]


class PublicForm(Complaining):
    """What anybody may file. `token` makes the same form sent twice one complaint."""

    demand = forms.CharField(
        label=_("What you ask for"),
        min_length=2,
        max_length=1000,
        widget=area(3, 1000),
        help_text=_("For example a refund, a correction, an explanation."),
    )
    proxy_name = forms.CharField(
        label=_("Your name, if you complain for somebody else"),
        max_length=60,
        required=False,
        help_text=_("Enter the person concerned as complainant. We will ask you for the written mandate."),
    )
    has_mandate = forms.BooleanField(label=_("I hold a written mandate of the complainant"), required=False)
    has_read = forms.BooleanField(
        label=_("I have read the notice on personal data"),
        error_messages={"required": _("Confirm that you have read the notice on personal data.")},
    )

    about = forms.CharField(
        label=_("Whom it is about"),
        max_length=120,
        required=False,
        help_text=_("If it concerns somebody here, give the name or post. Complaints officers read it first."),
    )
    client_code = forms.CharField(
        label=_("Unified social credit code of your company"), max_length=60, required=False, widget=CodeInput()
    )
    evidence = FilesField(
        label=_("Evidence"),
        required=False,
        allow_empty_file=True,
    )
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    field_order = (
        "title",
        "facts",
        "demand",
        "about",
        "complainant_name",
        "complainant_phone",
        "complainant_email",
        "proxy_name",
        "has_mandate",
        "client_code",
        "evidence",
        "has_read",
    )

    def __init__(self, *args: Any, bounds: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].help_text = _(
            "Contracts, receipts, letters, pictures: up to %(files)d files, together up to %(size)s MB."
        ) % {"files": bounds["files"], "size": f"{bounds['bytes'] / 1024 / 1024:g}"}


class LookUpForm(forms.Form):
    number = forms.CharField(label=_("Receipt number"), max_length=20, widget=CodeInput())
    code = forms.CharField(label=_("Look-up code"), max_length=20, widget=CodeInput())


class RelationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Relation"), choices=DeclaredRelation.Kind.choices, widget=forms.RadioSelect)
    related_person = person_field(_("Colleague"), required=False)
    identity_number = forms.CharField(
        label=_("Identity number of the relative"),
        max_length=60,
        required=False,
        widget=CodeInput(),
        help_text=_("For a relative who does not work here. Only a keyed hash is stored."),
    )
