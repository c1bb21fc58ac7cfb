"""The house's fixtures: people with names and roles; reference data that every test may rely on."""

pytest_plugins = ["crm.testing.people", "crm.testing.reference"]
