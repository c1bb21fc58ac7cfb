"""What the codes of the audit trail mean, in the reader's language. A code without a word stands for itself."""

from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DecimalField, Field
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.home.trail.names import Names
from crm.kernel.audit.context import Door
from crm.kernel.people.roles import Role
from crm.kernel.text.numbers import MISSING, figure
from crm.kernel.text.sentences import listed
from risk.reviews.models import Stage, Verb
from staff.complaints.models import Kind as ComplaintKind

ACTIONS = {
    "access.granted": _("Access granted"),
    "account.created": _("Account created"),
    "account.logged_in": _("Signed in"),
    "account.logged_out": _("Signed out"),
    "account.login_refused": _("Sign-in refused"),
    "account.opened": _("Account opened"),
    "account.closed": _("Account closed"),
    "account.password_changed": _("Password changed"),
    "account.password_reset": _("Password reset"),
    "api_key.created": _("API key given out"),
    "api_key.revoked": _("API key revoked"),
    "audit.exported": _("Audit trail exported"),
    "client.confirmed": _("Client's facts confirmed"),
    "client.created": _("Client filed"),
    "client.updated": _("Client's facts changed"),
    "client.reassigned": _("Client handed over"),
    "client.standing_recorded": _("Client's standing recorded"),
    "client.duplicate_looked_up": _("Duplicate looked up"),
    **{f"complaint.{kind}": label for kind, label in ComplaintKind.choices},
    "complaint.recorded": _("Complainant's data recorded"),
    "complaint.deserted": _("Complaint taken from who cannot answer"),
    "complaint.looked_up": _("Complaint looked up by its code"),
    "complaint.nobody_eligible": _("Nobody can answer the complaint"),
    "complaint.relations_many": _("Many colleagues declared as relatives by one person"),
    "condition.reported": _("Condition reported as met"),
    "condition.settled": _("Condition settled"),
    "contact.created": _("Contact added"),
    "contact.updated": _("Contact changed"),
    "contact.deleted": _("Contact removed"),
    "delivery.redelivered": _("Delivered again"),
    "department.created": _("Department founded"),
    "department.moved": _("Department moved"),
    "file.stored": _("File stored"),
    "notice.preferences_set": _("Preferences of notices set"),
    "kpi_period.closed": _("KPI quarter closed"),
    "kpi_result.corrected": _("KPI of a closed quarter corrected"),
    "kpi_scheme.proposed": _("KPI scheme proposed"),
    "kpi_scheme.published": _("KPI scheme published"),
    "kpi_scheme.withdrawn": _("KPI scheme withdrawn"),
    "parameter.proposed": _("Parameter value proposed"),
    "parameter.approved": _("Parameter value approved"),
    "parameter.released": _("Parameter value brought by a release"),
    "parameter.withdrawn": _("Parameter proposal withdrawn"),
    "person.created": _("Person entered"),
    "person.updated": _("Person changed"),
    "person.deactivated": _("Person left"),
    "personal.revealed": _("Masked field read"),
    "post.created": _("Post founded"),
    "project.created": _("Project filed"),
    "project.updated": _("Project changed"),
    "project.document_added": _("Document added"),
    "project.document_removed": _("Document taken out"),
    "project.document_downloaded": _("Document downloaded"),
    "project.locked": _("Project locked by a review"),
    "project.approved": _("Project approved"),
    "project.rejected": _("Project rejected"),
    "project.returned": _("Project returned"),
    "project.withdrawn": _("Project withdrawn"),
    "rating.entered": _("Grade entered"),
    "rating.confirmed": _("Grade confirmed"),
    "rating.rejected": _("Grade declined"),
    "relation.declared": _("Relative declared"),
    "relation.ended": _("Declaration of a relative ended"),
    "request.refused": _("Request refused"),
    "review.submitted": _("Submitted for review"),
    "review.dossier_read": _("Dossier read"),
    "review.declared": _("Conflict of interest declared"),
    "review.decided": _("Decision made"),
    "review.withdrawn": _("Review withdrawn"),
    "review.nudged": _("Asked for the decision"),
    "review.escalated_late": _("Escalated because late"),
    "review.nobody_eligible": _("Nobody can decide"),
    "review.redated": _("Due day recomputed"),
    "review.sheet_printed": _("Approval sheet printed"),
    "risk_night.abandoned": _("Night's review given up"),
    "risk_night.done": _("Night's review done"),
    "role.granted": _("Role granted"),
    "role.revoked": _("Role revoked"),
    "todo.opened": _("To-do opened"),
    "todo.changed": _("To-do changed"),
    "todo.set_opened": _("To-dos opened together"),
    "todo.set_closed": _("To-dos closed together"),
    "todo.closed": _("To-do closed"),
    "todo.escalated": _("To-do escalated"),
    "todo.nobody_above": _("Nobody to escalate to"),
    "standing.rebuilt": _("Standing counted anew"),
    "warning.changed": _("Warning: other facts"),
    "warning.closed": _("Warning closed"),
    "warning.escalated": _("Warning escalated"),
    "warning.handed_over": _("Warning handed over with the client"),
    "warning.lowered": _("Warning lowered to amber"),
    "warning.opened": _("Warning opened"),
    "warning.raised": _("Warning raised to red"),
    "warning.recovered": _("Warning: back to normal"),
    "warning.redated": _("Due day of a warning recomputed"),
    "warning.relapsed": _("Warning: bad again"),
    "warning.responded": _("Warning answered"),
}

