"""How each district stands: what its runs said, kept in status.json, and what that means now."""
