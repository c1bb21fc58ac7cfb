"""The people we talk to at a client. Every change of a contact is a change of the client's file."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, Contact
from clients.file.policies import CHANGE
from crm.kernel.access.checks import permit
from crm.kernel.access.errors import BadInput
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record

EDITABLE = ("name", "title", "mobile", "email", "is_primary")
# Kept in audit rows as keyed hash only (architecture 7).
PERSONAL = frozenset({"name", "mobile", "email"})


@transaction.atomic
def contact_create(*, client: Client, by: Viewer, **facts: Any) -> Contact:
    """A new contact; `facts` are EDITABLE fields, `name` at least. A first contact takes the place of another."""
    row = permit(Client, by, CHANGE, lock=True, pk=client.pk)
    values = checked(Contact, {"name": "", **facts}, allowed=EDITABLE)
    contact = Contact(client=row, **values)
    _step_aside(contact)
    contact.save(force_insert=True)
    record("contact.created", subject=contact, by=by, after=_facts(contact), sensitive=PERSONAL)
    return contact


@transaction.atomic
def contact_update(
    *, contact: Contact, changes: Mapping[str, Any], expected_version: int | None, by: Viewer
) -> Contact:
    """Change EDITABLE fields of a contact; what `changes` does not name stays."""
    row = _lock_contact(contact, expected_version=expected_version, by=by)
    values = checked(Contact, changes, allowed=EDITABLE)
    before = _facts(row)
    for name, value in values.items():
        setattr(row, name, value)
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
