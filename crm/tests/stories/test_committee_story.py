"""Three large deals through the API: 3 亿, AA, 180 months. One is approved, one refused by the committee, one vetoed.

Everything after the submission is a request of the schema; nothing of the product is asked in between.
"""

from typing import Any

import pytest

from crm.kernel.workdays import clock
from crm.tests.stories.conftest import Actor, actor, actor_of
from crm.tests.stories.test_api_story import OPINION, Api
from crm.tests.support.people import cast_member
from risk.committee.tests.factories import LARGE, make_committee
from risk.reviews.tests.factories import make_client, make_project, submit

pytestmark = pytest.mark.long
PARTS = ("owner", "initial_reviewer", "recheck_reviewer", "committee_secretary", "general_manager")
AGAINST = "测算电价偏高，悲观情形下偿债备付率低于一倍，资本金到位证明不足，不同意。"
FOR, WITH, NO = "for", "for_with_condition", "against"
CONDITION = "首次提款前资本金到位比例不低于百分之三十"


class Committee:
    """The people of one meeting and what each of them sends."""

    def __init__(self, api: Api, actors: dict[str, Actor], members: list[Actor]) -> None:
        self.api, self.actors, self.members = api, actors, members
        self.secretary = actors["committee_secretary"].key
        body = {"held_on": clock.today().isoformat(), "place": "总部三楼会议室"}
        self.meeting = api.call(self.secretary, "post", "/api/v1/committee-meetings/", body, expect=201).json["id"]

    def case(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self.api.call(
            self.actors["owner"].key, "get", "/api/v1/reviews/{id}/", expect=200, id=number
        ).json
        return found

    def declare(self, key: str, case: int, *, conflict: bool = False) -> None:
        body = {"has_conflict": conflict, "expected_version": self.case(case)["version"]}
        self.api.call(key, "post", "/api/v1/reviews/{id}/conflict/", body, expect=201, id=case)

    def decide(self, part: str, case: int, *, expect: int = 201, **body: Any) -> None:
        key = self.actors[part].key
        self.declare(key, case)
        given = {"verb": "approve", "opinion": OPINION, "seen": True, **body}
        given["expected_version"] = self.case(case)["version"]
        self.api.call(key, "post", "/api/v1/reviews/{id}/decisions/", given, expect=expect, id=case)

    def hear(self, case: int, kinds: list[str]) -> dict[str, Any]:
        """The hearing of one case: six declare no conflict, the last recuses, six vote, the secretary counts."""
        call, voters = self.api.call, self.members[:6]
        body: dict[str, Any] = {"case": case, "expected_version": self.version_of_meeting()}
        path = "/api/v1/committee-meetings/{id}/agenda/"
        item = call(self.secretary, "post", path, body, expect=201, id=self.meeting).json
        for member in voters:
            self.declare(member.key, case)
        self.declare(self.members[6].key, case, conflict=True)
        body = {"present": [one.id for one in voters], "chair": voters[0].id, "expected_version": item["version"]}
        at = {"id": item["id"]}
        item = call(self.secretary, "post", "/api/v1/committee-hearings/{id}/open/", body, expect=200, **at).json
        close = {"expected_version": item["version"]}
        call(self.secretary, "post", "/api/v1/committee-hearings/{id}/close/", close, expect=422, **at)
        path = "/api/v1/committee-hearings/{id}/vote/"
        for member, kind in zip(voters, kinds, strict=True):
            vote: dict[str, Any] = {"kind": kind, "opinion": AGAINST if kind == NO else OPINION}
            vote |= {"lines": [CONDITION]} if kind == WITH else {}
            told = call(member.key, "post", path, vote, expect=201, **at).json
            assert [row["person"] for row in told["votes"]] == [member.id]
        call(voters[0].key, "post", path, {"kind": FOR, "opinion": OPINION}, expect=409, **at)
        call(self.members[6].key, "post", path, {"kind": FOR, "opinion": OPINION}, expect=403, **at)
        call(self.actors["general_manager"].key, "post", path, {"kind": FOR, "opinion": OPINION}, expect=404, **at)
        found: dict[str, Any] = call(
            self.secretary, "post", "/api/v1/committee-hearings/{id}/close/", close, expect=200, **at
        ).json
        call(voters[0].key, "post", path, {"kind": FOR, "opinion": OPINION}, expect=409, **at)
        return found

    def version_of_meeting(self) -> int:
        path = "/api/v1/committee-meetings/{id}/"
        return int(self.api.call(self.secretary, "get", path, expect=200, id=self.meeting).json["version"])


@pytest.mark.django_db(transaction=True)
def test_three_large_deals_pass_end_and_are_vetoed(live_server: Any, transactional_db: None) -> None:
    for part in ("assistant", *PARTS):
        cast_member(part)
    actors = {part: actor(part) for part in PARTS}
    members = [actor_of(member) for member in make_committee()]
    api = Api(live_server.url, actors["owner"].key)
    cases = [submit(make_project(make_client(cast_member("owner")), **LARGE)).pk for _nth in range(3)]
    committee = Committee(api, actors, members)
    for case in cases:
        for part in ("initial_reviewer", "recheck_reviewer"):
            committee.decide(part, case)
        assert committee.case(case)["stage"] == "committee"

    passed = committee.hear(cases[0], [FOR, FOR, FOR, FOR, WITH, NO])
    assert (passed["result"], passed["present"], passed["votes_for"]) == ("approved_with_conditions", 6, 5)
    assert {row["state"] for row in passed["attendance"]} == {"present", "recused"}
    committee.decide("general_manager", cases[0])
    ended = committee.case(cases[0])
    assert (ended["status"], [row["text"] for row in ended["conditions"]]) == ("approved", [CONDITION])

    assert committee.hear(cases[1], [FOR, FOR, FOR, NO, NO, NO])["result"] == "refused"
    assert committee.case(cases[1])["status"] == "rejected"
    api.call(actors["general_manager"].key, "get", "/api/v1/reviews/{id}/", expect=404, id=cases[1])

    assert committee.hear(cases[2], [FOR] * 6)["result"] == "approved"
    committee.decide("general_manager", cases[2], verb="reject", reason_code="concentration")
    assert committee.case(cases[2])["status"] == "rejected"

    close = {"expected_version": committee.version_of_meeting()}
    path = "/api/v1/committee-meetings/{id}/close/"
    closed = api.call(committee.secretary, "post", path, close, expect=200, id=committee.meeting).json
    assert (closed["status"], len(closed["minutes_sha256"])) == ("closed", 64)
