import pytest

from sandbox import Sandbox, generated
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
