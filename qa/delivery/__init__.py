"""Whether a published run's import was delivered: what can happen, and what qa.json says of it."""
