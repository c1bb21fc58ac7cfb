from crm.kernel.declarations.menu import Count, Figure, register_figure
from crm.kernel.notify.selectors import unread_count
from crm.kernel.people.models import Person


def count_unread(person: Person) -> Count:
    """How many notices the person has not read; red when an escalation is among them."""
    number, is_escalation = unread_count(viewer=person)
    return Count(number, is_late=is_escalation)


register_figure(Figure("bell", count_unread))
