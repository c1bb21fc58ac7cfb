"""What `make bench` measures can be measured: a bench that no longer runs would be found out months later."""

import pytest

from tools.bench import kpi


@pytest.mark.django_db
def test_the_kpi_of_more_people_takes_no_more_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kpi, "SIZES", (2, 3, 5))
    monkeypatch.setattr(kpi, "CLIENTS_EACH", 2)
    figures = kpi.run()
    assert {figure.people for figure in figures} == {2, 3, 5}
    assert kpi.report(figures)
