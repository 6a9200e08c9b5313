"""The API's rules: who may request what, and how pages and totals are sent."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime

import pytest
import requests
from requests_oauthlib import OAuth1

from district.settings.file import load_districts
from sandbox import ENDPOINTS, Profile, Sandbox, folder, generated
from sandbox.server.messages import Served
from tests.sandbox.client import Client


@pytest.mark.parametrize("method", ["HMAC-SHA1", "HMAC-SHA256"])
def test_a_signed_request_gets_records(serve, method):
    answer = Client(serve().sandbox, method=method).get("Student", limit=10, offset=0)
    assert answer.status_code == 200
    assert len(answer.json()) == 10
    assert answer.headers["X-Total-Count"] == "600"


def test_the_base_url_has_the_form_in_the_setup_guide(serve):
    sandbox = serve(abc="gbi").sandbox
    assert sandbox.base_url.startswith("https://localhost:")
    assert sandbox.base_url.endswith("/plus360api/v1/gbi/")
    assert sandbox.consumer_key == "OneRoster_GBI_123"


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "not the secret"},
        {"key": "OneRoster_XYZ_123"},
        {"timestamp": str(int(time.time()) - 3600)},
        {"timestamp": str(int(time.time()) + 3600)},
        {"method": "PLAINTEXT"},
    ],
    ids=["secret", "key", "an hour late", "an hour early", "method"],
)
def test_wrong_credentials_are_rejected_with_the_servers_time(serve, wrong):
    answer = Client(serve().sandbox, **wrong).get("Student")
    assert answer.status_code == 401
    assert abs(parsedate_to_datetime(answer.headers["Date"]).timestamp() - time.time()) < 60


@pytest.mark.parametrize("header", ["", "Bearer abc", "OAuth", 'OAuth oauth_nonce="x', "Basic " + "=" * 9])
def test_anything_but_a_signature_is_rejected(serve, header):
    sandbox = serve().sandbox
    url = f"{sandbox.base_url}eSchoolPLUS/Student"
    answer = requests.get(url, headers={"Authorization": header}, verify=str(sandbox.ca_bundle), timeout=9)
    assert answer.status_code == 401


def test_a_nonce_can_be_used_once(serve):
    sandbox = serve().sandbox
    request = requests.Request(
        "GET",
        f"{sandbox.base_url}eSchoolPLUS/School",
        auth=OAuth1(sandbox.consumer_key, sandbox.consumer_secret),
    ).prepare()
    with requests.Session() as session:
        answers = [session.send(request, verify=str(sandbox.ca_bundle)).status_code for _ in range(3)]
    assert answers == [200, 401, 401]


def test_a_nonce_counts_as_used_after_an_error(serve):
    sandbox = serve(faults={"server_errors": {"first": 1}}).sandbox
    request = requests.Request(
        "GET",
        f"{sandbox.base_url}eSchoolPLUS/School",
        auth=OAuth1(sandbox.consumer_key, sandbox.consumer_secret),
    ).prepare()
    with requests.Session() as session:
        answers = [session.send(request, verify=str(sandbox.ca_bundle)).status_code for _ in range(2)]
    assert answers == [500, 401]


def test_the_signature_covers_the_query(serve):
    sandbox = serve().sandbox
    request = requests.Request(
        "GET",
        f"{sandbox.base_url}eSchoolPLUS/School?limit=1",
        auth=OAuth1(sandbox.consumer_key, sandbox.consumer_secret),
    ).prepare()
    request.url = request.url.replace("limit=1", "limit=2")
    with requests.Session() as session:
        assert session.send(request, verify=str(sandbox.ca_bundle)).status_code == 401


def test_an_inactive_profile_is_rejected(serve):
    assert serve(profile=Profile(active=False)).get("School").status_code == 401


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_only_a_cleared_subscription_is_forbidden(serve, endpoint):
    client = serve(profile=Profile.without(endpoint))
    answers = {name: client.get(name, limit=1).status_code for name in ENDPOINTS}
    assert answers == {name: 403 if name == endpoint else 200 for name in ENDPOINTS}


def test_another_path_is_not_found(serve):
    client = serve()
    assert client.get("Staff").status_code == 404
    client.sandbox.base_url = client.sandbox.base_url.replace("/abc/", "/xyz/")
    assert client.get("Student").status_code == 404


def test_a_cleared_date_of_birth_omits_the_label(serve):
    students = serve(profile=Profile(date_of_birth=False)).records("Student")
    assert len(students) == 600
    assert not any("birthdate" in student for student in students)
    assert all("grade" in student for student in students)


def test_hidden_students_are_hidden_with_their_links_and_fields(serve):
    everything = serve().district()
    for profile, hidden in (
        (Profile(include_preregistered=False), lambda s, _: s["currentStatus"] == "P"),
        (Profile(include_out_of_district=False), lambda s, outside: str(s["building"]) in outside),
    ):
        outside = {str(s["building"]) for s in everything["School"] if s["outOfDistrict"] == "Y"}
        gone = {s["studentId"].strip() for s in everything["Student"] if hidden(s, outside)}
        assert gone
        served = serve(profile=profile).district()
        for endpoint in ("Student", "StudentContact", "UDRegUser"):
            left = [r for r in everything[endpoint] if str(r["studentId"]).strip() not in gone]
            assert served[endpoint] == left
    assert [s for s in everything["School"] if s["outOfDistrict"] == "N"] == served["School"]


def test_pages_are_capped_and_have_a_default_size(serve):
    client = serve(page_cap=50, default_limit=20)
    assert len(client.get("Student", limit=1000).json()) == 50
    assert len(client.get("Student").json()) == 20
    assert len(client.get("Student", limit=7, offset=597).json()) == 3
    assert client.get("Student", limit=7, offset=600).json() == []


@pytest.mark.parametrize("total", ["header", "body", "nowhere"])
def test_the_total_is_reported_where_it_should_be(serve, total):
    answer = serve(total=total).get("Student", limit=3)
    assert answer.headers.get("X-Total-Count") == ("600" if total == "header" else None)
    body = answer.json()
    assert (body["total"] if isinstance(body, dict) else None) == (600 if total == "body" else None)


def test_gzip_is_sent_to_clients_that_accept_it(serve):
    client = serve()
    packed = client.get("Student", limit=5)
    client.session.headers["Accept-Encoding"] = "identity"
    plain = client.get("Student", limit=5)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_connections_are_kept_open_and_served_in_parallel(serve):
    client = serve()
    pools = client.session.get_adapter("https://").poolmanager.pools
    for offset in range(0, 50, 10):
        client.get("Student", limit=10, offset=offset)
    (pool,) = (pools[key] for key in pools.keys())  # noqa: SIM118 - not a dict
    assert pool.num_connections == 1
    with ThreadPoolExecutor(16) as threads:
        page = Client(client.sandbox).get
        pages = list(threads.map(lambda n: page("Student", limit=10, offset=n).json(), range(0, 600, 10)))
    assert [student for page in pages for student in page] == client.records("Student")


def test_the_log_has_every_request_and_no_secret(serve):
    client = serve()
    client.get("School", limit=5, offset=1)
    Client(client.sandbox, secret="wrong").get("Student")
    assert client.sandbox.log == [Served("GET", "School", 5, 1, 200), Served("GET", "Student", None, 0, 401)]
    assert client.sandbox.consumer_secret not in repr(client.sandbox.log)
    assert "oauth" not in repr(client.sandbox.log)


def test_other_methods_are_rejected(serve):
    sandbox = serve().sandbox
    auth = OAuth1(sandbox.consumer_key, sandbox.consumer_secret)
    answer = requests.post(
        f"{sandbox.base_url}eSchoolPLUS/School", auth=auth, verify=str(sandbox.ca_bundle), timeout=9
    )
    assert answer.status_code == 405


def test_a_folder_is_served_line_for_line(serve, tmp_path):
    lines = ['{"studentId": "1", "n": 1.10,  "name":"Zo\\u00eb"}', '{"n":12345678901234567890, "ü": null}']
    (tmp_path / "Student.ndjson").write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    client = serve(folder(tmp_path))
    client.session.headers["Accept-Encoding"] = "identity"
    assert client.get("Student", limit=10).content.decode() == f"[{','.join(lines)}]"
    assert client.get("Contact", limit=10).json() == []


def test_the_profile_applies_to_a_folder_too(serve, tmp_path, clean_source):
    for endpoint in ENDPOINTS:
        lines = clean_source.lines(endpoint, 0, 10_000, Profile())
        (tmp_path / f"{endpoint}.ndjson").write_bytes(b"\n".join(lines))
    profile = Profile(include_preregistered=False, include_out_of_district=False, date_of_birth=False)
    assert serve(folder(tmp_path), profile).district() == serve(profile=profile).district()


def test_the_server_stops_when_the_block_ends():
    with Sandbox(generated(students=5)) as sandbox:
        client = Client(sandbox)
        assert client.get("School").status_code == 200
        bundle = sandbox.ca_bundle
    assert not bundle.exists()
    with pytest.raises((requests.exceptions.RequestException, OSError)):
        client.get("School")


def test_settings_reach_the_sandbox_as_an_object_and_as_a_table(tmp_path):
    more = {"page_size": 7, "grades": ["KF", "01"], "label_synonyms": {"Student.birth_date": ['d\\"ö']}}
    with Sandbox(generated(students=5)) as sandbox:
        table = sandbox.settings_table("oak-hill", 'Oak "Hill" Schools', **more)
        (tmp_path / "districts.toml").write_text(table, encoding="utf-8")
        assert load_districts(tmp_path / "districts.toml") == {
            "oak-hill": sandbox.settings("oak-hill", 'Oak "Hill" Schools', **more)
        }
        answer = Client(sandbox).session.get(
            sandbox.settings().url("School"),
            auth=OAuth1(sandbox.settings().consumer_key, sandbox.consumer_secret),
            verify=str(sandbox.settings().ca_bundle),
            timeout=9,
        )
    assert answer.status_code == 200


def test_unknown_names_are_rejected():
    with pytest.raises(ValueError, match="no such endpoint: Students"):
        Profile(subscriptions=("Students",))
    with pytest.raises(ValueError, match="no such fault: ignores_ofset"):
        Sandbox(generated(students=5), faults={"ignores_ofset": {}})
    with pytest.raises(FileNotFoundError):
        folder("/nowhere/at/all")


def test_values_are_as_the_product_writes_them(serve):
    raw = serve().get("Student", limit=600).text
    students = json.loads(raw)
    assert "\\u" not in raw
    assert all(len(student["studentId"]) == 10 for student in students)
    assert {type(student["building"]) for student in students} == {int, str}
