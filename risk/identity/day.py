from collections.abc import Iterable

from django.db.models import BigIntegerField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from crm.kernel.declarations.day import MOST, Line, register
from crm.kernel.people.models import Person
from crm.kernel.worklist.models import Todo
from risk.identity.policies import CONFIRMERS
from risk.identity.selectors import waiting_for
from risk.identity.services import CONFIRM

SHOWN = ("former_name", "name", "proposed_by", "kept_words")


def changes_to_decide(person: Person) -> Iterable[Line]:
    """Changes of a client's name or code that another person proposed."""
    if not person.has_role(*CONFIRMERS):
        return
    # Whoever has it as a to-do finds it there.
    given = Todo.objects.filter(kind=CONFIRM, owner=person, done_at=None).values(
        key=Cast("object_id", BigIntegerField())
    )
    for change in waiting_for(viewer=person).exclude(pk__in=given).select_related(None).only(*SHOWN)[:MOST]:
        yield Line(
            kind="client",
            icon="arrows-exchange",
            title=_("Decide on the change of name or code: %(client)s") % {"client": change.former_name},
            note=_("new name %(name)s · proposed by %(person)s")
            % {"name": change.name, "person": change.kept.proposed_by.name},
            due=None,
            act=_("Decide"),
            url=change.get_absolute_url(),
        )


register(changes_to_decide, order=35)
