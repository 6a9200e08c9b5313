"""All districts of a night: which of them run, where, and how the night ended."""
