"""`plus360 notebook`: ours or the operator's own, with the parameters that it declares, into private/."""

from __future__ import annotations

import os
import select
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from tests.night.conftest import refused
from tests.notebooks.by_hand import files_below, outputs_of, write_notebook
from tests.notebooks.conftest import KEY, PERSONAL, Desk


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a notebook of the operator's own."""
    return own_notebook(tmp_path)


def own_notebook(folder: Path) -> Path:
    write_notebook(folder / "own" / "mine.ipynb", "print(repr([district, limit, student]), len(run_id))")
    return folder / "own"


@pytest.fixture(scope="module")
def written(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the operator's own notebook was run into, with two values."""
    words = ["--notebooks", str(own_notebook(tmp_path_factory.mktemp("good")))]
    done = desk.operator.plus360("notebook", "mine", KEY, *words, "-p", "limit=25", "-p", "student=00123")
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_ours_runs_into_the_private_folder_and_is_trusted(desk: Desk) -> None:
    data = desk.operator.data
    before = files_below(desk.operator.folder)
    done = desk.operator.plus360("notebook", "district_qa", KEY)
    assert done.returncode == 0, done.stderr
    [written] = desk.private.glob("district_qa-*.ipynb")
    assert done.stdout == f"{written}\n"
    assert written.stat().st_mode & 0o777 == 0o600
    assert "Maple Grove Schools" in written.read_text(encoding="utf-8")
    with_tables = NotebookNotary(data_dir=str(data / KEY / "private" / ".jupyter" / "data"))
    assert with_tables.check_signature(nbformat.read(written, as_version=4))
    after = files_below(desk.operator.folder)
    changed = {path for path in after.keys() | before.keys() if after.get(path) != before.get(path)}
    assert changed
    assert {path for path in changed if not path.startswith(f"data/{KEY}/private/")} == set()


def test_values_are_what_papermill_makes_of_them_and_text_stays_text(written: Path) -> None:
    assert f"['{KEY}', 25, '00123'] 19" in outputs_of(written)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mine", "-p", "studnet=1"], "'studnet'. Its parameters: district, run_id, limit, student"),
        (["mine", "-p", "limit"], "-p takes a parameter and its value"),
        (["mine", "-p", "district=elm-city"], "it is the second argument"),
        (["mime"], "Did you mean mine?"),
        (["mine", "--night", "20200101T000000000Z"], "no run 20200101T000000000Z of maple-grove. There are"),
    ],
)  # fmt: skip
def test_what_can_not_be_run_is_refused_in_one_line(
    desk: Desk, own: Path, words: list[str], said: str
) -> None:
    name, *more = words
    assert said in refused(desk.operator.here("notebook", name, KEY, "--notebooks", str(own), *more))


def test_a_secret_is_no_value(desk: Desk, own: Path) -> None:
    word = f"student=x{desk.secret}"
    said = refused(desk.operator.here("notebook", "mine", KEY, "--notebooks", str(own), "-p", word))
    assert "-p student: the value has a secret of the district in it" in said
    assert desk.secret not in said


def test_a_file_that_is_no_notebook_is_refused(desk: Desk, own: Path) -> None:
    (own / "mine.ipynb").write_text(f"{{{PERSONAL}", encoding="utf-8")
    said = refused(desk.operator.here("notebook", "mine", KEY, "--notebooks", str(own)))
    assert "mine.ipynb can't be read as a notebook" in said
    assert PERSONAL not in said


def test_a_failure_is_kept_beside_the_last_good_one(desk: Desk, own: Path, written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    write_notebook(own / "mine.ipynb", f"raise ValueError({PERSONAL!r})")
    failed = desk.operator.plus360("notebook", "mine", KEY, "--notebooks", str(own))
    kept = written.with_name(f"{written.stem}.failed.ipynb")
    assert failed.returncode == 1
    assert failed.stderr == f"mine.ipynb: cell 3 failed (ValueError). See {kept}\n"
    assert PERSONAL in kept.read_text(encoding="utf-8")
    assert written.read_text(encoding="utf-8") == text


def test_a_full_disk_is_named(desk: Desk, own: Path) -> None:
    write_notebook(own / "large.ipynb", "print('x' * 3_000_000)")
    words = desk.operator.command("notebook", "large", KEY, "--notebooks", str(own))
    # No file may grow beyond a megabyte: what is too much for a disk gives an error of the same kind.
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 2000; exec "$@"', "sh", *words],
        cwd=desk.operator.folder,
        env=desk.operator.env(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "large.ipynb: the disk is full: no room in " in done.stderr


def test_one_that_takes_too_long_is_ended(desk: Desk, own: Path) -> None:
    write_notebook(own / "endless.ipynb", "while True:\n    pass")
    done = desk.operator.plus360("notebook", "endless", KEY, "--notebooks", str(own), "--timeout", "0.05")
    assert done.returncode == 1
    assert "endless.ipynb: cell 3 was still at work after 0.05 minutes, and was ended" in done.stderr


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells when another's child has ended")
def test_its_processes_end_with_a_killed_parent(desk: Desk, own: Path) -> None:
    said = own / "said"
    os.mkfifo(said)
    write_notebook(
        own / "endless.ipynb",
        f"import os\nwith open({str(said)!r}, 'w') as out:\n    print(os.getpid(), os.getppid(), file=out)",
        "while True:\n    pass",
    )
    command = desk.operator.started("notebook", "endless", KEY, "--notebooks", str(own))
    processes = [os.pidfd_open(int(number)) for number in said.read_text().split()]
    command.kill()
    command.communicate()
    for process in processes:
        ended, _, _ = select.select([process], [], [], 120)
        os.close(process)
        assert ended
    assert not list(desk.private.glob(".endless*")), "its draft is gone, too"
