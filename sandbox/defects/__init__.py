"""What can be wrong with the simulated district's records."""
