"""The house's fixtures: people with names and roles; reference data that every test may rely on."""

pytest_plugins = ["crm.tests.support.people", "crm.tests.support.reference"]
