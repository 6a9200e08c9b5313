"""Notebooks that run or open for one district: no secret in their kernels, and what they write is private."""
