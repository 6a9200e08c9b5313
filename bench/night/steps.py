"""CPU of a nightly run step by step: `python -m bench.night.steps FOLDER KEY` prints it as JSON.

Two runs in one process. The first warms it up, as the fork server's imports do for each district's process.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

from pydantic import SecretStr

from district.settings import DistrictSettings
from district.settings.file import load_fleet
from night.events import NightEvent


def main() -> None:
    """Run twice, and print the CPU seconds of the second run by step, and this process's peak memory."""
    path, key = Path(sys.argv[1]), sys.argv[2]
    import night.machine.preload  # noqa: F401, PLC0415 - what each district's process starts with

    district = load_fleet(path / "districts.toml").districts[key]
    secret = SecretStr(os.environ.pop(f"PLUS360_{key.upper().replace('-', '_')}_SECRET"))
    _cpu_by_step(district, secret, path / "data")
    steps = _cpu_by_step(district, secret, path / "data")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"steps": steps, "peak_mb": peak}))


def _cpu_by_step(district: DistrictSettings, secret: SecretStr, data: Path) -> dict[str, float]:
    """One run; what comes before its first step counts as that, and what comes after its last as the last."""
    from night.district_night import run_night  # noqa: PLC0415 - after the fork server's own imports

    begun: list[tuple[str, float]] = []

    def heard(event: NightEvent) -> None:
        if event.kind == "begins":
            begun.append((str(event.step), time.process_time()))

    result = run_night(district, secret, data=data, listen=heard)
    assert result.verdict == "published", result.headline
    ends = [cpu for _, cpu in begun[1:]] + [time.process_time()]
    return {step: end - cpu for (step, cpu), end in zip(begun, ends, strict=True)}


if __name__ == "__main__":
    main()
