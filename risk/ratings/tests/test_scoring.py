"""A client rated from its confirmed statements: the scorecard proposes, an assessor answers, a second one confirms."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.file.models import Client, Industry
from clients.file.tests.factories import ClientFactory
from clients.statements.selectors import find_problems
from clients.statements.services import statement_check, statement_confirm
from clients.statements.tests.factories import WAN, confirmed, draft, submitted
from crm.kernel.access.errors import BadInput, NotPermitted, RuleRefused
from crm.kernel.people.models import Person
from crm.tests.support.people import api_for, browser_for, cast_member
from risk.ratings import services
from risk.ratings.models import Rating
from risk.ratings.scoring import score_client

pytestmark = pytest.mark.django_db
LONG = "合作七年，历笔贷款均按期足额归还，结算主要在我方办理"
ANSWERS: dict[str, Any] = {
    "interest_due": Decimal("8800000"), "interest_paid": Decimal("8800000"),
    "principal_due": Decimal("100000000"), "principal_paid": Decimal("96000000"),
    "q1": 4, "q2": 4, "q3": 3, "q5": 5, "q5_reason": LONG, "q6": 5, "q6_reason": LONG, "esg_score": 72,
}  # fmt: skip
TEXTS = {"reason": "按上年审计报告测算，偿债指标稳定", "source": "审计报告，企业信用报告"}


@pytest.fixture
def client() -> Client:
    section_c = Industry.objects.filter(section="C").first()
    return ClientFactory(owner=cast_member("owner"), industry=section_c)  # type: ignore[return-value]


def score(client: Client, **changes: Any) -> Rating:
    outer = {name: changes.pop(name) for name in ("grade", "override_reason") if name in changes}
    answers = {**ANSWERS, **changes}
    return services.rating_score(client=client, answers=answers, by=cast_member("risk_assessor"), **TEXTS, **outer)


def test_confirmed_statements_make_the_grade_and_a_second_person_puts_it_in_force(
    client: Client, second_assessor: Person
) -> None:
    confirmed(client)
    rating = score(client)
    assert rating.model_grade == rating.grade == rating.scoring["result"]["grade"]
    assert rating.scoring["result"]["gates"][0]["factor"] == "F3"
    lines = {line["code"]: line for line in rating.scoring["result"]["lines"]}
    assert lines["F1"]["value"].startswith("0.538") and lines["F1"]["points"] == "10"
    assert lines["F3"]["value"] == "0.96" and lines["F3"]["points"] == "9.6"
    assert [stamp["code"] for stamp in rating.rule_versions] == ["rating.validity_months", "rating.scorecard"]
    services.rating_confirm(rating=rating, by=second_assessor)
    assert Client.objects.get(pk=client.pk).standing.grade == rating.grade


def test_a_stored_scoring_is_computed_again_to_the_byte(client: Client, risk_assessor: Person) -> None:
    confirmed(client)
    stored = score(client).scoring
    assert score_client(client, ANSWERS, viewer=risk_assessor).stored == stored


def test_unconfirmed_statements_feed_no_grade(client: Client) -> None:
    submitted(client)
    with pytest.raises(RuleRefused) as refused:
        score(client)
    assert "资产负债率" in str(refused.value.message) and refused.value.code == "incomplete"
    assert not Rating.objects.exists()


def test_a_missing_answer_is_named_and_leaves_nothing(client: Client) -> None:
    confirmed(client)
    with pytest.raises(RuleRefused) as refused:
        score(client, q2=None, principal_due=None)
    assert "到期信用偿付率" in str(refused.value.message) and "管理层与公司治理" in str(refused.value.message)
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"interest_paid": Decimal("9000000")}, "interest_paid"),
        ({"principal_due": Decimal("-1"), "principal_paid": Decimal("-1")}, "principal_due"),
        ({"q5_reason": "合作好"}, "q5_reason"),
        ({"q1": 1}, "q1_reason"),
        ({"knock_outs": ["bad_mood"]}, "knock_outs"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_its_field(client: Client, changes: Any, field: str) -> None:
    confirmed(client)
    with pytest.raises(BadInput) as refused:
        score(client, **changes)
    assert field in refused.value.errors


def test_by_hand_one_notch_down_with_a_reason_never_up(client: Client) -> None:
    confirmed(client)
    model = score_client(client, ANSWERS, viewer=cast_member("risk_assessor")).result.grade
    assert model == "A"
    for chosen in ("AA", "C"):
        with pytest.raises(RuleRefused) as refused:
            score(client, grade=chosen, override_reason=LONG)
        assert refused.value.code == "notch"
    with pytest.raises(BadInput):
        score(client, grade="B", override_reason="感觉不好")
    rating = score(client, grade="B", override_reason="主要客户流失，四季度订单下降四成，尚未反映在报表中")
    assert (rating.grade, rating.model_grade) == ("B", "A")
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(grade="AAA")


def test_equity_below_0_is_c_at_once(client: Client) -> None:
    lost = {("E103", "closing"): -30_000 * WAN, ("L101", "closing"): 41_000 * WAN}
    row = draft(client, changes=lost)
    told = [{"key": one.key, "kind": "other", "text": "历年亏损冲减资本公积，已核对原件"} for one in find_problems(row)]
    row = statement_check(statement=row, reasons=told, expected_version=row.version, by=client.owner)
    statement_confirm(statement=row, expected_version=row.version, by=cast_member("risk_assessor"))
    assert score(client).grade == "C"


def test_a_grade_typed_by_hand_is_refused_where_the_scorecard_can_speak(client: Client, risk_assessor: Person) -> None:
    entered = {"client": client, "grade": "AAA", "reason": "经营稳健，前景良好", "source": "口头", "by": risk_assessor}
    confirmed(client)
    with pytest.raises(RuleRefused) as refused:
        services.rating_enter(**entered)
    assert refused.value.code == "scorecard"


def test_who_keeps_the_client_does_not_score_it(client: Client, owner: Person, head: Person) -> None:
    confirmed(client)
    for person in (owner, head):
        with pytest.raises(NotPermitted):
            services.rating_score(client=client, answers=ANSWERS, by=person, **TEXTS)


def test_the_page_shows_the_points_while_one_answers_and_writes_nothing(client: Client, risk_assessor: Person) -> None:
    confirmed(client)
    page = browser_for(risk_assessor)
    address = reverse("risk:rating_score", args=[client.pk])
    empty = page.get(address)
    assert "到期信用偿付率" in empty.content.decode() and empty.context["scoring"]["grade"] is None
    given = {**ANSWERS, "interest_due": "8,800,000", "knock_outs": []}
    so_far = page.post(f"{address}?preview=1", given, headers={"HX-Request": "true"})
    assert so_far.status_code == 200 and "要求到期信用偿付率达到 10.8 分" in so_far.content.decode()
    assert not Rating.objects.exists()
    done = page.post(address, {**given, **TEXTS})
    assert done.status_code == 302
    rating = Rating.objects.get()
    shown = browser_for(cast_member("second_assessor")).get(rating.get_absolute_url()).content.decode()
    assert "9.6 / 12" in shown and "53.85%" in shown


def test_an_api_client_rates_on_the_scorecard_and_reads_every_point(client: Client, risk_assessor: Person) -> None:
    confirmed(client)
    address = f"/api/v1/clients/{client.pk}/scored-grades/"
    given = {name: str(value) if isinstance(value, Decimal) else value for name, value in ANSWERS.items()}
    short = {name: value for name, value in given.items() if name != "esg_score"}
    refused = api_for(risk_assessor).post(address, {**short, **TEXTS}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (422, "incomplete") and "ESG" in refused.content.decode()
    answer = api_for(risk_assessor).post(address, {**given, **TEXTS}, format="json")
    assert answer.status_code == 201, answer.json()
    found = answer.json()
    assert found["grade"] == found["model_grade"] == "A" and len(found["scoring"]["result"]["lines"]) == 16


def test_the_client_page_leads_to_the_scorecard_once_statements_are_confirmed(
    client: Client, risk_assessor: Person
) -> None:
    browser = browser_for(risk_assessor)
    by_hand, scored = (reverse(f"risk:{name}", args=[client.pk]) for name in ("rating_create", "rating_score"))
    panel = browser.get(reverse("risk:rating_panel", args=[client.pk]), headers={"HX-Request": "true"})
    assert by_hand in panel.content.decode()
    assert browser.get(by_hand).status_code == 200
    confirmed(client)
    assert browser.get(by_hand).headers["Location"] == scored


def test_an_answer_that_cannot_be_is_said_while_one_answers(client: Client, risk_assessor: Person) -> None:
    confirmed(client)
    address = f"{reverse('risk:rating_score', args=[client.pk])}?preview=1"
    given = {"interest_due": "100", "interest_paid": "150", "esg_score": "120"}
    shown = browser_for(risk_assessor).post(address, given, headers={"HX-Request": "true"}).content.decode()
    assert "已付 150.00 大于应付 100.00" in shown
    assert "小于或等于100" in shown and "必填" not in shown
