"""The register of relatives (rules 6.5): everybody declares their own; what is declared binds complaints at once.

Whoever declares is bound whole; a colleague who is only named may not act, and sees on (selectors.ties).
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clients.file.identifiers import check_identity_number
from crm.kernel.access.checks import permit, require
from crm.kernel.access.errors import BadInput, Conflict
from crm.kernel.access.fields import keyed_hash
from crm.kernel.audit.services import record
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from staff.complaints.models import Complaint, ComplaintSeat, DeclaredRelation, Tie
from staff.complaints.services import duties

# So many colleagues declared within so many days are told to the auditors: each may keep somebody from acting.
MANY, MANY_DAYS = 3, 30


@transaction.atomic
def relation_declare(
    *, kind: str, by: Person, related_person: Person | None = None, identity_number: str = ""
) -> DeclaredRelation:
    """Declare a relative: a colleague, or a stranger by the identity number, of which only a keyed hash is kept."""
    require(by, "create", DeclaredRelation)
    if kind not in DeclaredRelation.Kind.values:
        raise BadInput(_("This relation does not exist."), field="kind")
    if (related_person is None) == (not identity_number.strip()):
        raise BadInput(_("Choose a colleague, or enter the identity number of a relative."), field="related_person")
    if related_person is not None and related_person.pk == by.pk:
        raise BadInput(_("You cannot declare yourself as a relative."), field="related_person")
    hashed = keyed_hash(check_identity_number(identity_number)) if identity_number.strip() else ""
    try:
        with transaction.atomic():
            row = DeclaredRelation.objects.create(
                person=by, related_person=related_person, related_hash=hashed, kind=kind, declared_at=clock.now()
            )
    except IntegrityError:
        raise Conflict(_("This relation is already declared."), code="same") from None
    record("relation.declared", subject=row, by=by, data={"kind": kind})
    since = clock.now() - timedelta(days=MANY_DAYS)
    named = DeclaredRelation.objects.filter(person=by, related_person__isnull=False, declared_at__gt=since).count()
    if related_person is not None and named >= MANY:
        record("complaint.relations_many", subject=row, by=by, data={"colleagues": named, "days": MANY_DAYS})
    # Complaints in which one of the two is complained of, or the relative complains, are looked at again at once,
    # answered ones too: whoever is concerned neither closes nor reads them.
    subjects = ComplaintSeat.objects.filter(tie=Tie.SUBJECT, person__in=[by, related_person])
    touched = Q(client__identity_hash=hashed) if hashed else Q(pk__in=subjects.values("complaint"))
    for complaint in Complaint.objects.select_for_update(of=("self",)).filter(touched).order_by("pk"):
        duties.look_again(complaint, by=by)
    return row


@transaction.atomic
def relation_end(*, relation: DeclaredRelation, by: Person) -> DeclaredRelation:
    """It has ended; seats that it gave stay, for what is running."""
    row = permit(DeclaredRelation, by, "end", lock=True, pk=relation.pk)
    if row.ended_on is not None:
        raise Conflict(_("It has already ended."), code="same")
    row.ended_on = clock.today()
    row.save(update_fields=["ended_on"])
    record("relation.ended", subject=row, by=by)
    return row
