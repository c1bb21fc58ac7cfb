"""Who a client is changes by two people and a document, once a rating or a project rests on it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.file import services as clients
from clients.file.models import Client
from clients.file.tests.factories import ClientFactory, credit_code
from crm.kernel.access.errors import BadInput, Conflict, NotPermitted, RuleRefused, Stale
from crm.kernel.audit.models import AuditEvent
from crm.tests.support.people import api_for, browser_for, cast_member
from risk.identity.models import IdentityChange
from risk.identity.services import identity_confirm, identity_propose, identity_reject
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
    assert (change.proposed_by_name, change.decided_by_name) == (owner.name, head.name)
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
