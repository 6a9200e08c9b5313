"""nginx serves the pages over HTTPS, to clients that sign each request.

Its Lua module verifies OAuth 1.0: signature, consumer, timestamp, and that no nonce is repeated. (The sandbox
verifies the same, but is too slow for this benchmark.) The latency is a pause before each response, by its
echo module.
"""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import trustme
from requests_oauthlib import OAuth1

_CONFIGURATION = """
load_module modules/ndk_http_module.so;
load_module modules/ngx_http_lua_module.so;
load_module modules/ngx_http_echo_module.so;
user root;
worker_processes 2;
worker_rlimit_nofile 8192;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    default_type application/json;
    gzip_static always;
    keepalive_requests 1000000;
    open_file_cache max=10000;
    lua_shared_dict nonces 32m;
    map $uri $total {{
        {totals}
    }}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/server.pem;
        ssl_certificate_key {folder}/server.key;
        ssl_session_cache shared:bench:1m;
        set $consumer_key {consumer_key};
        set $consumer_secret {consumer_secret};
        location ~ ^/plus360api/v1/ben/eSchoolPLUS/(\\w+)$ {{
            access_by_lua_file {verify};
            {pause}
            echo_exec /pages/$1/$arg_offset.json;
        }}
        location /pages/ {{
            internal;
            alias {pages}/;
            add_header X-Total-Count $total;
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Server:
    """The address of the pages, and the credentials for them."""

    base_url: str
    ca_bundle: Path
    consumer_key: str = "OneRoster_BEN_123"
    consumer_secret: str = "secret"


@contextmanager
def serve(pages: Path, counts: dict[str, int], folder: Path, latency_ms: int) -> Iterator[Server]:
    """Serve `pages` with nginx during the block; `folder` holds its certificate and configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate.private_key_pem.write_to_path(folder / "server.key")
    (folder / "server.pem").write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Server(f"https://localhost:{port}/plus360api/v1/ben/", folder / "ca.pem")
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            folder=folder,
            pages=pages,
            port=port,
            totals="\n        ".join(f"~^/pages/{name}/ {rows};" for name, rows in counts.items()),
            consumer_key=server.consumer_key,
            consumer_secret=server.consumer_secret,
            verify=Path(__file__).with_name("verify.lua"),
            pause=f"echo_sleep {latency_ms / 1000};" if latency_ms else "",
        )
    )
    nginx = subprocess.Popen(["nginx", "-c", configuration, "-g", "daemon off;"], cwd="/usr/share/nginx")
    try:
        _wait_for(port)
        _assert_verified(server, next(iter(counts)))
        yield server
    finally:
        nginx.terminate()
        nginx.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("nginx did not start; error.log says why")


def _assert_verified(server: Server, endpoint: str) -> None:
    """Stop unless nginx serves a signed request, and rejects a repeated or a forged one."""
    url = f"{server.base_url}eSchoolPLUS/{endpoint}?limit=1000&offset=0"
    _, signed, _ = OAuth1(server.consumer_key, server.consumer_secret).client.sign(url)
    _, forged, _ = OAuth1(server.consumer_key, "wrong").client.sign(url)
    answers = [
        requests.get(url, headers=headers, verify=str(server.ca_bundle), timeout=10).status_code
        for headers in (signed, signed, forged)
    ]
    if answers != [200, 401, 401]:
        raise SystemExit(f"nginx does not verify OAuth: the status codes were {answers}")
