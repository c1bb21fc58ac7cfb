"""Every test of the committee has the deciders of the other stages at hand."""

from risk.reviews.tests.conftest import deciders

__all__ = ["deciders"]
