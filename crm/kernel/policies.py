"""The policies of the foundation's wings, listed: importing them registers them."""

from crm.kernel.attachments import policies as attachments
from crm.kernel.notify import policies as notify
from crm.kernel.parameters import policies as parameters
from crm.kernel.people import policies as people
from crm.kernel.workdays import policies as workdays
from crm.kernel.worklist import policies as worklist

__all__ = ["attachments", "notify", "parameters", "people", "workdays", "worklist"]
