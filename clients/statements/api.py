"""Financial statements over REST: entered under the client, filled, checked, confirmed, corrected."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from clients.file.models import Client
from clients.statements import examples, selectors, services
from clients.statements.filters import StatementFilter
from clients.statements.models import Statement
from clients.statements.serializers import (
    StatementCheckInput,
    StatementFiguresInput,
    StatementInput,
    StatementReadSerializer,
    StatementReasonInput,
    StatementSerializer,
    StatementVersionInput,
)
from crm.kernel.access.checks import get_visible
from crm.kernel.web.api import KernelActs, KernelViewSet, act


@extend_schema_view(
    list=extend_schema(summary="Statement sets of the clients this person may see"),
    retrieve=extend_schema(summary="One set with its figures and findings", responses=StatementReadSerializer),
)
class StatementViewSet(KernelViewSet):
    """Financial statements; figures in yuan."""

    model = Statement
    queryset = Statement.objects.all()
    serializer_class = StatementSerializer
    filterset_class = StatementFilter

    def rows(self) -> QuerySet[Statement]:
        return selectors.statement_list(viewer=self.person)

    def read_back(self, result: Any) -> Any:
        return self.rows().get(pk=result.pk)

    def get_serializer_class(self) -> Any:
        return StatementReadSerializer if self.action == "retrieve" else StatementSerializer

    @act(
        StatementFiguresInput,
        answers=StatementSerializer,
        summary="Replace the figures",
        description="By who works on the client. Missing totals are filled from their parts. 400 on `unit` asks back "
        "where total assets suggest another unit; `unit_is_sure` answers it.",
        examples=[examples.FIGURES],
    )
    def figures(self, statement: Statement, *, expected_version: int | None, **given: Any) -> Statement:
        figures = [(row["code"], row["column"], row["value"]) for row in given["figures"]]
        return services.statement_save(
            statement=statement,
            figures=figures,
            unit_is_sure=given.get("unit_is_sure", False),
            expected_version=expected_version,
            by=self.person,
        )

    @act(
        StatementCheckInput,
        answers=StatementSerializer,
        summary="Submit for confirmation",
        description="409 names each difference that is too large and each warning without a reason.",
        examples=[examples.CHECK],
    )
    def check(self, statement: Statement, *, expected_version: int | None, **given: Any) -> Statement:
        return services.statement_check(
            statement=statement,
            reasons=given.get("reasons", ()),
            expected_version=expected_version,
            by=self.person,
        )

    @act(
        StatementVersionInput,
        answers=StatementSerializer,
        summary="Confirm",
        description="By a second person. The set it corrects is superseded.",
        examples=[examples.NOTHING],
    )
    def confirm(self, statement: Statement, *, expected_version: int | None) -> Statement:
        return services.statement_confirm(statement=statement, expected_version=expected_version, by=self.person)

    @act(
        StatementReasonInput,
        answers=StatementSerializer,
        summary="Return with a reason",
        examples=[examples.WHY],
        path="return",
    )
    def send_back(self, statement: Statement, *, expected_version: int | None, **given: Any) -> Statement:
        return services.statement_return(
            statement=statement, expected_version=expected_version, by=self.person, **given
        )

    @act(
        StatementReasonInput,
        answers=StatementSerializer,
        summary="Start a correction",
        description="Answers the new draft.",
        examples=[examples.WHY],
    )
    def correct(self, statement: Statement, *, expected_version: int | None, **given: Any) -> Statement:
        return services.statement_correct(
            statement=statement, expected_version=expected_version, by=self.person, **given
        )

    @act(
        StatementReasonInput,
        answers=StatementSerializer,
        summary="Declare void",
        description="One that is not confirmed by who works on the client, a confirmed one by a second person.",
        examples=[examples.WHY],
    )
    def void(self, statement: Statement, *, expected_version: int | None, **given: Any) -> Statement:
        return services.statement_void(statement=statement, expected_version=expected_version, by=self.person, **given)


class ClientStatementViewSet(KernelActs):
    """Entering statements, under the client they are of."""

    model = Statement
    queryset = Statement.objects.all()
    serializer_class = StatementSerializer

    def rows(self) -> QuerySet[Statement]:
        return selectors.statement_list(viewer=self.person)

    @extend_schema(
        summary="Enter financial statements",
        description="A draft without figures. By who works on the client.",
        parameters=[OpenApiParameter("client_pk", int, OpenApiParameter.PATH)],
        request=StatementInput,
        responses={201: StatementSerializer},
        examples=[examples.NEW],
    )
    def create(self, request: Request, *args: Any, client_pk: str, **kwargs: Any) -> Response:
        client = get_visible(Client, self.person, pk=client_pk)
        given = self.read_body(StatementInput)
        entered = services.statement_create(client=client, by=self.person, **given)
        return self.answer(self.rows().get(pk=entered.pk), status=201)


routes: list[tuple[str, Any, str]] = [
    (r"clients/(?P<client_pk>\d{1,18})/statements", ClientStatementViewSet, "client-statement"),
    ("statements", StatementViewSet, "statement"),
]
