"""How an account likes to see the house: theme, row height, language. Kept with the account, changed by a small POST."""

from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from crm.kernel.access.errors import BadInput
from crm.kernel.people.models import Account


class Preference(View):
    """Writes one preference of one's own account. It is not business data: no version, no audit row."""

    http_method_names = ["post"]
    field: ClassVar[str]
    choices: ClassVar[frozenset[str]]

    def post(self, request: HttpRequest) -> HttpResponse:
        value = request.POST.get(self.field, "")
        if value not in self.choices:
            raise BadInput(_("There is no such choice."), field=self.field, code="choice")
        Account.objects.filter(pk=request.user.pk).update(**{self.field: value})
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204)
        target = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(target if is_ours else "/")


class ThemePreference(Preference):
    field = "theme"
    choices = frozenset(Account.Theme.values)


class DensityPreference(Preference):
    field = "density"
    choices = frozenset(Account.Density.values)


class LanguagePreference(Preference):
    field = "language"
    choices = frozenset(code for code, _name in settings.LANGUAGES)
