"""Approved projects and requested changes for tests, made by the services themselves."""

from typing import Any

from projects.deals.models import Project
from projects.deals.services import document_add
from projects.deals.tests.factories import text_file
from risk.amendments.services import amendment_ask
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import approve_all, make_project, submit

REASON = "并网时间推迟，首年发电量低于预期，申请调整。"
EFFECT = "每期还本额下降，偿债覆盖率上升，担保不变。"


def approved_project(*, is_signed: bool = False, **facts: Any) -> Project:
    """A project of 8,000 万元 over 84 months that three people approved; with its contract where asked for."""
    case = approve_all(submit(make_project(**facts)))
    project = Project.objects.get(pk=case.project_id)
    if is_signed:
        add_paper(project, kind="contract", title="固定资产借款合同")
    return Project.objects.get(pk=project.pk)


def add_paper(project: Project, *, kind: str = "amendment", title: str = "变更申请书") -> None:
    """A paper filed by who keeps the client."""
    upload = text_file(f"{title}.txt", f"{project.name}{title}")
    document_add(project=project, upload=upload, kind=kind, title=title, by=project.client.owner)


def ask(project: Project, *, paper: bool = True, **changes: Any) -> ReviewCase:
    """The case of a change, with its paper and the present version."""
    if paper:
        add_paper(project)
    project = Project.objects.get(pk=project.pk)
    return amendment_ask(
        project=project,
        changes=changes or {"term_months": 96},
        reason=REASON,
        effect=EFFECT,
        expected_version=project.version,
        by=project.client.owner,
    )
