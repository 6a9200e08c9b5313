"""A simulated district: HTTPS, OAuth, profile boxes, defects. For the demo and the tests only."""

from sandbox.box import Sandbox
from sandbox.generator import generated
from sandbox.profile import ENDPOINTS, Profile
from sandbox.source import Source, folder

__all__ = ["ENDPOINTS", "Profile", "Sandbox", "Source", "folder", "generated"]