SESSION_ENDS = {
    "self": _("by the person"),
    "idle": _("idle for too long"),
    "age": _("signed in for too long"),
}

DOORS = {
    Door.PAGE: pgettext_lazy("door", "page"),
    Door.API: pgettext_lazy("door", "API"),
    Door.ADMIN: pgettext_lazy("door", "admin site"),
    Door.IMPORT: pgettext_lazy("door", "import"),
    Door.TASK: pgettext_lazy("door", "task"),
    Door.COMMAND: pgettext_lazy("door", "command"),
}

# Who acts without being a person of the register.
NOBODY = {
    "system": _("The system itself"),
    "visitor": _("Visitor"),
}

# What an event keeps under a name that is no field of its subject.
NAMES = {
    "account": _("Account"),
    "accounts_closed": _("accounts closed"),
    "channel": _("Channel"),
    "former": _("Former"),
    "grounds": _("grounds of the class"),
    "in_time": _("In time"),
    "person": _("Person"),
    "reply": _("Reply"),
    "until": _("Until"),
    "why": _("Why"),
    "action": _("Action"),
    "appears_in": _("appears in"),
    "as_of": _("As of"),
    "assistant": _("Assistant investigator"),
    "carried": _("approvals that stand"),
    "case": _("Case"),
    "colleagues": _("colleagues"),
    "changed_since_preview": _("changed since the preview"),
    "client": _("Client"),
    "conditions": _("Conditions"),
    "document": _("Document"),
    "days": _("Days"),
    "dossier_sha256": _("SHA-256 of the dossier"),
    "dropped": _("Dropped"),
    "due_on": _("Due on"),
    "field": _("Field"),
    "fields": _("Fields"),
    "found": _("found"),
    "from_seq": _("from number"),
    "given_to": _("given to"),
    "grade": _("Grade"),
    "grade_until": _("Valid until"),
    "has_conflict": _("conflict of interest"),
    "inputs_sha256": _("SHA-256 of what was read"),
    "keys_ended": _("keys ended"),
    "kind": _("Kind"),
    "label": _("label"),
    "lead": _("Lead investigator"),
    "level": _("authority level"),
    "measure": _("measure"),
    "method": _("method"),
    "name": _("Name"),
    "open": _("open"),
    "people": _("People"),
    "path": _("address asked for"),
    "period": _("period"),
    "points": _("points"),
    "project": _("Project"),
    "outcome": _("Outcome"),
    "owner": _("Owner"),
    "purpose": _("Purpose"),
    "reason": _("Reason"),
    "reason_code": _("Reason"),
    "replaces": _("replaces"),
    "required_level": _("required authority"),
    "responsible": _("responsible person"),
    "results_sha256": _("SHA-256 of the results"),
    "role": _("role"),
    "round": _("Round"),
    "sha256": _("SHA-256"),
    "size": _("File size"),
    "source": _("Source"),
    "stage": _("Stage"),
    "starts_at": _("Starts at"),
    "status": _("Status"),
    "step": _("step"),
    "taken": _("taken from"),
    "title": _("Title"),
    "to": _("To"),
    "to_seq": _("to number"),
    "clients": _("Clients"),
    "counts": _("What changed"),
    "cursor": _("Last client judged"),
    "rules": _("Versions of the rules"),
    "run": _("Night's review"),
    "verb": _("Decision"),
}


