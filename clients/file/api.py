"""`/api/v1/clients/` and `/api/v1/contacts/`: the client file for other systems."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import parsers
from rest_framework.request import Request
from rest_framework.response import Response

from clients.file import examples, selectors, services
from clients.file.filters import ClientFilter, ContactFilter, IndustryFilter, RegionFilter
from clients.file.models import Client, Contact, Industry, Region
from clients.file.serializers import (
    ClientConfirmInput,
    ClientDetailSerializer,
    ClientInput,
    ClientPaperInput,
    ClientPatch,
    ClientSerializer,
    ContactPatch,
    ContactRemoveInput,
    ContactSerializer,
    IndustrySerializer,
    RegionSerializer,
)
from clients.file.services.codes import CodeAnswers
from crm.kernel.access.checks import get_visible, require
from crm.kernel.web.api import IF_MATCH, KernelActs, KernelListSet, KernelViewSet, act


@extend_schema_view(
    list=extend_schema(summary="Clients this person may see", responses=ClientSerializer(many=True)),
    retrieve=extend_schema(summary="One client", responses=ClientDetailSerializer, examples=[examples.READ]),
    create=extend_schema(
        summary="Register a client",
        description="409 names `credit_code` when the client is on file already, `name` when one of this name is; "
        "the latter goes through with `confirm_same_name`. 409 `identity_number` when the code is a valid identity "
        "number too; that goes through with `confirm_code`. A code whose check character is wrong is filed with "
        "`code_reason` and `code_paper`, as multipart/form-data. `warnings` tells what is accepted and deserves a "
        "second look, as the page does.",
        request={"application/json": ClientInput, "multipart/form-data": ClientPaperInput},
        responses={201: ClientDetailSerializer},
        examples=[examples.COMPANY, examples.COMPANY_BY_FORM, examples.READ],
    ),
    partial_update=extend_schema(
        summary="Change a client's facts",
        parameters=[IF_MATCH],
        request=ClientPatch,
        responses=ClientDetailSerializer,
        examples=[examples.CORRECTION, examples.READ],
    ),
)
class ClientViewSet(KernelViewSet):
    """Clients this person may see."""

    model = Client
    queryset = Client.objects.all()
    serializer_class = ClientDetailSerializer
    filterset_class = ClientFilter

    def get_serializer_class(self) -> Any:
        # The warnings ask the table of regions, once for each row.
        return ClientSerializer if self.action == "list" else self.serializer_class

    def rows(self) -> QuerySet[Client]:
        return selectors.client_list(viewer=self.person)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        # Before the body is looked at: who may not register learns nothing of what a right body would be.
        require(self.person, "create", Client)
        is_form = str(request.content_type).startswith("multipart/")
        given = self.read_body(ClientPaperInput if is_form else ClientInput)
        answers = CodeAnswers.taken_from(given)
        return self.answer(services.client_create(by=self.person, answers=answers, **given), status=201)

    def get_parsers(self) -> list[parsers.BaseParser]:
        """A form with a file only where a client is registered."""
        action = getattr(self, "action", None) or self.action_map.get(str(self.request.method).lower())
        return [*super().get_parsers(), *([parsers.MultiPartParser()] if action == "create" else [])]

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        client = self.get_object()
        changes = self.read_body(ClientPatch, partial=True)
        confirmed, expected = changes.pop("confirm_same_name", False), self.expected_version()
        answers = CodeAnswers.taken_from(changes)
        changed = services.client_update(
            client=client,
            changes=changes,
            expected_version=expected,
            confirm_same_name=confirmed,
            answers=answers,
            by=self.person,
        )
        return self.answer(changed)

    @act(
        ClientConfirmInput,
        answers=ClientDetailSerializer,
        summary="Confirm a client's facts as of today",
        description="By the account manager or a co-manager, who says against which register or paper they were held.",
        examples=[examples.CONFIRMATION, examples.READ],
    )
    def confirm(self, client: Client, **given: Any) -> Client:
        return services.client_confirm(client=client, by=self.person, **given)


@extend_schema_view(
    list=extend_schema(summary="Contacts of the clients this person may see"),
    retrieve=extend_schema(summary="One contact", examples=[examples.CONTACT_READ]),
    partial_update=extend_schema(
        summary="Change a contact",
        parameters=[IF_MATCH],
        request=ContactPatch,
        responses=ContactSerializer,
        examples=[examples.CONTACT_TITLE, examples.CONTACT_READ],
    ),
)
class ContactViewSet(KernelViewSet):
    """People at the clients the caller may see. Telephones and e-mails are masked; the page shows one for a purpose."""

    model = Contact
    queryset = Contact.objects.all()
    serializer_class = ContactSerializer
    filterset_class = ContactFilter

    def rows(self) -> QuerySet[Contact]:
        return selectors.contact_list(viewer=self.person)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        contact = self.get_object()
        changes = self.read_body(ContactPatch, partial=True)
        confirmed, expected = changes.pop("confirm_same_contact", False), self.expected_version()
        changed = services.contact_update(
            contact=contact,
            changes=changes,
            expected_version=expected,
            confirm_same_contact=confirmed,
            by=self.person,
        )
        return self.answer(changed)

    @act(
        ContactRemoveInput,
        answers=ContactSerializer,
        summary="Take a contact out of the file",
        description="Answers the contact as it was; it is gone then. The audit trail keeps that it was there, not who.",
        examples=[examples.CONTACT_GONE, examples.CONTACT_READ],
    )
    def remove(self, contact: Contact, **given: Any) -> Contact:
        services.contact_delete(contact=contact, by=self.person, **given)
        return contact


class ClientContactViewSet(KernelActs):
    """Adding a contact, under the client it belongs to."""

    model = Contact
    queryset = Contact.objects.all()
    serializer_class = ContactSerializer

    def rows(self) -> QuerySet[Contact]:
        return selectors.contact_list(viewer=self.person)

    @extend_schema(
        summary="Add a contact to a client",
        description="By the account manager and co-managers. 409 names `name` or `mobile` when the client has such a "
        "contact already; that goes through with `confirm_same_contact`. Another main contact becomes an ordinary one.",
        parameters=[OpenApiParameter("client_pk", int, OpenApiParameter.PATH)],
        request=ContactPatch,
        responses={201: ContactSerializer},
        examples=[examples.CONTACT, examples.CONTACT_READ],
    )
    def create(self, request: Request, *args: Any, client_pk: str, **kwargs: Any) -> Response:
        client = get_visible(Client, self.person, pk=client_pk)
        given = self.read_body(ContactPatch)
        return self.answer(services.contact_create(client=client, by=self.person, **given), status=201)


@extend_schema_view(list=extend_schema(summary="Industries of GB/T 4754"))
class IndustryViewSet(KernelListSet):
    """The table of industries; go through it by `after`."""

    model = Industry
    queryset = Industry.objects.all()
    serializer_class = IndustrySerializer
    filterset_class = IndustryFilter

    def rows(self) -> QuerySet[Industry]:
        return selectors.industry_list(viewer=self.person)


@extend_schema_view(list=extend_schema(summary="Regions of GB/T 2260"))
class RegionViewSet(KernelListSet):
    """The table of regions; go through it by `after`."""

    model = Region
    queryset = Region.objects.all()
    serializer_class = RegionSerializer
    filterset_class = RegionFilter

    def rows(self) -> QuerySet[Region]:
        return selectors.region_list(viewer=self.person)


routes: list[tuple[str, Any, str]] = [
    (r"clients/(?P<client_pk>\d{1,18})/contacts", ClientContactViewSet, "client-contact"),
    ("clients", ClientViewSet, "client"),
    ("contacts", ContactViewSet, "contact"),
    ("industries", IndustryViewSet, "industry"),
    ("regions", RegionViewSet, "region"),
]
