"""The official calendar of a year: entered from its notice by one person, released by another (rules 10.5)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import require
from crm.kernel.access.errors import BadInput, Conflict, Text
from crm.kernel.access.workflow import transition
from crm.kernel.audit.context import System
from crm.kernel.audit.services import record
from crm.kernel.declarations.deadlines import DEADLINES
from crm.kernel.holidays import selectors
from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.holidays.rules import entries as rules
from crm.kernel.holidays.workflow import NOTICE
from crm.kernel.outbox.services import schedule
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.models import CalendarDay

RECOMPUTE = "calendar.recompute"
LONGEST_TEXT = 20_000
LONGEST_NUMBER = 60
MOST_MISTAKES = 20

SENTENCES: dict[str, Text] = {
    "too_many": _("more than %(text)s lines"),
    "date": _('"%(text)s" is not a date such as 2027-01-01'),
    "kind": _('"%(text)s" must be 休 (off) or 班 (worked)'),
    "name": _("the holiday has no name, or one of more than 60 characters"),
    "year": _("%(text)s is outside the year of the notice"),
    "twice": _("%(text)s appears twice"),
    "weekday": _("%(text)s is marked 班 but is a working day anyway: only a Saturday or Sunday is worked by notice"),
    "statutory": _("%(text)s is a statutory holiday and must be marked 休"),
}


@transaction.atomic
def notice_enter(*, year: int, number: str, lines: str, by: Person) -> HolidayNotice:
    """Enter the notice of `year` as a draft. `lines`: one day per line, `2027-01-01, 休, 元旦`; nothing is dated yet.

    BadInput names every wrong line. Refused: a year that has passed, a second draft of the year (Conflict).
    """
    require(by, "create", HolidayNotice)
    given = " ".join(number.split())
    errors: dict[str, list[Text]] = {}
    today = clock.today()
    if not today.year <= year <= today.year + 1:
        errors["year"] = [_("Enter the notice of this year or of the next.")]
    if not 4 <= len(given) <= LONGEST_NUMBER:
        errors["number"] = [_("State the number of the notice, such as 国办发明电〔2026〕7号.")]
    entries = _read(year, lines, errors) if "year" not in errors else []
    if errors:
        raise BadInput(errors=errors)
    if HolidayNotice.objects.filter(year=year, status=HolidayNotice.Status.DRAFT).exists():
        raise Conflict(_("Another notice of this year is waiting for release by a second person."), field="year")
    latest = HolidayNotice.objects.filter(year=year).aggregate(Max("version"))["version__max"] or 0
    notice = HolidayNotice.objects.create(
        year=year,
        version=latest + 1,
        number=given,
        days=rules.as_rows(entries),
        entered_by=by,
        entered_at=clock.now(),
    )
    record("calendar.entered", subject=notice, by=by, after=_facts(notice))
    return notice


@transaction.atomic
def notice_release(*, notice: HolidayNotice, by: Person) -> HolidayNotice:
    """Make the year official: write all its days, and let every open deadline be worked out again. Not by who entered.

    The deadlines follow right after the commit; their owners are told of another day. Earlier versions are kept.
    """
    held = transition(NOTICE, "release", notice, by=by)
    row = held.row
    corrected = selectors.is_correction(row.year)
    changed = selectors.list_changed_days(row)
    held.write(released_by=by, released_at=clock.now())
    _write_days(row)
    held.record(after={**_facts(row), "changed_days": [day.isoformat() for day in changed]})
    schedule(kind=RECOMPUTE, subject=row, due_at=clock.now(), data={"corrected": corrected})
    return row


@transaction.atomic
def notice_withdraw(*, notice: HolidayNotice, reason: str, by: Person) -> HolidayNotice:
    """Take a draft back, or refuse it; its version number stays used."""
    if not reason.strip():
        raise BadInput(_("State why the notice is withdrawn."), field="reason")
    held = transition(NOTICE, "withdraw", notice, by=by)
    held.write()
    held.record(reason=reason.strip())
    return held.row


@transaction.atomic
def deadlines_recompute(*, notice: HolidayNotice, corrected: bool, by: System) -> dict[str, int]:
    """Work out the open deadlines of every kind again; how many records changed, by kind. May run twice."""
    changed = {code: kind.refresh(by=by, corrected=corrected) for code, kind in DEADLINES.items()}
    record("calendar.deadlines_recomputed", subject=notice, by=by, data={"changed": changed})
    return changed


def _read(year: int, lines: str, errors: dict[str, list[Text]]) -> list[rules.Entry]:
    """The entries of the text; what is wrong with it goes to `errors`."""
    if len(lines) > LONGEST_TEXT:
        errors["lines"] = [_("The text is too long.")]
        return []
    entries, mistakes = rules.read_entries(lines)
    mistakes = mistakes or rules.list_mistakes(year, entries)
    if mistakes:
        errors["lines"] = [_sentence(mistake) for mistake in mistakes[:MOST_MISTAKES]]
    return entries


def _sentence(mistake: rules.Mistake) -> Text:
    said = str(SENTENCES[mistake.code]) % {"text": mistake.text}
    if not mistake.line:
        return said
    return str(_("Line %(line)d: %(said)s") % {"line": mistake.line, "said": said})


def _write_days(notice: HolidayNotice) -> None:
    entries = rules.from_rows(notice.days)
    names = {entry.date: entry.name for entry in entries}
    CalendarDay.objects.bulk_create(
        _calendar_rows(notice, names),
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "source", "status"],
    )


def _calendar_rows(notice: HolidayNotice, names: dict[Any, str]) -> Iterable[CalendarDay]:
    for day, known in rules.days_of(notice.year, rules.from_rows(notice.days)).items():
        yield CalendarDay(
            date=day,
            is_workday=known.is_workday,
            name=names.get(day, ""),
            source=notice.number,
            status=CalendarDay.Status.OFFICIAL,
        )


def _facts(notice: HolidayNotice) -> dict[str, Any]:
    return {
        "year": notice.year,
        "version": notice.version,
        "number": notice.number,
        "days": notice.days,
        "status": notice.status,
    }
