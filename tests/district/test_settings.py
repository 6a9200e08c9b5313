"""districts.toml: what is wrong is said in one line each; what is right is taken as it is."""

import pytest

from district.settings import DistrictSettings
from district.settings.file import SettingsError, load_districts

GOOD = """
[districts.grand-bend]
name = "Grand Bend ISD"
base_url = "https://hac.gbisd.example/plus360api/v1/gbi/"
consumer_key = "OneRoster_GBI_123"
"""


@pytest.fixture
def load(tmp_path):
    def write_and_load(text):
        path = tmp_path / "districts.toml"
        path.write_text(text, encoding="utf-8")
        return load_districts(path)

    return write_and_load


@pytest.fixture
def lines(load):
    def of(text):
        with pytest.raises(SettingsError) as caught:
            load(text)
        assert all("\n" not in line for line in caught.value.lines)
        return caught.value.lines

    return of


def test_defaults(load):
    district = load(GOOD)["grand-bend"]
    assert district.url("Student") == "https://hac.gbisd.example/plus360api/v1/gbi/eSchoolPLUS/Student"
    assert district.code == "gbi"
    assert (district.page_size, district.connections, district.signature_method) == (1000, 4, "HMAC-SHA1")
    assert district.dbt_vars() == {
        "codes": {"enrollment_status": {}, "gender": {}, "relation": {}, "phone_type": {}, "grade": {}},
        "label_synonyms": {},
        "fall_threshold": 0.2,
        "layout": "standard",
        "departed_students": "inactive",
        "departed_runs": 14,
        "rollover": ["06-15", "09-15"],
        "load_limits": {},
    }


def test_additions_reach_dbt(load):
    district = load(
        GOOD
        + """
        fall_threshold = 1
        grades = ["PK", "T1"]
        enrollment_status = { Z = "WITHDREW" }
        label_synonyms = { "Student.birth_date" = ["geburtstag"] }
        [districts.grand-bend.load_limits]
        load__guardians__deleted = { share = 0.2 }
        "load__students__departed/rollover" = { cap = 9 }
        """
    )["grand-bend"]
    given = district.dbt_vars()
    assert given["load_limits"] == {
        "load__guardians__deleted": {"share": 0.2},
        "load__students__departed/rollover": {"cap": 9},
    }
    assert given["codes"]["grade"] == {"PK": "PK", "T1": "T1"}
    assert given["codes"]["enrollment_status"] == {"Z": "WITHDREW"}
    assert given["label_synonyms"] == {"Student.birth_date": ["geburtstag"]}


def test_paths_count_from_the_file(load, tmp_path):
    (tmp_path / "ca.pem").write_text("")
    assert load(GOOD + 'ca_bundle = "ca.pem"')["grand-bend"].ca_bundle == tmp_path / "ca.pem"


def test_notebooks_are_beside_the_file_and_differ_in_name(load, tmp_path):
    for name in ("a/weekly.ipynb", "b/weekly.ipynb", "weekly.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert load(GOOD + 'notebooks = ["a/weekly.ipynb"]')["grand-bend"].notebooks == [
        tmp_path / "a" / "weekly.ipynb"
    ]
    with pytest.raises(SettingsError, match="two notebooks that would have the same name"):
        load(GOOD + 'notebooks = ["a/weekly.ipynb", "b/weekly.ipynb"]')
    with pytest.raises(SettingsError, match=r"not there or not an \.ipynb"):
        load(GOOD + 'notebooks = ["weekly.py"]')


def test_where_staff_open_eschoolplus(load):
    assert load(GOOD)["grand-bend"].sis_url is None
    district = load(GOOD + 'sis_url = "https://esp.gbisd.example/eSchoolPLUS"')["grand-bend"]
    assert district.sis_url == "https://esp.gbisd.example/eSchoolPLUS/"
    assert "esp.gbisd" not in str(district.dbt_vars())


