"""People are told once, in their language, when they want it; an escalation always and at once."""

from datetime import date, datetime, time

import pytest
from django.core import mail

from crm.kernel.access.errors import BadInput, NotVisible
from crm.kernel.audit.context import SYSTEM
from crm.kernel.notify import services
from crm.kernel.notify.models import Notice
from crm.kernel.notify.rules.quiet import next_allowed, next_digest
from crm.kernel.outbox.relay import relay_due
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock

pytestmark = pytest.mark.django_db


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.SHANGHAI)


@pytest.fixture
def reader(owner):
    Person.objects.filter(pk=owner.pk).update(email="lin@example.com")
    owner.refresh_from_db()
    return owner


def tell(person, *, due_at=None, kind="todo.assigned", **more):
    return services.notify(
        recipient=person,
        kind=kind,
        subject=person,
        url="/clients/",
        data={"due_on": "2026-11-27"},
        due_at=due_at or clock.now(),
        by=SYSTEM,
        **more,
    )


def test_the_same_news_is_told_once(reader):
    with clock.at(at(24, 10)):
        assert tell(reader) is not None
        assert tell(reader) is None
        relay_due()
        relay_due()
    assert Notice.objects.count() == len(mail.outbox) == 1
    [letter] = mail.outbox
    assert letter.to == ["lin@example.com"]
    assert letter.extra_headers["Message-ID"] == f"<notice-{Notice.objects.get().pk}@localhost>"
    assert "http://127.0.0.1:8000/clients/" in letter.body


def test_by_night_and_on_days_off_no_mail_goes_out_until_the_working_morning(reader):
    with clock.at(at(27, 21)):
        tell(reader)
        relay_due()
        assert mail.outbox == []
    with clock.at(at(29, 12)):
        relay_due()
        assert mail.outbox == []
    with clock.at(at(30, 8)):
        relay_due()
    assert len(mail.outbox) == 1


def test_an_escalation_is_mailed_at_night_and_whatever_was_chosen(reader):
    services.preferences_set(person=reader, choices={"todos": "none"}, by=reader)
    with clock.at(at(28, 23)):
        tell(reader)
        tell(reader, kind="todo.escalated", is_escalation=True)
        relay_due()
    assert Notice.objects.count() == 2
    assert len(mail.outbox) == 1


def test_a_digest_is_one_letter_of_what_was_not_read_yet(reader):
    services.preferences_set(person=reader, choices={"todos": "digest"}, by=reader)
    for hour in (10, 11, 12):
        with clock.at(at(24, hour)):
            told = tell(reader)
            relay_due()
            if hour == 10:
                services.notice_read(notice=told, by=reader)
    assert mail.outbox == []
    with clock.at(at(25, 8, 30)):
        relay_due()
    [letter] = mail.outbox
    assert letter.body.count("http://127.0.0.1:8000/clients/") == 2


def test_what_was_read_meanwhile_needs_no_mail(reader):
    with clock.at(at(24, 22)):
        services.notice_read(notice=tell(reader), by=reader)
    with clock.at(at(25, 10)):
        relay_due()
    assert mail.outbox == []


def test_a_notice_is_nobody_elses(reader, colleague, head):
    notice = tell(reader)
    for other in (colleague, head):
        with pytest.raises(NotVisible):
            services.notice_read(notice=notice, by=other)
    services.notice_read(notice=notice, by=reader)
    assert services.notices_read_all(by=reader) == 0


def test_preferences_take_what_there_is_and_are_ones_own(reader, colleague):
    with pytest.raises(BadInput):
        services.preferences_set(person=reader, choices={"todos": "pigeon"}, by=reader)
    with pytest.raises(BadInput):
        services.preferences_set(person=reader, choices={"todos": "none"}, by=colleague)


def test_a_link_leads_into_the_house_only(reader):
    for url in ("https://elsewhere.example/", "//elsewhere.example/"):
        with pytest.raises(ValueError, match="no path of ours"):
            services.notify(
                recipient=reader, kind="x", subject=reader, url=url, due_at=clock.now(), data=None, by=SYSTEM
            )


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (at(24, 10), at(24, 10)),
        (at(24, 7, 59), at(24, 8)),
        (at(24, 20), at(25, 8)),
        (at(27, 20), at(30, 8)),
        (at(28, 12), at(30, 8)),
    ],
)
def test_quiet_hours(moment, allowed):
    week = {"quiet_from": time(20), "quiet_to": time(8), "is_workday": lambda day: day.weekday() < 5}
    assert next_allowed(moment, **week) == allowed


def test_the_next_digest_comes_on_a_working_day():
    rule = {"digest_at": time(8, 30), "is_workday": lambda day: day.weekday() < 5}
    assert next_digest(at(24, 8), **rule) == at(24, 8, 30)
    assert next_digest(at(27, 9), **rule) == at(30, 8, 30)
    assert date(2026, 11, 30).weekday() == 0
