"""What is shown of each school: counts in bands, shares in steps, where most records are, or nothing."""
