"""Pages and fragments about a client's contacts, and the removal of a co-manager."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from clients.file import policies, selectors, services
from clients.file.forms import ContactForm, EmptyForm, RevealForm
from clients.file.models import Client, Contact
from clients.file.views.clients import ClientPage
from crm.kernel.access.errors import DomainError, NotVisible
from crm.kernel.access.masks import masked, masked_fields
from crm.kernel.web.stale import Difference
from crm.kernel.web.views import KernelActionView, KernelUpdateView, ObjectMixin

HALVES = {"name": "half", "title": "half", "mobile": "half", "email": "half"}


class AsksSameContact:
    """A form that shows, once the service asks, the box "it is another person"."""

    def form_refused(self, form: Any, error: DomainError) -> HttpResponse:
        if error.code == "same_contact":
            form.ask_same_contact()
        return super().form_refused(form, error)  # type: ignore[misc]


class ContactCreate(AsksSameContact, ClientPage, KernelActionView):
    """The object is the client the contact is added to."""

    action = policies.CHANGE
    form_class = ContactForm
    layout = HALVES
    title = _("New contact")
    submit_label = _("Add the contact")
    success_message = _("The contact is added.")

    def perform(self, form: Any) -> Contact:
        return services.contact_create(client=self.object, by=self.person, **form.cleaned_data)


class ContactPage(ClientPage, ObjectMixin):
    model = Contact

    def get_object(self, queryset: Any = None) -> Contact:
        return self.ask_object(pk=self.kwargs["pk"], client=self.kwargs["client_pk"])

    def get_crumbs(self) -> Any:
        client = self.object.client
        return [*super().get_crumbs()[:1], (client, client.get_absolute_url())]


class ContactUpdate(AsksSameContact, ContactPage, KernelUpdateView):
    action = policies.CHANGE
    form_class = ContactForm
    layout = HALVES
    title = _("Edit the contact")
    success_message = _("The contact is updated.")

    def get_initial(self) -> dict[str, Any]:
        """Masked fields are not shown in clear to who edits the rest."""
        shown = super().get_initial()
        return {name: value for name, value in shown.items() if name not in masked_fields(Contact)}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        for name in masked_fields(Contact):
            form.fields[name].widget.attrs["placeholder"] = masked(self.object, name)
            form.fields[name].help_text = _("Leave empty to keep the stored value")
        return form

    def perform(self, form: Any) -> Contact:
        hidden = masked_fields(Contact)
        given = dict(form.cleaned_data)
        confirmed = given.pop("confirm_same_contact")
        changes = {name: value for name, value in given.items() if value or name not in hidden}
        return services.contact_update(
            contact=self.object,
            changes=changes,
            expected_version=self.expected_version,
            confirm_same_contact=confirmed,
            by=self.person,
        )

    def compare(self, form: Any) -> list[Difference]:
        """Without the masked fields: comparing must not read them out."""
        return [row for row in super().compare(form) if row.name not in masked_fields(Contact)]


class ContactDelete(ContactPage, KernelActionView):
    action = policies.CHANGE
    form_class = EmptyForm
    title = _("Remove the contact")
    submit_label = _("Remove the contact")
    success_message = _("The contact is removed.")
    consequence = _("The contact is removed from the client. This cannot be undone.")

    def perform(self, form: Any) -> Client:
        services.contact_delete(contact=self.object, expected_version=self.expected_version, by=self.person)
        return self.object.client


class Reveal(KernelActionView):
    """A masked field in clear: asks the purpose, shows the value once, inside the page it was asked from."""

    action = policies.REVEAL
    form_class = RevealForm
    template_name = "clients/_reveal.html"
    submit_label = _("Show")
    title = _("View a masked field")

    @property
    def field(self) -> str:
        name = self.kwargs["field"]
        if name not in masked_fields(type(self.object)):
            raise NotVisible
        return name

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        label = self.object._meta.get_field(self.field).verbose_name
        return super().get_context_data(field=self.field, label=label, masked=masked(self.object, self.field), **extra)

    def form_valid(self, form: Any) -> HttpResponse:
        value = self.perform(form)
        return self.render_to_response(self.get_context_data(value=value, form=None))


class ContactReveal(ContactPage, Reveal):
    def perform(self, form: Any) -> str:
        return services.contact_reveal(contact=self.object, field=self.field, by=self.person, **form.cleaned_data)


class IdentityReveal(ClientPage, Reveal):
    def perform(self, form: Any) -> str:
        return services.identity_reveal(client=self.object, by=self.person, **form.cleaned_data)


class CoManagerRemove(ClientPage, KernelActionView):
    action = policies.SHARE
    form_class = EmptyForm
    title = _("Remove the co-manager")
    submit_label = _("Remove the co-manager")
    success_message = _("The co-manager is removed.")
    consequence = _("Access to this client ends immediately.")

    def perform(self, form: Any) -> Client:
        person = selectors.co_managers(self.object).filter(pk=self.kwargs["person_pk"]).first()
        if person is None:
            raise NotVisible
        return services.co_manager_remove(client=self.object, person=person, by=self.person)
