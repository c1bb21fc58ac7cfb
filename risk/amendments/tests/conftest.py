"""The whole cast of deciders, as in the tests of the reviews."""

from risk.reviews.tests.conftest import deciders as deciders
