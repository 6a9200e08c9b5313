"""The PLUS 360 API over HTTPS: one signed request, one page, and what can go wrong."""
