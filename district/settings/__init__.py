"""What plus360 knows of the districts and of all of them together. Never a secret.

`district.py`: one district; `delivery.py`: where its import is sent; `fleet.py`: what holds for all of them;
`file.py`: districts.toml -> settings, one line per fault.
"""

from district.settings.district import DistrictSettings, Layout
from district.settings.messages import OUR_MESSAGE

__all__ = ["OUR_MESSAGE", "DistrictSettings", "Layout"]
