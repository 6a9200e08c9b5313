import json

import pytest

from sandbox import Profile, Sandbox, generated
from tests.sandbox.client import Client


@pytest.fixture(scope="session")
def clean_source():
    return generated(students=600, seed=1)


@pytest.fixture
def serve(clean_source):
    """Starts districts for one test: `serve(faults=...)` returns a client."""
    running = []

    def start(source=clean_source, profile=None, **options):
        sandbox = Sandbox(source, profile, **options).__enter__()
        running.append(sandbox)
        return Client(sandbox)

    yield start
    for sandbox in running:
        sandbox.__exit__(None, None, None)


@pytest.fixture(scope="session")
def small_source():
    return generated(students=50, seed=4)


@pytest.fixture
def misbehave(serve, small_source):
    """Starts a district of 50 students with these faults, and returns its client."""
    return lambda **faults: serve(small_source, faults=faults)


@pytest.fixture(scope="session")
def students(small_source):
    return [json.loads(line) for line in small_source.lines("Student", 0, 50, Profile())]
