"""A client on the scorecard: its confirmed statements and the assessor's answers in, points and grade out, as stored.

What is stored says everything again: the inputs, the version of the card, each factor with its points.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from clients.file.models import Client, ClientType
from clients.statements.key_figures import confirmed_book
from clients.statements.models import Statement
from clients.statements.rules.periods import Book
from clients.statements.rules.ratios import Reader, work_out
from crm.kernel.access.errors import BadInput, RuleRefused, Text
from crm.kernel.access.policies import Viewer
from crm.kernel.parameters import selectors as parameters
from risk.ratings.rules.scorecard import KNOCK_OUTS, Scoring, Value, paid_share, score_card

CARD = "rating.scorecard"
AMOUNTS = ("interest_due", "interest_paid", "principal_due", "principal_paid")
STEPPED = ("Q1", "Q2", "Q3", "Q5", "Q6")
# Kinds of clients the corporate card is for; project companies have a card of their own (rules-2 5.3).
CARDED = frozenset({ClientType.COMPANY})
LEAST_REASON = 20


@dataclass(frozen=True)
class Scored:
    """A scoring with where it came from: `stored` is what a rating keeps."""

    result: Scoring
    statement: Statement | None
    stored: dict[str, Any]


def has_card(client: Client) -> bool:
    """Whether the corporate scorecard is made for this kind of client."""
    return client.client_type in CARDED


def is_scored(client: Client) -> bool:
    """Whether the grade comes from the scorecard: a company with a confirmed set of statements."""
    confirmed = Statement.objects.filter(client=client, state=Statement.State.CONFIRMED)
    return has_card(client) and confirmed.exists()


def check_answers(answers: Mapping[str, Any]) -> None:
    """BadInput names each answer that cannot be: paid above due, a 5 or 1 without its reason (rules-2 5.1)."""
    wrong: dict[str, list[Text]] = {}
    for kind in ("interest", "principal"):
        paid, due = answers.get(f"{kind}_paid"), answers.get(f"{kind}_due")
        for name, amount in ((f"{kind}_paid", paid), (f"{kind}_due", due)):
            if amount is not None and amount < 0:
                wrong.setdefault(name, []).append(_("An amount cannot be below 0."))
        if paid is not None and due is not None and paid > due:
            wrong.setdefault(f"{kind}_paid", []).append(
                _("Paid %(paid)s is more than fell due, %(due)s.") % {"paid": f"{paid:,.2f}", "due": f"{due:,.2f}"}
            )
    for code in STEPPED:
        name, step = code.lower(), answers.get(code.lower())
        if step in (1, 5) and len((answers.get(f"{name}_reason") or "").strip()) < LEAST_REASON:
            wrong.setdefault(f"{name}_reason", []).append(
                _("The highest and the lowest step need a reason of at least %(least)d characters.")
                % {"least": LEAST_REASON}
            )
    if unknown := sorted(set(answers.get("knock_outs") or ()) - set(KNOCK_OUTS)):
        wrong["knock_outs"] = [_("Unknown: %(codes)s.") % {"codes": ", ".join(unknown)}]
    if wrong:
        raise BadInput(errors=wrong)


def score_client(client: Client, answers: Mapping[str, Any], *, viewer: Viewer) -> Scored:
    """Score a client today; nothing is written. Three queries. RuleRefused where the card is not for this client."""
    if not has_card(client):
        raise RuleRefused(_("The corporate scorecard is for companies only."), field="client", code="no_card")
    card, found = parameters.value(CARD), confirmed_book(client, viewer=viewer)
    statement, book = found if found else (None, None)
    section = client.industry.section if client.industry else ""
    values = _read_values(book, statement, answers)
    outs = set(answers.get("knock_outs") or ())
    equity = Reader(book, statement.period_end).read("E198").value if book and statement else None
    if equity is not None and equity < 0:
        outs.add("insolvent")
    result = score_card(
        card.value,
        section=section,
        values=values,
        steps={code: step for code in STEPPED if (step := answers.get(code.lower())) is not None},
        esg_score=answers.get("esg_score"),
        knock_outs=frozenset(outs),
        is_restricted=bool(answers.get("restricted_industry")),
    )
    given = {name: _plain(value) for name, value in sorted(answers.items()) if value not in (None, "", [])}
    stored = {
        "card": card.as_stamp(),
        "section": section,
        "statement": statement.pk if statement else None,
        "as_of": statement.period_end.isoformat() if statement else None,
        "answers": given,
        "result": _plain(asdict(result)),
    }
    return Scored(result, statement, stored)


def _read_values(book: Book | None, statement: Statement | None, answers: Mapping[str, Any]) -> dict[str, Value]:
    """What the factors read: the ratios of the day, what was paid of what fell due, debt without advances."""
    values = {
        kind: paid_share(answers.get(f"{kind}_paid"), answers.get(f"{kind}_due")) for kind in ("interest", "principal")
    }
    if book is None or statement is None:
        return values
    day = statement.period_end
    for code, result in work_out(book, day).items():
        values[code] = Value(result.value, result.reason, result.detail == "turned_profit")
    reader = Reader(book, day)
    owed, assets, advances = (reader.read(line).value for line in ("L999", "A999", "L107"))
    if owed is None or assets is None or assets - (advances or 0) <= 0:
        values["net_of_advances"] = Value(None, "MISS")
    else:
        values["net_of_advances"] = Value((owed - (advances or 0)) / (assets - (advances or 0)))
    return values


def _plain(value: Any) -> Any:
    """As JSON keeps it: figures as text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    return value
