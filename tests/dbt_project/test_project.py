"""What the project promises about itself, checked in its manifest: documented, keyed, tested, complete."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator
from typing import get_args

import pytest
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import GenericTestNode, ModelNode

from district.endpoints import ENDPOINTS
from district.settings import Layout
from tests.dbt_project.districts import District, manifest

STOP = """
    load__files__not_empty load__refused__plausible load__district__same
    pull__endpoints__complete pull__rows__reconciled pull__keys__unique_across_pages pull__rows__stable
    schools__school_id__unique
"""
ERROR = """
    schools__name__required schools__state_school_id__required students__student_id__required
    schools__labels__unique contacts__labels__unique students__labels__unique student_contacts__labels__unique
    contact_addresses__labels__unique contact_phones__labels__unique ud_fields__labels__unique
    students__student_id__unique students__student_id__valid students__last_name__required
    students__first_name__required students__birth_date__required students__gender__accepted
    students__enrollment_status__accepted students__school_id__exists contacts__contact_id__unique
    student_contacts__link__unique student_contacts__student_id__exists
    student_contacts__contact_id__exists student_contacts__contact_type__accepted
    contact_addresses__contact_id__exists contact_phones__contact_id__exists
    contact_phones__phone_type__unique students__state_student_id__shared
"""
HOLD = """
    load__refused__limited load__guardians__deleted load__students__without_guardian
    load__schools__concentrated load__deletions__cumulative load__students__departed
    load__records__carried load__files__grew load__identity__overwritten load__field__emptied
    load__field__overwritten load__field__one_value load__ids__renumbered load__schools__known
    load__first__plausible load__first__confirmed load__baseline__found
    load__layout__same
"""
WARN = """
    pull__labels__mapped pull__characters__readable students__birth_date__plausible students__grade__accepted
    students__state_student_id__required students__state_student_id__unique
    students__student_id__case_unique students__name__characters students__name__marked_duplicate
    contacts__name__characters contact_phones__phone_type__accepted
    student_contacts__relation__accepted student_contacts__guardian__has_rights
    students__physical_address__required students__guardian__required students__guardian_phone__required
    students__twins__suspected contacts__last_name__required contacts__first_name__required
    contacts__email__valid contacts__person__duplicated student_contacts__relation__required
    student_contacts__priority__plausible contact_addresses__street__required
    contact_addresses__city__required contact_addresses__state__accepted
    contact_addresses__postal_code__valid contact_phones__phone_number__required
    contact_phones__phone_number__valid ud_fields__record__kept ud_fields__student_id__exists
