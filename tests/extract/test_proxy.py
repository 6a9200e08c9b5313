"""A network that demands a proxy: to the real server and no other, or one line that says why not."""

import socket

import pytest
from pydantic import SecretStr

from district.network.proxy import proxy_for
from extract.outcomes import BY_CODE, PROXY_OUTCOMES
from extract.preflight.checklist import check_district
from night.pages.checklist import write_page
from sandbox import Sandbox
from sandbox.server.proxy import Proxy
from sandbox.server.tls import BEHIND_PROXY

LOGIN = "jürgen:p@ss/word:1"
LOGIN_IN_AN_ADDRESS = "j%C3%BCrgen:p%40ss%2Fword%3A1"


def closed(line: str) -> bytes:
    return f"{line}\r\nContent-Length: 0\r\n\r\n".encode()


def behind(box: Sandbox, host: str = BEHIND_PROXY) -> str:
    """The sandbox's address under a name that no DNS has: only a proxy finds it."""
    return box.base_url.replace("localhost", host)


def settings_of(box: Sandbox, **settings):
    return box.settings("small", "Small ISD", page_size=100, **settings)


def test_every_request_goes_through_the_tunnel_to_the_real_server(pull, every_row_once):
    with Proxy() as proxy:
        pull.district = lambda box, **_: settings_of(box, base_url=behind(box), proxy=proxy.address)
        every_row_once(pull())
    port = pull.box.base_url.split(":")[2].partition("/")[0]
    assert {*proxy.requests} == {f"CONNECT {BEHIND_PROXY}:{port} HTTP/1.1"}
    assert len(proxy.requests) <= 4, "connections are kept open, four at most"


def test_a_login_comes_from_the_variable_and_goes_to_its_own_proxy_only(
    pull, every_row_once, monkeypatch, tmp_path
):
    with Proxy(login=LOGIN) as proxy, Proxy() as other:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{LOGIN_IN_AN_ADDRESS}@127.0.0.1:{proxy.port}")
        every_row_once(pull())
        assert proxy.requests
        every_row_once(pull({"proxy": proxy.address}))
        seen = len(proxy.requests)
        every_row_once(pull({"proxy": other.address}))
        assert len(proxy.requests) == seen
        assert not other.logins
        every_row_once(pull({"proxy": "none"}))
        monkeypatch.setenv("NO_PROXY", "example.org, localhost")
        every_row_once(pull())
        assert len(proxy.requests) == seen
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"ss/word" not in path.read_bytes()


@pytest.mark.parametrize(
    ("answer", "login", "outcome", "told"),
    [
        (None, "someone:else", "proxy_wants_login", "(407)"),
        (closed("HTTP/1.1 403 Forbidden by Grace Child"), None, "proxy_refuses", "status 403"),
        (closed("HTTP/1.0 503 no"), None, "proxy_has_no_way", "status 503"),
        (b"220 mail.example ESMTP\r\n\r\n", None, "proxy_not_found", "no proxy answers"),
        (b"\x15\x03\x01\x00\x02\x02\x46", None, "proxy_not_found", "no proxy answers"),
        (closed("HTTP/1.1 200 " + "x" * 20_000), None, "proxy_not_found", "no proxy answers"),
    ],
)
def test_a_proxy_that_does_not_do_it_has_one_line_a_fix_and_an_owner(pull, answer, login, outcome, told):
    with Proxy(answer=answer, login=login) as proxy:
        pulled = pull({"proxy": proxy.address})
    for found in pulled.pulls.values():
        assert (found.state, found.outcome, found.http_status) == ("broken", outcome, None)
        assert told in found.message
        assert found.fix[0].startswith("plus360 operator: ")
        assert "Grace" not in found.message
    assert not pull.box.log


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("http://127.0.0.1:{closed}", "proxy_not_found"),
        ("no-such-proxy.invalid:3128", "proxy_not_found"),
        ("socks5://127.0.0.1:1080", "proxy_address"),
        ("http://user:pass/word@127.0.0.1:3128", "proxy_address"),
        ("http://127.0.0.1:port", "proxy_address"),
    ],
)
def test_a_variable_without_a_proxy_behind_it(pull, monkeypatch, address, outcome):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("https_proxy", address.format(closed=taken.getsockname()[1]))
        pulled = pull()
        checklist = check_district(settings_of(pull.box, ca_bundle=None), SecretStr("any"))
    assert {found.outcome for found in pulled.pulls.values()} == {outcome}
    assert "pass/word" not in pulled.pulls["School"].message + checklist.model_dump_json()
    host = next(item for item in checklist.results if item.id == "host")
    assert (host.state, host.owner) == ("failed", "plus360 operator")
    assert host.seen.startswith(BY_CODE[outcome].meaning)


def test_the_certificate_is_that_of_the_server_and_not_of_what_the_proxy_reaches(pull):
    with Proxy() as proxy:
        pull.district = lambda box, **_: settings_of(
            box, base_url=behind(box, "hac.other.example"), proxy=proxy.address
        )
        pulled = pull()
    assert {found.outcome for found in pulled.pulls.values()} == {"certificate_of_another_host"}
    assert not pull.box.log


def test_a_check_says_which_way_it_went_and_the_page_for_the_district_does_not_name_the_proxy(
    small_source, tmp_path
):
    with Sandbox(small_source) as box, Proxy() as proxy:
        district = settings_of(box, base_url=behind(box), proxy=proxy.address)
        checklist = check_district(district, SecretStr(box.consumer_secret))
        direct = check_district(settings_of(box), SecretStr(box.consumer_secret))
    assert not checklist.of("failed")
    host = next(item for item in checklist.results if item.id == "host")
    assert host.seen.endswith("through the proxy that the setting proxy names")
    assert host.details == [f"the proxy: 127.0.0.1:{proxy.port}"]
    assert next(item for item in direct.results if item.id == "host").seen.endswith("without a proxy")
    write_page(checklist, tmp_path / "page.html")
    assert str(proxy.port) not in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_each_of_the_proxys_faults_is_one_of_its_outcomes():
    assert {code for code in BY_CODE if code.startswith("proxy_")} == {one.code for one in PROXY_OUTCOMES}


@pytest.mark.parametrize(
    ("no_proxy", "host", "exempt"),
    [
        ("hac.district.org", "hac.district.org", True),
        ("HAC.District.org", "hac.district.org.", True),
        ("district.org", "hac.district.org", True),
        (".district.org", "hac.district.org", True),
        ("*.district.org", "hac.district.org", True),
        (" a.example, district.org ", "hac.district.org", True),
        ("a.example district.org", "hac.district.org", True),
        ("district.org:443", "hac.district.org", True),
        ("district.org:8443", "hac.district.org", False),
        ("*", "hac.district.org", True),
        ("trict.org", "hac.district.org", False),
        ("org.district", "hac.district.org", False),
        (",.,", "hac.district.org", False),
        ("", "hac.district.org", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("::1", "::1", True),
        ("[fd00::1]", "fd00::1", True),
        ("fd00::/8", "fd12::5", True),
        ("10.0.0.0/8", "ten.example", False),
    ],
)
@pytest.mark.parametrize("spelled", [str.lower, str.upper], ids=["lower", "upper"])
def test_no_proxy(no_proxy, host, exempt, spelled):
    environment = {spelled("https_proxy"): "proxy.example:3128", spelled("no_proxy"): no_proxy}
    assert (proxy_for(None, host, 443, environment) is None) == exempt
    assert proxy_for("http://other.example", host, 443, environment).host == "other.example"
