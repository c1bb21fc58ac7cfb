"""What `make bench` measures can be measured: a bench that no longer runs would be found out months later."""

import pytest

from clients.file.models import Client
from projects.deals.models import Project
from tools.bench import kpi, night, world
from tools.bench.rows import insert_rows


@pytest.mark.django_db
def test_the_kpi_of_more_people_takes_no_more_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kpi, "SIZES", (2, 3, 5))
    monkeypatch.setattr(kpi, "CLIENTS_EACH", 2)
    figures = kpi.run()
    assert {figure.people for figure in figures} == {2, 3, 5}
    assert kpi.report(figures)


@pytest.mark.django_db
def test_the_bench_files_clients_and_projects_without_a_list_of_columns() -> None:
    world.make_people()
    world.fill_clients(start=1, stop=40, more={"confirmed_on": night.CONFIRMED})
    insert_rows(Project, values=night.PROJECT, source="FROM clients_client WHERE id %% 10 = 0", given={})
    clients = list(Client.objects.all())
    assert len(clients) == 40
    assert Project.objects.filter(amount=1_000_000, status="draft").count() == 4
    # What the bench does not name is what a form left empty would store.
    assert {(client.address, client.confirmed_source, client.version) for client in clients} == {("", "", 1)}


@pytest.mark.django_db
def test_a_row_without_what_it_needs_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"Client\.owner has no default"):
        insert_rows(Client, values={"name": "'a'"}, source="", given={})
    with pytest.raises(ValueError, match="Client has no column colour"):
        insert_rows(Client, values={"colour": "'red'"}, source="", given={})
