"""Promises of trust row 22, short form. `make assure ARGS="--rows 22"` runs the full one."""

import pytest

from crm.kernel.audit.tests.clean_logs import clean_log_alarms
from crm.kernel.audit.tests.tamper import MEDDLINGS, tamper_trials

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_kind_of_meddling_is_detected_and_its_place_named():
    tally = tamper_trials(3 * len(MEDDLINGS), seed=22)
    assert tally.missed == []
    assert tally.detected == tally.named == tally.trials == 54
    assert len(tally.by_kind) == len(MEDDLINGS)


def test_honest_logs_of_concurrent_writers_raise_no_alarm():
    assert clean_log_alarms(5, seed=22) == []
