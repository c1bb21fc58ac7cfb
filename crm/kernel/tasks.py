"""The tasks of the foundation's wings, listed for Celery, which looks no deeper."""

from crm.kernel.audit import tasks as audit

__all__ = ["audit"]
