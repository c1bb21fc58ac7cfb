"""The tasks of the foundation's wings, listed for Celery, which looks no deeper."""

from crm.kernel.audit import tasks as audit
from crm.kernel.outbox import tasks as outbox

__all__ = ["audit", "outbox"]