WRONG = [
    ('base_url = "http://hac.gbisd.example/"', "base_url", "only https is allowed"),
    ('base_url = "https://"', "base_url", "Write the https:// address"),
    ('base_url = "https://host:port/"', "base_url", "Write the https:// address"),
    ('base_url = "https://host/?key=1"', "base_url", "Write the https:// address"),
    ('sis_url = "http://esp.gbisd.example/"', "sis_url", "only https is allowed"),
    ('sis_url = "esp.gbisd.example"', "sis_url", "only https is allowed"),
    ('sis_url = "https://esp.gbisd.example/?a=1"', "sis_url", "before /Student"),
    ("page_size = 0", "page_size", "1 to 10000"),
    ('page_size = "1000"', "page_size", "1 to 10000"),
    ("connections = 65", "connections", "1 to 64"),
    ("connections = true", "connections", "1 to 64"),
    ('hours = "8 p.m. to 5 a.m."', "hours", "20:00-05:00"),
    ('hours = "20:00-24:00"', "hours", "20:00-05:00"),
    ('hours = "20:00-20:00"', "hours", "20:00-05:00"),
    ("hours = 20", "hours", "20:00-05:00"),
    ('base_url = "https://schülen.example/"', "base_url", "begins with xn--"),
    ('base_url = "https://host:0/"', "base_url", "Write the https:// address"),
    ('base_url = "https://a..b/"', "base_url", "Write the https:// address"),
    ('base_url = "https://[::1"', "base_url", "Write the https:// address"),
    ('base_url = "https://host%20name/"', "base_url", "Write the https:// address"),
    ('proxy = "https://proxy.example:3128"', "proxy", "http://proxy.district.org:3128"),
    ('proxy = "http://proxy.example:port"', "proxy", "http://proxy.district.org:3128"),
    ('proxy = "http://proxy.example:3128/path"', "proxy", "http://proxy.district.org:3128"),
    ('proxy = ""', "proxy", '"none" for none'),
    ('proxy = "http://user:pass@proxy.example:3128"', "proxy", "must never be in this file"),
    ('proxy = "user@proxy.example"', "proxy", "into the variable HTTPS_PROXY"),
    ("fall_threshold = 20", "fall_threshold", "0 to 1"),
    ('layout = "sideways"', "layout", "students_only"),
    ('departed_students = "delete"', "departed_students", "inactive"),
    ("departed_runs = 0", "departed_runs", "1 to 365"),
    ('rollover = ["06-15"]', "rollover", "MM-DD"),
    ('rollover = ["June 15", "09-15"]', "rollover", "MM-DD"),
    ('rollover = ["06-15", "09-31"]', "rollover", "MM-DD"),
    ("load_limits = { load__guardians__deleted = { share = 20 } }", "load_limits", "0 to 1"),
    ("load_limits = { load__guardians__gone = { share = 0.2 } }", "load_limits", "load_limits.csv"),
    ("load_limits = { load__guardians__deleted = { level = 'warn' } }", "load_limits", "share"),
    ('signature_method = "HMAC-SHA512"', "signature_method", "HMAC-SHA256"),
    ('notebooks = ["missing.ipynb"]', "notebooks", "relative to this file"),
    ('notebooks = "weekly.ipynb"', "notebooks", "relative to this file"),
    ("notebooks = [1]", "notebooks", "relative to this file"),
    ('ca_bundle = "missing.pem"', "ca_bundle", "a PEM file that exists"),
    ('endpoint_path = "eSchoolPLUS/"', "endpoint_path", "{endpoint}"),
    ('endpoint_path = "../{endpoint}"', "endpoint_path", "{endpoint}"),
    ('endpoint_path = "//elsewhere.example/{endpoint}"', "endpoint_path", "{endpoint}"),
    ('enrollment_status = { A = "ENROLED" }', "enrollment_status", "ENROLLED"),
    ('gender = { "1" = "male" }', "gender", "M or F"),
    ('label_synonyms = { "Pupil.birth_date" = ["dob"] }', "label_synonyms", "StudentContact"),
    ("pagesize = 5", "pagesize", "Did you mean page_size?"),
    ("conections = 5", "conections", "Did you mean connections?"),
    ("gravity = 5", "gravity", "known keys: name, base_url"),
]


@pytest.mark.parametrize(("line", "key", "remedy"), WRONG, ids=[line for line, _, _ in WRONG])
def test_a_wrong_value_is_one_line_with_district_key_and_remedy(lines, line, key, remedy):
    name = line.partition(" ")[0]
    text = "\n".join(kept for kept in GOOD.splitlines() if not kept.startswith(name)) + "\n" + line
    (told,) = lines(text)
    assert told.startswith(f"districts.grand-bend.{key}: ")
    assert remedy in told


def test_every_fault_of_every_district_is_told(lines):
    told = lines(GOOD.replace("https", "http") + 'page_size = "x"\n[districts.b]\nname = "B"\n')
    assert [line.partition(":")[0] for line in told] == [
        "districts.grand-bend.base_url",
        "districts.grand-bend.page_size",
        "districts.b.base_url",
        "districts.b.consumer_key",
    ]


SECRETS = [
    'secret = "hunter2"',
    'consumer_secret = "hunter2"',
    'password = "hunter2"',
    'access_token = "hunter2"',
    'name = "8f14e45f-ceea-467f-a8b2-0123456789ab"',
    'relations = { MO = "d41d8cd98f00b204e9800998ecf8427e" }',
    'grades = ["aB3dE5fG7hI9jK1lM3nO5pQ7rS9t"]',
    'base_url = "https://user:hunter2@host.example/"',
]


@pytest.mark.parametrize("line", SECRETS)
def test_what_looks_like_a_secret_is_refused_and_not_repeated(lines, line):
    name = line.partition(" ")[0]
    text = "\n".join(kept for kept in GOOD.splitlines() if not kept.startswith(name)) + "\n" + line
    (told,) = lines(text)
    assert told.startswith("districts.grand-bend.")
    assert "looks like a secret" in told
    assert "PLUS360_GRAND_BEND_SECRET" in told
    assert "hunter2" not in told
    assert "8f14" not in told


def test_a_secret_outside_any_district_is_refused(lines):
    (told,) = lines('consumer_secret = "hunter2"' + GOOD)
    assert "looks like a secret" in told
    assert "hunter2" not in told


@pytest.mark.parametrize("key", ["Grand_Bend", "grand bend", "-a", "a--b", "../a"])
def test_a_district_key_is_a_plain_word(lines, key):
    (told,) = lines(GOOD.replace("districts.grand-bend", f'districts."{key}"'))
    assert "lowercase letters, digits and hyphens" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no district"),
        ("districts = 3", "no district"),
        ("[districts]\na = 3", "is not a table"),
        ('[districts.a]\nname = "x\n', "not TOML (at line 2"),
        ("[district.a]\n" + GOOD, "unknown key district"),
    ],
)
def test_a_file_that_is_none_is_told(lines, text, words):
    assert words in lines(text)[0]


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(SettingsError, match="not found"):
        load_districts(tmp_path / "districts.toml")


@pytest.mark.parametrize(
    ("key", "code"),
    [("OneRoster_ABC_123", "abc"), ("OneRoster_A_B_1", "a_b"), ("something", None)],
)
def test_the_code_is_taken_from_the_consumer_key(key, code):
    assert DistrictSettings(key="a", name="A", base_url="https://a.example", consumer_key=key).code == code
