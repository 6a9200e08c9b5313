"""The simulated district's records."""
