"""Audit: append-only events, sealed afterwards, anchored outside. The lowest room of the kernel: it imports no
other.
"""
