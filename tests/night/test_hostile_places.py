"""A child's name in every text that a server or a district chooses is in nothing that is shared.

Two districts: one has a name in every label, code, value, header and setting, and is published or held; the
other refuses each endpoint in its own words. Each place has a child of its own, so a leak names its place.

By design, the district's key and name are shown: the operator chose them. Not a surface: private/, the
databases and export/ (they have the names), build/ (dbt's own files: the district's, as the databases are).
"""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from typer.testing import CliRunner

from district.endpoints import ENDPOINTS
from district.folder import DistrictFolder
from extract.store.raw_store import read_store
from night.cli import app
from sandbox import Sandbox, generated
from tests.night.hostile_places import (
    FIRST,
    LABELS,
    VALUES,
    HostileRecords,
    all_spellings,
    answers_of_a_refusing_server,
    children_in,
    headers_of_pages,
    host,
    settings_of_the_district,
    spellings,
    surname,
)
from tests.rewritten import rewritten

NAMED, REFUSING = "oak-hill", "elm-hill"
# Only checked: nothing is found at the path, at the host, or behind the proxy.
ASTRAY, NOWHERE, PROXIED = "bay-hill", "ash-hill", "fir-hill"
PRIVATE = {"private", "export", "build"}
# How the refusals end: each place of them was reached.
REFUSALS = {
    "web_page", "refused_otherwise", "redirected_to_another_host", "credentials_refused", "several_lists",
    "not_found", "no_records_in_answer",
}  # fmt: skip
# What may show a name, and why.
ALLOWED = {
    # `check` prints these for the operator alone, so that they can be put into the settings.
    "terminal of check": {
        "label",
        "sensitive label",
        "code in the URL",
        "status setting",
        "status code",
        "host of the proxy",
        # Which district answers: by the names of its schools.
        "school name",
    },
}


def invoke(*words: str, env: dict[str, str]) -> str:
    """What a command says, on both streams."""
    done = CliRunner().invoke(app, words, env=env, catch_exceptions=False)
    assert done.exit_code in (0, 1, 3), done.output
    return done.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("operator")


