"""The house's fixtures: people with names and roles; reference data that every test may rely on."""

from hypothesis import HealthCheck, settings

# A busy machine is no fault of the product: no example fails for the time it took.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

pytest_plugins = [
    "crm.tests.support.people",
    "crm.tests.support.reference",
    "crm.tests.support.order",
    "crm.tests.support.demo",
]
