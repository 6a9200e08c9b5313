"""The report: one nightly run as one HTML file."""
