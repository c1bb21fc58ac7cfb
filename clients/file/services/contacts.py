"""The people we talk to at a client. Every change of a contact is a change of the client's file."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, Contact
from clients.file.policies import CHANGE
from crm.kernel.access.checks import permit
from crm.kernel.access.errors import BadInput, Conflict
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record
from crm.kernel.text.identifying import identifying_form
from crm.kernel.text.telephones import normal_telephone

EDITABLE = ("name", "title", "mobile", "email", "is_primary")
# Kept in audit rows as keyed hash only (architecture 7).
PERSONAL = frozenset({"name", "mobile", "email"})


@transaction.atomic
def contact_create(*, client: Client, confirm_same_contact: bool = False, by: Viewer, **facts: Any) -> Contact:
    """A new contact; `facts` are EDITABLE fields, `name` at least. A first contact takes the place of another.

    Conflict naming `name` or `mobile`: the client has a contact of this name or number, which `confirm_same_contact`
    answers.
    """
    row = permit(Client, by, CHANGE, lock=True, pk=client.pk)
    values = _checked({"name": "", **facts})
    contact = Contact(client=row, **values)
    if not confirm_same_contact:
        _refuse_same(contact, values)
    _step_aside(contact)
    contact.save(force_insert=True)
    record("contact.created", subject=contact, by=by, after=_facts(contact), sensitive=PERSONAL)
    return contact


@transaction.atomic
def contact_update(
    *,
    contact: Contact,
    changes: Mapping[str, Any],
    expected_version: int | None,
    confirm_same_contact: bool = False,
    by: Viewer,
) -> Contact:
    """Change EDITABLE fields of a contact; what `changes` does not name stays. Conflict as in `contact_create`."""
    row = _lock_contact(contact, expected_version=expected_version, by=by)
    values = _checked(changes)
    before = _facts(row)
    changed_now = {name: value for name, value in values.items() if value != before[name]}
    for name, value in values.items():
        setattr(row, name, value)
    if not confirm_same_contact:
        _refuse_same(row, changed_now)
    row.version += 1
    _step_aside(row)
    row.save()
    after = _facts(row)
    changed = [name for name in after if after[name] != before[name]]
    record(
        "contact.updated",
        subject=row,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        sensitive=PERSONAL,
    )
    return row


@transaction.atomic
def contact_delete(*, contact: Contact, expected_version: int | None, by: Viewer) -> None:
    """Take a contact out of the file; the audit trail keeps that it was there, not who it was."""
    row = _lock_contact(contact, expected_version=expected_version, by=by)
    record("contact.deleted", subject=row, by=by, before=_facts(row), sensitive=PERSONAL)
    row.delete()


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are stored: the mobile number in its normal form, "" for 无 and the like."""
    values = dict(given)
    if isinstance(values.get("mobile"), str):
        try:
            values["mobile"] = normal_telephone(values["mobile"])
        except ValueError:
            raise BadInput(_("This is not a telephone number."), field="mobile") from None
    return checked(Contact, values, allowed=EDITABLE)


def _refuse_same(contact: Contact, values: Mapping[str, Any]) -> None:
    """Conflict when another contact of the locked client has the name or number that `values` set."""
    others = list(Contact.objects.filter(client_id=contact.client_id).exclude(pk=contact.pk))
    name, mobile = identifying_form(values.get("name", "")), values.get("mobile")
    if name and any(identifying_form(other.name) == name for other in others):
        message = _("This client already has a contact with this name. Tick the box if yours is another person.")
        raise Conflict(message, field="name", code="same_contact")
    if mobile and any(_telephone_of(other) == mobile for other in others):
        message = _("This client already has a contact with this number. Tick the box if yours is another person.")
        raise Conflict(message, field="mobile", code="same_contact")


def _telephone_of(contact: Contact) -> str:
    """The stored number in its normal form: one stored earlier may be as it was typed."""
    try:
        return normal_telephone(contact.mobile)
    except ValueError:
        return contact.mobile


def _lock_contact(contact: Contact, *, expected_version: int | None, by: Viewer) -> Contact:
    """The contact under lock, its client locked first: two first contacts cannot meet."""
    Client.objects.select_for_update(of=("self",)).only("pk").get(pk=contact.client_id)
    return permit(Contact, by, CHANGE, expected_version=expected_version, lock=True, pk=contact.pk)


def _step_aside(contact: Contact) -> None:
    """Another first contact of this client becomes an ordinary one; without a way to reach them nobody is first."""
    if not contact.is_primary:
        return
    if not (contact.mobile or contact.email):
        raise BadInput(_("A main contact needs a mobile number or an e-mail address."), field="is_primary")
    Contact.objects.filter(client=contact.client, is_primary=True).exclude(pk=contact.pk).update(is_primary=False)


def _facts(contact: Contact) -> dict[str, Any]:
    return {"client": contact.client_id, **{name: getattr(contact, name) for name in EDITABLE}}
