"""`python -m bench.morning`: what the operator sees at 7 a.m. after a night with one of each fault.

Thirty sandbox districts run twice. On the second night one host is dead, one secret is wrong, one load is
held, one district is stopped, one server is too slow, and the process of one run is killed. Printed are the
terminal, the exit code, `status` and the notifications; the page stays in the folder.
"""

import argparse
import json
from contextlib import ExitStack
from pathlib import Path

from bench.morning.districts import kill_when_asked, serve_faulty, serve_well
from tests.night.conftest import Operator
from tests.night.news.servers import WebHook, web_hook


def main() -> None:
    """Run both nights, and print what the second one shows."""
    parser = argparse.ArgumentParser(prog="python -m bench.morning", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".bench-morning"), help="an empty one")
    folder = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    operator = Operator(folder)
    with web_hook() as receiver, ExitStack() as running:
        serve_well(operator, running)
        _tell(operator, receiver)
        first = operator.plus360("night", "--all", "--jobs", "2")
        print(f"The first night ended with exit code {first.returncode}.\n")
        receiver.requests.clear()
        box = serve_faulty(operator, running, folder / "held-records")
        _tell(operator, receiver)
        stop_waiting = kill_when_asked(operator, box)
        second = operator.plus360("night", "--all", "--jobs", "2")
        stop_waiting()
    _show("terminal", second.stdout + second.stderr)
    _show("exit code", str(second.returncode))
    _show("status", operator.plus360("status").stdout)
    for path, body in receiver.requests:
        _show(f"sent to {path}", _words(body))
    print(f"The page: {folder / 'data' / 'index.html'}")


def _tell(operator: Operator, receiver: WebHook) -> None:
    """Have notifications and pings sent to the receiver."""
    settings = operator.folder / "districts.toml"
    host = f"127.0.0.1:{receiver.port}"
    fleet = f'[fleet]\nnotify = ["json://{host}/news"]\nping = "http://{host}/ping"\n\n'
    settings.write_text(fleet + "\n".join(operator.tables.values()), encoding="utf-8")


def _words(body: str) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return body
    return f"{told['title']}\n\n{told['message']}"


def _show(what: str, text: str) -> None:
    print(f"--- {what}\n{text.rstrip()}\n")


if __name__ == "__main__":
    main()
