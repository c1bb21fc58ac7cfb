"""Who a client is changes by two people and a document, once a rating or a project rests on it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.file import services as clients
from clients.file.models import Client
from clients.file.tests.factories import ClientFactory, credit_code
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, NotVisible, RuleRefused, Stale
from crm.kernel.audit.evidence import broken
from crm.kernel.audit.models import AuditEvent
from crm.kernel.notify.models import Notice
from crm.kernel.parameters.models import ParameterVersion
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import api_for, browser_for, cast_member
from risk.identity.models import IdentityChange
from risk.identity.services import CONFIRM, identity_confirm, identity_propose, identity_reject, identity_withdraw
from risk.ratings.models import Rating
from risk.ratings.services import rating_confirm, rating_enter
from risk.reviews.tests.factories import make_project

pytestmark = pytest.mark.django_db

REASON = "登记机关核准名称变更，已在公示系统核对。"
NEW = "福建榕江生态水务集团有限公司"


def paper(text: str = "准予变更登记通知书") -> SimpleUploadedFile:
    return SimpleUploadedFile("变更通知书.txt", text.encode())


@pytest.fixture
def rated(owner, risk_assessor, second_assessor):
    """A company with an AA and a verification."""
    client = ClientFactory(by=owner, name="福建榕江水务有限公司")
    rating = rating_enter(client=client, grade="AA", reason="财务稳健，现金流充足", source="评级报告", by=risk_assessor)
    rating_confirm(rating=rating, by=second_assessor)
    client.refresh_from_db()
    return clients.client_confirm(client=client, source="公示系统", expected_version=client.version, by=owner)


def propose(client, by=None, **changes):
    client.refresh_from_db()
    return identity_propose(
        client=client, changes=changes or {"name": NEW}, reason=REASON, paper=paper(),
        expected_version=client.version, by=by or cast_member("owner"),
    )  # fmt: skip


@pytest.mark.parametrize("field", ["name", "credit_code", "client_type"])
def test_the_account_manager_alone_cannot_make_another_company_of_a_rated_client(rated, owner, field):
    wanted = {"name": NEW, "credit_code": credit_code(), "client_type": "spv"}[field]
    with pytest.raises(RuleRefused) as refused:
        clients.client_update(client=rated, changes={field: wanted}, expected_version=rated.version, by=owner)
    assert (refused.value.code, refused.value.field) == ("identity_bound", field)
    answer = api_for(owner).patch(
        f"/api/v1/clients/{rated.pk}/", {field: wanted}, format="json", HTTP_IF_MATCH=f'"{rated.version}"'
    )
    assert answer.status_code == 422
    page = reverse("clients:client_update", args=[rated.pk])
    assert f'name="{field}"' not in browser_for(owner).get(page).content.decode()
    browser_for(owner).post(page, {field: wanted, "version": rated.version})
    assert getattr(Client.objects.get(pk=rated.pk), field) == getattr(rated, field)


def test_a_project_binds_like_a_rating_and_a_client_with_neither_is_edited_as_before(owner):
    free = ClientFactory(by=owner)
    changed = clients.client_update(client=free, changes={"name": NEW}, expected_version=1, by=owner)
    make_project(changed)
    with pytest.raises(RuleRefused):
        clients.client_update(
            client=changed, changes={"name": "福建他江水务有限公司"}, expected_version=changed.version, by=owner
        )
    with pytest.raises(RuleRefused):
        propose(ClientFactory(by=owner))


def test_the_spelling_of_a_bound_name_may_still_be_mended(rated, owner):
    changes = {"name": "福建榕江水务 有限公司", "address": "福州市五四路 1 号"}
    changed = clients.client_update(client=rated, changes=changes, expected_version=rated.version, by=owner)
    assert (changed.name, changed.address) == (changes["name"], changes["address"])


def test_once_confirmed_the_grade_ends_the_verification_falls_back_and_old_records_keep_the_name(
    rated, owner, head, second_assessor
):
    code = credit_code()
    former = (rated.name, rated.credit_code)
    change = propose(rated, name=NEW, credit_code=code)
    rated.refresh_from_db()
    assert (rated.name, rated.credit_code) == former and rated.confirmed_on is not None
    page = reverse("risk:identity_change", args=[change.pk])
    assert change.former_name in browser_for(head).get(reverse("home:my_day")).content.decode()
    assert browser_for(head).post(page, {"verdict": "confirm"}).status_code == 302
    client = Client.objects.select_related("standing").get(pk=rated.pk)
    assert (client.name, client.credit_code, client.confirmed_on, client.confirmed_source) == (NEW, code, None, "")
    assert client.valid_grade == "" and client.standing.grade == ""
    assert not Rating.objects.filter(client=client, status="confirmed").exists()
    change.refresh_from_db()
    assert (change.former_name, change.former_code) == former
    assert (change.kept.proposed_by.name, change.kept.decided_by.name) == (owner.name, head.name)
    assert change.kept.decided_by.department == head.department.name
    assert AuditEvent.objects.filter(action="client.identity_confirmed").count() == 1
    assert AuditEvent.objects.get(action="client.created", subject_id=str(client.pk)).subject_name == former[0]


def test_who_proposed_or_works_on_the_client_does_not_decide(rated, owner, colleague, stranger, auditor):
    change = propose(rated)
    for person in (owner, auditor):
        with pytest.raises(NotPermitted):
            identity_confirm(change=change, by=person)
    for person in (colleague, stranger):
        page = reverse("risk:identity_change", args=[change.pk])
        assert browser_for(person).get(page).status_code == 404
    clients.co_manager_add(client=rated, person=cast_member("head"), by=owner)
    with pytest.raises(NotPermitted):
        identity_confirm(change=change, by=cast_member("head"))
    assert Client.objects.get(pk=rated.pk).name == rated.name


def test_the_database_holds_two_people_and_the_agreed_values(rated, owner, head):
    change = propose(rated)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityChange.objects.filter(pk=change.pk).update(
            status="confirmed", decided_by=owner, decided_at=change.proposed_at
        )
    for wrong in ({"name_normalised": "他家"}, {"credit_code": credit_code()}, {"is_identity_bound": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Client.objects.filter(pk=rated.pk).update(**wrong)
    identity_confirm(change=change, by=head)
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.filter(pk=rated.pk).update(name="他家", name_normalised="他家")


def test_a_proposal_needs_reason_paper_present_version_and_something_new(rated, owner):
    given = {"client": rated, "changes": {"name": NEW}, "reason": REASON, "paper": paper(), "by": owner}
    for wrong, error, field in (
        ({"reason": "改名"}, BadInput, "reason"),
        ({"paper": None}, BadInput, "paper"),
        ({"changes": {"credit_code": "91350100M000100Y44"}}, BadInput, "credit_code"),
        ({"changes": {"name": rated.name}}, RuleRefused, "name"),
        ({"changes": {"credit_code": ClientFactory(by=owner).credit_code}}, Conflict, "credit_code"),
    ):
        with pytest.raises(error) as refused:
            identity_propose(**{**given, "expected_version": rated.version, **wrong})
        assert refused.value.field == field or field in refused.value.errors
    with pytest.raises(Stale):
        identity_propose(**given, expected_version=rated.version + 5)
    propose(rated)
    with pytest.raises(Conflict):
        propose(rated)


def test_declining_needs_a_reason_and_leaves_the_client_and_its_grade(rated, risk_assessor):
    change = propose(rated)
    with pytest.raises(BadInput):
        identity_reject(change=change, reason="不", by=risk_assessor)
    identity_reject(change=change, reason="变更通知书未盖章", by=risk_assessor)
    with pytest.raises(Conflict):
        identity_confirm(change=change, by=risk_assessor)
    client = Client.objects.select_related("standing").get(pk=rated.pk)
    assert (client.name, client.valid_grade) == (rated.name, "AA")
    propose(rated)


def test_a_waiting_rating_is_decided_before_the_client_becomes_another(rated, head, risk_assessor):
    change = propose(rated)
    rating_enter(client=rated, grade="A", reason="年度更新评级", source="评级报告", by=risk_assessor)
    with pytest.raises(Conflict) as refused:
        identity_confirm(change=change, by=head)
    assert refused.value.code == "rating_waiting"


def test_the_proposal_goes_through_the_page_and_its_document_is_read_there(rated, owner, risk_assessor):
    page = reverse("risk:identity_propose", args=[rated.pk])
    edit = browser_for(owner).get(reverse("clients:client_update", args=[rated.pk])).content.decode()
    assert page in edit
    sent = {
        "name": NEW, "credit_code": rated.credit_code, "client_type": "company", "reason": REASON,
        "paper": paper("通知书正文"), "version": rated.version,
    }  # fmt: skip
    assert browser_for(owner).post(page, sent).status_code == 302
    change = IdentityChange.objects.get()
    shown = browser_for(risk_assessor).get(reverse("risk:identity_change", args=[change.pk])).content.decode()
    assert NEW in shown and rated.name in shown and 'name="verdict"' in shown
    answer = browser_for(risk_assessor).get(reverse("risk:identity_paper", args=[change.pk]))
    assert b"".join(answer.streaming_content).decode() == "通知书正文"


def test_the_nearest_head_has_it_to_do_until_somebody_decides_and_the_proposer_is_told(rated, owner, head):
    change = propose(rated)
    todo = Todo.objects.get(kind=CONFIRM, done_at=None)
    assert (todo.owner, todo.url) == (head, change.get_absolute_url())
    day = browser_for(head).get(reverse("home:my_day")).content.decode()
    # One line, by its title and its button: not once more as a change that anybody may decide.
    assert day.count(f'href="{change.get_absolute_url()}"') == 2
    assert Notice.objects.filter(recipient=head, kind="todo.assigned").exists()
    identity_confirm(change=change, by=head)
    assert Todo.objects.get(pk=todo.pk).outcome == "confirmed"
    told = Notice.objects.get(recipient=owner, kind="identity.decided")
    assert (told.url, head.name in told.title) == (change.get_absolute_url(), True)


def test_only_the_proposer_withdraws_and_only_while_nobody_has_decided(rated, owner, head, colleague):
    change = propose(rated)
    for person in (head, colleague):
        with pytest.raises((NotPermitted, NotVisible)):
            identity_withdraw(change=change, by=person)
    page = reverse("risk:identity_withdraw", args=[change.pk])
    assert page in browser_for(owner).get(change.get_absolute_url()).content.decode()
    assert browser_for(owner).post(page).status_code == 302
    change.refresh_from_db()
    assert (change.status, change.decided_by, Todo.objects.filter(kind=CONFIRM, done_at=None).count()) == (
        "withdrawn", None, 0,
    )  # fmt: skip
    with pytest.raises(Conflict):
        identity_confirm(change=change, by=head)
    again = propose(rated)
    identity_confirm(change=again, by=head)
    with pytest.raises(Conflict):
        identity_withdraw(change=again, by=owner)


def test_the_api_proposes_declines_withdraws_and_confirms(rated, owner, head, risk_assessor):
    rated.refresh_from_db()
    under = f"/api/v1/clients/{rated.pk}/identity-changes/"

    def propose_by_api(**more):
        body = {"name": NEW, "reason": REASON, "paper": paper(), **more}
        return api_for(owner).post(under, body, format="multipart")

    assert propose_by_api().status_code == 428
    made = propose_by_api(expected_version=rated.version)
    assert (made.status_code, made.data["former_name"], made.data["name"]) == (201, rated.name, NEW)
    assert made.data["kept_words"]["proposed_by"]["name"] == owner.name
    one = f"/api/v1/identity-changes/{made.data['id']}/"
    assert api_for(owner).post(f"{one}confirm/").status_code == 403
    declined = api_for(risk_assessor).post(f"{one}reject/", {"reason": "变更通知书未盖章"}, format="json")
    assert (declined.status_code, declined.data["status"]) == (200, "rejected")
    second = propose_by_api(expected_version=rated.version).data["id"]
    assert api_for(owner).post(f"/api/v1/identity-changes/{second}/withdraw/").data["status"] == "withdrawn"
    third = propose_by_api(expected_version=rated.version).data["id"]
    confirmed = api_for(head).post(f"/api/v1/identity-changes/{third}/confirm/")
    assert (confirmed.status_code, confirmed.data["kept_words"]["decided_by"]["name"]) == (200, head.name)
    assert Client.objects.get(pk=rated.pk).name == NEW
    listed = api_for(head).get("/api/v1/identity-changes/", {"status": "confirmed"}).data["results"]
    assert [row["id"] for row in listed] == [third]


def test_the_clients_page_says_that_a_change_waits_and_every_page_of_it_has_one_title(rated, owner, head):
    panel = reverse("risk:identity_panel", args=[rated.pk])
    rated.refresh_from_db()
    assert panel in browser_for(owner).get(rated.get_absolute_url()).content.decode()
    assert NEW not in browser_for(owner).get(panel).content.decode()
    titles = set()
    propose_page = browser_for(owner).get(reverse("risk:identity_propose", args=[rated.pk])).content.decode()
    change = propose(rated)
    said = browser_for(owner).get(panel).content.decode()
    assert NEW in said and change.get_absolute_url() in said
    for page in (propose_page, browser_for(head).get(change.get_absolute_url()).content.decode()):
        titles.add(page.partition("<title>")[2].partition("</title>")[0].strip())
    assert len(titles) == 1


def test_who_confirms_is_a_parameter(rated, head, risk_assessor):
    value = {"roles": ["risk_assessor"], "workdays": 2}
    before = ParameterVersion.objects.get(parameter__code="identity.confirmation")
    ParameterVersion.objects.create(
        parameter=before.parameter, version=2, value=value, effective_from=before.effective_from, source="[D]",
        status="published", proposed_at=before.proposed_at, approved_at=before.proposed_at,
    )  # fmt: skip
    change = propose(rated)
    assert Todo.objects.get(kind=CONFIRM).owner == risk_assessor
    with pytest.raises(NotPermitted):
        identity_confirm(change=change, by=head)
    identity_confirm(change=change, by=risk_assessor)


def test_a_confirmed_change_and_the_grade_that_lapsed_with_it_are_bound_to_the_event(rated, head):
    change = propose(rated)
    identity_confirm(change=change, by=head)
    rating = Rating.objects.get(client=rated, status="superseded")
    event = AuditEvent.objects.get(action="client.identity_confirmed")
    assert set(event.evidence) == {f"risk.identitychange:{change.pk}", f"risk.rating:{rating.pk}"}
    assert broken([change, rating]) == []
    Rating.objects.filter(pk=rating.pk).update(status="confirmed")
    IdentityChange.objects.filter(pk=change.pk).update(reason="另一个理由")
    assert {found.key for found in broken([change, rating])} == set(event.evidence)


def test_a_code_that_the_register_issued_with_a_wrong_check_character_is_taken_over_with_its_paper(rated, owner, head):
    change = identity_propose(
        client=rated, changes={"credit_code": "91350100M000100Y44"}, reason=REASON, paper=paper(),
        expected_version=rated.version, code_as_on_paper=True, by=owner,
    )  # fmt: skip
    page = browser_for(head).get(
        reverse("risk:identity_change", args=[change.pk]), headers={"accept-language": "zh-hans"}
    )
    assert "校验位不符" in page.content.decode()
    identity_confirm(change=change, by=head)
    rated.refresh_from_db()
    assert (rated.credit_code, rated.code_reason, rated.code_paper) == ("91350100M000100Y44", REASON, change.paper)
