"""The register of relatives: everybody keeps their own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.web.tables import DateColumn, KernelTable, NameColumn, PersonColumn
from crm.kernel.web.views import KernelActionView, KernelCreateView, KernelListView
from staff.complaints import forms, selectors, services
from staff.complaints.models import DeclaredRelation

MENU = "relations"
CRUMB = (_("Declared relations"), "/relations/")


def end_url(row: DeclaredRelation) -> str:
    """Where an ongoing declaration is ended; "" once it has."""
    return f"/relations/{row.pk}/end/" if row.ended_on is None else ""


class RelationTable(KernelTable):
    kind = NameColumn(verbose_name=_("Relation"), accessor="get_kind_display", order="", url=end_url, needs=("kind",))
    person = PersonColumn(verbose_name=_("Declared by"), order="")
    related_person = PersonColumn(verbose_name=_("Colleague"), order="")
    declared_at = DateColumn(verbose_name=_("Declared"), order="")
    ended_on = DateColumn(verbose_name=_("Ended"), order="")


class RelationList(KernelListView):
    model = DeclaredRelation
    selector = selectors.relation_list
    table_class = RelationTable
    menu = MENU
    title = _("Declared relations")
    create_url_name = "staff:relation_declare"
    create_label = _("Declare a relative")
    empty_title = _("Nothing declared yet")
    empty_text = _(
        "Declare close relatives among colleagues and clients. You are then recused from matters that concern them."
    )


class RelationDeclare(KernelCreateView):
    model = DeclaredRelation
    form_class = forms.RelationForm
    menu = MENU
    title = _("Declare a relative")
    crumbs = (CRUMB,)
    submit_label = _("Declare")
    success_message = _("The relation is declared.")
    success_url = "/relations/"
    cancel_url = "/relations/"

    def perform(self, form: forms.RelationForm) -> DeclaredRelation:
        return services.relation_declare(by=self.person, **form.cleaned_data)


class RelationEnd(KernelActionView):
    model = DeclaredRelation
    action = "end"
    form_class = forms.NoForm
    menu = MENU
    title = _("End a declaration")
    crumbs = (CRUMB,)
    submit_label = _("The declaration has ended")
    success_message = _("The declaration has ended.")
    success_url = "/relations/"
    cancel_url = "/relations/"
    consequence = _("Recusals that it caused in open complaints remain in force.")

    def perform(self, form: forms.NoForm) -> Any:
        return services.relation_end(relation=self.object, by=self.person)
