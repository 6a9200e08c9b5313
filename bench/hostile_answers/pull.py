"""One pull in a process of its own: `python -m bench.hostile_answers.pull JSON` prints a line of JSON."""

import json
import re
import sys
import tempfile
import time
from pathlib import Path

from pydantic import SecretStr

from district.folder import DistrictFolder
from district.run_id import new_run_id
from district.settings import DistrictSettings
from extract.api.client import RetryPolicy
from extract.pull import pull_district

# A nightly run waits minutes for a server to recover; here it is always the same answer.
POLICY = RetryPolicy(attempts=3, base_seconds=0.01, longest_seconds=0.05)


def _peak_mb() -> float:
    """Of this program alone: what getrusage says begins with the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def main() -> None:
    """Pulls a district, and says what happened to Student and at what cost."""
    work = json.loads(sys.argv[1])
    secret = SecretStr(work.pop("secret"))
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        pulls = pull_district(
            DistrictSettings(**work), secret, DistrictFolder(Path(folder)).night(new_run_id()), policy=POLICY
        )
        seconds = time.perf_counter() - started
    student = next(pull for pull in pulls if pull.endpoint == "Student")
    print(
        json.dumps(
            {
                "outcome": student.outcome,
                "message": student.message or "complete",
                "seconds": seconds,
                "peak_mb": _peak_mb(),
            }
        )
    )


if __name__ == "__main__":
    main()
