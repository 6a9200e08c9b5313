"""`plus360 explore` in Chromium: the notebook is open, nothing pops up, nothing leaves this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from district.folder import DistrictFolder
from docs.pictures.jupyterlab import SHOWN, explored, open_notebook, run_all
from night.notebooks.lab import Lab, LabError
from tests.night.conftest import refused
from tests.notebooks.by_hand import files_below, write_notebook
from tests.notebooks.conftest import KEY, Desk

TABLE = "tables.ipynb"
DIALOG = ".jp-Dialog, .Toastify__toast"


@pytest.fixture(scope="module")
def before(desk: Desk) -> dict[str, tuple[int, int]]:
    """What there was before JupyterLab ran."""
    write_notebook(
        desk.private / TABLE,
        f"from qa.analyst.jupyter import workbench\nd = workbench({KEY!r})",
        "d.records('Student')",
        "import os, sys\nfrom IPython import get_ipython\n"
        "print(get_ipython().history_manager.enabled, sorted(os.environ))",
    )
    return files_below(desk.operator.folder)


@pytest.fixture(scope="module")
def address(desk: Desk, before: dict[str, tuple[int, int]]) -> Iterator[str]:
    with explored(KEY, [], folder=desk.operator.folder, environment=desk.operator.env()) as found:
        yield found


@pytest.fixture(scope="module")
def requested() -> set[str]:
    """The hosts that were asked for anything."""
    return set()


@pytest.fixture
def page(browser: Browser, requested: set[str]) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    # What is in the page already (data:, blob:) has no host.
    opened.on("request", lambda request: requested.add(urlsplit(request.url).hostname or "127.0.0.1"))
    yield opened
    opened.close()


def test_it_opens_the_notebook_itself_and_nothing_pops_up(address: str, page: Page) -> None:
    open_notebook(page, address)
    assert urlsplit(address).hostname == "127.0.0.1"
    page.locator(SHOWN).get_by_text(f'district = "{KEY}"').wait_for()
    assert page.locator(DIALOG).count() == 0
    listed = page.locator(".jp-DirListing-itemName").all_inner_texts()
    assert {"explore.ipynb", TABLE} <= set(listed)
    assert "raw.duckdb" not in listed, "only the private folder can be seen"


def test_a_table_is_searched_without_a_network(address: str, page: Page, requested: set[str]) -> None:
    open_notebook(page, address, TABLE)
    run_all(page)
    assert page.locator(".jp-RenderedText[data-mime-type$=stderr]").count() == 0
    table = page.locator(SHOWN).locator(".dt-container")
    table.locator("tbody tr").first.wait_for()
    name = table.locator("tbody tr").nth(3).inner_text().split("\t")
    rows = table.locator("tbody tr").count()
    table.get_by_role("searchbox").first.fill(" ".join(name[1:4]))
    page.wait_for_function(f"() => document.querySelectorAll('.dt-container tbody tr').length < {rows}")
    assert page.locator(DIALOG).count() == 0
    assert requested == {"127.0.0.1"}
    said = page.locator(SHOWN).locator(".jp-OutputArea-output pre").last.inner_text()
    assert said.startswith("False "), "what is typed is in no history"
    assert "_SECRET" not in said


def test_it_writes_only_below_the_private_folder(
    desk: Desk, before: dict[str, tuple[int, int]], address: str
) -> None:
    after = files_below(desk.operator.folder)
    changed = {path for path in after.keys() | before.keys() if after.get(path) != before.get(path)}
    assert f"data/{KEY}/private/explore.ipynb" in changed
    assert {path for path in changed if not path.startswith(f"data/{KEY}/private/")} == set()
    kept = desk.private / ".jupyter"
    for path in (kept, *kept.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    assert not list(kept.rglob("history.sqlite"))


def test_on_the_terminal_is_the_address_and_nothing_else(desk: Desk) -> None:
    explore = desk.operator.started("explore", KEY, "--no-browser", "--allow-root")
    assert explore.stdout
    first = [explore.stdout.readline(), explore.stdout.readline()]
    explore.send_signal(signal.SIGINT)
    said, errors = explore.communicate(timeout=60)
    assert first[0] == f"explore.ipynb of {KEY} is open in JupyterLab. Ctrl-C ends it\n"
    assert "/lab/tree/explore.ipynb?token=" in first[1]
    assert (said, errors, explore.returncode) == ("JupyterLab was ended\n", "", 0)


def test_a_port_in_use_is_said_in_one_line(desk: Desk) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = refused(desk.operator.plus360("explore", KEY, "--allow-root", "--port", port))
    assert said == f"port {port} is in use by another program. Choose another one with --port\n"


def test_an_option_that_explore_sets_itself_is_refused(desk: Desk) -> None:
    given = ("explore", KEY, "--allow-root", "--", "--ServerApp.ip=0.0.0.0")
    assert refused(desk.operator.plus360(*given)) == (
        "--ServerApp.ip is an option that explore sets itself: it answers on this machine only\n"
    )
    for option in ("--port=1", "--no-browser", "--notebook-dir=/", "--LabApp.default_url=/x"):
        with pytest.raises(LabError, match=f"^{option.partition('=')[0]} is an option that explore sets"):
            Lab(DistrictFolder.of(desk.operator.data, KEY), Path(), as_root=True, options=[option]).serve(
                print
            )


@pytest.mark.skipif(os.geteuid() != 0, reason="is about root")
def test_root_has_to_ask_for_it(desk: Desk) -> None:
    assert "add --allow-root" in refused(desk.operator.plus360("explore", KEY, "--no-browser"))


def test_the_settings_of_jupyter_are_read(desk: Desk) -> None:
    """A name that JupyterLab does not know any more would be ignored without a word."""
    from jupyterlab.labapp import LabApp
    from jupyterlab_server.config import get_static_page_config  # noqa: F401 - it must be importable
    from traitlets.config import Config

    file = Path(__file__).parents[2] / "notebooks" / "jupyter" / "jupyter_server_config.json"
    config = Config(json.loads(file.read_text(encoding="utf-8")))
    assert set(config.LabApp) <= set(LabApp.class_trait_names())
