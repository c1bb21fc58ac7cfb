"""The API's bases: views start from a selector, serializers refuse what they do not know, problems have one format."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from crm.kernel.access.errors import (
    BadInput,
    DomainError,
    NotPermitted,
    NotVisible,
    PreconditionRequired,
    Text,
    list_errors,
)
from crm.kernel.access.policies import policy_of
from crm.kernel.web.idempotency import run_once
from crm.kernel.web.middleware import busy, note_refusal

PROBLEM = "application/problem+json"


def problem(*, status: int, code: str, title: Text, errors: Mapping[str, list[Text]], request: Request) -> Response:
    """RFC 9457 body: what, why, and per field the reason; `code` is stable, the texts follow the user's language.

    Of many mistakes the first are named, the others counted.
    """
    shown, others = list_errors(errors)
    if others:
        shown.append(("", ngettext("and %(count)d more", "and %(count)d more", others) % {"count": others}))
    body = {
        "type": f"urn:sanshen:problem:{code}",
        "title": str(title),
        "status": status,
        "code": code,
        "errors": [{"field": field, "reason": reason} for field, reason in shown],
        "request_id": getattr(request._request, "request_id", ""),
    }
    return Response(body, status=status, content_type=PROBLEM)


def _flat(detail: Any, prefix: str = "") -> dict[str, list[Text]]:
    """DRF's nested error detail as {dotted field: reasons}."""
    if isinstance(detail, Mapping):
        found: dict[str, list[Text]] = {}
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            found |= _flat(value, ".".join(part for part in (prefix, name) if part))
        return found
    if isinstance(detail, list) and any(isinstance(item, (Mapping, list)) for item in detail):
        found = {}
        for index, item in enumerate(detail):
            found |= _flat(item, f"{prefix}.{index}" if prefix else str(index)) if item else {}
        return found
    return {prefix: list(detail) if isinstance(detail, list) else [detail]}


def as_domain_error(error: Exception) -> DomainError | None:
    """Errors that DRF and Django raise on their own, in the system's words."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, Http404):
        return NotVisible()
    if isinstance(error, PermissionDenied):
        return NotPermitted()
    if isinstance(error, (exceptions.ValidationError, exceptions.ParseError)):
        return BadInput(errors=_flat(error.detail))
    return busy(error)


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The API's one place where a refusal becomes an answer; anything unforeseen stays a 500 with its log."""
    request: Request = context["request"]
    refusal = as_domain_error(error)
    if refusal is not None:
        note_refusal(request._request, refusal)
        return problem(
            status=refusal.status, code=refusal.code, title=refusal.title, errors=refusal.errors, request=request
        )
    if isinstance(error, exceptions.APIException):
        code = str(getattr(error, "default_code", "error"))
        errors: dict[str, list[Text]] = {"": [str(error.detail)]}
        answer = problem(status=error.status_code, code=code, title=str(error.detail), errors=errors, request=request)
        if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    return None


class FileRenderer(JSONRenderer):
    """For an address that answers a file: whatever the caller accepts is right; a refusal is a problem in JSON."""

    media_type = "*/*"
    format = "file"


class StrictMixin:
    """An input field the serializer does not know, or may only read, is an error and not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}  # type: ignore[attr-defined]
            unknown = sorted(str(name) for name in set(data) - writable)
            if unknown:
                raise serializers.ValidationError({name: [_("This field cannot be set here.")] for name in unknown})
        return super().to_internal_value(data)  # type: ignore[misc]


class StrictSerializer(StrictMixin, serializers.Serializer):
    """Shape of a request body."""


class NoInput(StrictSerializer):
    """An empty body: the address says it all."""


class StrictModelSerializer(StrictMixin, serializers.ModelSerializer):
    """Shape of a model, in and out."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """DRF forgets of a read-only choice that it may be empty; the schema must not."""
        fields = super().get_fields()
        for field in fields.values():
            if isinstance(field, serializers.ChoiceField) and field.read_only:
                field.allow_blank = True
        return fields


class VersionField(serializers.IntegerField):
    """The version the caller worked from; If-Match may carry it instead."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, min_value=1, max_value=10**9, **kwargs)


# How the schema says where the version goes: in the header alone, or in the header or the body of an act.
ETAG = {"type": "string", "pattern": r'^(W/)?"?[0-9]{1,9}"?$'}
IF_MATCH = OpenApiParameter("If-Match", ETAG, OpenApiParameter.HEADER, required=True, description="The ETag you read.")
IF_MATCH_OR_BODY = OpenApiParameter(
    "If-Match", ETAG, OpenApiParameter.HEADER, description="The version, instead of `expected_version` in the body."
)


