"""A complaint comes in: recorded by somebody who works here, or filed by anybody through the public page."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clients.file.identifiers import check_credit_code
from clients.file.models import Client
from clients.file.policies import REVEAL
from crm.kernel.access.checks import may, require
from crm.kernel.access.errors import BadInput, Text
from crm.kernel.access.fields import keyed_hash
from crm.kernel.access.inputs import checked
from crm.kernel.audit.context import SYSTEM, Actor
from crm.kernel.audit.services import record, record_read
from crm.kernel.parameters import selectors as parameters
from crm.kernel.people.models import Person
from crm.kernel.people.roles import Role
from crm.kernel.text.identifying import identifying_form
from crm.kernel.text.telephones import normal_telephone
from crm.kernel.workdays import clock
from crm.kernel.workdays.selectors import calendar_between
from projects.deals.models import Project
from staff.complaints.models import AT_RECEIPT, Channel, Complaint, ComplaintCounter, Kind
from staff.complaints.rules import classes, deadlines
from staff.complaints.rules.service import REACH, OfficeHours, service_of
from staff.complaints.services import claims, duties, evidence, recusal, throttle
from staff.complaints.services.held import PERSONAL, date_anew, now_of, tell, text

# The measure that sets the limits is in force since then (rules 5.1).
IN_FORCE = date(2020, 3, 1)
LEAST = {"title": 4, "facts": 10, "complainant_name": 1}
FACTS = (
    "title",
    "facts",
    "demand",
    "amount",
    "complainant_name",
    "complainant_phone",
    "complainant_email",
    "complainants",
    "representatives",
    "proxy_name",
    "has_mandate",
    "is_face_to_face",
    "has_common_facts",
    "is_in_media",
    "is_suspicion",
    "is_key_account",
)
RULES = ("complaint.limits", "complaint.roll", "complaint.major", "complaint.service", "complaint.office_hours")
PRIVACY = "complaint.privacy"
MOST_REPRESENTATIVES = 5
# Without I, L, O, U: a code that is read out on the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@transaction.atomic
def complaint_receive(
    *,
    channel: str,
    by: Person,
    received_at: datetime | None = None,
    client_code: str = "",
    project_name: str = "",
    subjects: Sequence[Person] = (),
    **facts: Any,
) -> Complaint:
    """Record a complaint that came by hotline, counter, e-mail or the regulator; `facts` are FACTS.

    `received_at` starts the clock and may not lie ahead; now unless told. The client is named by the full credit code,
    the deal by its full name. Whoever does not see that client learns nothing by it: the words are kept as given, tied
    to client and deal in silence or to none, and the complaint lies in no department until somebody answers for it, as
    one of the web does. `subjects` are named as complained of;
    a second person confirms them (services.claims).
    """
    require(by, "create", Complaint)
    if channel == Channel.WEB or channel not in Channel.values:
        raise BadInput(_("Choose how the complaint came in."), field="channel")
    code = client_code.strip()
    client = client_of(code)
    project = project_of(client, project_name, code=code, by=by)
    moment = received_at or clock.now()
    row = _new(channel, moment, facts, client=client, project=project, code=code, project_name=project_name)
    if not code or knows(by, client):
        row.department = client.department if client else by.department
    row.created_by = by
    _store(row, by=by, subjects=subjects)
    return row


def complaint_file(
    *,
    facts: Mapping[str, Any],
    address: str,
    token: str,
    by: Actor,
    client_code: str = "",
    about: str = "",
    files: Sequence[UploadedFile] = (),
) -> tuple[Complaint, str]:
    """File a complaint through the public page: the complaint, and the look-up code, of which only a hash is kept.

    The same form (`token`, unchanged) sent again from its address within the hour gives the same receipt: the first
    answer may have been lost. RuleRefused for one that was changed or is older; TooMany beyond
    `complaint.public_per_hour` of one address. An unknown client code is no mistake here: a stranger learns nothing
    about who is a client. `about`: whom it is about, in the complainant's words.

    It lies in no department until somebody answers for it: it may be about the head, whom the form cannot name.
    `files` are its evidence: bounded by `complaint.evidence`, refused (naming `evidence`) by the gate of all files.
    """
    evidence.check_bounds(files)
    if files:
        throttle.upload_begins(address=address)
    with transaction.atomic():
        return _file(facts, address=address, token=token, by=by, client_code=client_code, about=about, files=files)


def _file(
    facts: Mapping[str, Any],
    *,
    address: str,
    token: str,
    by: Actor,
    client_code: str,
    about: str,
    files: Sequence[UploadedFile],
) -> tuple[Complaint, str]:
    sent = [token, client_code, about, sorted(facts.items())]
    secret = _code_of([*sent, evidence.fingerprints(files)] if files else sent)
    code_hash = keyed_hash(f"complaint:{secret}")
    again = throttle.sent_before(address=address, token=token)
    row = Complaint.objects.filter(code_hash=code_hash).order_by("-pk").first() if again else None
    if row is not None:
        record_read("complaint.looked_up", subject=row, by=by)
    else:
        throttle.count_filing(address=address, token=token)
        client = _of_code(client_code[:60])
        row = _new(Channel.WEB, clock.now(), facts, client=client, project=None, code=client_code[:60])
        row.code_hash = code_hash
        _store(row, by=by, subjects=(), about=text(about, "about", 0) if about.strip() else "")
        evidence.keep_evidence(row, files, by=by)
    return row, f"{secret[:5]}-{secret[5:]}"


def _code_of(sent: Any) -> str:
    """The look-up code of what was sent: under our key, so that nobody else finds it, and the same for the same."""
    digest = bytes.fromhex(keyed_hash(f"receipt:{json.dumps(sent, default=str)}"))
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:10])


def _new(
    channel: str,
    received_at: datetime,
    facts: Mapping[str, Any],
    *,
    client: Client | None,
    project: Project | None,
    code: str,
    project_name: str = "",
) -> Complaint:
    """The unsaved row with its class, limits and dates, all by the rules in force on the day of receipt."""
    clean = _checked(facts) | checked(Complaint, {"client_code": code, "project_name": project_name})
    errors = _moment_problem(received_at)
    if errors:
        raise BadInput(errors, field="received_at", code="received_at")
    received_on = deadlines.receipt_day(received_at)
    # A visitor agreed to the notice on personal data as it stood then.
    codes = (*RULES, PRIVACY) if channel == Channel.WEB else RULES
    rules = parameters.values(codes, on=received_on)
    limits = rules["complaint.limits"].value
    row = Complaint(
        channel=channel,
        received_at=received_at,
        received_on=received_on,
        client=client,
        project=project,
        limit_days=limits["simple"],
        longest_days=limits["longest"],
        roll=rules["complaint.roll"].value,
        rule_versions=[rule.as_stamp() for rule in rules.values()],
        phone_hash=phone_hash(clean.get("complainant_phone", "")),
        **clean,
    )
    row.grounds = grounds_of(row, rules["complaint.major"].value)
    row.grade = classes.class_of(row.grounds)
    serve(row, rules["complaint.service"].value, rules["complaint.office_hours"].value)
    date_anew(row)
    return row


def _store(row: Complaint, *, by: Person | Actor, subjects: Sequence[Person], about: str = "") -> None:
    """Number, save, bar those named as complained of, and write down that it came in."""
    row.number = _number(row.received_on.year)
    row.save(force_insert=True)
    recusal.refresh(row, at=now_of(row))
    came = {"grade": row.grade, "grounds": row.grounds, "channel": row.channel, "due_on": str(row.due_on)}
    tell(row, Kind.RECEIVED, by=by, text=about, **came)
    if isinstance(by, Person) and subjects:
        claims.name_people(row, subjects, reason=AT_RECEIPT, by=by)
    personal = {name: getattr(row, name) for name in PERSONAL}
    record("complaint.recorded", subject=row, by=by, after=personal, sensitive=PERSONAL)
    duties.schedule(row)
    if isinstance(by, Person) and subjects:
        claims.alarm_if_few(row, by=by)
    duties.follow(row, by=by if isinstance(by, Person) else SYSTEM)


def grounds_of(row: Complaint, rule: dict[str, Any]) -> list[str]:
    """What makes this complaint major, by the thresholds of `complaint.major`."""
    standing = getattr(row.client, "standing", None) if row.client else None
    found = classes.Facts(
        complainants=row.complainants,
        is_face_to_face=row.is_face_to_face,
        has_common_facts=row.has_common_facts,
        amount=row.amount,
        exposure=standing.exposure if standing else None,
        is_in_media=row.is_in_media,
        is_suspicion=row.is_suspicion,
        is_key_account=row.is_key_account,
        is_from_regulator=row.channel == Channel.REGULATOR,
        repeats=_repeats(row, rule["repeat_days"]),
    )
    return classes.grounds_of(found, classes.Thresholds.of(rule))


def serve(row: Complaint, rule: dict[str, Any], office_hours: dict[str, str]) -> None:
    """The internal times by the class; nothing is saved."""
    calendar = calendar_between(row.received_on, row.received_on + timedelta(days=REACH))
    found = service_of(row.received_at, rule[row.grade], OfficeHours.of(office_hours), calendar)
    row.acknowledge_by, row.contact_by = found.acknowledge, found.contact
    row.investigate_by, row.reply_by = found.investigate, found.reply


def phone_hash(phone: str) -> str:
    """The keyed hash of a telephone in its normal form; "" for none."""
    return keyed_hash(f"phone:{phone}") if phone else ""


def _repeats(row: Complaint, days: int) -> int:
    """This complaint and the earlier ones of the same client or telephone within `days`."""
    same = Q(pk__in=[])
    if row.client_id:
        same |= Q(client_id=row.client_id)
    if row.phone_hash:
        same |= Q(phone_hash=row.phone_hash)
    since = row.received_on - timedelta(days=days)
    return (
        1
        + Complaint.objects.filter(
            same, received_on__gt=since, received_on__lte=row.received_on, received_at__lt=row.received_at
        )
        .exclude(pk=row.pk)
        .count()
    )


def _moment_problem(received_at: datetime) -> Text:
    """What is wrong with the moment of receipt."""
    if received_at > clock.now():
        return _("The time of receipt cannot be in the future.")
    if deadlines.receipt_day(received_at) < IN_FORCE:
        return _("The legal limits have been in force since %(day)s; older complaints cannot be recorded here.") % {
            "day": IN_FORCE.isoformat()
        }
    return ""


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Known facts in shape; BadInput names every field at once."""
    clean = checked(Complaint, {"title": "", "facts": "", "complainant_name": "", **facts}, allowed=FACTS)
    short: dict[str, list[Text]] = {
        name: [_("At least %(least)d characters.") % {"least": least}]
        for name, least in LEAST.items()
        if len(clean[name]) < least
    }
    try:
        clean["complainant_phone"] = normal_telephone(clean.get("complainant_phone", ""))
    except ValueError:
        short["complainant_phone"] = [_("Enter a telephone number, or leave this empty.")]
    amount: Decimal | None = clean.get("amount")
    if amount is not None and amount < 0:
        short["amount"] = [_("The amount must not be negative.")]
    short |= _people_problems(clean)
    if clean.get("complainants", 1) < 1:
        short["complainants"] = [_("There must be at least one complainant.")]
    if not (clean.get("complainant_phone") or clean.get("complainant_email") or "complainant_phone" in short):
        short["complainant_phone"] = [_("Enter a telephone number or an e-mail address so that we can reply.")]
    if short:
        raise BadInput(errors=short)
    return clean


