"""A nightly run publishes while a notebook is open with results of every kind; then it offers the new run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from district.checkout import JUPYTER
from district.folder import DistrictFolder
from district.temporary import temporary_folder
from night.notebooks.jupyter import jupyter_environment
from tests.notebooks.conftest import KEY, Evening

Ask = Callable[[str], str]


@pytest.fixture
def ask(evening: Evening) -> Iterator[Ask]:
    """Runs code in a kernel as JupyterLab starts it; what the code said."""
    with temporary_folder() as runtime:
        folder = DistrictFolder.of(evening.operator.data, KEY)
        kernels = KernelSpecManager(kernel_dirs=[str(JUPYTER / "kernels")])
        manager = KernelManager(
            connection_file=str(runtime / "kernel.json"), transport="ipc", kernel_spec_manager=kernels
        )
        manager.start_kernel(env=jupyter_environment(folder, runtime), cwd=str(folder.private))
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=120)

        def said(code: str) -> str:
            texts: list[str] = []

            def hear(message: dict) -> None:
                content = message["content"]
                texts.append(content.get("text") or content.get("data", {}).get("text/plain", ""))
                texts.extend(content.get("traceback", ()))

            client.execute_interactive(code, timeout=120, output_hook=hear)
            return "".join(texts)

        try:
            yield said
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def test_a_run_publishes_while_a_notebook_is_open(evening: Evening, ask: Ask) -> None:
    before = evening.operator.nights(KEY)[-1].name
    ask(f"from qa.analyst.jupyter import workbench\nd = workbench({KEY!r})")
    ask(
        "frame = d.sql('from Student')\nrelation = d.relation('from Student')\nrecords = d.records('Student')"
    )
    ask("%%sql kept\nselect count(*) as students from students")
    done = evening.run_again()
    after = evening.operator.nights(KEY)[-1].name
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{KEY}  published" in done.stdout
    assert after > before
    said = ask("print(len(d.sql('from Student')), len(relation), len(records.df()), d.run_id)")
    assert f"A newer run was published: {after}. You are reading {before}" in said
    assert f"40 40 40 {before}" in said
    assert f"\n{after}\n" in "\n" + ask("d = d.refresh()\nprint(d.run_id)")
