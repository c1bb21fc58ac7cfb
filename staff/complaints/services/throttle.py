"""What one address may do at the public pages in an hour. Counted in the database; nobody else is slowed down.

Each address is counted under a lock of its own, so that many tries at one moment pass one by one.
"""

from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from crm.kernel.access.errors import RuleRefused, TooMany
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from staff.complaints.models import PublicTry

HOUR = timedelta(hours=1)
What = PublicTry.What
LIMITS = {What.FILE: "complaint.public_per_hour", What.LOOK_UP: "complaint.lookups_per_hour"}


def count_filing(*, address: str, token: str) -> None:
    """Count one filing in the caller's transaction, or refuse: too many, or this very form was sent before."""
    _allowed(What.FILE, address)
    try:
        with transaction.atomic():
            PublicTry.objects.create(what=What.FILE, address=address, token=token[:64], at=clock.now())
    except IntegrityError:
        raise RuleRefused(
            _("This form was sent already; its receipt was shown then. Open a new form for another complaint."),
            code="sent",
        ) from None


@transaction.atomic(durable=True)
def look_up_begins(*, address: str) -> PublicTry:
    """Count a look-up as failed, committed before anything is compared; TooMany when too many failed."""
    _allowed(What.LOOK_UP, address)
    return PublicTry.objects.create(what=What.LOOK_UP, address=address, at=clock.now())


def _allowed(what: PublicTry.What, address: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('complaint ' || %s, 0))", [address])
    now, limit = clock.now(), parameters.value(LIMITS[what]).value
    tries = PublicTry.objects.filter(what=what, address=address)
    if tries.filter(at__gt=now - HOUR).count() >= limit:
        raise TooMany(_("Too many tries from your address; please wait an hour, or call us."), code=f"too_many_{what}")
    # Those with a token stay a day, so that a form left open is still known.
    tries.filter(at__lte=now - HOUR, token="").delete()
    tries.filter(at__lte=now - 24 * HOUR).delete()
