"""The client file in the admin site: to read. Everything is written through services."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from clients.file.models import Client, Contact
from crm.kernel.access.masks import masked
from crm.kernel.web.admin import KernelAdmin


@admin.register(Client)
class ClientAdmin(KernelAdmin):
    """Clients the person may see; the identity number is masked."""

    list_display = ("name", "credit_code", "code_is_sound", "client_type", "industry", "size", "owner", "department")
    list_filter = ("client_type", "size")
    list_select_related = ("industry", "owner", "department")
    search_fields = ("name", "credit_code")
    fields = (
        *zip(Client.FACTS[::2], Client.FACTS[1::2], strict=False),
        *Client.FACTS[len(Client.FACTS) // 2 * 2 :],
        ("code_reason", "code_paper"),
        "identity_masked",
        ("confirmed_on", "confirmed_source"),
        ("owner", "department"),
        ("created_by", "created_at", "version"),
    )
    readonly_fields = ("identity_masked",)

    @admin.display(description=_("check character"), boolean=True)
    def code_is_sound(self, client: Client) -> bool:
        return not client.code_reason

    @admin.display(description=Client._meta.get_field("identity_number").verbose_name)
    def identity_masked(self, client: Client) -> str:
        return masked(client, "identity_number")


@admin.register(Contact)
class ContactAdmin(KernelAdmin):
    """Contacts of clients the person may see; mobile and e-mail are masked."""

    list_display = ("name", "title", "client", "mobile_masked", "email_masked")
    list_select_related = ("client",)
    fields = ("client", "name", "title", "mobile_masked", "email_masked", "is_primary")
    readonly_fields = ("mobile_masked", "email_masked")

    @admin.display(description=Contact._meta.get_field("mobile").verbose_name)
    def mobile_masked(self, contact: Contact) -> str:
        return masked(contact, "mobile")

    @admin.display(description=Contact._meta.get_field("email").verbose_name)
    def email_masked(self, contact: Contact) -> str:
        return masked(contact, "email")
