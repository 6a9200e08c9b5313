"""A simulated district: HTTPS, OAuth, profile boxes, defects. For the demo and the tests only.

Serving: box (the district as a context manager), server, tls, oauth, rules, profile, exchange, source.
Misbehaving: faults (the table of switches), fault, paging_faults, body_faults, wire_faults, refusal_faults.
Generating: generator, population, census, families, people, homes, names, places, records.
Spoiling: defects (the table, by check), spoilers, planting. The demo's two: districts.
"""

from sandbox.population.generator import generated
from sandbox.population.source import Source, folder
from sandbox.server.profile import ENDPOINTS, Profile
from sandbox.server.sandbox import Sandbox

__all__ = ["ENDPOINTS", "Profile", "Sandbox", "Source", "folder", "generated"]
