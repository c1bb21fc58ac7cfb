from django.utils.translation import gettext_lazy as _

from crm.kernel.declarations.acts import Act, Kept, Subject, register
from crm.kernel.people.models import Department, Person, Post

SESSION_ENDS = {
    "self": _("signed out by the person"),
    "idle": _("idle for too long"),
    "age": _("signed in for too long"),
}

MOVED = {"target": Kept(_("new parent department"), "kernel.Department")}

register(
    Act("account.created", _("Account created"), {"person": Kept(_("Person"), "kernel.Person"), "open": _("open")}),
    Act("account.logged_in", _("Signed in"), is_read=True),
    Act("account.logged_out", _("Signed out"), {"reason": Kept(_("Reason"), choices=SESSION_ENDS)}, is_read=True),
    Act("account.login_refused", _("Sign-in refused")),
    Act("account.opened", _("Account opened"), watch="rights"),
    Act(
        "account.closed",
        _("Account closed"),
        {"role": _("role"), "keys_ended": _("keys ended"), "grants_ended": _("grants ended")},
    ),
    Act("account.password_changed", _("Password changed"), {"keys_ended": _("keys ended")}),
    Act("account.password_reset", _("Password reset"), {"open": _("open")}, watch="rights"),
    Act("api_key.created", _("API key created"), {"account": _("Account"), "label": _("label")}, watch="rights"),
    Act("api_key.used_elsewhere", _("API key used from another network"), watch="rights"),
    Act("api_key.confirmed", _("API key confirmed"), {"account": _("Account"), "label": _("label")}, watch="rights"),
    Act("api_key.revoked", _("API key revoked"), {"account": _("Account")}),
    Act("department.created", _("Department created")),
    Act("department.moved", _("Department moved"), watch="rights"),
    Act("move.proposed", _("Move proposed"), MOVED, watch="rights"),
    Act("move.confirmed", _("Move confirmed"), MOVED, watch="rights"),
    Act("move.refused", _("Move refused"), MOVED),
    Act("person.created", _("Person added")),
    Act("person.updated", _("Person changed")),
    Act("person.moved", _("Person moved to another department"), watch="rights"),
    Act("person.deactivated", _("Person left"), {"reason": _("Reason")}),
    Act("post.created", _("Post created")),
    Act(
        "role.granted",
        _("Role granted"),
        {"role": _("role"), "level": _("authority level"), "accounts_closed": _("accounts closed")},
        watch="rights",
    ),
    Act("role.revoked", _("Role revoked"), {"role": _("role")}, watch="rights"),
    subjects=(
        Subject(Department, known_to_all=True),
        Subject(Person, known_to_all=True),
        Subject(Post, known_to_all=True),
    ),
)
