"""Interactive tables need no network, show values as they are, and are plain tables without a script."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from itables.javascript import generate_init_offline_itables_html
from itables.options import dt_bundle
from playwright.sync_api import Browser, Page

from qa.analyst.frames import frame_of
from qa.analyst.jupyter import bars, table_html
from qa.analyst.jupyter.tables import relation_html
from qa.analyst.people.student import Student

HOSTILE = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"


# An escape code, a mark that turns the direction, and a value as long as a file.
HIDDEN = "\x1b[31mred\u202eleft"
SHOWN = "⟨U+001B⟩[31mred⟨U+202E⟩left"
LONG = "x" * 1_000_000
CUT = "(cut: 1,000,000 characters in all)"


@pytest.mark.parametrize("html_of", [table_html, lambda frame: bars(frame).data])
def test_hidden_characters_are_shown_and_long_values_are_cut(html_of):
    html = html_of(pd.DataFrame({HIDDEN: [HIDDEN, LONG], "records": [2, 1]}))
    assert "\x1b" not in html
    assert "\\u001b" not in html
    assert "\u202e" not in html
    assert SHOWN in html or json.dumps(SHOWN)[1:-1] in html
    assert CUT in html
    assert len(html) < 100_000


def test_a_student_shows_hidden_characters_and_cuts_long_values():
    empty = pd.DataFrame({"field": [], "value": []})
    parts = dict.fromkeys(
        ("contacts", "addresses", "phones", "school", "siblings", "own_fields", "findings", "in_import"),
        empty,
    )
    record = pd.DataFrame({"field": ["grade", "comments"], "value": [HIDDEN, LONG], "as_received": HIDDEN})
    student = Student(student_id="1", name=HIDDEN, status="In the import.", record=record, **parts)
    for text in (repr(student), student._repr_html_()):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert text.count(SHOWN) >= 3
        assert len(text) < 20_000


@pytest.fixture(scope="module")
def students() -> pd.DataFrame:
    return frame_of(
        duckdb.execute("""
            select
                lpad(i::varchar, 5, '0') as student_id,
                case when i % 4 > 0 then 'Name ' || i end as first_name,
                case when i % 2 = 0 then 'Oak' else 'Elm' end as school,
                i * 1000 as fees,
                i / 60 as share,
                i % 2 = 0 as has_iep,
                date '2014-01-01' + i::integer as birth_date,
                repeat('word ', 30) as comments
            from range(60) as numbers(i)
        """)
    )


@pytest.fixture
def show(browser: Browser, tmp_path: Path):
    """Shows HTML in Chromium as a notebook does; whatever leaves the page is an error."""
    pages: list[Page] = []
    left: list[str] = []

    def shown(body: str, *, with_script: bool = True) -> Page:
        page = browser.new_page(java_script_enabled=with_script)
        pages.append(page)
        page.on("request", lambda request: left.append(request.url))
        file = tmp_path / f"{len(pages)}.html"
        file.write_text(f"<!doctype html><meta charset=utf-8>{body}", encoding="utf-8")
        page.goto(file.as_uri())
        return page

    yield lambda body, **options: shown(generate_init_offline_itables_html(dt_bundle) + body, **options)
    assert all(url.startswith(("file:", "blob:", "data:")) for url in left), left
    for page in pages:
        page.close()


def cells(page: Page, row: int = 1) -> list[str]:
    return page.locator(f"table.dataTable tbody tr:nth-child({row}) td").all_inner_texts()


def test_values_are_shown_as_they_are_and_blank_ones_empty(show, students):
    page = show(table_html(students))
    page.locator("table.dataTable").wait_for()
    long = ("word " * 30).strip()
    assert [text.strip() for text in cells(page)] == [
        "00000", "", "Oak", "0", "0.0%", "yes", "2014-01-01", long,
    ]  # fmt: skip
    assert [text.strip() for text in cells(page, 3)][:5] == ["00002", "Name 2", "Oak", "2000", "3.3%"]
    assert page.locator(".dt-info").inner_text() == "1 to 10 of 60 rows"


def test_a_table_is_searched_filtered_and_sorted(show, students):
    page = show(table_html(students))
    page.get_by_label("Search:").fill("Name 42")
    page.wait_for_function("document.querySelectorAll('table.dataTable tbody tr').length === 1")
    assert cells(page)[0] == "00042"
    page.get_by_label("Search:").fill("")
    page.locator("th", has_text="school").locator(".dtcc-button").click()
    page.locator(".dtcc-dropdown").get_by_text("Elm").click()
    page.wait_for_function("document.querySelector('.dt-info').innerText.includes('of 30 rows')")
    assert cells(page)[2] == "Elm"
    page.locator("th", has_text="fees").locator(".dt-column-title").click()
    page.locator("th", has_text="fees").locator(".dt-column-title").click()
    page.wait_for_function("document.querySelector('table.dataTable tbody td').innerText === '00059'")
    assert cells(page)[3] == "59000"


def test_values_are_text_whatever_is_in_them(show):
    page = show(table_html(pd.DataFrame({HOSTILE: [HOSTILE], "list": [["a", "b"]], "none": [None]})))
    page.locator("table.dataTable").wait_for()
    assert cells(page) == [HOSTILE, "a, b", ""]
    assert page.title() != "run"
    page = show(bars(pd.DataFrame({HOSTILE: [HOSTILE], "records": [1]})).data)
    assert HOSTILE in page.locator("tbody").inner_text()
    assert page.title() != "run"


def test_without_a_script_the_first_rows_are_a_plain_table(show, students):
    page = show(table_html(students), with_script=False)
    shown = page.locator("table:visible")
    assert shown.count() == 1
    assert shown.locator("tbody tr").count() == 10
    assert "Name 1" in shown.inner_text()
    assert "Loading" not in page.locator("body").inner_text()


def test_of_a_relation_the_first_rows_are_shown_and_all_are_counted():
    relation = duckdb.sql("select i as position, 'x' as \"a\"\"b\", '{}' as payload from range(2500) as t(i)")
    page = relation_html(relation)
    assert "1,000 of 2,500 rows" in page
    assert "payload" not in page


def test_an_empty_result_shows_its_columns(show):
    page = show(table_html(pd.DataFrame({"name": [], "born": []})))
    page.locator("table.dataTable").wait_for()
    assert page.locator("table.dataTable th").all_inner_texts() == ["name", "born"]


def test_a_bar_is_as_long_as_its_number_and_says_it(show):
    frame = pd.DataFrame({"value": ["A", pd.NA, *range(40)], "records": [50, 25, *[1] * 40]})
    page = show(bars(frame).data, with_script=False)
    rows = page.locator("tbody tr")
    assert rows.nth(0).inner_text().split() == ["A", "50"]
    assert rows.nth(1).inner_text().split() == ["(blank)", "25"]
    widths = [rows.nth(place).locator("div").bounding_box()["width"] for place in (0, 1)]
    assert widths[1] == pytest.approx(widths[0] / 2, abs=1)
    assert "12 more rows, with 12 in all" in page.locator("body").inner_text()


# What JupyterLab says of a notebook's tables.
OF_JUPYTERLAB = (
    "<style>table{table-layout:fixed} td,th{white-space:normal;max-width:none;padding:.5em}</style>"
)
# Pairs of texts of a row of which one begins before the other ends.
OVERPRINTED = """() => [...document.querySelectorAll("tr")].flatMap(row => {
    const ends = [...row.cells].map(cell => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        const box = range.getBoundingClientRect();
        return {text: cell.textContent, left: box.left, right: box.right};
    }).filter(end => end.right > end.left);
    return ends.slice(1).flatMap((end, n) => end.left < ends[n].right ? [[ends[n].text, end.text]] : []);
})"""


@pytest.mark.parametrize("width", [1000, 400])
def test_the_texts_of_bars_stand_beside_each_other(show, width):
    frame = pd.DataFrame(
        {
            "link": ["phones of a guardian", "Three Rivers Career and Technical Center", "x" * 70, "short"],
            "number": [1, 2, 3, 4],
            **{name: [10, 20, 30, 40] for name in ("before", "added", "removed", "moved_in", "moved_out")},
            "after": [318, 2, 120_000, 0],
        }
    )
    for same in (frame, frame.assign(link="guardians of a student")):
        page = show(OF_JUPYTERLAB + bars(same, "after").data)
        page.set_viewport_size({"width": width, "height": 600})
        assert page.evaluate(OVERPRINTED) == []
        assert page.locator("tbody tr").nth(2).locator("div").bounding_box()["width"] >= 40


def test_numbers_name_a_bar_only_where_texts_do_not(show):
    frame = pd.DataFrame({"school": ["Oak", "Elm"], "before": [1, 2], "after": [3, 4]})
    head = show(bars(frame, "after").data).locator("th")
    assert head.all_inner_texts() == ["school", "after", ""]
    head = show(bars(frame.assign(school="Oak"), "after").data).locator("th")
    assert head.all_inner_texts() == ["school", "before", "after", ""]


@pytest.mark.parametrize("value", [date(2014, 1, 2), True, 1.23456, 12345678901, "a\nb"])
def test_any_value_can_be_shown(value):
    assert "<table" in table_html(pd.DataFrame({"it": [value, None]}))
