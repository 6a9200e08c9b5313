"""Turns dbt's results into findings, and findings into a report fit to be mailed. Knows no HTTP."""
