"""The gallery of components at /ui/ (in debug): each one in light and in dark, with the mock-ups' invented data."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from crm.kernel.access.errors import BadInput, NotPermitted, NotVisible
from crm.kernel.declarations.states import STATUS
from crm.kernel.web import errors
from crm.kernel.web.charts import Chart, Line, Series
from crm.kernel.web.listing import Chip
from crm.kernel.web.stale import Difference
from crm.kernel.web.widgets import AmountInput, DayInput


class GalleryForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="客户名称", help_text="与营业执照一致")
    amount = forms.DecimalField(label="金额", widget=AmountInput)
    day = forms.DateField(label="日期", required=False, widget=DayInput)
    kind = forms.ChoiceField(label="类型", choices=[("c", "企业"), ("p", "个人")], widget=forms.RadioSelect)
    text = forms.CharField(label="意见", widget=forms.Textarea(attrs={"rows": 3}))
    sure = forms.BooleanField(label="我已看过 5 处变化和冻结卷宗", required=False)


def gallery_form(look: str) -> GalleryForm:
    """A form with input and mistakes; `look` keeps the ids of the two columns apart."""
    data = {f"{look}-name": "浙江钧茂精密机械有限公司", f"{look}-amount": "七千万", f"{look}-kind": "c"}
    return GalleryForm(data, prefix=look)


def _step(name: str, state: str, kind: str, value: str, **facts: str) -> dict[str, str]:
    return {"name": name, "state": state, "kind": kind, "value": value, **facts}


def _steps() -> list[dict[str, str]]:
    first = {"who": "周启明", "department": "客户一部", "when": "11-13 17:05 · 用时 1 / 标准 3 个工作日"}
    second = {"who": "沈若岚", "department": "风险管理部", "when": "11-18 16:20 · 用时 3 / 标准 5 个工作日"}
    third = {"who": "韩致远", "when": "自 11-18 16:20，截止 11-23", "note": "已用 2 / 标准 3 个工作日，剩 1 个工作日"}
    return [
        _step("初审", "done", "decision", "approve", **first),
        _step("复核", "done", "decision", "approve_with_conditions", **second),
        _step("终审", "now", "review", "your_move", **third, note_tone="warn"),
    ]


def _chart() -> Chart:
    base = [Decimal(text) for text in ("1.32", "1.28", "1.14", "1.19", "1.36", "1.48")]
    weak: list[Decimal | None] = [
        Decimal("1.10"),
        Decimal("1.05"),
        Decimal("0.98"),
        None,
        Decimal("1.16"),
        Decimal("1.24"),
    ]
    lines = [
        Line("准入 1.25", Decimal("1.25")),
        Line("分红锁定 1.15", Decimal("1.15"), "warn"),
        Line("违约 1.05", Decimal("1.05"), "bad"),
    ]
    series = [
        Series("基准", base, [f"{value}×" for value in base]),
        Series("电价 −10%", weak, ["—" if value is None else f"{value}×" for value in weak]),
    ]
    years = [str(year) for year in range(2027, 2033)]
    return Chart("偿债备付率：2029 年最低 1.14×，低于准入 1.25×。", "年度", years, series, lines, "×")


def context() -> dict[str, Any]:
    """All the invented data, by component."""
    return {
        "title": "Components",
        "forms": {look: gallery_form(look) for look in ("light", "dark")},
        "menu": "gallery",
        "badges": [(kind, value) for kind, values in STATUS.items() for value in values],
        "steps": _steps(),
        "facts": [
            ("集团合计", "14,600 / 上限 30,000"),
            ("逾期", "本金 0，利息 0"),
            ("最近到期", "2027-01-15 流贷 3,000"),
        ],
        "switch": [
            {"text": "全部", "href": "#", "current": True},
            {"text": "客户", "href": "#"},
            {"text": "审查", "href": "#"},
        ],
        "tabs": [
            {"text": "我的客户", "href": "#", "count": 42},
            {"text": "有预警的客户", "href": "#", "count": 12, "current": True},
            {"text": "风险", "href": "#", "count": "1 红 1 黄", "late": True},
        ],
        "chips": [
            Chip("tier", "五级", "关注", "#", 3),
            Chip("grade", "评级", "AAA", "#", 1),
            Chip("region", "地区", "浙江", "#", 0),
        ],
        "chart": _chart(),
        "inputs": [("营业收入", "60,000 万元", "2026-09 近 12 个月"), ("平均应收账款", "10,000 万元", "2026-09 报表")],
        "stale": [Difference("name", "名称", "浙江钧茂精密机械有限公司", "浙江钧茂精密机械股份有限公司", "id_name")],
    }


def _refuse(status: str) -> None:
    if status == "403":
        raise NotPermitted(
            "您是该客户的主办客户经理。主办人不得担任同一案件的复核、终审席位。",
            details={
                "headline": "您不能对这个案件作出复核决定",
                "rule": "规则：职责分离 2026.1 版，第 3 条；数据库约束，任何账号不能绕过",
                "who": "风险管理部：沈若岚（现在轮到她，已逾期 2 个工作日）、罗文博（可代行）",
                "instead": "补充资料、写说明意见、催办（今天还可催 1 次）",
                "url": "/",
                "url_text": "打开案件",
            },
        )
    if status == "404":
        raise NotVisible
    if status == "400":
        raise BadInput("没有这个筛选条件。", field="grade_is")


class Gallery(View):
    """`?refusal=403` and its like show the error pages."""

    def get(self, request: HttpRequest) -> HttpResponse:
        status = request.GET.get("refusal", "")
        if status == "500":
            return errors.server_error(request)
        _refuse(status)
        return render(request, "web/gallery.html", context())
