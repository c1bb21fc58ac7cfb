"""`verify_audit`, and the stand-alone verifier over an export: what they say, and what they never say."""

import ast
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from crm.kernel.audit import anchors
from crm.kernel.audit.models import AuditEvent, AuditSeal
from crm.kernel.audit.tests.helpers import seal_everything, write_events
from crm.kernel.audit.tests.meddlings import rechain
from crm.kernel.audit.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)

VERIFIER = Path(django_settings.BASE_DIR) / "docs" / "verify" / "verify_export.py"


def run_verify(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out, no_color=True)
    except SystemExit as exit_:
        return int(exit_.code), out.getvalue()
    return 0, out.getvalue()


def run_alone(*arguments: object) -> tuple[int, str]:
    """The stand-alone verifier in an interpreter without site packages, away from the product."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), *map(str, arguments)], capture_output=True, text=True, cwd="/"
    )
    return done.returncode, done.stdout + done.stderr


def export(tmp_path: Path, *arguments: str) -> Path:
    path = tmp_path / f"export{len(list(tmp_path.iterdir()))}.jsonl"
    call_command("export_audit", str(path), *arguments, stderr=io.StringIO())
    return path


def meddle(sql: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("kernel_auditevent", "kernel_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        for table in ("kernel_auditevent", "kernel_auditseal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only")
        cursor.execute("ALTER TABLE kernel_auditevent ENABLE TRIGGER stamp")


def anchored_log(rows: int = 6) -> None:
    write_events(rows)
    seal_everything()
    anchors.write_anchor()


def test_an_anchored_log_is_intact():
    anchored_log()
    code, said = run_verify()
    assert code == 0
    assert "sealed 6  anchored 6  unanchored 0  unsealed 0  anchors 1" in said
    assert "NOT vouched" not in said


def test_rows_without_an_anchor_or_a_seal_are_counted_and_not_vouched_for():
    anchored_log()
    write_events(2)
    seal_everything()
    write_events(3)
    code, said = run_verify()
    assert code == 0
    assert "sealed 8  anchored 6  unanchored 2  unsealed 3" in said
    assert "Intact and witnessed: seq 1 to 6." in said
    assert "NOT vouched for: 2 sealed rows without an anchor, 3 rows not yet sealed." in said


def test_without_any_anchor_nothing_is_vouched_for():
    assert run_verify()[0] == 0
    write_events(2)
    assert run_verify()[0] == 3
    seal_everything()
    code, said = run_verify()
    assert code == 3
    assert "Intact" not in said
    assert "ok" not in said.lower().split()


def test_the_first_bad_row_is_named_by_sequence_and_event():
    anchored_log()
    event = AuditSeal.objects.get(seq=4).event_id
    meddle("UPDATE kernel_auditevent SET payload = replace(payload, 'AA', 'AAA') WHERE id >= %s", event)
    code, said = run_verify()
    assert code == 1
    assert f"First bad place: the chain breaks at seq 4, event {event}" in said
    assert "Intact" not in said


def test_a_gap_in_the_sequence_is_called_a_gap():
    anchored_log()
    meddle("DELETE FROM kernel_auditseal WHERE seq = 4")
    assert "First bad place: seq 4 to 4 are missing from the chain" in run_verify()[1]


def test_what_an_earlier_anchor_covers_stays_vouched_for_when_a_later_row_is_bad():
    anchored_log(3)
    anchored_log(3)
    meddle("DELETE FROM kernel_auditevent WHERE id = %s", AuditSeal.objects.get(seq=5).event_id)
    code, said = run_verify()
    assert code == 1
    assert "Intact and witnessed: seq 1 to 3." in said


def test_another_anchor_file_can_be_asked(tmp_path):
    anchored_log()
    mails = tmp_path / "mails.jsonl"
    mails.write_text(anchors.last_anchor().line() + "\n")
    anchors.anchor_path().unlink()
    assert run_verify()[0] == 3
    assert run_verify("--anchors", str(mails))[0] == 0
    with pytest.raises(CommandError):
        run_verify("--anchors", str(tmp_path / "none"))


def test_verification_is_done_by_the_application_role_too(app_connection):
    anchored_log()
    with app_connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_auditseal s JOIN kernel_auditevent e ON e.id = s.event_id")
        assert cursor.fetchone()[0] == 6


def test_the_verifier_imports_the_standard_library_only():
    tree = ast.parse(VERIFIER.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)


def test_an_export_is_verified_by_the_stand_alone_verifier(tmp_path):
    anchored_log()
    write_events(2)
    seal_everything()
    path = export(tmp_path)
    code, said = run_alone(path, "--anchors", anchors.anchor_path())
    assert code == 0
    assert "rows 8  anchored 6  unanchored 2" in said
    assert "NOT vouched for: 2 rows without an anchor." in said
    code, said = run_alone(path)
    assert (code, "Intact" in said) == (3, False)


def test_the_export_itself_is_recorded(tmp_path):
    anchored_log()
    export(tmp_path, "--from-seq", "2")
    event = AuditEvent.objects.order_by("id").last()
    assert (event.action, event.data) == ("audit.exported", {"from_seq": 2, "to_seq": None})


def test_part_of_the_log_can_be_exported_and_verified(tmp_path):
    anchored_log(3)
    anchored_log(3)
    path = export(tmp_path, "--from-seq", "4", "--to-seq", "6")
    code, said = run_alone(path, "--anchors", anchors.anchor_path())
    assert (code, "rows 3  anchored 3" in said) == (0, True)
    with pytest.raises(CommandError):
        export(tmp_path, "--from-seq", "99")


def spoil(lines: list[str], how: str) -> list[str]:
    """The export after the meddling."""
    row = json.loads(lines[4])
    if how == "changed":
        row["payload"] = row["payload"].replace("AA", "AAA")
        lines[4] = json.dumps(row)
    elif how == "digest":
        row["digest"] = "00" * 32
        lines[4] = json.dumps(row)
    elif how == "missing":
        del lines[4]
    elif how == "swapped":
        lines[4], lines[5] = lines[5], lines[4]
    elif how == "doubled":
        lines.insert(4, lines[4])
    elif how == "cut":
        del lines[5:]
    elif how == "cut and closed":
        lines[5:] = ['{"end": true, "rows": 4}']
    elif how == "more after the end":
        lines.append(lines[4])
    return lines


SPOILT = {
    "changed": "seq 4",
    "digest": "seq 4",
    "missing": "gap: seq 4 to 4",
    "swapped": "gap: seq 4 to 4",
    "doubled": "seq 4 comes where seq 5 should",
    "cut": "cut short after seq 4",
    "cut and closed": "ends at seq 4, but seq 6 was anchored",
    "more after the end": "stands after the end",
}


def test_a_spoilt_export_is_found_out_by_the_stand_alone_verifier(tmp_path):
    anchored_log()
    clean = export(tmp_path).read_text().splitlines()
    for how, named in SPOILT.items():
        path = tmp_path / "spoilt.jsonl"
        path.write_text("\n".join(spoil(list(clean), how)) + "\n")
        code, said = run_alone(path, "--anchors", anchors.anchor_path())
        assert code == 1, how
        assert named in said.split("First bad place:")[1].splitlines()[0], how


def test_a_log_chained_anew_is_found_out_by_the_stand_alone_verifier(tmp_path):
    anchored_log(3)
    anchored_log(3)
    event = AuditSeal.objects.get(seq=5).event_id
    meddle("UPDATE kernel_auditevent SET payload = replace(payload, 'AA', 'AAA') WHERE id = %s", event)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditseal DISABLE TRIGGER USER")
        rechain(5, None)
        cursor.execute("ALTER TABLE kernel_auditseal ENABLE ALWAYS TRIGGER append_only")
    code, said = run_alone(export(tmp_path), "--anchors", anchors.anchor_path())
    assert code == 1
    assert "between seq 4 and 6 rows were replaced and chained anew" in said
    assert not verify(anchors.read_anchors()).intact


def test_what_is_no_export_is_refused_without_a_verdict(tmp_path):
    path = tmp_path / "x.jsonl"
    for content in ("", "not json\n", '{"format": "other"}\n', '{"format": "sanshen-audit-1"}\n', "[]\n"):
        path.write_text(content)
        code, said = run_alone(path)
        assert code == 2, content
        assert "cannot verify" in said
