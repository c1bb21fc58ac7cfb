"""Audit: append-only events, sealed afterwards, anchored outside. The lowest module of the kernel: it imports no
other.
"""
