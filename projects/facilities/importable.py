"""Importing facilities in force by their contract number; each waits for its second person as one entered by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.utils.text import capfirst
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from clients.file.importable import CLIENT_OF_A_ROW, find_client
from clients.file.policies import HELPERS
from crm.kernel.declarations.importable import Column, Importable, Source, register
from crm.kernel.imports.rules.values import read_choice, read_day
from projects.facilities import services
from projects.facilities.models import Facility, FacilityBalance

FACTS = ("name", "kind", "amount", "margin", "approved_on", "approved_by", "available_until", "matures_on")
Words = tuple[str, ...]


def _label(name: str, model: Any = Facility) -> Any:
    field: Any = model._meta.get_field(name)
    return capfirst(field.verbose_name)


def _kinds() -> dict[str, str]:
    return {str(label): str(code) for code, label in Facility.Kind.choices}


def _amount(name: str, synonyms: Words, example: str = "") -> Column:
    return Column(name, _label(name), synonyms, example, is_required=bool(example), is_amount=True)


def _balance(name: str, synonyms: Words, example: str = "") -> Column:
    """A part of the first balance; later ones are told by who tells balances."""
    label = _label(name, FacilityBalance)
    return Column(name, label, synonyms, example, is_required=bool(example), is_amount=True, is_filed_only=True)


def _day(name: str, synonyms: Words, example: str = "", *, is_required: bool = True) -> Column:
    return Column(name, _label(name), synonyms, example, is_required=is_required, parse=read_day)


def _find(keys: Sequence[str], by: Any) -> Mapping[str, Facility]:
    """Those in force or waiting; what was refused or withdrawn may be entered again."""
    gone = (Facility.State.REFUSED, Facility.State.WITHDRAWN)
    rows = Facility.objects.visible_to(by).filter(contract_no__in=keys).exclude(state__in=gone)
    return {row.contract_no: row for row in rows.select_related("client")}


def _create(values: Mapping[str, Any], by: Any, source: Source) -> Facility:
    given = dict(values)
    return services.facility_enter(client=find_client(given.pop("client"), by), paper=_extract(source), by=by, **given)


def _extract(source: Source) -> ContentFile:
    """The paper of the row: what the table says of this contract alone, and which table it was."""
    head = translate("Row %(row)d of %(file)s, SHA-256 %(sha256)s") % {
        "row": source.number,
        "file": source.file_name,
        "sha256": source.sha256,
    }
    lines = [head, "", *(f"{header}: {cell}" for header, cell in source.cells.items() if cell)]
    return ContentFile("\n".join(lines).encode(), name=f"{translate('Extract of the imported table')}.txt")


def _remove(facility: Facility, version: int, by: Any) -> None:
    services.facility_withdraw(facility=facility, by=by)


def _facts(facility: Facility) -> dict[str, Any]:
    facts = {"client": facility.client.credit_code, **{name: getattr(facility, name) for name in FACTS}}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in facts.items()}


register(
    Importable(
        code="facility",
        label=_("Facilities in force"),
        model=Facility,
        importers=HELPERS,
        keys=("contract_no",),
        columns=(
            CLIENT_OF_A_ROW,
            Column(
                "contract_no",
                _label("contract_no"),
                ("合同号", "合同编号", "借款合同号", "授信合同编号", "Contract No."),
                "2024-固贷-0031",
                is_required=True,
                parse=str.strip,
            ),
            Column("name", _label("name"), ("项目名称", "贷款用途", "用途", "项目"), "厂房二期建设", is_required=True),
            Column(
                "kind",
                _label("kind"),
                ("业务品种", "业务种类", "产品", "品种", "Product"),
                is_required=True,
                parse=lambda text: read_choice(text, _kinds()),
                choices=lambda: list(_kinds()),
            ),
            _amount("amount", ("合同金额", "贷款金额", "授信额度", "金额", "Amount"), "86000000"),
            _amount("margin", ("保证金", "保证金金额", "Margin")),
            _day("approved_on", ("批复日", "批复日期", "审批日期", "合同签订日", "起始日"), "2022-03-11"),
            Column(
                "approved_by",
                _label("approved_by"),
                ("批复机构", "审批机构", "审批人", "批复文号"),
                "原授信审批委员会",
                is_required=True,
            ),
            _day("available_until", ("提款期至", "额度到期日"), is_required=False),
            _day("matures_on", ("到期日", "到期日期", "合同到期日", "Maturity"), "2032-03-11"),
            Column(
                "as_of",
                _("Balance as of"),
                ("余额日期", "数据日期", "截止日期", "基准日"),
                "2026-11-30",
                is_required=True,
                parse=read_day,
                is_filed_only=True,
            ),
            _balance("outstanding", ("余额", "贷款余额", "本金余额", "Outstanding"), "51600000"),
            _balance("undrawn", ("未提款", "未提款金额", "可用额度")),
            _balance("due_unpaid", ("欠息", "应收未收利息")),
        ),
        key_of=lambda cells: cells[0].strip(),
        find=_find,
        create=_create,
        update=None,
        remove=_remove,
        facts=_facts,
        restore=dict,
    )
)
