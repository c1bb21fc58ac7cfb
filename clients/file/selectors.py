"""Reads of the client file. They start from `visible_to`; what a list or page shows comes with them in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, ClientGrant, Contact, Industry, Region
from crm.kernel.access.checks import may
from crm.kernel.access.errors import Text
from crm.kernel.access.policies import Viewer
from crm.kernel.people.models import Person
from crm.kernel.text import search
from crm.kernel.text.identifying import identifying_form
from crm.kernel.text.pinyin import sounds_like
from crm.kernel.workdays import clock

# `standing` and `contact_plan` hang on the client from modules above; the rows are reached by their names only.
SHOWN_WITH = ("owner", "department", "industry", "region", "standing")


def client_list(*, viewer: Viewer) -> QuerySet[Client]:
    """The clients this person may see, with owner, department, industry, region and standing at hand, by name."""
    rows = Client.objects.visible_to(viewer).select_related(*SHOWN_WITH, "contact_plan")
    return rows.defer("grams", "sounds")


def shown_clients() -> QuerySet[Client]:
    """Clients with all that the page of one needs; the page asks which of them it may show."""
    return Client.objects.select_related(*SHOWN_WITH, "created_by").defer("grams", "sounds")


def may_file(person: Viewer) -> bool:
    """Whether the person may file new clients."""
    return bool(may(person, "create", Client))


def client_search(*, viewer: Viewer, text: str, limit: int = 10) -> list[Client]:
    """Visible clients whose name or code contains `text`, for the global search and for pickers."""
    return list(client_list(viewer=viewer).filter(matches(text))[:limit])


def contact_list(*, viewer: Viewer) -> QuerySet[Contact]:
    """Contacts of the clients the viewer may see, for the API."""
    return Contact.objects.visible_to(viewer).order_by("client_id", "-is_primary", "id")


def matches(text: str) -> Q:
    """Clients whose name or credit code contains `text`."""
    written = search.matches(text, column="grams", exact=("name_normalised", "credit_code"))
    return written | sounds_like(text, pieces="sounds") if written else written


def contacts_of(client: Client) -> list[Contact]:
    """The contacts of a client already found for its viewer, first contact first."""
    contacts = list(client.contacts.all())
    for contact in contacts:
        contact.client = client
    return contacts


def co_managers(client: Client) -> QuerySet[Person]:
    """Who was joined to the client by name and works on it beside the owner."""
    grants = ClientGrant.objects.filter(content_object=client, source="co_manager")
    return Person.objects.filter(pk__in=grants.values("user__person_id")).select_related("department")


def section_list() -> QuerySet[Industry]:
    """The sections A-T of GB/T 4754."""
    return Industry.objects.filter(code=F("section"))


def industry_list(*, viewer: Viewer) -> QuerySet[Industry]:
    """The whole table of GB/T 4754, section by section."""
    return Industry.objects.visible_to(viewer).order_by("section", "code")


def region_list(*, viewer: Viewer) -> QuerySet[Region]:
    """The whole table of GB/T 2260, by code."""
    return Region.objects.visible_to(viewer).order_by("code")


def industry_search(*, text: str, limit: int = 20) -> list[Industry]:
    """Divisions, groups and classes by the beginning of their code or a part of their name, for pickers."""
    rows = Industry.objects.exclude(code=F("section"))
    code = identifying_form(text).lstrip("ABCDEFGHIJKLMNOPQRST")
    asked = Q(name__resembles=text) | sounds_like(text) | (Q(code__startswith=code) if code else Q())
    return list(rows.filter(asked)[:limit] if identifying_form(text) else rows[:limit])


def region_search(*, text: str, limit: int = 20) -> list[Region]:
    """Regions of today by the beginning of their code or a part of their name, for pickers."""
    rows = Region.objects.filter(is_current=True).select_related("parent")
    return list(rows.filter(Q(name__resembles=text) | sounds_like(text) | Q(code__begins_like=text))[:limit])


def plain_facts(client: Client) -> list[tuple[Text, Any]]:
    """Label and value of the client's plain facts, for its page."""
    left_out = Client.FACTS_OF_ORGANISATIONS if client.is_individual else frozenset()
    fields: dict[str, Any] = {field.name: field for field in Client._meta.fields}
    shown = [name for name in Client.PLAIN_FACTS if name not in left_out]
    return [(capfirst(fields[name].verbose_name), getattr(client, name)) for name in shown]


@dataclass(frozen=True)
class Completeness:
    """How much of what a file ought to hold is there: `missing` are (anchor, words), `percent` a whole number."""

    percent: int
    missing: Sequence[tuple[str, Text]]
    # How many days ago the details were verified; None: never.
    verified_days: int | None = None


def completeness(client: Client, contacts: Sequence[Contact]) -> Completeness:
    """What the file still lacks. Individuals have no industry, size or legal representative."""
    wanted: dict[str, tuple[Text, Any]] = {
        "region": (_("Region"), client.region_id),
        "address": (_("Registered address"), client.address),
        "confirmed_on": (_("Details verified against a register"), client.confirmed_on),
        "contacts": (_("Main contact"), any(contact.is_primary for contact in contacts)),
        "grade": (_("Valid grade"), client.valid_grade),
    }
    if not client.is_individual:
        wanted |= {
            "industry": (_("Industry"), client.industry_id),
            "size": (_("Size"), client.size),
            "legal_representative": (_("Legal representative"), client.legal_representative),
        }
    missing = [(name, words) for name, (words, value) in wanted.items() if not value]
    percent = round(100 * (len(wanted) - len(missing)) / len(wanted))
    ago = (clock.today() - client.confirmed_on).days if client.confirmed_on else None
    return Completeness(percent, missing, ago)
