"""The audit trail as pages: read by auditors, written by nobody here."""
