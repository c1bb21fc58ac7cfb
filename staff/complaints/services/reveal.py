"""A masked field of the complainant in clear, for a purpose in words."""

from clients.file.services import reveal
from crm.kernel.people.models import Person
from staff.complaints.models import Complaint


def complaint_reveal(*, complaint: Complaint, field: str, purpose: str, by: Person) -> str:
    """Recorded, and counted with the person's other reveals (`client.reveals_per_day`)."""
    return reveal(obj=complaint, field=field, purpose=purpose, by=by)
