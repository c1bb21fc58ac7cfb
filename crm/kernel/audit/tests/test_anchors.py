"""Heads of the chain are told to a witness outside of the database, and it is asked how old its knowledge is."""

import json
import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client

from crm.kernel.audit import anchors, selectors
from crm.kernel.audit.tasks import anchor_audit
from crm.kernel.audit.tests.helpers import seal_everything, write_events
from crm.kernel.audit.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)


def lines() -> list[str]:
    return anchors.anchor_path().read_text().splitlines()


def test_an_anchor_is_a_line_with_sequence_digest_and_time():
    write_events(3)
    seal_everything()
    anchor = anchors.write_anchor()
    told = {"seq": 3, "digest": anchor.digest, "at": anchor.at, "number": 1, "previous": "0" * 64}
    assert [json.loads(line) for line in lines()] == [told]
    assert len(bytes.fromhex(anchor.digest)) == 32
    assert anchors.last_anchor() == anchor


def test_an_empty_log_and_an_unmoved_head_need_no_anchor_but_the_end_of_a_day_gets_one():
    assert anchors.write_anchor(day_end=True) is None
    write_events(1)
    seal_everything()
    assert anchors.write_anchor() is not None
    assert anchors.write_anchor() is None
    assert anchors.write_anchor(day_end=True).seq == 1
    assert len(lines()) == 2


def test_the_task_seals_and_anchors():
    write_events(2)
    seal_everything()
    assert anchor_audit() == 2
    assert anchor_audit() == 0
    assert anchor_audit(day_end=True) == 2


def test_a_line_torn_by_a_crash_spoils_neither_reading_nor_the_next_anchor():
    write_events(1)
    seal_everything()
    anchors.write_anchor()
    with anchors.anchor_path().open("a") as file:
        file.write('{"seq": 99, "dig')
    assert anchors.last_anchor().seq == 1
    write_events(1)
    seal_everything()
    anchors.write_anchor()
    found = anchors.read_anchors()
    assert [anchor.seq for anchor in found.anchors] == [1, 2]
    assert found.unreadable == (2,)


def test_no_anchor_is_written_over_a_contradiction(caplog):
    write_events(2)
    seal_everything()
    anchors.write_anchor()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditseal DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM kernel_auditseal WHERE seq = 2")
        cursor.execute("ALTER TABLE kernel_auditseal ENABLE ALWAYS TRIGGER append_only")
    with caplog.at_level(logging.CRITICAL), pytest.raises(anchors.AnchorMismatch):
        anchors.write_anchor()
    assert "run verify_audit" in caplog.text
    assert len(lines()) == 1


def test_the_mailbox_gets_the_same_line(settings):
    settings.AUDIT_ANCHOR_MAIL = "audit.office@example.com"
    write_events(1)
    seal_everything()
    anchor = anchors.write_anchor()
    assert [message.to for message in mail.outbox] == [["audit.office@example.com"]]
    assert anchors.parse_anchors(mail.outbox[0].body.splitlines()).anchors == (anchor,)


def test_a_mail_that_cannot_be_sent_does_not_undo_the_file(settings):
    settings.AUDIT_ANCHOR_MAIL = "audit.office@example.com"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    write_events(1)
    seal_everything()
    assert anchors.write_anchor().seq == 1
    assert len(lines()) == 1


def test_a_folder_that_cannot_be_written_is_an_error(settings, tmp_path):
    (tmp_path / "a_file").write_text("")
    settings.ANCHOR_DIR = tmp_path / "a_file"
    write_events(1)
    seal_everything()
    with pytest.raises(OSError, match="a_file"):
        anchors.write_anchor()


def test_each_database_has_a_witness_of_its_own():
    assert connection.settings_dict["NAME"] in anchors.anchor_path().name


def test_ages_grow_while_events_wait_and_vanish_when_all_is_covered():
    assert selectors.sealing_lag() is None
    assert selectors.anchor_age() is None
    write_events(1)
    assert selectors.sealing_lag() >= timedelta(0)
    assert selectors.anchor_age() >= timedelta(0)
    seal_everything()
    assert selectors.sealing_lag() is None
    assert selectors.anchor_age() > timedelta(0)
    anchors.write_anchor()
    assert selectors.anchor_age() is None
    write_events(1)
    first = selectors.anchor_age()
    seal_everything()
    assert selectors.anchor_age() >= first


def anchored(times: int) -> list[str]:
    """So many anchors over a row each; the lines of the file."""
    for _ in range(times):
        write_events(1)
        seal_everything()
        anchors.write_anchor()
    return lines()


def rewrite(kept: list[str]) -> None:
    anchors.anchor_path().write_text("".join(f"{line}\n" for line in kept))


def contradicting(kept: list[str]) -> list[str]:
    """A second anchor for the place of the second one."""
    return [*kept[:2], json.dumps({**json.loads(kept[1]), "digest": "0" * 64}), *kept[2:]]


SPOILT = {
    "cut at its end": (lambda kept: kept[:2], "anchors 3 to 4 are gone"),
    "emptied": (lambda kept: [], "anchors 1 to 4 are gone"),
    "cut at its beginning": (lambda kept: kept[2:], "the anchors before it are gone"),
    "a line taken out": (lambda kept: [kept[0], *kept[2:]], "lines are missing or out of order"),
    "two lines exchanged": (lambda kept: [kept[1], kept[0], *kept[2:]], "is the first line"),
    "a line changed": (
        lambda kept: [kept[0].replace('"at": "2', '"at": "1'), *kept[1:]],
        "does not follow the line above it",
    ),
    "contradicting itself": (contradicting, "two contradicting anchors for seq 2"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_anchor_file_is_found_and_the_place_named(how):
    spoil, named = SPOILT[how]
    rewrite(spoil(anchored(4)))
    messages = verify(anchors.read_anchors()).messages()
    assert any(named in message for message in messages), messages


@pytest.mark.parametrize("how", ["cut at its end", "emptied", "a line taken out", "contradicting itself"])
def test_a_spoilt_end_of_the_anchor_file_is_not_ready_and_not_continued(how):
    assert anchored(4)
    assert anchors.check_anchors() == ""
    rewrite(SPOILT[how][0](lines()))
    assert anchors.check_anchors() != ""
    assert ready()["anchor"] == "contradicted"
    with pytest.raises(anchors.AnchorMismatch):
        anchors.write_anchor()


def test_a_chain_written_anew_under_its_anchor_is_not_ready():
    anchored(2)
    assert ready()["anchor"] == "ok"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditseal DISABLE TRIGGER USER")
        cursor.execute("UPDATE kernel_auditseal SET digest = sha256(digest) WHERE seq = 2")
        cursor.execute("ALTER TABLE kernel_auditseal ENABLE ALWAYS TRIGGER append_only")
    assert ready()["anchor"] == "contradicted"


def test_lines_of_earlier_versions_may_stand_before_the_numbered_ones_only():
    old = [json.dumps({name: json.loads(line)[name] for name in ("seq", "digest", "at")}) for line in anchored(2)]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kernel_auditanchor")
    rewrite(old)
    assert anchors.check_anchors() == ""
    kept = anchored(1)
    assert json.loads(kept[-1])["number"] == 3
    assert verify(anchors.read_anchors()).messages() == []
    rewrite([*kept, old[1]])
    assert verify(anchors.read_anchors()).messages()


def ready() -> dict[str, str]:
    return Client().get("/readyz").json()
