"""The roof and the foundation. The Celery app is loaded with the package, so that every process knows the same one."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
