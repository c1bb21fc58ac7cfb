"""Importing clients and their contacts: organisations, told apart by credit code. Individuals are registered singly."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from clients.file import services
from clients.file.identifiers import check_credit_code, regions_kept
from clients.file.models import Client, ClientSize, ClientType, Contact, Industry, Region
from clients.file.policies import HELPERS, KEEPERS
from crm.kernel.access.errors import BadInput
from crm.kernel.declarations.importable import Column, Importable, Source, register
from crm.kernel.imports.rules.values import read_choice, read_day
from crm.kernel.text.identifying import identifying_form


def _label(name: str, model: Any = Client) -> Any:
    field: Any = model._meta.get_field(name)
    return capfirst(field.verbose_name)


def _types() -> dict[str, str]:
    """Word → code, in the language of who imports."""
    return {str(label): str(code) for code, label in ClientType.choices if code != ClientType.INDIVIDUAL}


def _sizes() -> dict[str, str]:
    return {str(label): str(code) for code, label in ClientSize.choices}


def _row_of(model: Any, text: str) -> Any:
    """The industry or region of this code or name; ValueError for none or several."""
    told = text.strip()
    if model is Industry and len(told) > 1 and told[0].isalpha() and told[1:].isdigit():
        # As the list shows it: section and code.
        told = told[1:]
    found = list(model.objects.filter(pk=told)[:1] or model.objects.filter(name=told)[:2])
    if len(found) != 1:
        raise ValueError("reference")
    return found[0]


def _find(keys: Sequence[str], by: Any) -> Mapping[str, Client]:
    return {str(row.credit_code): row for row in Client.objects.visible_to(by).filter(credit_code__in=keys)}


def _create(values: Mapping[str, Any], by: Any, source: Source) -> Client:
    return services.client_create(by=by, **{"client_type": ClientType.COMPANY, **values})


def _create_many(rows: Sequence[Mapping[str, Any]], by: Any, is_trial: bool) -> Sequence[Any]:
    given = [{"client_type": ClientType.COMPANY, **values} for values in rows]
    return services.client_create_many(rows=given, is_trial=is_trial, by=by)


def _update(client: Client, changes: Mapping[str, Any], version: int, by: Any) -> Client:
    return services.client_update(client=client, changes=changes, expected_version=version, by=by)


def _remove(client: Client, version: int, by: Any) -> None:
    services.client_remove(client=client, expected_version=version, by=by)


def _facts(client: Client) -> dict[str, Any]:
    related = {"industry": client.industry_id, "region": client.region_id}
    return {name: related[name] if name in related else getattr(client, name) for name in Client.FACTS}


def _restore(before: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(before)
    for name, model in (("industry", Industry), ("region", Region)):
        if values.get(name) is not None:
            values[name] = model.objects.get(pk=values[name])
    return values


register(
    Importable(
        code="client",
        label=_("Clients (organisations)"),
        model=Client,
        importers=KEEPERS,
        keys=("credit_code",),
        columns=(
            Column(
                "name",
                _label("name"),
                # Salesforce Account, HubSpot companies, 用友, 金蝶.
                ("Account Name", "Company name", "Company", "企业名称", "公司名称", "单位名称", "名称", "客户全称"),
                "福建闽江水务有限公司",
                is_required=True,
            ),
            Column(
                "credit_code",
                _label("credit_code"),
                (
                    "USCC",
                    "Credit code",
                    "Account Number",
                    "信用代码",
                    "社会信用代码",
                    "纳税人识别号",
                    "税号",
                    "纳税登记号",
                ),
                "91350100M000100Y43",
                is_required=True,
                parse=lambda text: check_credit_code(text).code,
            ),
            Column(
                "client_type",
                _label("client_type"),
                ("Type", "Account Type", "企业类型", "单位类型", "性质"),
                parse=lambda text: read_choice(text, _types()),
                choices=lambda: list(_types()),
            ),
            Column(
                "industry",
                _label("industry"),
                ("Industry", "所属行业", "行业代码", "行业名称"),
                "46",
                parse=lambda text: _row_of(Industry, text),
            ),
            Column(
                "region",
                _label("region"),
                (
                    "Billing State/Province",
                    "State/Region",
                    "地区",
                    "地区编码",
                    "所属地区",
                    "地区名称",
                    "行政区划",
                    "区域",
                ),
                "350100",
                parse=lambda text: _row_of(Region, text),
            ),
            Column(
                "size",
                _label("size"),
                ("Company size", "企业规模", "单位规模"),
                parse=lambda text: read_choice(text, _sizes()),
                choices=lambda: list(_sizes()),
            ),
            Column(
                "legal_representative",
                _label("legal_representative"),
                ("法定代表人", "法人代表", "法人", "法人姓名"),
                "陈嘉树",
            ),
            Column(
                "address",
                _label("address"),
                ("Billing Street", "Street Address", "地址", "注册地址", "详细地址", "通讯地址"),
                "福州市鼓楼区五四路128号",
            ),
            Column("confirmed_on", _label("confirmed_on"), ("核实日期",), parse=read_day, is_filed_only=True),
            Column("confirmed_source", _label("confirmed_source"), ("核实依据",), is_filed_only=True),
        ),
        key_of=lambda cells: identifying_form(cells[0]),
        find=_find,
        create=_create,
        update=_update,
        remove=_remove,
        facts=_facts,
        restore=_restore,
        create_many=_create_many,
        remove_many=lambda versions, by: services.client_remove_many(versions=versions, by=by),
        for_chunk=regions_kept,
    )
)


def find_client(code: str, by: Any) -> Client:
    """The client of this credit code that the person may see; BadInput names `client`."""
    found = Client.objects.visible_to(by).filter(credit_code=code).first()
    if found is None:
        raise BadInput(translate("No client that you can see has this credit code."), field="client")
    return found


CLIENT_OF_A_ROW = Column(
    "client",
    _("Client's credit code"),
    (
        "USCC",
        "Account Number",
        "客户信用代码",
        "客户统一社会信用代码",
        "统一社会信用代码",
        "信用代码",
        "纳税人识别号",
        "税号",
    ),
    "91350100M000100Y43",
    is_required=True,
    parse=lambda text: check_credit_code(text).code,
)


def _contact_key(cells: Sequence[str]) -> str:
    code, name = (identifying_form(cell) for cell in cells)
    # The sign cannot stand in either of them.
    return f"{code}·{name}" if code and name else ""


def _find_contacts(keys: Sequence[str], by: Any) -> Mapping[str, Contact]:
    codes = {key.partition("·")[0] for key in keys}
    rows = Contact.objects.visible_to(by).filter(client__credit_code__in=codes).select_related("client").order_by("-pk")
    return {_contact_key((str(row.client.credit_code), row.name)): row for row in rows}


def _create_contact(values: Mapping[str, Any], by: Any, source: Source) -> Contact:
    facts = {name: value for name, value in values.items() if name != "client"}
    return services.contact_create(client=find_client(values["client"], by), by=by, **facts)


def _update_contact(contact: Contact, changes: Mapping[str, Any], version: int, by: Any) -> Contact:
    return services.contact_update(contact=contact, changes=changes, expected_version=version, by=by)


def _remove_contact(contact: Contact, version: int, by: Any) -> None:
    services.contact_delete(contact=contact, expected_version=version, by=by)


# Who is the main contact is chosen on the page: it would change another contact's row.
register(
    Importable(
        code="contact",
        label=_("Contacts"),
        model=Contact,
        importers=HELPERS,
        keys=("client", "name"),
        columns=(
            CLIENT_OF_A_ROW,
            Column(
                "name",
                _label("name", Contact),
                ("Full Name", "Contact Name", "联系人", "联系人姓名", "姓名", "主要联系人"),
                "陈嘉树",
                is_required=True,
            ),
            Column("title", _label("title", Contact), ("Title", "Job Title", "职务", "岗位"), "财务总监"),
            Column(
                "mobile",
                _label("mobile", Contact),
                ("Mobile", "Phone", "Mobile Phone", "Mobile phone number", "手机", "手机号码", "联系电话", "电话"),
                "13800138000",
            ),
            Column("email", _label("email", Contact), ("Email", "E-mail", "Email地址", "邮箱", "电子邮件")),
        ),
        key_of=_contact_key,
        find=_find_contacts,
        create=_create_contact,
        update=_update_contact,
        remove=_remove_contact,
        facts=lambda row: {name: getattr(row, name) for name in ("name", "title", "mobile", "email")},
        restore=dict,
    )
)
