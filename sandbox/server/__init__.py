"""The simulated district's HTTPS server."""
