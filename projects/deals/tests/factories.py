"""Deals for tests, made by the services themselves."""

from decimal import Decimal
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile

from clients.file.tests.factories import ClientFactory
from crm.tests.support.people import cast_member
from projects.deals import services
from projects.deals.models import Project, ProjectDocument


def text_file(name: str = "说明.txt", text: str = "资金用途说明") -> SimpleUploadedFile:
    """A text file that the store accepts."""
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


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
    lead = factory.LazyFunction(lambda: cast_member("owner"))
    assistant = factory.LazyFunction(lambda: cast_member("assistant"))

    @classmethod
    def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Project:
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
