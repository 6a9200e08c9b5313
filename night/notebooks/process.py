"""The process that runs one notebook with papermill, and its kernel with it.

It says in a file how that ended: a notebook's code may write anything to stdout. It ends when its parent
does.
"""

from __future__ import annotations

import json
import re
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from nbformat.sign import NotebookNotary
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from district.private_files import keep_private
from night.notebooks.kernel import Kernel
from night.notebooks.parent import end_with_parent

_NAME = re.compile(r"[A-Za-z_]\w{0,60}")


class TimeUpError(BaseException):
    """The notebook took too long. No handler of ordinary errors may stop it."""


def main() -> None:
    """Run the notebook of the order on stdin, a line. The parent holds stdin open while it is there."""
    keep_private()
    order: dict[str, Any] = json.loads(sys.stdin.readline())
    for number in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, _end)
    alone = threading.Event()
    end_with_parent(alone)
    signal.setitimer(signal.ITIMER_REAL, order["seconds"])
    draft = Path(order["draft"])
    ended = _run(order)
    signal.setitimer(signal.ITIMER_REAL, 0)
    if alone.is_set():  # nobody will put it in its place
        draft.unlink(missing_ok=True)
        return
    if ended["how"] in ("late", "died"):
        ended["cell"] = _last_cell(draft)
    with suppress(Exception):  # unsigned, JupyterLab shows its tables only after it ran again
        NotebookNotary(data_dir=order["trusted_in"]).sign(nbformat.read(draft, as_version=4))
    Path(order["ended"]).write_text(json.dumps(ended), encoding="utf-8")


def _run(order: dict[str, Any]) -> dict[str, Any]:
    try:
        papermill.execute_notebook(
            order["notebook"],
            order["output"],
            order["parameters"],
            kernel_name="python3",
            progress_bar=False,
            # Not papermill's cwd: that takes this process there, too, and a notebook can remove it.
            resources={"metadata": {"path": order["folder"]}},
            shutdown_kernel="immediate",
            config=Config({"KernelManager": order["kernel"]}),
            kernel_manager_class=Kernel,
        )
    except PapermillExecutionError as error:
        name = error.ename if _NAME.fullmatch(error.ename or "") else "an error"
        return {"how": "failed", "cell": error.exec_count, "error": name}
    except DeadKernelError:
        return {"how": "died", "code": Kernel.exit_code}
    except TimeUpError:
        return {"how": "late"}
    except Exception as error:
        number = error.errno if isinstance(error, OSError) else None
        return {"how": "broken", "error": type(error).__name__, "number": number}
    return {"how": "well"}


def _last_cell(draft: Path) -> int | None:
    """Which code cell began last, counted as JupyterLab numbers them."""
    with suppress(Exception):
        cells = [cell for cell in nbformat.read(draft, as_version=4).cells if cell.cell_type == "code"]
        begun = [n for n, cell in enumerate(cells, 1) if cell.metadata.get("papermill", {}).get("start_time")]
        return begun[-1] if begun else None
    return None


def _end(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise TimeUpError


if __name__ == "__main__":
    main()