"""
LEVELS = {
    id_: level
    for level, ids in (("stop", STOP), ("hold", HOLD), ("error", ERROR), ("warn", WARN))
    for id_ in ids.split()
}
OWNERS = {"district secretary", "district SIS admin", "PowerSchool support", "plus360 operator"}
# Nothing in them but a selection of what an intermediate model made, or a union.
WITHOUT_LOGIC = {"student_contacts", "contact_addresses", "contact_phones", "ud_fields", "check_failures"} | {
    "stg_plus360__pulls",
    "stg_history__nights",
    "stg_baseline__status",
    "stg_baseline__state",
}
PERSONAL = re.compile(
    r"(^|_)(student_id|contact_id|(first|middle|last)_name|nickname|birth_date|birth_date_text|email|"
    r"(phone|fax)_number|phone_text|(home|work|cell|best)_phone|street_(name|number|line|line_1|line_2)|city|"
    r"postal_code|apartment|employer|comments|salutation|principal|(?<=^)fields)$"
)


@pytest.fixture(scope="module")
def project() -> Manifest:
    return manifest()


def models(project: Manifest) -> Iterator[ModelNode]:
    return (node for node in project.nodes.values() if isinstance(node, ModelNode))


def generic_tests(project: Manifest, kind: str) -> list[GenericTestNode]:
    nodes = (node for node in project.nodes.values() if isinstance(node, GenericTestNode))
    return [node for node in nodes if node.test_metadata.name == kind]


def test_every_model_says_its_grain_and_every_column_is_described_and_typed(project: Manifest) -> None:
    for model in models(project):
        assert model.description.startswith("One row per "), model.name
        assert model.columns, model.name
        for column in model.columns.values():
            assert column.description.strip(), f"{model.name}.{column.name}"
            assert column.data_type, f"{model.name}.{column.name}"


def test_the_documented_columns_are_those_of_the_warehouse(project: Manifest, small: District) -> None:
    columns = small.query(
        "select schema_name, table_name, list(column_name order by column_index) "
        "from duckdb_columns() where database_name = 'warehouse' group by all"
    )
    built = {(schema, table): names for schema, table, names in columns}
    for model in models(project):
        if model.config.materialized != "ephemeral":
            assert built.get((model.schema, model.name)) == list(model.columns), model.name


def test_marts_have_a_contract_and_a_tested_key(project: Manifest) -> None:
    marts = [model for model in models(project) if model.schema == "marts"]
    keyed = {node.attached_node for node in generic_tests(project, "unique")}
    for mart in marts:
        assert mart.config.contract.enforced, mart.name
        assert mart.unique_id in keyed, mart.name
        assert mart.access == "public", mart.name


def test_every_model_declares_its_key_and_a_nightly_run_does_not_repeat_it(project: Manifest) -> None:
    for kind in ("unique", "not_null"):
        tests = generic_tests(project, kind)
        assert {node.attached_node for node in tests} == {model.unique_id for model in models(project)}
        for node in tests:
            assert node.config.severity == "error"
            assert "by_hand" in node.tags


def test_the_nightly_test_of_keys_has_every_mart_with_the_key_of_its_own_test(project: Manifest) -> None:
    together = next(node for node in project.nodes.values() if node.name == "marts_have_unique_keys")
    keys = literal_eval(re.search(r"keys = (\{.*?\n\})", together.raw_code, re.DOTALL)[1])
    own = {
        project.nodes[node.attached_node].name: node.test_metadata.kwargs["column_name"]
        for node in generic_tests(project, "unique")
        if project.nodes[node.attached_node].schema == "marts"
    }
    assert {mart: " || '/' || ".join(key) for mart, key in keys.items()} == own


def test_integrity_tests_say_in_plain_words_what_is_broken(project: Manifest) -> None:
    integrity = [node for node in project.nodes.values() if "integrity" in node.tags]
    assert len(integrity) == 5
    for node in integrity:
        assert node.config.severity == "error"
        assert node.config.meta["broken"], node.name


def test_a_check_counts_in_the_population_that_its_yml_names(project: Manifest) -> None:
    meta = {check.name: check.config.meta["population"] for check in generic_tests(project, "no_failures")}
    sql = "".join(model.raw_code for model in models(project) if model.schema == "checks")
    in_sql = dict(re.findall(r"failing\('(\w+)', '([^']+)'", sql))
    assert len(in_sql) > 35
    assert in_sql == {check: meta[check] for check in in_sql}


def test_every_macro_is_described(project: Manifest) -> None:
    ours = [macro for macro in project.macros.values() if macro.package_name == "plus360"]
    assert [
        macro.name for macro in ours if not macro.description and not macro.name.startswith("test_")
    ] == []


def test_every_model_with_logic_has_a_unit_test(project: Manifest) -> None:
    tested = {test.model for test in project.unit_tests.values()}
    assert {model.name for model in models(project)} - tested == WITHOUT_LOGIC


def test_every_check_is_there_with_its_level_and_what_people_need(project: Manifest) -> None:
    checks = generic_tests(project, "no_failures")
    assert {check.name: check.config.meta.get("level") for check in checks} == LEVELS
    for check in checks:
        meta = check.config.meta
        assert check.test_metadata.kwargs["check_id"] == check.name
        assert check.config.severity == "warn"
        assert meta["title"] and meta["why"], check.name
        assert meta["remedy"] and all(isinstance(step, str) for step in meta["remedy"]), check.name
        assert meta["owner"] in OWNERS, check.name
        assert set(meta["endpoints"]) <= {endpoint.name for endpoint in ENDPOINTS}, check.name
        # Checks of the pull are always evaluated; every other check waits for the endpoints that it reads.
        assert bool(meta["endpoints"]) != check.name.startswith("pull__"), check.name


def test_places_in_eschoolplus_come_from_the_seed(project: Manifest, small: District) -> None:
    places = dict(small.query("select entity || '.' || field, path from seeds.ui_paths"))
    assert {source for (source,) in small.query("select distinct source from seeds.ui_paths")} == {
        "doc", "assumed",
    }  # fmt: skip
    texts: dict[str, list[str]] = {}
    for check in generic_tests(project, "no_failures"):
        meta = check.config.meta
        texts[check.name] = [*meta["remedy"], *meta.get("when_all", {}).get("remedy", [])]
        field = meta.get("ui_field") or ".".join(check.name.split("__")[:2])
        of_a_field = meta["level"] in ("error", "warn") and not check.name.startswith("pull__")
        if of_a_field or "{ui_path}" in " ".join(texts[check.name]):
            assert field in places, check.name
    for check_id, steps in texts.items():
        for step in steps:
            assert not any(path in step for path in places.values()), f"{check_id} repeats a place by hand"
    shown = small.query("select check_id, unnest(remedy) from checks.check_results")
    shown += small.query("select check_id, when_all from checks.check_results where when_all is not null")
    assert not [step for _, step in shown if "{ui_path}" in step or "Open eSchoolPLUS and" in step]
    assert ("students__grade__accepted", f"Open {places['students.grade']} and find the student.") in shown


def test_every_population_of_a_check_is_counted(project: Manifest, small: District) -> None:
    counted = {name for (name,) in small.query("select population from checks.check_populations")}
    assert {check.config.meta["population"] for check in generic_tests(project, "no_failures")} == counted


def test_columns_that_hold_a_persons_value_are_marked(project: Manifest, small: District) -> None:
    for model in models(project):
        for column in model.columns.values():
            if PERSONAL.search(column.name.lower().replace(" ", "_")) and column.data_type != "boolean":
                assert column.meta.get("contains_pii"), f"{model.name}.{column.name}"
    marked = {
        (model.schema, model.name, column.name)
        for model in models(project)
        for column in model.columns.values()
        if column.meta.get("contains_pii")
    }
    assert set(small.query("select * from checks.pii_columns")) == marked


def test_one_yml_stands_beside_each_model(project: Manifest) -> None:
    for model in models(project):
        assert model.patch_path == f"plus360://{model.original_file_path.removesuffix('.sql')}.yml"


def test_the_layouts_are_those_that_a_district_can_name_and_their_fields_are_the_marts(
    small: District,
) -> None:
    layouts = small.query("select distinct layout from seeds.import_layouts")
    assert {name for (name,) in layouts} == set(get_args(Layout))
    for file, mart in (("students.csv", "import_students"), ("guardians.csv", "import_guardians")):
        fields = small.query("select distinct field from seeds.import_layouts where file = ?", file)
        columns = small.query("select column_name from duckdb_columns() where table_name = ?", mart)
        assert {name for (name,) in columns} - {name for (name,) in fields} <= {"school_id", "kept_as"}
        assert fields and set(fields) <= set(columns)
    again = small.query(
        "select layout, file from seeds.import_layouts group by all "
        "having count(*) <> max(position) or count(distinct field) <> count(*) or min(position) <> 1"
    )
    assert again == []


def test_the_endpoints_are_those_of_the_extract(small: District) -> None:
    ours = small.query("select distinct endpoint from seeds.field_labels order by endpoint")
    assert [name for (name,) in ours] == sorted(endpoint.name for endpoint in ENDPOINTS)
