"""A simulated district for the demo, the tests and the benchmarks: an HTTPS server with invented people.

- `server/`: the HTTPS server, OAuth, the API Profile, and `Sandbox`, which runs them in a `with` block.
- `faults/`: how the server can misbehave, by name.
- `population/`: where the records come from: generated families, or a folder of NDJSON files.
- `defects/`: what can be wrong in the generated records, by the check that finds it.
- `demo_districts.py`, `demo_days.py`: the two districts of the demo, and how one changes in three days.
"""

from sandbox.population.generator import generated
from sandbox.population.source import Source, folder
from sandbox.server.profile import ENDPOINTS, Profile
from sandbox.server.sandbox import Sandbox

__all__ = ["ENDPOINTS", "Profile", "Sandbox", "Source", "folder", "generated"]
