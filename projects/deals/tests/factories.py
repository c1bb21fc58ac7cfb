"""Deals for tests, made by the services themselves."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile

from clients.file.tests.factories import ClientFactory
from crm.tests.support.people import cast_member
from projects.deals import services
from projects.deals.investigators import investigators_now
from projects.deals.models import Project, ProjectDocument


def text_file(name: str = "说明.txt", text: str = "资金用途说明") -> SimpleUploadedFile:
    """A text file that the store accepts."""
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


# What a fixed-asset deal says besides amount and term, so that the gates of its facts hold.
SOUND_TERMS: dict[str, Any] = {
    "approval_kind": "filing",
    "approval_no": "盐发改备〔2023〕118号",
    "approval_date": date(2023, 3, 16),
    "rate_kind": "lpr_5y",
    "rate_spread_bp": -20,
    "repayment": "schedule",
    "security_kinds": ["income_pledge", "mortgage"],
    "draw_months": 18,
}
PAPERS = (("feasibility", "可行性研究报告"), ("investigation", "尽职调查报告"))


def attach_papers(project: Project, *, signed: bool = True) -> None:
    """The documents that a submission needs, the report signed by the investigators there are."""
    for kind, title in PAPERS:
        upload = text_file(f"{title}.txt", f"{project.name}{title}")
        document = services.document_add(project=project, upload=upload, kind=kind, title=title, by=project.owner)
    if signed:
        sign_report(document)


def sign_report(document: ProjectDocument) -> None:
    """Every investigator of the deal signs."""
    for person in investigators_now(document.project).values():
        services.report_sign(document=document, sha256=document.file.sha256, by=person)


class ProjectFactory(factory.Factory):
    """A project of 8,000 万元 over 84 months that passes every gate of its own, filed by 林晓雯."""

    class Meta:
        model = Project

    by = factory.LazyFunction(lambda: cast_member("owner"))
    client = factory.SubFactory(ClientFactory)
    name = factory.Sequence(lambda n: f"榕江第{n}水厂提标改造")
    product = "P01"
    sector = "other_infra"
    amount = Decimal("80000000.00")
    currency = "CNY"
    term_months = 84
    secured = True
    purpose = "日处理 5 万吨水厂提标改造"
    total_investment = Decimal("110000000.00")
    capital = Decimal("30000000.00")
    approval_kind = SOUND_TERMS["approval_kind"]
    approval_no = SOUND_TERMS["approval_no"]
    approval_date = SOUND_TERMS["approval_date"]
    rate_kind = SOUND_TERMS["rate_kind"]
    rate_spread_bp = SOUND_TERMS["rate_spread_bp"]
    repayment = SOUND_TERMS["repayment"]
    draw_months = SOUND_TERMS["draw_months"]
    lead = factory.LazyFunction(lambda: cast_member("owner"))
    assistant = factory.LazyFunction(lambda: cast_member("assistant"))

    @classmethod
    def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Project:
        if kwargs["secured"]:
            kwargs.setdefault("security_kinds", SOUND_TERMS["security_kinds"])
        # Several of one client differ by their number alone.
        kwargs.setdefault("confirm_same_project", True)
        return services.project_create(**kwargs)


class DocumentFactory(factory.Factory):
    """A document attached by the project's owner."""

    class Meta:
        model = ProjectDocument

    project = factory.SubFactory(ProjectFactory)
    kind = "feasibility"
    title = "可行性研究报告"
    upload = factory.LazyFunction(text_file)

    @classmethod
    def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> ProjectDocument:
        kwargs.setdefault("by", kwargs["project"].owner)
        return services.document_add(**kwargs)
