"""The same rows as models of a plain project would read them."""

from django.db import models


class Person(models.Model):
    """Who keeps a client."""

    name = models.CharField(max_length=60)

    class Meta:
        managed = False
        db_table = "kernel_person"


class Industry(models.Model):
    """A row of the industry table."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=100)

    class Meta:
        managed = False
        db_table = "clients_industry"


class Company(models.Model):
    """A client with the columns that the lists show."""

    name = models.CharField(max_length=120)
    name_pinyin = models.CharField(max_length=500)
    credit_code = models.CharField(max_length=18)
    owner = models.ForeignKey(Person, models.DO_NOTHING)
    industry = models.ForeignKey(Industry, models.DO_NOTHING)

    objects: models.Manager["Company"] = models.Manager()

    class Meta:
        managed = False
        db_table = "clients_client"
