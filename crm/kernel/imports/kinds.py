"""What can be imported, collected from the modules."""

from crm.kernel.declarations.importable import IMPORTABLE, Importable
from crm.kernel.modules import import_declared


def read_kinds() -> dict[str, Importable]:
    """What can be imported, by code."""
    if not IMPORTABLE:
        list(import_declared("importable"))
    return IMPORTABLE
