"""Pages of the KPI."""
