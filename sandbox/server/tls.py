"""A certificate authority for one sandbox."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import trustme

# A host of no DNS.
BEHIND_PROXY = "hac.district.example"

CertificateKind = Literal["good", "expired", "foreign"]


@dataclass(frozen=True)
class Tls:
    """A server's TLS context, and the authority file for its clients."""

    context: ssl.SSLContext
    ca_bundle: Path


def issue(folder: Path, kind: CertificateKind) -> Tls:
    """Make a new authority and a certificate, and write the authority file to `folder`.

    The certificate is for loopback, and for a name that only a proxy can find.

    `expired` ended yesterday; `foreign` is signed by an authority that is not in the file.
    """
    authority = trustme.CA()
    issuer = trustme.CA() if kind == "foreign" else authority
    now = datetime.now(UTC)
    end = now - timedelta(days=1) if kind == "expired" else now + timedelta(days=30)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    names = ("localhost", "127.0.0.1", BEHIND_PROXY)
    issuer.issue_cert(*names, not_before=now - timedelta(days=30), not_after=end).configure_cert(context)
    ca_bundle = folder / "sandbox-ca.pem"
    authority.cert_pem.write_to_path(str(ca_bundle))
    return Tls(context, ca_bundle)
