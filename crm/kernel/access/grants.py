"""Grants are given, taken and read here and nowhere else; guardian's own helpers
are not used by us; they read these tables when a library calls them (ADR 13).

`grant_model` is a concrete subclass of `AbstractGrant`: its `content_object` is what the abstract one lacks.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, DateTimeField, F, Func, Model, Q, QuerySet, Subquery, Value
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


def _permission(obj: Model, action: str) -> Permission:
    meta = obj._meta
    return Permission.objects.select_related("content_type").get(
        content_type__app_label=meta.app_label,
        content_type__model=meta.model_name,
        codename=f"{action}_{meta.model_name}",
    )


def _give(
    grant_model: Any,
    obj: Model,
    action: str,
    people: set[int],
    *,
    source: str,
    reason: str,
    valid_until: datetime | None,
) -> None:
    """A grant for every active account of `people`, in one statement: accounts and permission are read in it."""
    meta, grants = obj._meta, grant_model._meta
    permission = Permission.objects.filter(
        content_type__app_label=meta.app_label,
        content_type__model=meta.model_name,
        codename=f"{action}_{meta.model_name}",
    )
    given = {
        "user": F("pk"),
        "permission": Subquery(permission.values("pk")),
        "content_object": Value(obj.pk),
        "source": Value(source),
        "reason": Value(reason),
        "valid_until": Value(valid_until, DateTimeField()),
        "created_at": Value(timezone.now(), DateTimeField()),
    }
    accounts = grants.get_field("user").related_model._default_manager.filter(person_id__in=people, is_active=True)
    rows = accounts.order_by("pk").annotate(**{f"_{name}": value for name, value in given.items()})
    sql, values = rows.values_list(*(f"_{name}" for name in given)).query.sql_with_params()
    columns = ", ".join(connection.ops.quote_name(grants.get_field(name).column) for name in given)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {connection.ops.quote_name(grants.db_table)} ({columns}) {sql}", values)


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
    """
    wanted = set(person_ids)
    rows = grants_of(grant_model, obj, source=source)
    present = {(row.user.person_id, row.user_id) for row in rows.select_related("user")}
    gone = {person for person, _account in present if person not in wanted}
    new = wanted - {person for person, _account in present}
    if gone:
        rows.filter(user__person_id__in=gone).delete()
    if new:
        _give(grant_model, obj, action, new, source=source, reason=reason, valid_until=valid_until)
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
