"""All situations, by name."""

from bench.load_gate import harmful, ordinary

ALL = (*harmful.SITUATIONS, *ordinary.SITUATIONS)
BY_NAME = {situation.name: situation for situation in ALL}
assert len(BY_NAME) == len(ALL), "two situations have the same name"
