"""What the head says of a to-do."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel.people.models import Person
from crm.kernel.web.pickers import PickerField


class ReassignForm(forms.Form):
    """Who has it from now on."""

    owner = PickerField(
        Person.objects.filter(is_active=True),
        label=_("Who does it from now on"),
        url_name="person_picker",
        help_text=_("Only somebody who may see what it is about."),
    )
