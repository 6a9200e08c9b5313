"""A simulated district: HTTPS, OAuth, profile boxes, defects. For the demo and the tests only."""
