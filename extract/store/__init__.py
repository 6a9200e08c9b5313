"""raw.duckdb: every pull as received."""
