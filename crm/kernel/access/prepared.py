"""A query whose text is composed once per process: what every request asks is not built anew each time."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


class PreparedQuery(Generic[M]):
    """Rows of one model with what is joined and annotated, by a text that never changes.

    `blanks` names the parameters, each with a value of its type that stands for it while the text is composed and that
    nothing else in the query equals; `build(**blanks)` answers the queryset. `rows(**values)` costs one statement.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], **blanks: Any) -> None:
        self.build, self.blanks = build, blanks
        self._composed: Any = None

    def _compose(self) -> Any:
        compiler: Any = self.build(**self.blanks).query.get_compiler(using=DEFAULT_DB_ALIAS)
        text, parameters = compiler.as_sql()
        names = {value: name for name, value in self.blanks.items()}
        places = [names.get(value) if value.__hash__ else None for value in parameters]
        info, columns = compiler.klass_info, compiler.select
        # The stubs are of another Django.
        populators = get_related_populators(info, columns, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        return compiler, text, parameters, places, populators

    def rows(self, **values: Any) -> list[M]:
        """The rows for these values of the blanks."""
        # Two threads may compose it at once: both come to the same.
        self._composed = self._composed or self._compose()
        compiler, text, parameters, places, populators = self._composed
        given = [values[name] if name else value for name, value in zip(places, parameters, strict=True)]
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(text, given)
            found = cursor.fetchall()
        info: Mapping[str, Any] = compiler.klass_info
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in compiler.select[first:last]]
        answer = []
        for row in compiler.results_iter([found]):
            one = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for populator in populators:
                populator.populate(row, one)
            for name, place in compiler.annotation_col_map.items():
                setattr(one, name, row[place])
            answer.append(one)
        return answer
