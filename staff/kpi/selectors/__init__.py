"""Reads of the KPI: what is measured (`measures`), what a quarter is computed from (`basis`), what is `seen`."""
