"""The next chunk of an import is due."""

from crm.kernel.audit.context import SYSTEM
from crm.kernel.imports.services import CHUNK, chunk_do
from crm.kernel.outbox.handlers import handles
from crm.kernel.outbox.models import DueItem


@handles(CHUNK)
def do_chunk(item: DueItem) -> None:
    """Do it, and order the one after it."""
    chunk_do(pk=int(item.object_id), by=SYSTEM)
