from risk.reviews.tests.conftest import deciders as deciders
