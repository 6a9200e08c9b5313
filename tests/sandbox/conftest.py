import pytest

from sandbox import Sandbox, generated
from tests.sandbox.client import Client


@pytest.fixture(scope="session")
def clean_source():
    return generated(students=600, seed=1)


@pytest.fixture
def serve(clean_source):
    """Starts districts for one test: `serve(faults=...)` gives a client."""
    running = []

    def start(source=clean_source, profile=None, **options):
        box = Sandbox(source, profile, **options).__enter__()
        running.append(box)
        return Client(box)

    yield start
    for box in running:
        box.__exit__(None, None, None)