def _people_problems(clean: Mapping[str, Any]) -> dict[str, list[Text]]:
    """What is wrong with who speaks for whom: 1 to 5 represent a group that comes in person, each with a mandate."""
    problems: dict[str, list[Text]] = {}
    count, group = clean.get("representatives", 0), clean.get("complainants", 1)
    if count > MOST_REPRESENTATIVES:
        problems["representatives"] = [
            _("A group is represented by at most %(most)d people.") % {"most": MOST_REPRESENTATIVES}
        ]
    elif count > group:
        problems["representatives"] = [_("There are more representatives than complainants.")]
    elif clean.get("is_face_to_face") and group > 1 and not count:
        problems["representatives"] = [_("Enter how many people represent the group: one to five.")]
    if (count or clean.get("proxy_name")) and not clean.get("has_mandate"):
        problems["has_mandate"] = [_("A proxy and the representatives of a group need a written mandate.")]
    return problems


def knows(by: Person, client: Client | None) -> bool:
    """Whether the recording person is told whose code it was: who sees that client, and who steers every complaint."""
    if Role.COMPLAINTS_OFFICER in by.roles:
        return True
    return client is not None and Client.objects.visible_to(by).filter(pk=client.pk).exists()


def client_of(code: str) -> Client | None:
    """The client of this credit code, whoever keeps it. Refused is only what can be nobody's code."""
    if not code:
        return None
    if found := _of_code(code):
        return found
    try:
        return _of_code(check_credit_code(code).code)
    except BadInput as error:
        raise BadInput(errors={"client_code": error.errors["credit_code"]}, code=error.code) from None


def _of_code(code: str) -> Client | None:
    found = identifying_form(code)
    rows = Client.objects.select_related("department", "standing")
    return rows.filter(credit_code=found).first() if found else None


def project_of(client: Client | None, name: str, *, code: str, by: Person) -> Project | None:
    """The client's deal of this name. That there is none is said only to who works with the client: they see all."""
    if not identifying_form(name):
        return None
    if not code:
        raise BadInput(_("Enter the client of this project first."), field="client_code")
    if client is None:
        return None
    found = Project.objects.filter(client=client, name__is_like=name).order_by("-pk").first()
    if found is None and may(by, REVEAL, client):
        raise BadInput(_("This client has no project with this name."), field="project_name")
    return found


def _number(year: int) -> str:
    """The next number of the year, TS-2026-0001; two complaints never share one."""
    table = ComplaintCounter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (year, last) VALUES (%s, 1) "  # noqa: S608
            f"ON CONFLICT (year) DO UPDATE SET last = {table}.last + 1 RETURNING last",
            [year],
        )
        return f"TS-{year}-{cursor.fetchone()[0]:04d}"
