"""nginx from the system's packages serves the ready pages over HTTPS.

It verifies no signature: that is the sandbox's work, and too slow to be the far end of a race. The latency is
a pause before each answer, by its echo module.
"""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

_CONFIGURATION = """
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
    map $uri $total {{
        {totals}
    }}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/server.pem;
        ssl_certificate_key {folder}/server.key;
        ssl_session_cache shared:bench:1m;
        location ~ ^/plus360api/v1/ben/eSchoolPLUS/(\\w+)$ {{ {hand_over} }}
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
    """Where the pages are served."""

    base_url: str
    ca_bundle: Path


@contextmanager
def serve(pages: Path, counts: dict[str, int], folder: Path, latency_ms: int) -> Iterator[Server]:
    """Runs nginx over `pages` while the block is; `folder` holds its certificate and configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate.private_key_pem.write_to_path(folder / "server.key")
    (folder / "server.pem").write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    if latency_ms:
        hand_over = f"echo_sleep {latency_ms / 1000}; echo_exec /pages/$1/$arg_offset.json;"
    else:
        hand_over = "rewrite ^.*/(\\w+)$ /pages/$1/$arg_offset.json last;"
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            folder=folder,
            pages=pages,
            port=port,
            totals="\n        ".join(f"~^/pages/{name}/ {rows};" for name, rows in counts.items()),
            hand_over=hand_over,
        )
    )
    nginx = subprocess.Popen(["nginx", "-c", configuration, "-g", "daemon off;"], cwd="/usr/share/nginx")
    try:
        _await(port)
        yield Server(f"https://localhost:{port}/plus360api/v1/ben/", folder / "ca.pem")
    finally:
        nginx.terminate()
        nginx.wait()


def _await(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("nginx did not start: see error.log")
