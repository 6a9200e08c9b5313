"""Pulls a district's seven endpoints over HTTPS into its raw.duckdb. Knows no dbt."""