@pytest.fixture(scope="module")
def surfaces(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Everything that may be shared of the districts, as text, by surface."""
    data, config = folder / "data", folder / "districts.toml"
    source = rewritten(generated(students=60, seed=7), tmp_path_factory.mktemp("records"), HostileRecords())
    abc = f"Zephyrine{surname('code in the URL')}".lower()
    words = {"headers": headers_of_pages(), "reason": all_spellings("reason phrase")}
    with (
        Sandbox(source, abc=abc, faults={"server_words": words}) as named,
        Sandbox(
            source, abc=abc, faults={"server_words": {"answers": answers_of_a_refusing_server()}}
        ) as refusing,
    ):
        tables = [
            named.settings_table(NAMED, "Oak Hill Schools", **settings_of_the_district()),
            refusing.settings_table(REFUSING, "Elm Hill Schools"),
            named.settings_table(
                ASTRAY, "Bay Hill", endpoint_path=f"{surname('endpoint path')}/{{endpoint}}"
            ),
            named.settings_table(NOWHERE, "Ash Hill Schools", base_url=f"https://{host('host')}/v1/{abc}/"),
            named.settings_table(
                PROXIED, "Fir Hill Schools", proxy=f"http://{host('host of the proxy')}:3128"
            ),
        ]
        config.write_text("\n".join(tables), encoding="utf-8")
        env = {
            "PLUS360_CONFIG": str(config),
            "PLUS360_DATA": str(data),
            "PLUS360_ELM_HILL_SECRET": refusing.consumer_secret,
            **{f"PLUS360_{tree}_HILL_SECRET": named.consumer_secret for tree in ("OAK", "BAY", "ASH", "FIR")},
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }
        told = {"terminal of night": invoke("night", NAMED, REFUSING, env=env)}
        told["terminal of extract"] = invoke("extract", REFUSING, env=env)
        told["terminal of build"] = invoke("build", REFUSING, env=env)
        told["terminal of report"] = invoke("report", REFUSING, env=env)
        told["terminal of worklist"] = invoke("worklist", NAMED, env=env) + invoke(
            "worklist", REFUSING, env=env
        )
        checks, pages = [], []
        for key in (NAMED, REFUSING, ASTRAY, NOWHERE, PROXIED):
            page = folder / f"{key}.html"
            checks.append(invoke("check", key, env=env))
            pages.append(invoke("check", key, "--json", "--share", str(page), env=env))
            told.setdefault("check --share", "")
            told["check --share"] += page.read_text(encoding="utf-8")
        told["terminal of check"] = "\n".join(checks)
        told["check --json"] = "\n".join(pages)
    return told | files_of(data)


def files_of(data: Path) -> dict[str, str]:
    """The shared files by name, whichever run they are of; the names of all files and folders."""
    paths = [path for path in sorted(data.rglob("*")) if not PRIVATE & {*path.relative_to(data).parts}]
    found = {"names of files and folders": "\n".join(str(path.relative_to(data)) for path in paths)}
    for path in paths:
        if path.is_file() and path.suffix != ".duckdb" and not path.is_symlink():
            found[path.name] = found.get(path.name, "") + path.read_text(encoding="utf-8", errors="replace")
    return found


SURFACES = (
    "report.html", "qa.json", "night.json", "index.html", "index.json", "names of files and folders",
    "plus360.log", "terminal of night", "terminal of extract", "terminal of build", "terminal of report",
    "terminal of worklist", "terminal of check", "check --json", "check --share",
)  # fmt: skip


@pytest.mark.parametrize("surface", SURFACES)
def test_no_surface_shows_a_childs_name(surfaces: dict[str, str], surface: str) -> None:
    assert surfaces[surface]
    assert children_in(surfaces[surface]) == ALLOWED.get(surface, set())


def test_no_other_file_outside_private_folders_has_a_name(surfaces: dict[str, str]) -> None:
    others = surfaces.keys() - set(SURFACES)
    assert {name: children_in(surfaces[name]) for name in others} == {name: set() for name in others}


def test_the_names_were_there_and_cost_no_detail(surfaces: dict[str, str], folder: Path) -> None:
    raw, records = DistrictFolder.of(folder / "data", NAMED).raw, ""
    with read_store(raw) as store:
        for endpoint in ENDPOINTS:
            rows = store.execute(f'select payload::varchar from plus360."{endpoint.name}"').fetchall()
            records += "\n".join(text for (text,) in rows)
    assert children_in(records) == {*VALUES, *LABELS} - {"sensitive label"}
    assert '"detail_withheld": true' not in surfaces["qa.json"]
    assert {code for code in REFUSALS if f'"outcome": "{code}"' in surfaces["qa.json"]} == REFUSALS


NAME, PLACE = f"{FIRST} {surname('label')}", {"label"}


@pytest.mark.parametrize(
    "disguise",
    [
        *spellings("label"),
        NAME.swapcase(),
        "".join(f"&#{ord(letter)};" for letter in NAME),
        "".join(f"\\u{ord(letter):04x}" for letter in NAME),
        "".join(f"%{ord(letter):02X}" for letter in NAME),
        spellings("label")[4].replace(" ", "-").lower().encode("idna").decode(),
        html.escape(html.escape("Z&eacute;phyrine ")) + surname("label"),
        f"{NAME[:5]}<b>{NAME[5:9]}</b><wbr>{NAME[9:12]}<!-- and -->{NAME[12:]}",
        f'<a title="{NAME}">x</a>',
    ],
)
def test_a_name_is_found_in_every_disguise(disguise: str) -> None:
    assert children_in(f"<p>See {disguise}.</p>") == PLACE
    assert children_in("<p>See the label.</p>") == set()
