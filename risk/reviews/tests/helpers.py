"""Small helpers of the tests about a review's way."""

from crm.kernel.access.errors import RuleRefused
from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def events(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def told(refused: RuleRefused) -> str:
    return " ".join(str(reason) for reasons in refused.errors.values() for reason in reasons)
