"""Trust row 22: meddle with the audit trail as one who owns the tables, and see whether the verifier notices and
names the place.

Runs on a throw-away database only (it empties the audit tables), over the owner's connection. Each trial happens
inside a transaction that is rolled back, triggers switched off: what the verifier sees is what a meddler with all
rights of the database would have left.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction

from crm.kernel.audit.anchors import Anchor, AnchorFile
from crm.kernel.audit.tests.helpers import anchor_head, empty_audit_tables, seal_everything, write_events
from crm.kernel.audit.tests.meddlings import MEDDLINGS, Log, Mark, payloads, query, switch_triggers_off
from crm.kernel.audit.verify import Report, verify

TRIALS_PER_LOG = 20


@dataclass
class Tally:
    """What the trials brought."""

    trials: int = 0
    detected: int = 0
    named: int = 0
    exact: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def tamper_trials(n: int, seed: int) -> Tally:
    """`n` random mutations, each kind in turn, on fresh random logs; the same seed gives the same trials."""
    rng, tally = random.Random(seed), Tally()
    foreign: list[str] = []
    log = build_log(rng, foreign)
    for number in range(n):
        if number and number % TRIALS_PER_LOG == 0:
            foreign = payloads()
            log = build_log(rng, foreign)
        meddle = MEDDLINGS[number % len(MEDDLINGS)]
        with transaction.atomic():
            switch_triggers_off()
            mark = meddle(rng, log)
            report = verify(AnchorFile(tuple(log.anchors)))
            transaction.set_rollback(True)
        _count(tally, meddle.__name__, mark, report)
    return tally


def _count(tally: Tally, kind: str, mark: Mark, report: Report) -> None:
    tally.trials += 1
    tally.by_kind[kind] += 1
    first = report.first
    if first is None:
        tally.missed.append(f"{kind} at {mark}")
        return
    tally.detected += 1
    if mark.seq is None:
        named = exact = any(finding.event_id == mark.event_id for finding in report.findings)
    else:
        exact = first.seq == mark.seq
        named = first.seq is not None and (first.earliest or first.seq) <= mark.seq <= first.seq
    tally.named += named
    tally.exact += exact
    if not named:
        tally.missed.append(f"{kind} at {mark} named as {first}")


def build_log(rng: random.Random, foreign: list[str]) -> Log:
    """Empty the tables and write a log of some 30 rows with two to four anchors, the last few rows without one."""
    empty_audit_tables()
    anchors: list[Anchor] = []
    for _ in range(rng.randint(2, 4)):
        write_events(rng.randint(6, 12))
        seal_everything()
        anchor_head(anchors)
    if rng.random() < 0.5:
        write_events(rng.randint(1, 4))
        seal_everything()
    events = dict(query("SELECT seq, event_id FROM kernel_auditseal ORDER BY seq"))
    log = Log(events, anchors, foreign or ['{"id": 1, "action": "from another chain"}'])
    clean = verify(AnchorFile(tuple(anchors)))
    assert clean.intact and clean.anchored == log.covered, clean.findings
    return log
