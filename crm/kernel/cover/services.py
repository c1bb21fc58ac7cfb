"""Covers: asked for by the person or a head above, confirmed by a second person, ended by recall or return."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.access.checks import require
from crm.kernel.access.errors import BadInput, Conflict, RuleRefused, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Viewer
from crm.kernel.access.workflow import transition
from crm.kernel.audit.services import record
from crm.kernel.cover.policies import NOT_ABOVE, is_above
from crm.kernel.cover.rules.letters import Term, are_toxic, find_clash, last_allowed
from crm.kernel.cover.workflow import COVER, hold_people
from crm.kernel.declarations.scopes import list_scopes
from crm.kernel.notify.services import notify
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Cover, Person
from crm.kernel.people.roles import Role
from crm.kernel.people.selectors import roles_at_hand, superior_of
from crm.kernel.workdays import clock

LIMITS = "cover.limits"
CLASHES: dict[str, tuple[str, Text]] = {
    "overlap": ("starts_on", gettext_lazy("%(person)s is already covered on some of these days.")),
    "circle": ("deputy", gettext_lazy("%(person)s stands in for %(deputy)s on some of these days: not in a circle.")),
    "deputy_away": ("deputy", gettext_lazy("%(deputy)s is away or covered on some of these days.")),
    "person_covers": (
        "person",
        gettext_lazy("%(person)s stands in for somebody on some of these days: a cover is not passed on."),
    ),
}


@transaction.atomic
def cover_ask(
    *,
    person: Person,
    deputy: Person,
    kind: str,
    starts_on: date,
    ends_on: date,
    letter_no: str,
    scope: Collection[str] = (),
    ceiling: Decimal | None = None,
    is_suspended: bool = False,
    by: Person,
) -> Cover:
    """Ask that `deputy` stand in for `person` from `starts_on` through `ends_on`; it holds once confirmed.

    `ceiling`: yuan, required where the person holds final authority. `is_suspended`: of mandatory leave only.
    400 wrong shape; 422 for who is neither the person nor above them, and for oneself, a circle, an overlap, a deputy
    who is away or covered, roles that must not meet, a period too long; 409 a letter number used before.
    """
    require(by, "create", Cover)
    held = hold_people(person.pk, deputy.pk)
    away, stands_in = held[person.pk], held[deputy.pk]
    if by.pk != away.pk and not is_above(by, away):
        raise RuleRefused(NOT_ABOVE, field="person", code="not_above")
    given = checked(Cover, {"kind": kind, "letter_no": letter_no.strip(), "ceiling": ceiling})
    _refuse_shape(kind, starts_on, ends_on, scope, is_suspended)
    _refuse_people(away, stands_in, ceiling)
    cover = Cover(
        person=away,
        deputy=stands_in,
        starts_on=starts_on,
        ends_on=ends_on,
        scope=sorted(set(scope)),
        is_suspended=is_suspended,
        asked_by=by,
        **given,
        **_places(away, stands_in),
    )
    _refuse_clash(cover)
    _store(cover)
    record("cover.asked", subject=cover, by=by, data=_facts(cover))
    _tell_above(cover, by=by)
    return cover


@transaction.atomic
def cover_confirm(*, cover: Cover, by: Person) -> Cover:
    """Let the cover hold. 403 for who asked, for either of the two and for who stands above neither; 409 once decided;
    422 where the roles by now must not meet or the last day has passed. Both people are told.
    """
    held = transition(COVER, "confirm", cover, by=by)
    row = held.row
    if row.ends_on < clock.today():
        raise RuleRefused(_("The last day of this cover has passed."), field="ends_on")
    _refuse_people(row.person, row.deputy, row.ceiling)
    held.write(decided_by=by, decided_at=clock.now())
    held.record(data=_facts(row), evidence=(row,))
    _tell(row, "cover.confirmed", by=by)
    return row


@transaction.atomic
def cover_refuse(*, cover: Cover, reason: str, by: Person) -> Cover:
    """Do not let it hold, with a reason; by who may confirm it."""
    if not reason.strip():
        raise BadInput(_("State a reason."), field="reason")
    held = transition(COVER, "refuse", cover, by=by)
    held.write(decided_by=by, decided_at=clock.now())
    held.record(reason=reason.strip(), data=_facts(held.row))
    _tell(held.row, "cover.refused", by=by)
    return held.row


@transaction.atomic
def cover_end(*, cover: Cover, end_reason: str, by: Person) -> Cover:
    """End it now, by recall or because the person is back: the next request of the deputy no longer has it."""
    if end_reason not in Cover.EndReason.values:
        raise BadInput(_("Choose why the cover ends."), field="end_reason")
    held = transition(COVER, "end", cover, by=by)
    if held.row.is_over:
        raise Conflict(_("The last day of this cover has passed."), code="decided")
    held.write(ended_by=by, ended_at=clock.now(), end_reason=end_reason)
    held.record(data={**_facts(held.row), "end_reason": end_reason})
    _tell(held.row, "cover.ended", by=by)
    return held.row


def _refuse_shape(kind: str, first: date, last: date, scope: Collection[str], is_suspended: bool) -> None:
    """Days, scope and suspension that do not fit the kind."""
    if first < clock.today():
        raise RuleRefused(_("A cover begins today or later."), field="starts_on")
    if last < first:
        raise BadInput(_("The last day lies before the first."), field="ends_on")
    limits = parameters.value(LIMITS).value
    days = int(limits["standing_days" if kind == Cover.Kind.STANDING else "absence_days"])
    if last > last_allowed(first, days):
        raise RuleRefused(
            _("A cover of this kind lasts at most %(days)d days: until %(last)s.")
            % {"days": days, "last": last_allowed(first, days).isoformat()},
            field="ends_on",
            code="too_long",
        )
    if unknown := sorted(set(scope) - set(list_scopes() if scope else ())):
        raise BadInput(_("Unknown: %(codes)s.") % {"codes": ", ".join(unknown)}, field="scope")
    if is_suspended and kind != Cover.Kind.MANDATORY:
        raise RuleRefused(_("Only mandatory leave suspends the account."), field="is_suspended")


def _refuse_people(person: Person, deputy: Person, ceiling: Decimal | None) -> None:
    """Oneself, somebody who left, roles that must not meet, final authority without a ceiling."""
    if person.pk == deputy.pk:
        raise RuleRefused(_("Nobody covers themselves."), field="deputy", code="oneself")
    for field, one in (("person", person), ("deputy", deputy)):
        if not one.is_active:
            raise RuleRefused(_("%(name)s has left.") % {"name": one.name}, field=field)
    roles_at_hand([person, deputy])
    if are_toxic(person.roles, deputy.roles):
        raise RuleRefused(
            _("The roles of %(person)s and %(deputy)s must not meet in one person.")
            % {"person": person.name, "deputy": deputy.name},
            field="deputy",
            code="toxic_pair",
        )
    if person.has_role(Role.FINAL_APPROVER) and ceiling is None:
        raise RuleRefused(
            _("State the ceiling: %(name)s holds final authority.") % {"name": person.name}, field="ceiling"
        )


def _refuse_clash(cover: Cover) -> None:
    """Covers of either person on the same days. Both people are held, so none is added meanwhile."""
    people = [cover.person_id, cover.deputy_id]
    live = Cover.objects.filter(state__in=Cover.LIVE, starts_on__lte=cover.ends_on, ends_on__gte=cover.starts_on)
    rows = live.filter(person__in=people) | live.filter(deputy__in=people)
    terms = [Term(*row) for row in rows.values_list("person_id", "deputy_id", "starts_on", "ends_on")]
    found = find_clash(Term(cover.person_id, cover.deputy_id, cover.starts_on, cover.ends_on), terms)
    if found:
        field, text = CLASHES[found]
        words = {"person": cover.person.name, "deputy": cover.deputy.name}
        raise RuleRefused(str(text) % words, field=field, code=found)


def _store(cover: Cover) -> None:
    try:
        with transaction.atomic():
            cover.save(force_insert=True)
    except IntegrityError as error:
        if "letter_no" in str(error):
            raise Conflict(_("This letter number is already in use."), field="letter_no") from None
        if "kernel_cover_no_" in str(error):
            raise Conflict(_("Another cover of these people holds on some of these days."), field="starts_on") from None
        raise


def _places(person: Person, deputy: Person) -> dict[str, int]:
    """Post and department of both, as of now."""
    return {
        "person_post": person.post_id or 0,
        "person_department": person.department_id,
        "deputy_post": deputy.post_id or 0,
        "deputy_department": deputy.department_id,
    }


def _facts(cover: Cover) -> dict[str, Any]:
    """What the audit trail keeps of it."""
    return {
        "person": cover.person_id,
        "deputy": cover.deputy_id,
        "letter_no": cover.letter_no,
        "from": cover.starts_on,
        "until": cover.ends_on,
        "ceiling": cover.ceiling,
    }


def _tell(cover: Cover, kind: str, *, by: Viewer) -> None:
    """Both people hear of it, but not who did it."""
    for person in (cover.person, cover.deputy):
        if person.pk != by.pk:
            _tell_one(cover, kind, person, by=by)


def _tell_above(cover: Cover, *, by: Viewer) -> None:
    """The head above the person hears that a cover waits, if they may confirm it."""
    head = superior_of(cover.person)
    if head is not None and head.pk not in (by.pk, cover.deputy_id) and is_above(head, cover.person):
        _tell_one(cover, "cover.asked", head, by=by)


def _tell_one(cover: Cover, kind: str, person: Person, *, by: Viewer) -> None:
    notify(
        recipient=person,
        kind=kind,
        subject=cover,
        url=cover.get_absolute_url(),
        data={
            "person": cover.person.name,
            "deputy": cover.deputy.name,
            "first": cover.starts_on,
            "last": cover.ends_on,
            "letter": cover.letter_no,
        },
        due_at=clock.now(),
        by=by,
    )
