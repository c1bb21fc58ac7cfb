"""The deals' pages: what they show to whom, what they cost, and that a refusal keeps what was typed."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from clients.file.tests.factories import ClientFactory
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.tests.support.people import browser_for
from projects.deals import services
from projects.deals.models import Project
from projects.deals.tests.factories import DocumentFactory, ProjectFactory, text_file

pytestmark = pytest.mark.django_db


def typed(**changes: Any) -> dict[str, Any]:
    """The form of a new project as a browser sends it."""
    return {
        "client": "",
        "name": "津南冷链分拨中心",
        "product": "P15",
        "sector": "other_infra",
        "amount": "54,000,000.00",
        "currency": "CNY",
        "term_months": "96",
        "secured": "yes",
        "purpose": "",
        "total_investment": "80000000",
        "capital": "20000000",
        "lead": "",
        "assistant": "",
        **changes,
    }


def test_a_manager_files_a_project_and_lands_on_its_page(owner: Person, assistant: Person) -> None:
    client = ClientFactory()
    sent = typed(client=client.pk, lead=owner.pk, assistant=assistant.pk)
    answer = browser_for(owner).post("/projects/new/", sent, follow=True)
    project = Project.objects.get()
    assert answer.redirect_chain[-1][0] == project.get_absolute_url()
    assert (project.amount, project.secured) == (Decimal("54000000.00"), True)
    assert "邓思琪" in answer.content.decode()


def test_a_refused_form_keeps_the_input_and_names_the_field(owner: Person) -> None:
    client = ClientFactory()
    answer = browser_for(owner).post("/projects/new/", typed(client=client.pk, capital="90000000"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["capital"]
    assert 'value="90000000"' in answer.content.decode()
    assert not Project.objects.exists()


def test_a_foreign_client_cannot_be_chosen(stranger: Person) -> None:
    answer = browser_for(stranger).post("/projects/new/", typed(client=ClientFactory().pk))
    assert answer.status_code == 422
    assert "client" in answer.context["form"].errors


def test_a_stale_form_shows_both_values(owner: Person, colleague: Person) -> None:
    project = ProjectFactory()
    services.project_update(project=project, expected_version=1, by=owner, name="先存的名称")
    sent = typed(version="1", name="后填的名称", lead=owner.pk)
    answer = browser_for(owner).post(f"/projects/{project.pk}/edit/", sent)
    assert answer.status_code == 412
    text = answer.content.decode()
    assert "先存的名称" in text
    assert "后填的名称" in text
    project.refresh_from_db()
    assert project.name == "先存的名称"


def test_a_locked_project_says_what_holds_it_and_offers_no_edit(owner: Person) -> None:
    project = services.project_lock(project=ProjectFactory(), case_number="SC-2026-0007", by=owner)
    browser = browser_for(owner)
    text = browser.get(project.get_absolute_url()).content.decode()
    assert "SC-2026-0007" in text
    assert f"/projects/{project.pk}/edit/" not in text
    assert browser.get(f"/projects/{project.pk}/edit/").status_code == 409
    assert browser.get(f"/projects/{project.pk}/documents/new/").status_code == 409


def test_the_head_reads_but_finds_no_act(head: Person) -> None:
    project = ProjectFactory()
    browser = browser_for(head)
    text = browser.get(project.get_absolute_url()).content.decode()
    assert project.name in text
    assert "/edit/" not in text
    assert browser.get(f"/projects/{project.pk}/edit/").status_code == 403


@pytest.mark.parametrize("tail", ["", "edit/", "documents/new/"])
def test_a_stranger_gets_404_for_a_foreign_project(stranger: Person, tail: str) -> None:
    assert browser_for(stranger).get(f"/projects/{ProjectFactory().pk}/{tail}").status_code == 404


def test_a_download_is_recorded_before_the_bytes_go_out(owner: Person, stranger: Person) -> None:
    document = DocumentFactory()
    answer = browser_for(owner).get(document.get_absolute_url())
    assert answer.headers["X-Content-SHA256"] == document.file.sha256
    assert b"".join(answer.streaming_content).decode() == "资金用途说明"
    event = AuditEvent.objects.get(action="project.document_downloaded")
    assert event.data["sha256"] == document.file.sha256
    assert browser_for(stranger).get(document.get_absolute_url()).status_code == 404


def test_a_document_is_added_and_taken_out_through_the_pages(owner: Person) -> None:
    project, browser = ProjectFactory(), browser_for(owner)
    sent = {"file": text_file("立项批复.txt"), "kind": "approval", "title": "", "replaces": "", "version": "1"}
    assert browser.post(f"/projects/{project.pk}/documents/new/", sent).status_code == 302
    document = project.documents.get()
    assert document.title == "立项批复"
    removal = f"/projects/documents/{document.pk}/remove/"
    assert browser.post(removal, {"version": "1"}).status_code == 412
    assert browser.post(removal, {"version": "2"}).status_code == 302
    document.refresh_from_db()
    assert document.is_removed
    assert "立项批复" in browser.get(project.get_absolute_url()).content.decode()


def test_the_pickers_of_a_stranger_find_no_foreign_client(owner: Person, stranger: Person) -> None:
    client = ClientFactory(name="福建闽江水务有限公司")
    assert browser_for(owner).get("/projects/clients/find/?q=闽江&for=change").json()["results"][0]["id"] == client.pk
    for query in ("q=闽江", "q=闽江&for=change", ""):
        assert browser_for(stranger).get(f"/projects/clients/find/?{query}").json()["results"] == []
    chip = browser_for(stranger).get(f"/projects/?client={client.pk}")
    assert chip.status_code == 400
    assert "闽江" not in chip.content.decode()


def test_a_head_may_look_but_files_nothing_for_a_client_of_the_department(head: Person) -> None:
    ClientFactory(name="福建闽江水务有限公司")
    assert browser_for(head).get("/projects/clients/find/?q=闽江&for=change").json()["results"] == []


def test_an_empty_list_says_what_would_fill_it(owner: Person) -> None:
    text = browser_for(owner).get("/projects/").content.decode()
    assert "/projects/new/" in text


def warm(person: Person) -> Any:
    """A browser whose session was touched just now: that write comes once a minute, not once a page."""
    browser = browser_for(person)
    browser.get("/web/menu/counts/")
    return browser


@pytest.mark.parametrize("rows", [3, 30])
class TestBudgets:
    """Queries of a page do not grow with its rows."""

    @pytest.mark.parametrize(
        "address",
        [
            "/projects/",
            "/projects/?q=榕江&status=draft&ordering=-amount",
            "/projects/board/",
            "/projects/board/?q=榕江",
        ],
    )
    def test_lists_and_board(self, owner: Person, django_assert_max_num_queries: Any, rows: int, address: str) -> None:
        for project in ProjectFactory.create_batch(rows)[: rows // 2]:
            services.project_lock(project=project, case_number=f"SC-{project.pk}", by=owner)
        browser = warm(owner)
        with django_assert_max_num_queries(10):
            assert browser.get(address).status_code == 200

    def test_project_page_with_its_documents(
        self, owner: Person, django_assert_max_num_queries: Any, rows: int
    ) -> None:
        project = ProjectFactory()
        for number in range(rows):
            DocumentFactory(project=project, upload=text_file(text=f"第 {number} 份"))
        browser = warm(owner)
        with django_assert_max_num_queries(12):
            browser.get(project.get_absolute_url())

    def test_client_panel(self, owner: Person, django_assert_max_num_queries: Any, rows: int) -> None:
        client = ClientFactory()
        ProjectFactory.create_batch(rows, client=client)
        browser = warm(owner)
        with django_assert_max_num_queries(6):
            answer = browser.get(f"/projects/clients/{client.pk}/", HTTP_HX_REQUEST="true")
        assert answer.content.decode().count("/projects/") >= min(rows, 20)


def test_only_who_may_investigate_is_offered_and_only_to_who_may_file(
    owner: Person, colleague: Person, assistant: Person, head: Person, auditor: Person
) -> None:
    """The lead is an account manager, the assistant besides holds its own role; others learn nobody's role."""
    find = reverse("projects:investigator_picker")
    browser = browser_for(owner)

    def offered(part: str, text: str = "") -> set[str]:
        return {row["text"] for row in browser.get(find, {"part": part, "q": text}).json()["results"]}

    assert offered("lead") == {owner.name, colleague.name}
    assert offered("assistant") == {owner.name, colleague.name, assistant.name}
    assert offered("assistant", assistant.name[1:]) == {assistant.name}
    hint = browser.get(find, {"part": "lead", "q": owner.name}).json()["results"][0]["hint"]
    assert owner.department.name in hint and owner.employee_no in hint
    assert browser.get(find, {"part": "head"}).status_code == 400
    assert browser_for(auditor).get(find, {"part": "assistant"}).status_code == 403


def test_an_account_manager_is_preset_as_lead_and_an_assistant_is_not(owner: Person, assistant: Person) -> None:
    new = reverse("projects:project_create")
    chosen = f'<option value="{owner.pk}" selected>{owner.name}</option>'
    assert chosen in browser_for(owner).get(new).content.decode()
    assert f'<option value="{assistant.pk}" selected>' not in browser_for(assistant).get(new).content.decode()
