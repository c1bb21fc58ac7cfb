"""Grants are given, taken and read here and nowhere else; guardian's own helpers
are not used by us; they read these tables when a library calls them (ADR 13).

`grant_model` is a concrete subclass of `AbstractGrant`: its `content_object` is what the abstract one lacks.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from crm.kernel.access.models import AbstractGrant
from crm.kernel.access.policies import NOBODY, Viewer
from crm.kernel.audit.services import record


class Among(Func):
    """`key = ANY(ARRAY(SELECT …))`: the granted keys are read first, then their rows are found by index."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def granted(
    grant_model: Any, person: Viewer, *actions: str, by_index: bool = False, but_from: str = "", at: str = "pk"
) -> Q:
    """Rows of the grant's object on which `person`, through any of their accounts, was granted one of `actions`.

    Grants whose source begins with `but_from` do not count. `at`: the way from the row asked about to the granted
    object's key. Keys that the request keeps stand in the condition themselves.

    Beside an OR, `key IN (SELECT …)` is a hash asked for each row, and the planner guesses that half of all rows pass:
    right for who sees much anyway. `by_index` is for a scope of few rows (own and granted ones): all parts of the OR
    are then found by index, without reading the table. It is wrong for large scopes: there it compares key by key.
    """
    if person.pk is None:
        return NOBODY
    table = grant_model._meta.db_table
    if person.kept is not None and table not in person.kept.crowded:
        return Q(**{f"{at}__in": person.kept.list_keys(table, actions, but_from)})
    keys = grant_model.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=Now()),
        Q(*[("permission__codename__startswith", f"{action}_") for action in actions], _connector=Q.OR),
        user__person_id=person.pk,
    )
    if but_from:
        keys = keys.exclude(source__startswith=but_from)
    keys = keys.values("content_object_id")
    return Q(Among(F(at), ArraySubquery(keys))) if by_index else Q(**{f"{at}__in": keys})


# One statement: who held it, who loses it, who gains it. Those who lose are `taken`, those who gain `given`.
_SET = """
WITH present AS (
    SELECT g.id, a.person_id FROM {grants} g JOIN {accounts} a ON a.id = g.user_id
    WHERE g.content_object_id = %(object)s AND g.source = %(source)s
), gone AS (
    DELETE FROM {grants} WHERE id IN (SELECT id FROM present WHERE person_id <> ALL(%(wanted)s::bigint[]))
), given AS (
    INSERT INTO {grants} (user_id, permission_id, content_object_id, source, reason, valid_until, created_at)
    SELECT a.id, (
        SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
        WHERE t.app_label = %(app)s AND t.model = %(model)s AND p.codename = %(codename)s
    ), %(object)s, %(source)s, %(reason)s, %(until)s::timestamptz, %(now)s::timestamptz
    FROM {accounts} a
    WHERE a.is_active AND a.person_id = ANY(%(wanted)s::bigint[]) AND a.person_id NOT IN (SELECT person_id FROM present)
    ORDER BY a.id
)
SELECT DISTINCT 'taken', person_id FROM present WHERE person_id <> ALL(%(wanted)s::bigint[])
UNION ALL
SELECT 'given', wanted FROM unnest(%(wanted)s::bigint[]) AS wanted WHERE wanted NOT IN (SELECT person_id FROM present)
"""


def grants_of(grant_model: Any, obj: Model, *, source: str | None = None) -> QuerySet[AbstractGrant]:
    """The grants that hang on `obj`, of one source if named."""
    rows = grant_model.objects.filter(content_object=obj)
    return rows if source is None else rows.filter(source=source)


def set_grants(
    grant_model: Any,
    obj: Model,
    *,
    action: str,
    person_ids: Iterable[int],
    source: str,
    reason: str,
    by: Viewer,
    valid_until: datetime | None = None,
) -> None:
    """Make `person_ids` exactly the people who hold `action` on `obj` from `source`: others lose it, the new gain it.

    A grant hangs on accounts: every active account of a person gets one. Records one event when something changed.
    Two statements at most.
    """
    meta, grants = obj._meta, grant_model._meta
    quote = connection.ops.quote_name
    accounts = grants.get_field("user").related_model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            _SET.format(grants=quote(grants.db_table), accounts=quote(accounts)),
            {
                "object": obj.pk,
                "source": source,
                "reason": reason,
                "until": valid_until,
                "now": timezone.now(),
                "wanted": sorted(set(person_ids)),
                "app": meta.app_label,
                "model": meta.model_name,
                "codename": f"{action}_{meta.model_name}",
            },
        )
        found = cursor.fetchall()
    gone, new = ({person for what, person in found if what == word} for word in ("taken", "given"))
    if gone or new:
        record(
            "access.granted",
            subject=obj,
            by=by,
            data={"action": action, "source": source, "reason": reason, "given_to": sorted(new), "taken": sorted(gone)},
        )


def end_grants_of(account: Model) -> int:
    """Take every grant on every object from one account; how many there were."""
    ended = 0
    for model in apps.get_models():
        if issubclass(model, AbstractGrant):
            ended += model._default_manager.filter(user_id=account.pk).delete()[0]
    return ended
