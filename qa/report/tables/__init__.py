"""What the sections show, worked out from qa.json: rows, groups, charts."""
