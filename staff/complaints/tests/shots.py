"""Pictures of the acts on a complaint that name people, correct, end it or look at it again."""

from typing import Any

from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from staff.complaints.models import Complaint, ComplaintClaim, ComplaintRecheck
from staff.complaints.services import complaint_concern, recheck_request
from tools.shots.page import Page

OFFICER, HEAD, HEAD_OF_SECOND = "yezhiqiu", "chenguodong", "jiangmin"
CHANGED_MANAGER, ANSWERED = "客户经理更换未告知", "利率重定价日争议"

PAGES = (
    Page("19-complaint-reply", "staff:complaint_reply", OFFICER, of="complaint_to_reply"),
    Page("19-complaint-correct", "staff:complaint_correct", OFFICER, of="complaint"),
    Page("19-complaint-withdraw", "staff:complaint_withdraw", OFFICER, of="complaint"),
    Page("19-complaint-claim", "staff:complaint_decide_claim", HEAD_OF_SECOND, of="complaint_claim"),
    Page("19-complaint-remove-person", "staff:complaint_unconcern", OFFICER, of="complaint_about_head"),
    Page("19-complaint-recheck-new", "staff:complaint_ask_recheck", OFFICER, of="complaint_closed"),
    Page("19-complaint-recheck", "staff:complaint_decide_recheck", HEAD, of="complaint_answered"),
    Page("33-admin-complaint-claims", "admin:staff_complaintclaim_changelist", OFFICER),
    Page("33-admin-complaint-rechecks", "admin:staff_complaintrecheck_changelist", OFFICER),
)


def _complaint(title: str) -> Complaint:
    return Complaint.objects.get(title=title)


def prepare() -> None:
    """Name somebody complained of, whom a second person has not confirmed; ask for a review of handling."""
    officer = Person.objects.get(name="叶知秋")
    if not ComplaintClaim.objects.filter(is_confirmed=None).exists():
        complaint = _complaint(CHANGED_MANAGER)
        complaint_concern(
            complaint=complaint,
            person=Person.objects.get(name="许嘉宁"),
            reason="投诉人来电补充：原客户经理许嘉宁调岗时未交接，也未告知。",
            expected_version=complaint.version,
            by=officer,
        )
    if not ComplaintRecheck.objects.exists():
        complaint = _complaint(ANSWERED)
        recheck_request(
            complaint=complaint,
            requested_on=clock.today(),
            grounds="对重定价日的认定不认可，要求按借款合同第七条重新核实。",
            expected_version=complaint.version,
            by=officer,
        )


def things() -> dict[str, tuple[Any, ...]]:
    """Complaints by what is asked of them."""
    titles = {
        "complaint_to_reply": "评估费收取未说明",
        "complaint_claim": CHANGED_MANAGER,
        "complaint_about_head": "部门负责人态度生硬",
        "complaint_closed": "展期材料丢失",
        "complaint_answered": ANSWERED,
    }
    return {name: (_complaint(title).pk,) for name, title in titles.items()}
