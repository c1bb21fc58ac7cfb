"""A stranger asks for the state of a complaint by its number and code."""

from django.db import transaction

from crm.kernel.access.errors import NotVisible
from crm.kernel.audit.context import Actor
from crm.kernel.audit.services import record_read
from staff.complaints.models import Complaint
from staff.complaints.selectors.reading import PublicState, complaint_public, receipt_number
from staff.complaints.services import throttle


def complaint_look_up(*, number: str, code: str, address: str, by: Actor) -> PublicState:
    """NotVisible for any pair that does not fit, which counts; TooMany beyond the limits of `throttle`."""
    tried = throttle.look_up_begins(address=address, number=receipt_number(number))
    found = complaint_public(number=number, code=code)
    if found is None:
        raise NotVisible
    with transaction.atomic():
        tried.delete()
        record_read("complaint.looked_up", subject=Complaint.objects.only("number").get(number=found.number), by=by)
    return found
