"""The application role itself, with raw SQL, cannot change a closed quarter (trust rows 10 and 48)."""

from collections.abc import Iterator
from threading import Thread

import pytest
from django.db import connection, transaction

from crm.kernel.workdays import clock
from crm.tests.support.people import cast_member
from projects.deals.tests.test_raw_sql import Application
from staff.kpi.models import KpiPeriod, KpiResult
from staff.kpi.services import correction_enter, period_refresh
from staff.kpi.tests.factories import Q3, Q4, closed, in_post, previewed, result_of, scheme

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def application(transactional_db: None) -> Iterator[Application]:
    opened = Application()
    yield opened
    opened.connection.close()


@pytest.fixture
def quarter(transactional_db: None) -> KpiPeriod:
    in_post(cast_member("owner"))
    scheme()
    period = closed(Q3)
    with clock.at(Q4.ends_on):
        correction_enter(
            result=result_of(period, cast_member("owner")),
            measure="reviews_returned",
            points="1",
            reason="申诉成立，重复计数",
            by=cast_member("finance"),
        )
    return period


ATTACKS = [
    "UPDATE staff_kpiresult SET points = points + 1",
    "UPDATE staff_kpiresult SET document = document",
    "UPDATE staff_kpiresult SET period_id = (SELECT max(id) FROM staff_kpiperiod)",
    "DELETE FROM staff_kpiresult",
    "TRUNCATE staff_kpiresult",
    "INSERT INTO staff_kpiresult (period_id, person_id, department_id, points, measured, document, document_sha256, "
    "computed_at) SELECT r.period_id, p.id, p.department_id, 100, 100, '{}', repeat('0', 64), now() "
    "FROM staff_kpiresult r, kernel_person p WHERE p.id <> r.person_id LIMIT 1",
    "ALTER TABLE staff_kpiresult DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "UPDATE staff_kpiperiod SET closed_at = NULL, closed_by_id = NULL, people = NULL, inputs_sha256 = '', "
    "results_sha256 = '' WHERE closed_at IS NOT NULL",
    "UPDATE staff_kpiperiod SET results_sha256 = repeat('0', 64) WHERE closed_at IS NOT NULL",
    "UPDATE staff_kpiperiod SET ends_on = ends_on + 1 WHERE closed_at IS NOT NULL",
    "DELETE FROM staff_kpiperiod WHERE closed_at IS NOT NULL",
    "UPDATE staff_kpicorrection SET points = points * 2",
    "DELETE FROM staff_kpicorrection",
    "INSERT INTO staff_kpicorrection (period_id, appears_in_id, person_id, measure, points, before, after, reason, "
    "entered_at) SELECT appears_in_id, period_id, person_id, measure, 9, '', '', 'x', now() FROM staff_kpicorrection",
    "UPDATE staff_kpischemerow SET weight = weight",
    "UPDATE staff_kpischeme SET effective_from = '2026-01-01'",
]


def test_a_closed_quarter_cannot_be_edited(quarter: KpiPeriod, application: Application) -> None:
    assert [statement for statement in ATTACKS if application.does(statement)] == []


def test_the_running_quarter_can_be_written(quarter: KpiPeriod, application: Application) -> None:
    with clock.at(Q4.ends_on):
        period_refresh(period=KpiPeriod.objects.get(code=Q4.code), by=cast_member("finance"))
    assert application.does(
        "UPDATE staff_kpiresult SET points = points FROM staff_kpiperiod p WHERE p.id = period_id AND p.code = '2026Q4'"
    )


def test_a_result_written_while_the_quarter_is_being_closed_waits_and_is_refused(application: Application) -> None:
    in_post(cast_member("owner"))
    scheme()
    period, finance = previewed(), cast_member("finance")
    went_through: list[bool] = []
    writer = Thread(target=lambda: went_through.append(application.does("UPDATE staff_kpiresult SET points = 99")))
    with transaction.atomic():
        KpiPeriod.objects.select_for_update().get(pk=period.pk)
        writer.start()
        writer.join(timeout=1)
        assert writer.is_alive(), "it did not wait"
        KpiPeriod.objects.filter(pk=period.pk).update(
            closed_by=finance, closed_at=clock.now(), people=1, inputs_sha256="1" * 64, results_sha256="2" * 64
        )
    writer.join(timeout=120)
    assert went_through == [False]
    assert KpiResult.objects.get().points != 99
    assert connection.in_atomic_block is False
