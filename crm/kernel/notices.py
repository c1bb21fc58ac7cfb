"""The words of the foundation's notices and to-dos, listed: importing them registers them."""

from crm.kernel.worklist import notices as worklist

__all__ = ["worklist"]
