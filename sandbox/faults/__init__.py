"""How the simulated server can misbehave."""
