from crm.kernel.declarations.scopes import register
from crm.kernel.parameters import selectors as parameters


def read_products() -> dict[str, str]:
    """The products by code: a letter of cover may be confined to some of them."""
    return dict(parameters.choices_of(parameters.value("deal.products")))


register(read_products)
