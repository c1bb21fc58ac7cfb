"""What one address may do at the public pages in an hour. Counted in the database; nobody else is slowed down.

Failed look-ups count by address and receipt number: who mistypes one complaint keeps nobody behind the same address
from another. All numbers together have a larger limit, so that nobody tries them one after the other.

Each address is counted under a lock of its own, so that many tries at one moment pass one by one.
"""

from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel.access.errors import RuleRefused, TooMany
from crm.kernel.audit.context import System
from crm.kernel.parameters import selectors as parameters
from crm.kernel.workdays import clock
from staff.complaints.models import PublicTry

HOUR = timedelta(hours=1)
What = PublicTry.What
LIMITS = {
    What.FILE: "complaint.public_per_hour",
    What.LOOK_UP: "complaint.lookups_per_address",
    What.UPLOAD: "complaint.uploads_per_hour",
}


def sent_before(*, address: str, token: str) -> bool:
    """Whether this very form was sent from this address within the hour. Two of an address wait for each other."""
    _one_by_one(address)
    sent = PublicTry.objects.filter(what=What.FILE, address=address, token=token[:64], at__gt=clock.now() - HOUR)
    return bool(token) and sent.exists()


def count_filing(*, address: str, token: str) -> None:
    """Count one filing in the caller's transaction, or refuse: too many, or this very form was sent before."""
    _allowed(What.FILE, address)
    try:
        with transaction.atomic():
            PublicTry.objects.create(what=What.FILE, address=address, token=token[:64], at=clock.now())
    except IntegrityError:
        raise RuleRefused(
            _("This form was already submitted and its receipt was shown then. Open a new form for another complaint."),
            code="sent",
        ) from None


@transaction.atomic(durable=True)
def upload_begins(*, address: str) -> None:
    """Count a form with files, committed before one of them is examined: examining takes time, also for a bad one."""
    _allowed(What.UPLOAD, address)
    PublicTry.objects.create(what=What.UPLOAD, address=address, at=clock.now())


@transaction.atomic(durable=True)
def look_up_begins(*, address: str, number: str) -> PublicTry:
    """Count a look-up of `number` (as the selector reads it) as failed, committed before anything is compared.

    TooMany when too many of this number failed from this address, or of all numbers together.
    """
    _allowed(What.LOOK_UP, address)
    failed = PublicTry.objects.filter(what=What.LOOK_UP, address=address, number=number, at__gt=clock.now() - HOUR)
    if failed.count() >= parameters.value("complaint.lookups_per_hour").value:
        raise TooMany(
            _("Too many attempts with this receipt number; please wait an hour or call us."), code="too_many_look_up"
        )
    return PublicTry.objects.create(what=What.LOOK_UP, address=address, number=number, at=clock.now())


def tries_forget(*, by: System) -> int:
    """Take away, whatever the address, the tries that count no more; how many.

    Those with a token stay a day, so that a form left open is still known.
    """
    now = clock.now()
    old = Q(at__lte=now - HOUR, token="") | Q(at__lte=now - 24 * HOUR)
    return PublicTry.objects.filter(old).delete()[0]


def _one_by_one(address: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('complaint ' || %s, 0))", [address])


def _allowed(what: PublicTry.What, address: str) -> None:
    _one_by_one(address)
    now, limit = clock.now(), parameters.value(LIMITS[what]).value
    if PublicTry.objects.filter(what=what, address=address, at__gt=now - HOUR).count() >= limit:
        raise TooMany(
            _("Too many attempts from your address; please wait an hour or call us."), code=f"too_many_{what}"
        )
