"""Nightly runs after which a load would delete guardians or overwrite people, by what went wrong."""

from bench.load_gate.harmful import codes, mixed_up, scopes, sequences, ten, values

SITUATIONS = (
    *ten.SITUATIONS,
    *codes.SITUATIONS,
    *values.SITUATIONS,
    *mixed_up.SITUATIONS,
    *scopes.SITUATIONS,
    *sequences.SITUATIONS,
)
