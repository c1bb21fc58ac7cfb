"""Entering a grade and the second person's word on it (SR-4: nobody sets a grade alone)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.file.services import identity_bind
from clients.standing.services import FIGURES_CHANGED, standing_record
from crm.kernel.access.checks import get_visible, may
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, RuleRefused, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Decision, refused
from crm.kernel.access.workflow import transition
from crm.kernel.audit.services import record
from crm.kernel.outbox.services import schedule
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from risk.ratings.models import Rating
from risk.ratings.policies import OWN_CLIENT, works_on
from risk.ratings.rules.scorecard import may_override
from risk.ratings.rules.validity import latest_expiry
from risk.ratings.scoring import Scored, check_answers, is_scored, score_client
from risk.ratings.shown import draw_scoring
from risk.ratings.workflow import RATING

LEAST = {"reason": 5, "source": 2, "rejected_reason": 5, "override_reason": 20}
# What the audit trail tells of a proposal; the points stay in the row and its digest.
TOLD = ("grade", "reason", "source", "score", "model_grade", "override_reason")
VALIDITY = "rating.validity_months"


@transaction.atomic
def rating_enter(
    *, client: Client, grade: str, reason: str, source: str, by: Person, valid_until: date | None = None
) -> Rating:
    """Propose a grade, counted from today. Without `valid_until` it holds as long as the grade may (rules 3.4).

    A risk assessor who does not work on the client. RuleRefused beyond the longest validity; Conflict while
    another proposal waits for this client.
    """
    client = get_visible(Client, by, lock=True, pk=client.pk)
    require_enter(client=client, by=by)
    if is_scored(client):
        raise RuleRefused(
            _("This client has confirmed statements: its grade comes from the scorecard."),
            field="grade",
            code="scorecard",
        )
    clean = _checked({"grade": grade, "reason": reason, "source": source})
    return _propose(client, clean, valid_until, by)


@transaction.atomic
def rating_score(
    *,
    client: Client,
    answers: Mapping[str, Any],
    reason: str,
    source: str,
    by: Person,
    grade: str | None = None,
    override_reason: str = "",
    valid_until: date | None = None,
) -> Rating:
    """Propose the grade that the scorecard gives, or with a reason one notch below it (rules-2 5, rules 3.2).

    `answers`: what the statements do not say (`scoring.check_answers`). RuleRefused names what is missing.
    """
    client = get_visible(Client, by, lock=True, pk=client.pk)
    require_enter(client=client, by=by)
    check_answers(answers)
    scored = score_client(client, answers, viewer=by)
    model = _require_grade(scored)
    chosen = grade or model
    if not may_override(model, chosen):
        raise RuleRefused(
            _("The scorecard gives %(model)s; by hand only one notch below it can be set, not %(chosen)s.")
            % {"model": model, "chosen": chosen},
            field="grade",
            code="notch",
        )
    clean = _checked({"grade": chosen, "reason": reason, "source": source})
    if chosen != model:
        clean |= _checked({"override_reason": override_reason})
    result = {"score": scored.result.score, "model_grade": model, "scoring": scored.stored}
    return _propose(client, {**clean, **result}, valid_until, by, stamps=[scored.stored["card"]])


def _require_grade(scored: Scored) -> str:
    """The grade of the card; RuleRefused names the factors it lacks."""
    if scored.result.grade is None:
        names = ", ".join(draw_scoring(scored.stored)["missing"])
        raise RuleRefused(_("No grade without these figures: %(names)s.") % {"names": names}, code="incomplete")
    return scored.result.grade


def _propose(
    client: Client, clean: dict[str, Any], valid_until: date | None, by: Person, stamps: Iterable[Any] = ()
) -> Rating:
    """Write the proposal, from today until `valid_until` or as late as the grade may."""
    today, months = clock.today(), parameters.value(VALIDITY)
    latest = latest_expiry(clean["grade"], today, months.value)
    until = valid_until or latest
    if not today < until <= latest:
        raise RuleRefused(
            _(
                "A grade %(grade)s entered today can be valid until %(latest)s at the latest and until tomorrow at "
                "the earliest."
            )
            % {"grade": clean["grade"], "latest": latest},
            field="valid_until",
            code="validity",
        )
    try:
        with transaction.atomic():
            rating = Rating.objects.create(
                client=client,
                valid_from=today,
                valid_until=until,
                rule_versions=[months.as_stamp(), *stamps],
                entered_by=by,
                entered_at=clock.now(),
                **clean,
            )
    except IntegrityError:
        raise Conflict(
            _("A rating of this client is already waiting for confirmation."), field="client", code="waiting"
        ) from None
    record(
        "rating.entered",
        subject=rating,
        by=by,
        after={"client": client.pk, "valid_until": until, **{name: clean[name] for name in TOLD if name in clean}},
        evidence=(rating,),
    )
    return rating


@transaction.atomic
def rating_confirm(*, rating: Rating, by: Person) -> Rating:
    """The second risk assessor's yes: the grade goes into force and into the client's standing, the former one ends."""
    held = transition(RATING, "confirm", rating, by=by)
    rating = held.row
    if rating.valid_until < clock.today():
        raise RuleRefused(
            _("This rating expired while waiting for confirmation: decline it and enter a new one."), code="expired"
        )
    former = Rating.objects.filter(client_id=rating.client_id, status=Rating.Status.CONFIRMED)
    replaced = list(former)
    former.update(status=Rating.Status.SUPERSEDED)
    held.write(confirmed_by=by, confirmed_at=clock.now())
    identity_bind(client=rating.client)
    _tell_standing(rating, by)
    schedule(kind=FIGURES_CHANGED, subject=rating.client, due_at=clock.now())
    data = {"client": rating.client_id, "grade": rating.grade, "replaces": [one.pk for one in replaced]}
    held.record(data=data, evidence=(rating, *replaced))
    return rating


@transaction.atomic
def rating_reject(*, rating: Rating, reason: str, by: Person) -> Rating:
    """The second risk assessor's no, with a reason; the client's grade stays as it was."""
    held = transition(RATING, "reject", rating, by=by)
    text = _checked({"rejected_reason": reason})["rejected_reason"]
    held.write(rejected_by=by, rejected_at=clock.now(), rejected_reason=text)
    held.record(reason=text, data={"client": held.row.client_id}, evidence=(held.row,))
    return held.row


def ratings_lapse(*, client: Client) -> list[Rating]:
    """End the grade in force of a client that became another one. Part of another act, which binds what is answered."""
    rows = Rating.objects.filter(client=client, status=Rating.Status.CONFIRMED)
    lapsed = list(rows)
    rows.update(status=Rating.Status.SUPERSEDED)
    return lapsed


def may_enter(*, client: Client, by: Person) -> Decision:
    """Whether `by` may enter a grade for this client: a risk assessor who does not work on it."""
    allowed = may(by, "create", Rating)
    return refused(OWN_CLIENT) if allowed and works_on(by, client.pk) else allowed


def require_enter(*, client: Client, by: Person) -> None:
    """NotPermitted with the reason unless `may_enter`."""
    allowed = may_enter(client=client, by=by)
    if not allowed:
        raise NotPermitted(allowed.reason)


def _tell_standing(rating: Rating, by: Person) -> None:
    """The grade becomes readable below, for lists and gates."""
    standing_record(
        client=rating.client,
        values={"grade": rating.grade, "grade_until": rating.valid_until},
        source=f"rating:{rating.pk}",
        as_of=rating.valid_from,
        by=by,
    )


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """Shape and least lengths of what was typed; BadInput names every field."""
    clean = checked(Rating, values, allowed=("grade", *LEAST))
    short: dict[str, list[Text]] = {
        name: [_("At least %(least)d characters.") % {"least": least}]
        for name, least in LEAST.items()
        if name in clean and len(clean[name]) < least
    }
    if short:
        raise BadInput(errors=short)
    return clean
