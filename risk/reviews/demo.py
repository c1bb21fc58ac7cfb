"""What happened to each project of the demo, as a list of steps: how many working days ago, who, what.

A story is told through the same services people use; the clock is set to the day of each step.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from crm.kernel.declarations import demo
from crm.kernel.parameters.services import parameter_propose
from crm.kernel.people.models import Person
from crm.kernel.workdays import clock
from crm.kernel.workdays.stage import Stage
from projects.deals.demo import PAST, STORY_DAYS, PastProject
from projects.deals.models import Project
from projects.deals.services import project_update
from risk.reviews.models import Decision, ReviewCase
from risk.reviews.rules.validity import last_prolonged_day
from risk.reviews.selectors import waiting_for
from risk.reviews.services import conflict_declare, decision_make, review_prolong, review_submit, review_withdraw


@dataclass(frozen=True)
class Step:
    """One act. `days`: how many working days ago (0 is the last one); `who`: a login.

    `verb`: submit, a decision's verb, conflict, edit, withdraw or prolong.
    """

    days: int
    verb: str
    who: str = ""
    opinion: str = ""
    extra: dict[str, object] = field(default_factory=dict)


FIRST = "资本金比例与用途核对无误，双人调查报告齐备，建议进入复核。"
SECOND = "压力测试与担保核验通过，集中度在限额以内，同意。"
FINAL = "审阅三方意见与卷宗，风险可控、收益匹配，同意。"
CONDITIONS = [
    {"text": "首次放款前取得接入或配套批复原件", "kind": "precedent", "due_text": "首次放款前", "blocking": True},
    {"text": "资本金按比例到位并提供验资证明", "kind": "precedent", "due_text": "每次放款前", "blocking": True},
]
CONTINUING = [
    {"text": "最低 DSCR 不低于 1.15×，低于则不得分红", "kind": "continuing", "due_text": "每半年", "blocking": False}
]
ITEMS = ["设备采购清单与报价比对", "环评批复扫描件", "与主要客户的购销合同"]


def _submit(days: int) -> Step:
    return Step(days, "submit")


def _first(days: int) -> Step:
    return Step(days, "approve", "initial", FIRST)


def _second(days: int) -> Step:
    return Step(days, "approve", "recheck", SECOND)


def _second_with_conditions(days: int) -> Step:
    return Step(days, "approve_with_conditions", "recheck", SECOND, {"conditions": CONDITIONS})


def _return(days: int, who: str, target: str) -> Step:
    extra: dict[str, object] = {"reason_code": "documents_missing", "target_stage": target, "items": ITEMS}
    return Step(days, "return", who, "购销合同与设备清单尚缺，现金流假设缺少依据，请补充后再报。", extra)


# Standards count working days: 3 for the first review and the final approval, 5 for the re-check and after a return.
STORIES: dict[str, tuple[Step, ...]] = {
    "draft": (),
    "initial": (_submit(1),),
    "initial_today": (_submit(3),),
    "initial_late": (_submit(6),),
    "initial_conflict": (
        _submit(2),
        Step(1, "conflict", "initial", "本人配偶在该企业任职，申请回避。"),
    ),
    "returned": (_submit(5), _return(3, "initial", "initial")),
    "returned_today": (_submit(7), _return(5, "initial", "initial")),
    "returned_late": (_submit(10), _return(7, "initial", "initial")),
    "recheck": (_submit(5), _first(3)),
    "recheck_today": (_submit(8), _first(5)),
    "recheck_late": (_submit(10), _first(7)),
    # Both who could re-check it are partial: it alarms the head, who grants roles and the auditor.
    "recheck_nobody": (
        _submit(6),
        _first(4),
        Step(2, "conflict", "recheck", "本人亲属为该企业供应商，申请回避。"),
        Step(1, "conflict", "recheck", "曾参与该企业贷前尽调，申请回避。"),
    ),
    "recheck_conditions": (
        _submit(6),
        Step(4, "approve_with_conditions", "initial", FIRST, {"conditions": CONDITIONS}),
    ),
    "final": (_submit(8), _first(6), _second(1)),
    "final_today": (_submit(9), _first(7), _second(3)),
    "final_late": (_submit(10), _first(8), _second(4)),
    "final_escalated": (
        _submit(9),
        _first(7),
        _second_with_conditions(4),
        Step(1, "escalate", "final_low", "金额临近本级权限上限，且属城市重点工程，上报上一级决定。"),
    ),
    "final_second_round": (
        _submit(15),
        _first(13),
        _second(10),
        Step(
            8,
            "return",
            "final",
            "综合电价假设偏高，EPC 合同未定稿，请核实后重新提交。",
            {"reason_code": "figures_inconsistent", "target_stage": "initial", "items": ["电价依据", "EPC 合同终稿"]},
        ),
        Step(6, "edit", extra={"amount": "72000000.00", "total_investment": "96000000.00", "capital": "24000000.00"}),
        _submit(6),
        _first(5),
        _second_with_conditions(2),
    ),
    "approved": (_submit(28), _first(26), _second_with_conditions(23), Step(21, "approve", "final", FINAL)),
    "approved_conditions": (
        _submit(20),
        _first(18),
        _second_with_conditions(14),
        # Approved for less: 6,000 asked, 5,000 approved; the sponsors bring the difference.
        Step(13, "approve_with_conditions", "final", FINAL, {"conditions": CONTINUING, "amount": Decimal(50_000_000)}),
        Step(2, "prolong", extra={"reason": "产品注册检验排期顺延，待检验报告出具后签署合同，申请批复展期。"}),
    ),
    "rejected": (
        _submit(17),
        _first(15),
        Step(
            12,
            "reject",
            "recheck",
            "产能过剩行业，偿债来源不足，评级已降至 B，不同意。",
            {"reason_code": "repayment_insufficient"},
        ),
    ),
    "withdrawn": (_submit(8), Step(6, "withdraw", extra={"reason": "客户推迟投资计划，先行撤回。"})),
}
STORY_DAYS.update({state: max((step.days for step in steps), default=0) for state, steps in STORIES.items()})


def _past_story(deal: PastProject) -> list[Step]:
    """Submitted and approved by three; one came back once."""
    steps, day = [Step(deal.days, "submit")], deal.days
    if deal.is_returned:
        extra: dict[str, object] = {"reason_code": "documents_missing", "target_stage": "initial"}
        why = "设备清单与报价尚缺，请补充后再报。"
        steps.append(Step(day - 2, "return", "initial", why, {**extra, "items": ["设备清单"]}))
        steps.append(Step(day - 4, "submit"))
        day -= 4
    steps += [Step(day - 1, "approve", "initial", FIRST), Step(day - 3, "approve", "recheck", SECOND)]
    return [*steps, Step(day - 5, "approve", "final", FINAL)]


def propose_a_parameter(stage: Stage) -> None:
    """One change of a threshold waits for the second administrator."""
    with stage.days_ago(stage.back(1)):
        parameter_propose(
            code="review.opinion_min_length",
            value=20,
            effective_from=clock.today() + timedelta(days=30),
            source="2026 年四季度审查质量检查意见",
            by=stage.people["chengziang"],
        )


def play_stories(stage: Stage) -> None:
    """All projects move together through time, so that exposures and numbers follow the calendar."""
    past = iter([_past_story(deal) for deal in PAST])
    acts: list[tuple[int, int, Project, Step]] = []
    for number, (project, state) in enumerate(stage.made["projects"]):
        steps = next(past) if state == "past" else STORIES[state]
        acts += [(-step.days, number, project, step) for step in steps]
    order: dict[int, int] = {}
    for _days, number, project, step in sorted(acts, key=lambda act: (act[0], act[1])):
        order[number] = order.get(number, 0) + 1
        with stage.days_ago(stage.back(step.days), hour=9 + order[number], minute=number % 60):
            _act(project, step)


def _act(project: Project, step: Step) -> None:
    """One step of a story."""
    project = Project.objects.select_related("client", "owner").get(pk=project.pk)
    owner = Person.objects.get(pk=project.owner_id)
    if step.verb == "submit":
        review_submit(project=project, expected_version=project.version, by=owner)
        return
    if step.verb == "edit":
        changes: dict[str, Any] = {name: Decimal(str(value)) for name, value in step.extra.items()}
        project_update(project=project, expected_version=project.version, by=owner, **changes)
        return
    case = ReviewCase.objects.get(project=project, kind="deal")
    if step.verb == "withdraw":
        review_withdraw(case=case, expected_version=case.version, reason=str(step.extra["reason"]), by=owner)
        return
    if step.verb == "prolong":
        final = Decision.objects.filter(case=case, stage="final").select_related("person").latest("pk")
        last = case.project.valid_until
        assert last is not None
        until, reason = last_prolonged_day(last, months=3), str(step.extra["reason"])
        review_prolong(case=case, until=until, reason=reason, expected_version=case.version, by=final.person)
        return
    decider = _decider(case, step.who)
    conflict = step.verb == "conflict"
    conflict_declare(
        case=case,
        has_conflict=conflict,
        text=step.opinion if conflict else "",
        expected_version=case.version,
        by=decider,
    )
    if conflict:
        return
    case = ReviewCase.objects.get(pk=case.pk)
    extra: dict[str, Any] = dict(step.extra)
    if "conditions" in extra:
        extra["conditions"] = [{"owner": owner, **row} for row in extra["conditions"]]
    decision_make(case=case, verb=step.verb, opinion=step.opinion, expected_version=case.version, by=decider, **extra)


def _decider(case: ReviewCase, who: str) -> Person:
    """Someone who may decide: of the owner's own department if there is one, the lowest authority if asked for."""
    able = list(waiting_for(case))
    if who == "final_low":
        return min(able, key=lambda person: person.authority_level)
    if who == "final":
        # The general manager decides what the committee has heard.
        return max(able, key=lambda one: (one.authority_level < 3, one.authority_level, one.name == "韩致远"))
    home = [person for person in able if person.department_id == case.project.department_id]
    return (home or able)[0]


demo.register(propose_a_parameter, order=55)
demo.register(play_stories, order=70)
