"""The client list's columns."""

from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clients.file.models import Client
from crm.kernel.web import html, tables
from crm.kernel.workdays import clock

# What the grade that holds today is found from.
GRADE = ("standing__grade", "standing__grade_until")


class CreditCodeColumn(tables.CodeColumn):
    """The credit code, marked when its check character deviates."""

    draws_record = True
    raw = tables.KernelColumn.raw

    def render(self, value: Any, record: Client) -> Any:
        if not record.code_reason:
            return value
        return format_html('{}<span class="sec t-warn">{}</span>', value, _("check character deviates"))


class UntilColumn(tables.DateColumn):
    """The last day of something: coloured, with a word, on that day and after it."""

    raw = tables.DateColumn.raw

    def render(self, value: date) -> Any:
        words = super().render(value)
        if value > clock.today():
            return words
        kind = "expired" if value < clock.today() else "ends_today"
        return format_html("{} {}", words, html.badge("rating", kind))


class ContactColumn(tables.DateColumn):
    """The day the next contact is due; once it has passed, by how many days."""

    raw = tables.DateColumn.raw

    def render(self, value: date) -> Any:
        words, days = super().render(value), (clock.today() - value).days
        if days <= 0:
            return words
        late = ngettext("%(days)d day overdue", "%(days)d days overdue", days) % {"days": days}
        return format_html('{}<span class="sec t-warn">{}</span>', words, late)


class ClientTable(tables.KernelTable):
    """Who, how good, how exposed, with whom."""

    name = tables.NameColumn(verbose_name=_("Client"), route="clients:client_detail")
    credit_code = CreditCodeColumn(verbose_name=_("Credit code"), needs=("code_reason",))
    industry = tables.ShortColumn(verbose_name=_("Industry"), phone="hide", order="")
    region = tables.ShortColumn(verbose_name=_("Region"), phone="hide", order="")
    size = tables.TextColumn(verbose_name=_("Size"), phone="hide", order="")
    grade = tables.GradeColumn(
        verbose_name=_("Grade"), accessor="valid_grade", needs=("standing__grade", "standing__grade_until")
    )
    grade_until = UntilColumn(
        verbose_name=_("Valid until"), accessor="standing__grade_until", full=True, phone="hide", order=""
    )
    exposure = tables.MoneyColumn(
        verbose_name=_("Exposure"), accessor="standing__exposure", scale="yi", phone="hide", order=""
    )
    contact_due = ContactColumn(
        verbose_name=_("Next contact due"), accessor="contact_plan__due_on", phone="hide", order=""
    )
    created = tables.DateColumn(
        verbose_name=_("Registered on"), accessor="filed_on", needs=("created_at",), full=True, phone="hide"
    )
    owner = tables.PersonColumn(verbose_name=_("Account manager"), order="")
