"""Connections for questions: ours, and the analyst's own SQL."""
