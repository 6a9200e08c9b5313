"""The labels of a district: which fields they fill, and which they may be."""
