"""The audit: what a reader of the shared files can work out of the schools' numbers."""
