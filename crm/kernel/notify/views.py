"""The bell, the list behind it, and how one wants one's e-mails."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import get_visible
from crm.kernel.notify import kinds, selectors, services
from crm.kernel.notify.filters import NoticeFilter
from crm.kernel.notify.models import Mail, Notice, NoticePreference
from crm.kernel.notify.tables import NoticeTable
from crm.kernel.web.views import KernelFormView, KernelListView, KernelView


class NoticeList(KernelListView):
    model = Notice
    selector = staticmethod(selectors.notice_list)
    filterset_class = NoticeFilter
    table_class = NoticeTable
    template_name = "kernel/notice_list.html"
    title = _("Notices")
    noun = _("notices")
    empty_title = _("No notices yet")


class Bell(KernelView):
    """What the bell shows when it is opened: the newest unread notices."""

    model = Notice

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "kernel/_bell.html", {"notices": selectors.bell(viewer=self.person)})


class NoticeOpen(KernelView):
    """To the thing itself; the notice counts as read."""

    model = Notice
    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = services.notice_read(notice=get_visible(Notice, self.person, pk=pk), by=self.person)
        return HttpResponseRedirect(notice.url)


class NoticesRead(KernelView):
    """All of one's own are read."""

    model = Notice
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        services.notices_read_all(by=self.person)
        messages.success(request, str(_("All notices are marked as read.")))
        return HttpResponseRedirect(reverse("notify:notice_list"))


class Preferences(KernelFormView):
    """One choice for each family of notices. The bell always rings."""

    model = NoticePreference
    title = _("E-mail notices")
    success_message = _("Saved.")
    consequence = _(
        "The bell shows all notices. Escalations are always e-mailed immediately, whatever you choose here."
    )

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Notices"), reverse("notify:notice_list"))]

    def get_form(self, form_class: Any = None) -> forms.BaseForm:
        chosen = selectors.preferences(viewer=self.person)
        fields = {
            family.code: forms.ChoiceField(
                label=str(family.label), choices=Mail.choices, initial=chosen[family.code], widget=forms.RadioSelect
            )
            for family in kinds.families()
        }
        return super().get_form(type("PreferencesForm", (forms.Form,), fields))

    def perform(self, form: Any) -> None:
        services.preferences_set(person=self.person, choices=form.cleaned_data, by=self.person)
