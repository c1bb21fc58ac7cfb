"""Grades for tests, made by the services themselves."""

from typing import Any

import factory

from clients.file.tests.factories import ClientFactory
from crm.tests.support.people import cast_member
from risk.ratings import services
from risk.ratings.models import Rating


class RatingFactory(factory.Factory):
    """An AA that 唐雨桐 entered."""

    class Meta:
        model = Rating

    by = factory.LazyFunction(lambda: cast_member("risk_assessor"))
    client = factory.SubFactory(ClientFactory)
    grade = "AA"
    reason = "偿债指标满分，近三年经营现金流为正"
    source = "2026 年度评级报告"

    @classmethod
    def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Rating:
        return services.rating_enter(**kwargs)


def confirmed(**kwargs: Any) -> Rating:
    """A grade in force, entered and confirmed by two people."""
    return services.rating_confirm(rating=RatingFactory(**kwargs), by=cast_member("second_assessor"))
