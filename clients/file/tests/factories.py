"""Clients for tests, made by the services themselves, with valid generated codes."""

import itertools
from typing import Any

import factory
from stdnum.cn import ric, uscc

from clients.file import services
from clients.file.models import Client, ClientType, Contact
from clients.file.rules.identifiers import organisation_check
from crm.tests.support.people import cast_member

_numbers = itertools.count(1)


def credit_code(number: int | None = None, *, region: str = "350100", check17: str = "") -> str:
    """A valid code of a company in `region`, a different one for each number; `check17` puts a wrong position 17."""
    number = next(_numbers) if number is None else number
    body = f"MT{number:06d}"
    code = f"91{region}{body}{check17 or organisation_check(body)}"
    return code + uscc.calc_check_digit(code)


def identity_number(number: int | None = None, *, region: str = "350102", born: str = "19800215") -> str:
    """A valid number of a person; a different one for each number below a thousand."""
    number = next(_numbers) if number is None else number
    body = f"{region}{born}{number % 1000:03d}"
    return body + ric.calc_check_digit(f"{body}0")


class ClientFactory(factory.Factory):
    """A company filed by `by` (林晓雯 unless told)."""

    class Meta:
        model = Client

    class Params:
        individual = factory.Trait(
            client_type=ClientType.INDIVIDUAL,
            credit_code="",
            identity_number=factory.LazyFunction(identity_number),
            name=factory.Sequence(lambda n: f"江{'一二三四五六七八九十'[n % 10]}帆"),
        )

    by = factory.LazyFunction(lambda: cast_member("owner"))
    name = factory.Sequence(lambda n: f"福建榕江第{n}水务有限公司")
    client_type = ClientType.COMPANY
    credit_code = factory.LazyFunction(credit_code)

    @classmethod
    def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Client:
        return services.client_create(**kwargs)


class ContactFactory(factory.Factory):
    """A contact with a mobile number, added by the client's owner."""

    class Meta:
        model = Contact

    client = factory.SubFactory(ClientFactory)
    name = "钟启昂"
    title = "财务总监"
    mobile = "13812346021"
    email = "zhong@example.com"

    @classmethod
    def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Contact:
        kwargs.setdefault("by", kwargs["client"].owner)
        # Several of one client have the same name and number.
        kwargs.setdefault("confirm_same_contact", True)
        return services.contact_create(**kwargs)