def action_word(code: str) -> str:
    """The act in words."""
    return str(ACTIONS.get(code, code))


def who_word(event: Any) -> str:
    """Who acted: a person by name, the house and its visitors in words."""
    name = str(event.person_name)
    return str(NOBODY.get(name, name)) if event.person_id is None else name


def door_word(code: str) -> str:
    """The way into the house in words."""
    return str(DOORS[Door(code)]) if code in DOORS else code


def roles_words(codes: str) -> str:
    """Roles as the trail keeps them, divided by commas, in words."""
    known = dict(Role.choices)
    return listed(known.get(code, code) for code in codes.split(",") if code)


def model_word(label: str) -> str:
    """The kind of a subject, kept as the model's label, in words."""
    app, _dot, name = label.partition(".")
    return str(apps.all_models[app][name]._meta.verbose_name) if name in apps.all_models.get(app, ()) else label


def _field(label: str, name: str) -> "Field[Any, Any] | None":
    app, _dot, model = label.partition(".")
    try:
        found = apps.all_models[app][model]._meta.get_field(name)
    except (KeyError, FieldDoesNotExist):
        return None
    return found if isinstance(found, Field) else None


def field_word(label: str, name: str) -> str:
    """A name in `before` and `after` of an event about a model, in words."""
    field = _field(label, name)
    return str(field.verbose_name if field is not None else NAMES.get(name, name))


def value_word(label: str, name: str, value: Any) -> str:
    """A kept value: a choice or yes and no in words, nothing as a dash, all else as it stands."""
    if value in (None, ""):
        return MISSING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return listed(str(one) for one in value) or MISSING
    field = _field(label, name)
    if field is None:
        return str(value)
    try:
        if isinstance(field, DecimalField):
            return figure(Decimal(value), field.decimal_places)
    except (ArithmeticError, TypeError, ValueError):
        pass  # kept as a hash, it says no key and no figure
    return str(dict(field.flatchoices).get(value, value))


def told(event: Any, names: Names) -> list[tuple[str, str]]:
    """What an event keeps besides, as (name, value), in words; keys as `names` knows them."""
    choices: dict[str, dict[Any, Any]] = {"verb": dict(Verb.choices), "stage": dict(Stage.choices)}
    if event.action == "account.logged_out":
        choices["reason"] = SESSION_ENDS

    def word(name: str, value: Any) -> str:
        chosen = choices.get(name, {}).get(value, value) if isinstance(value, str) else value
        return names.shown("", name, value) or value_word("", name, chosen)

    return [(str(NAMES.get(name, name)), word(name, value)) for name, value in (event.data or {}).items()]


def handed(event: Any, names: Names) -> list[tuple[str, str]]:
    """Who was given access to the subject and who lost it, as (word, names)."""
    data = event.data or {}
    return [
        (str(NAMES[name]), names.shown("", name, data[name]) or "") for name in ("given_to", "taken") if data.get(name)
    ]


def changes(event: Any, names: Names) -> list[tuple[str, str, str]]:
    """What an event says about its subject as (field, former value, value), in words; "" where it says nothing."""
    before, after, label = event.before or {}, event.after or {}, event.subject_type

    def word(kept: Any, name: str) -> str:
        if name not in kept:
            return ""
        return names.shown(label, name, kept[name]) or value_word(label, name, kept[name])

    return [(field_word(label, name), word(before, name), word(after, name)) for name in {**before, **after}]
