"""Complaints for tests, made by the services themselves."""

from datetime import date
from typing import Any, cast

import factory

from crm.kernel.people.models import Person
from crm.tests.support.people import cast_member
from staff.complaints import services
from staff.complaints.models import Complaint
from staff.complaints.selectors.eligible import deciders

REPLY = "经核实，评估费已按合同约定收取，多收部分今日退还。"
DRAFT: dict[str, Any] = {
    "draft": REPLY,
    "outcome": "upheld",
    "reasons": "依据《贷款合同》第十二条，评估费由借款人承担，但收费标准应在签约时书面告知，本案未告知。",
    "measures": "退还多收费用，并在签约清单中增加收费告知栏",
    # After the receipt of every complaint of the tests, also those received in later years.
    "measures_on": date(2099, 12, 31),
}
FACTS: dict[str, Any] = {
    "title": "评估费收取未说明",
    "facts": "签约时未说明评估费的收取标准，放款后直接扣收，要求说明并退还。",
    "complainant_name": "欧阳明远",
    "complainant_phone": "13812346021",
}


class ComplaintFactory(factory.Factory):
    """A general complaint that 叶知秋 recorded from the hotline."""

    class Meta:
        model = Complaint

    by = factory.LazyFunction(lambda: cast_member("complaints_officer"))
    channel = "hotline"
    title = FACTS["title"]
    facts = FACTS["facts"]
    complainant_name = FACTS["complainant_name"]
    complainant_phone = factory.Sequence(lambda n: f"138{n:08d}")

    @classmethod
    def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Complaint:
        confirmed = kwargs.pop("confirmed", True)
        row = services.complaint_receive(**kwargs)
        return confirm_claims(row) if confirmed and kwargs.get("subjects") else row


def confirm_claims(complaint: Complaint) -> Complaint:
    """Let whoever stands above say yes to every claim that waits."""
    for claim in complaint.claims.filter(is_confirmed=None):
        decider = deciders(anew(complaint), claim)[0]
        act(services.claim_decide, complaint, decider, claim=claim.pk, confirms=True, opinion="经核，确系被投诉人。")
    return anew(complaint)


def recorded(**kwargs: Any) -> Complaint:
    """A complaint as it was recorded; who is named in it is confirmed, unless `confirmed` is False."""
    return cast(Complaint, ComplaintFactory(**kwargs))


def handler_of(complaint: Complaint) -> Person:
    """Who answers for it."""
    assert complaint.responsible is not None
    return complaint.responsible


def anew(complaint: Complaint) -> Complaint:
    """The row as it is now."""
    return Complaint.objects.get(pk=complaint.pk)


def act(service: Any, complaint: Complaint, by: Person, **more: Any) -> Complaint:
    """Call a service with the present version; the row afterwards."""
    now = anew(complaint)
    service(complaint=now, expected_version=now.version, by=by, **more)
    return anew(complaint)


def assigned(person: Person | None = None, **kwargs: Any) -> Complaint:
    """A complaint that somebody answers for (高翔宇 unless told)."""
    complaint = recorded(**kwargs)
    officer = cast_member("complaints_officer")
    return act(services.complaint_assign, complaint, officer, person=person or cast_member("colleague"))


def drafted(complaint: Complaint) -> Complaint:
    """With its reply written."""
    return act(services.complaint_draft, complaint, handler_of(complaint), **DRAFT)


def replied(complaint: Complaint) -> Complaint:
    """With its reply told; a major one passes a second person."""
    complaint = drafted(complaint)
    if complaint.is_major:
        complaint = act(
            services.complaint_review, complaint, cast_member("final_approver"), passes=True, opinion="属实，同意答复。"
        )
    return act(services.complaint_reply, complaint, handler_of(complaint), how="电话告知，并寄出书面答复")


def extended(complaint: Complaint, checker: Person | None = None) -> Complaint:
    """With the next extension in force."""
    officer = checker or cast_member("complaints_officer")
    complaint = act(services.extension_request, complaint, handler_of(complaint), reason="需向评估机构调取底稿")
    complaint = act(services.extension_decide, complaint, officer, approves=True, opinion="情况复杂，同意延期")
    return act(services.extension_tell, complaint, handler_of(complaint), how="电话告知延期与理由")
