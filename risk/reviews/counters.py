"""The numbers of cases."""

from django.db import models


class CaseCounter(models.Model):
    """The last number given out in a year. One statement counts up and answers, so two cases never share a number."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
