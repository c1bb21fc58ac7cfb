"""Why somebody may have no part in a complaint, worked out from what is recorded now."""

from django.db.models import Exists, OuterRef, Q

from risk.reviews.models import Decision, Verb
from staff.complaints.models import Complaint, ComplaintClaim, ComplaintSeat, DeclaredRelation, Tie


def ties_of(complaint: Complaint) -> dict[int, str]:
    """Person id → why they are concerned. Five queries at most; the strongest tie of a person counts."""
    seats = list(complaint.seats.filter(tie__in=(Tie.SUBJECT, Tie.CLAIMED)).values_list("person_id", "tie"))
    subjects = {person for person, tie in seats if tie == Tie.SUBJECT}
    claimed = {person for person, tie in seats if tie == Tie.CLAIMED}
    found: dict[int, str] = {}
    if complaint.project_id is not None:
        decided = Decision.objects.filter(case__project_id=complaint.project_id).exclude(verb=Verb.RECUSE)
        found |= dict.fromkeys(decided.values_list("person_id", flat=True), Tie.APPROVER)
    if complaint.client is not None and complaint.client.identity_hash:
        kin = DeclaredRelation.objects.filter(related_hash=complaint.client.identity_hash, ended_on=None)
        found |= dict.fromkeys(kin.values_list("person_id", flat=True), Tie.CLIENT)
    if subjects:
        declared, named = relatives_of(subjects)
        found |= dict.fromkeys(named - lifted(complaint), Tie.NAMED)
        found |= dict.fromkeys(claimed, Tie.CLAIMED)
        found |= dict.fromkeys(declared, Tie.RELATIVE)
    else:
        found |= dict.fromkeys(claimed, Tie.CLAIMED)
    return found | dict.fromkeys(subjects, Tie.SUBJECT)


def lifted(complaint: Complaint) -> set[int]:
    """People of whom a second person said that the word of who declared them does not bar them here."""
    rows = complaint.claims.filter(what=ComplaintClaim.What.RELATIVE).order_by("id")
    last = dict(rows.values_list("person_id", "is_confirmed"))
    return {person for person, is_confirmed in last.items() if is_confirmed is False}


def relatives_of(people: set[int]) -> tuple[set[int], set[int]]:
    """Colleagues who declared one of `people` as a relative, and those whom one of `people` declared.

    One's own word binds at once. Another's keeps from acting only: else whoever is complained of could make the
    complaint vanish for those who handle it and for the auditor.
    """
    rows = DeclaredRelation.objects.filter(
        Q(person_id__in=people) | Q(related_person_id__in=people), ended_on=None, related_person__isnull=False
    ).values_list("person_id", "related_person_id")
    declared = {person for person, related in rows if related in people}
    named = {related for person, related in rows if person in people and related is not None}
    return declared - people, named - people


def unseated() -> Q:
    """Complaints with somebody whom `ties_of` would find and whose seat does not say so yet: it happened elsewhere."""
    seats = ComplaintSeat.objects.filter(complaint=OuterRef(OuterRef("pk")))
    told, subjects = seats.exclude(tie=""), seats.filter(tie=Tie.SUBJECT).values("person")
    running = DeclaredRelation.objects.filter(ended_on=None)
    decided = Decision.objects.filter(case__project=OuterRef("project")).exclude(verb=Verb.RECUSE)
    kin = running.exclude(related_hash="").filter(related_hash=OuterRef("client__identity_hash"))
    refused = ComplaintClaim.objects.filter(
        complaint=OuterRef(OuterRef("pk")), person=OuterRef("related_person"), what="relative", is_confirmed=False
    )
    told_already = Q(Exists(told.filter(person=OuterRef("related_person")))) | Q(Exists(refused))
    theirs = Q(related_person__isnull=False, person__in=subjects) & ~told_already
    # Who was named before by the other one, and then declares it too, is told anew.
    bound = told.filter(tie__in=(Tie.SUBJECT, Tie.RELATIVE))
    others = Q(related_person__in=subjects) & ~Exists(bound.filter(person=OuterRef("person")))
    alone = ~Exists(told.filter(person=OuterRef("person")))
    return Q(Exists(decided.filter(alone))) | Q(Exists(kin.filter(alone))) | Q(Exists(running.filter(theirs | others)))
