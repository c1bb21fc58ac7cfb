"""What is given out of protected facts, and counted: the masked duplicate hint, the reveal of a masked field."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from clients.file.duplicates import find_duplicates
from clients.file.identifiers import check_credit_code
from clients.file.models import Client, Contact, Disclosure
from clients.file.policies import REVEAL
from crm.kernel.access.checks import require
from crm.kernel.access.errors import BadInput, Text, TooMany
from crm.kernel.access.inputs import text_problem
from crm.kernel.access.masks import masked_fields
from crm.kernel.access.policies import Viewer
from crm.kernel.audit.services import record, record_read
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.text.identifying import identifying_form
from crm.kernel.workdays import clock

CODE_LENGTH = 18
PURPOSE_LENGTHS = (4, 200)
TOO_MANY_LOOKUPS = _("You have checked %(limit)d possible duplicates within an hour; please wait.")
TOO_MANY_REVEALS = _("You have viewed %(limit)d masked fields today; you can view more tomorrow.")


@dataclass(frozen=True)
class Duplicate:
    """All that a stranger learns of a client that is there already: the department, and whom to ask."""

    department: str
    ask: str


@transaction.atomic
def duplicate_lookup(*, code: str | None = None, name: str | None = None, by: Viewer) -> list[Duplicate]:
    """Who keeps the organisation with this full credit code, or with this full name (the exception to trust row 4).

    `by` must be someone who may file clients. Counted (`client.duplicate_lookups_per_hour` a person) and recorded.
    Answers at most five. BadInput unless exactly one of the two is given; TooMany beyond the limit.
    """
    require(by, "create", Client)
    if bool(code) == bool(name):
        raise BadInput(_("Enter the full code or the full name."), field="credit_code")
    found = find_duplicates(credit_code=identifying_form(code)) if code else find_duplicates(name=name or "")
    return disclose_duplicates(found, kind="code" if code else "name", by=by)


@transaction.atomic
def disclose_duplicates(found: list[Client], *, kind: str, by: Viewer) -> list[Duplicate]:
    """Count and record one look-up by `kind` (code, number, name), then give the masked answer."""
    _count(Disclosure.Kind.DUPLICATE, by=by)
    record(
        "client.duplicate_looked_up",
        subject=found[0] if found else None,
        by=by,
        data={"kind": kind, "found": [client.pk for client in found]},
    )
    return [Duplicate(client.department.name, client.owner.name) for client in found]


@dataclass(frozen=True)
class CodeCheck:
    """What is known of a code while it is typed: `missing` characters, a `problem`, `warnings`, or who has it."""

    missing: int = 0
    problem: Text = ""
    warnings: tuple[Text, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()


def code_check(*, text: str, by: Viewer) -> CodeCheck:
    """Judge a credit code as one types. Only a whole, sound code is looked up, and then counts as a look-up."""
    require(by, "create", Client)
    code = identifying_form(text[:60])
    if len(code) < CODE_LENGTH:
        return CodeCheck(missing=CODE_LENGTH - len(code))
    try:
        checked = check_credit_code(code)
        found = duplicate_lookup(code=checked.code, by=by)
    except (BadInput, TooMany) as error:
        return CodeCheck(problem=error.message)
    return CodeCheck(warnings=checked.warnings, duplicates=tuple(found))


def contact_reveal(*, contact: Contact, field: str, purpose: str, by: Viewer) -> str:
    """A masked field of a contact in clear, for a purpose in words; recorded, `client.reveals_per_day` a person."""
    return reveal(obj=contact, field=field, purpose=purpose, by=by)


def identity_reveal(*, client: Client, purpose: str, by: Viewer) -> str:
    """The identity number of an individual in clear, under the same rule."""
    return reveal(obj=client, field="identity_number", purpose=purpose, by=by)


@transaction.atomic
def reveal(*, obj: Model, field: str, purpose: str, by: Viewer) -> str:
    """A masked field of any row whose policy knows `reveal`: for a purpose in words, recorded and counted."""
    require(by, REVEAL, obj)
    if field not in masked_fields(type(obj)):
        raise BadInput(_("This field is not masked."), field="field")
    purpose = purpose.strip()
    least, most = PURPOSE_LENGTHS
    if not least <= len(purpose) <= most:
        limits = {"least": least, "most": most}
        raise BadInput(_("State the purpose in %(least)d to %(most)d characters.") % limits, field="purpose")
    if problem := text_problem(purpose):
        raise BadInput(problem, field="purpose")
    _count(Disclosure.Kind.REVEAL, by=by)
    record_read("personal.revealed", subject=obj, by=by, purpose=purpose, data={"field": field})
    value: Any = getattr(obj, field)
    return str(value or "")


LIMITS: dict[str, tuple[str, Text]] = {
    Disclosure.Kind.DUPLICATE: ("client.duplicate_lookups_per_hour", TOO_MANY_LOOKUPS),
    Disclosure.Kind.REVEAL: ("client.reveals_per_day", TOO_MANY_REVEALS),
}


def _count(kind: Disclosure.Kind, *, by: Viewer) -> None:
    """Count one disclosure of `kind`, or TooMany. The person's row is locked, so that two at once count as two."""
    if by.pk is None:
        return
    code, message = LIMITS[kind]
    limit = parameters.value(code).value
    now = clock.now()
    midnight = now.astimezone(clock.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight if kind == Disclosure.Kind.REVEAL else now - timedelta(hours=1)
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    used = Disclosure.objects.filter(person_id=by.pk, kind=kind)
    if used.filter(at__gt=since).count() >= limit:
        raise TooMany(message % {"limit": limit}, code=f"too_many_{kind}")
    used.filter(at__lte=since).delete()
    Disclosure.objects.create(person_id=by.pk, kind=kind, at=now)
