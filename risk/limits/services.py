"""Proposing a limit, the word of the approver who was asked, and the cut that follows a worse grade."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clients.file.models import Client
from clients.standing.services import standing_record
from crm.kernel.access.checks import get_visible, may
from crm.kernel.access.errors import BadInput, NotPermitted, RuleRefused, Text
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Decision, Viewer, refused
from crm.kernel.access.workflow import transition
from crm.kernel.audit.services import record
from crm.kernel.notify.services import notify
from crm.kernel.people.models import Person
from crm.kernel.text import numbers
from crm.kernel.text.sentences import listed
from crm.kernel.workdays import clock
from projects.deals.rules.months import add_months
from risk.limits import selectors
from risk.limits.models import CreditLimit
from risk.limits.policies import OWN_CLIENT
from risk.limits.shown import term_names
from risk.limits.workflow import LIMIT
from risk.limits.working import FORMULA, Working, work_out
from risk.ratings.policies import works_on

CUT = "limit.cut"
LEAST = {"source": 5, "reason": 10, "opinion": 5}


@transaction.atomic
def limit_propose(
    *,
    client: Client,
    need: Decimal,
    need_kind: str,
    source: str,
    reason: str,
    asked_of: Person,
    by: Person,
    amount: Decimal | None = None,
) -> CreditLimit:
    """Propose a limit: what the formula gives today, or with `amount` less. An open proposal is replaced.

    A risk assessor who does not work on the client; `asked_of` decides it. RuleRefused: a term of the formula is not
    known, an amount above it, an approver whose authority does not reach it.
    """
    held = get_visible(Client, by, lock=True, pk=client.pk)
    client = selectors.measured_clients().get(pk=held.pk)
    require_propose(client=client, by=by)
    clean = _checked({"need": need, "need_kind": need_kind, "source": source, "reason": reason})
    worked = work_out(client, need=clean["need"])
    computed = _require_figures(worked)
    chosen = _choose(computed, amount)
    found = selectors.find_level(chosen, str(worked.grade))
    if asked_of.pk not in {person.pk for person in selectors.list_deciders(client, found.level, by=by)}:
        raise RuleRefused(
            _("%(name)s cannot decide this limit: the authority does not reach it, or they work on the client.")
            % {"name": asked_of.name},
            field="asked_of",
            code="not_a_decider",
        )
    graded_until = client.standing.grade_until
    assert graded_until is not None  # a grade that holds has an end
    CreditLimit.objects.filter(client=client, status=CreditLimit.Status.PROPOSED).update(
        status=CreditLimit.Status.REPLACED
    )
    months = int(worked.rules[FORMULA].value["validity_months"])
    limit = CreditLimit.objects.create(
        client=client,
        grade=str(worked.grade),
        amount=chosen,
        computed=computed,
        terms=worked.as_data(),
        rule_versions=[rule.as_stamp() for rule in worked.rules.values()],
        level=found.level,
        by_committee=found.needs_committee,
        valid_until=min(add_months(clock.today(), months), graded_until),
        asked_of=asked_of,
        entered_by=by,
        entered_at=clock.now(),
        **clean,
    )
    data = {"client": client.pk, "asked_of": asked_of.pk}
    after = {"amount": chosen, "computed": computed, "valid_until": limit.valid_until}
    record("limit.proposed", subject=limit, by=by, data=data, after=after, evidence=(limit,))
    return limit


@transaction.atomic
def limit_approve(*, limit: CreditLimit, opinion: str, by: Person, resolution: str = "") -> CreditLimit:
    """The approver's yes: the limit goes into force and into the client's standing, the former one ends.

    RuleRefused when the figures of today give less than was proposed, or the minutes of the committee are not named.
    """
    held = transition(LIMIT, "approve", limit, by=by)
    row, text = held.row, _checked({"opinion": opinion})["opinion"]
    if row.by_committee and len(resolution.strip()) < LEAST["opinion"]:
        raise BadInput(_("Name the resolution of the committee."), field="resolution")
    today = _require_figures(work_out(row.client, need=row.need))
    if row.amount > today or row.valid_until < clock.today():
        raise RuleRefused(
            _("With today's figures the formula gives %(today)s, less than %(amount)s: decline this proposal.")
            % {"today": numbers.money_auto(today), "amount": numbers.money_auto(row.amount)},
            code="figures_today",
        )
    former = CreditLimit.objects.filter(client_id=row.client_id, status=CreditLimit.Status.IN_FORCE)
    replaced = list(former)
    former.update(status=CreditLimit.Status.REPLACED)
    given = {"opinion": text, "resolution": resolution.strip()[:100]}
    held.write(decided_by=by, decided_at=clock.now(), decided_level=by.authority_level, **given)
    _tell_standing(row, by)
    data = {"client": row.client_id, "amount": row.amount, "replaces": [one.pk for one in replaced]}
    held.record(reason=text, data=data, evidence=(row, *replaced))
    return row


@transaction.atomic
def limit_decline(*, limit: CreditLimit, opinion: str, by: Person) -> CreditLimit:
    """The approver's no, with a reason; the limit in force stays as it was."""
    held = transition(LIMIT, "decline", limit, by=by)
    text = _checked({"opinion": opinion})["opinion"]
    held.write(decided_by=by, decided_at=clock.now(), decided_level=by.authority_level, opinion=text)
    held.record(reason=text, data={"client": held.row.client_id}, evidence=(held.row,))
    return held.row


