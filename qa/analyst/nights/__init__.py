"""What changed between the kept runs."""
