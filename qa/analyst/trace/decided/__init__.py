"""Which checks fail, what quarantines a record, and what the build decided."""