@transaction.atomic
def limit_follow(*, pk: int, by: Viewer) -> CreditLimit | None:
    """Cut the limit in force of a client to what today's grade and figures give, where that is less. Idempotent.

    It never rises by itself, and what cannot be worked out today cuts nothing: it ends with the grade it came from.
    """
    if not by.is_system:
        raise NotPermitted
    Client.objects.select_for_update(of=("self",)).get(pk=pk)
    client = selectors.measured_clients().get(pk=pk)
    limit = selectors.limit_in_force(client)
    if limit is None:
        return None
    worked = work_out(client, need=limit.need)
    today = worked.limit.amount
    if today is None or today >= limit.effective:
        return None
    before = limit.effective
    limit.cut_to, limit.cut_at, limit.cut_terms = today, clock.now(), worked.as_data()
    limit.save(update_fields=["cut_to", "cut_at", "cut_terms"])
    _tell_standing(limit, by)
    data = {"client": client.pk, "grade": worked.grade}
    record(
        "limit.cut",
        subject=limit,
        by=by,
        data=data,
        before={"cut_to": before},
        after={"cut_to": today},
        evidence=(limit,),
    )
    words = {"client": client.name, "before": numbers.money_auto(before), "after": numbers.money_auto(today)}
    for person in {limit.entered_by, client.owner}:
        notify(
            recipient=person,
            kind=CUT,
            subject=limit,
            url=limit.get_absolute_url(),
            data=words,
            due_at=clock.now(),
            by=by,
        )
    return limit


def may_propose(*, client: Client, by: Person) -> Decision:
    """Whether `by` may propose a limit for this client: a risk assessor who does not work on it."""
    allowed = may(by, "create", CreditLimit)
    return refused(OWN_CLIENT) if allowed and works_on(by, client.pk) else allowed


def require_propose(*, client: Client, by: Person) -> None:
    """NotPermitted with the reason unless `may_propose`."""
    allowed = may_propose(client=client, by=by)
    if not allowed:
        raise NotPermitted(allowed.reason)


def _choose(computed: Decimal, amount: Decimal | None) -> Decimal:
    """What is asked: the formula's sum, or a smaller one. RuleRefused above it."""
    chosen = computed if amount is None else checked(CreditLimit, {"amount": amount}, allowed=("amount",))["amount"]
    if chosen > computed:
        raise RuleRefused(
            _("The formula gives %(computed)s; %(amount)s is more.")
            % {"computed": numbers.money_auto(computed), "amount": numbers.money_auto(chosen)},
            field="amount",
            code="above_formula",
        )
    return Decimal(chosen)


def _require_figures(worked: Working) -> Decimal:
    """The limit in yuan; RuleRefused names the terms that are not known."""
    if worked.limit.amount is None:
        names = term_names()
        raise RuleRefused(
            _("No limit without these figures: %(names)s.")
            % {"names": listed(str(names[code]) for code in worked.limit.unknown)},
            code="unknown_terms",
        )
    return worked.limit.amount


def _tell_standing(limit: CreditLimit, by: Viewer) -> None:
    """The limit becomes readable below, for lists and the gates of a deal."""
    standing_record(
        client=limit.client,
        values={"limit": limit.effective, "limit_until": limit.valid_until},
        source=f"limit:{limit.pk}",
        as_of=clock.today(),
        by=by,
    )


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Shape and least lengths of what was typed; BadInput names every field."""
    clean = checked(CreditLimit, values, allowed=tuple(values))
    wrong: dict[str, list[Text]] = {
        name: [_("At least %(least)d characters.") % {"least": least}]
        for name, least in LEAST.items()
        if name in clean and len(clean[name].strip()) < least
    }
    if "need" in clean and clean["need"] < 0:
        wrong["need"] = [_("An amount cannot be below 0.")]
    if wrong:
        raise BadInput(errors=wrong)
    return clean
