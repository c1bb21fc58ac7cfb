"""How an account displays the system: theme, row height, language; each changed by a small POST."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from crm.kernel.access.errors import BadInput


class Preference(View):
    """Writes one preference of one's own account. It is not business data: no version, no audit row."""

    http_method_names = ["post"]
    field: ClassVar[str]

    def choices(self, account: Any) -> frozenset[str]:
        """The values that the account's model allows. (The model is a layer above, so it is asked, not imported.)"""
        return frozenset(value for value, _label in account._meta.get_field(self.field).choices)

    def post(self, request: HttpRequest) -> HttpResponse:
        account: Any = request.user
        value = request.POST.get(self.field, "")
        if value not in self.choices(account):
            raise BadInput(_("This option does not exist."), field=self.field, code="choice")
        account._meta.default_manager.filter(pk=account.pk).update(**{self.field: value})
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204)
        target = request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(target if is_ours else "/")


class ThemePreference(Preference):
    field = "theme"


class DensityPreference(Preference):
    field = "density"


class LanguagePreference(Preference):
    field = "language"

    def choices(self, account: Any) -> frozenset[str]:
        return frozenset(code for code, _name in settings.LANGUAGES)