def act(
    shape: type[serializers.Serializer],
    *,
    answers: type[serializers.BaseSerializer],
    summary: Text | None = None,
    description: Text | None = None,
    examples: Sequence[OpenApiExample] = (),
    has_version: bool = True,
    status: int = 200,
    path: str | None = None,
) -> Callable[[Callable[..., Any]], Any]:
    """Declare a POST on one row: `POST <row>/<path>/`. The method below it calls the service and returns its result.

    @act(CloseInput, answers=WarningSerializer, summary="Close a warning", examples=[CLOSING, READ])
    def close(self, warning, **given):
        return services.warning_close(warning=warning, by=self.person, **given)

    The row is found among the visible ones (404), the body is read in `shape` (400), `expected_version` is taken from
    it or from If-Match (428 without either; `has_version=False`: the act takes none). The answer is what `read_back`
    makes of the result, with its version as ETag. Without `description` the method's docstring describes the act.
    """
    in_body = "expected_version" in shape().fields if issubclass(shape, serializers.Serializer) else False
    where = [IF_MATCH_OR_BODY if in_body else IF_MATCH] if has_version else []

    def declare(method: Callable[..., Any]) -> Any:
        @wraps(method)
        def run(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            row = self.get_object()
            given = self.read_versioned(shape) if has_version else self.read_body(shape)
            return self.answer(self.read_back(method(self, row, **given)), status=status)

        document = extend_schema(
            summary=summary,
            description=description,
            parameters=where,
            request=shape,
            responses={status: answers},
            examples=list(examples),
            filters=False,
        )
        return document(action(detail=True, methods=["post"], url_path=path)(run))

    return declare


class KernelActs(viewsets.GenericViewSet):
    """Acts on one model, each calling one service (`@act`); no list and no read. A subclass gives `model`."""

    model: type[Model]
    # The most queries a list may ask, however many rows (a test).
    query_budget: ClassVar[int] = 6
    lookup_value_regex = r"\d{1,18}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not getattr(self, "model", None):
            raise ImproperlyConfigured(f"{type(self).__name__} names no model")
        policy_of(self.model)
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            self._run_once(str(request.method).lower())

    def _run_once(self, method: str) -> None:
        """Let the handler of this request have its effect once for one `Idempotency-Key`."""
        handler = getattr(self, method, None)
        if handler is None:
            return

        def run(request: Request, *args: Any, **kwargs: Any) -> Response:
            return run_once(
                request,
                lambda: handler(request, *args, **kwargs),
                account_id=request.user.pk or 0,
                row_id=int(kwargs["pk"]) if "pk" in kwargs else None,
                is_visible=lambda pk: self.get_queryset().filter(pk=pk).exists(),
            )

        setattr(self, method, run)

    @property
    def person(self) -> Any:
        """The `Person` who asks, from the session or from the key. (`people` may not be imported here, hence Any.)"""
        return self.request._request.person  # type: ignore[attr-defined]

    def rows(self) -> QuerySet[Any]:
        """What this person may see, with what the serializer needs; overridden by every subclass."""
        raise ImproperlyConfigured(f"{type(self).__name__} has no rows()")

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.rows()

    def get_object(self) -> Any:
        found = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise NotVisible
        return found

    def answer(self, obj: Any, *, status: int = 200) -> Response:
        """One row, or its fields as a dict, with its version as ETag."""
        response = Response(self.get_serializer(obj).data, status=status)
        version = obj.get("version") if isinstance(obj, dict) else getattr(obj, "version", None)
        if version is not None:
            response.headers["ETag"] = f'"{version}"'
        return response

    def expected_version(self) -> int:
        """The version named by If-Match; PreconditionRequired without one."""
        header = self.request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
        if not header:
            raise PreconditionRequired(_("Send If-Match with the ETag you read."), field="If-Match")
        if not (header.isascii() and header.isdigit() and len(header) < 10):
            raise BadInput(_("If-Match is not a version issued by this API."), field="If-Match")
        return int(header)

    def read_body(self, shape: type[serializers.Serializer], *, partial: bool = False) -> dict[str, Any]:
        """The body in `shape`; ValidationError (400) naming every field that is wrong."""
        body = shape(data=self.request.data, partial=partial, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    def read_versioned(self, shape: type[serializers.Serializer]) -> dict[str, Any]:
        """The body with its `expected_version`, from If-Match where it names none (428 without either)."""
        given = self.read_body(shape)
        if given.get("expected_version") is None:
            given["expected_version"] = self.expected_version()
        return given

    def read_back(self, result: Any) -> Any:
        """What an act answers, of what its service returned. Override to read what the serializer needs besides."""
        return result


class KernelListSet(KernelActs):
    """The list of one model besides: a subclass gives `rows()` from a selector.

    `updated_since` finds what changed by the events about a row. Where these are about another one, `changed_with`
    names it ({label: path}); where a job writes many rows at once, `changed_at` the columns with its moments.
    """

    changed_with: ClassVar[Mapping[str, str]] = {}
    changed_at: ClassVar[tuple[str, ...]] = ()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class KernelViewSet(KernelListSet):
    """List and read of one model.

    Describe list, retrieve and create with drf-spectacular's `extend_schema_view`; examples lie in `examples.py`.
    """

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(self.get_object())
