"""The server side of OAuth 1.0 without tokens: oauthlib verifies signature, key, nonce and timestamp."""

from __future__ import annotations

import time
from threading import Lock

from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA1,
    SIGNATURE_HMAC_SHA256,
    RequestValidator,
    SignatureOnlyEndpoint,
)

CLOCK_WINDOW_SECONDS = 300  # [assumed] the product's window is not public


class Verifier(RequestValidator):  # type: ignore[misc,unused-ignore]
    """Knows one consumer, and rejects old timestamps and used nonces (API_AUTH_LOG.NONCE, [schema])."""

    allowed_signature_methods = (SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256)
    # oauthlib would compare with this machine's clock, but the sandbox's clock can be wrong on purpose.
    timestamp_lifetime = 10**9
    client_key_length = (3, 100)
    nonce_length = (8, 64)
    # oauthlib verifies unknown clients with this one, so that the response time reveals nothing.
    dummy_client = "dummy"

    def __init__(self, consumer_key: str, consumer_secret: str, clock_offset_seconds: float = 0.0) -> None:
        """Verify requests of this consumer, with a clock that is off by `clock_offset_seconds`."""
        super().__init__()
        self._key = consumer_key
        self._secret = consumer_secret
        self._clock_offset = clock_offset_seconds
        self._nonces: set[tuple[str, str]] = set()
        self._lock = Lock()
        self._endpoint = SignatureOnlyEndpoint(self)

    @property
    def safe_characters(self) -> set[str]:
        """Allow underscores, which consumer keys have and oauthlib's default doesn't allow."""
        return set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")

    def accepts(self, method: str, uri: str, authorization: str) -> bool:
        """Whether the consumer signed the request, just now, and it is no repeat."""
        headers = {"Authorization": authorization}
        try:
            valid, _request = self._endpoint.validate_request(uri, method, None, headers)
        except ValueError:  # not an OAuth header
            return False
        return bool(valid)

    def validate_client_key(self, client_key: str, request: object) -> bool:
        """Called by oauthlib: whether this consumer is known."""
        return client_key == self._key

    def get_client_secret(self, client_key: str, request: object) -> str:
        """Called by oauthlib: the secret of this consumer."""
        return self._secret if client_key == self._key else "dummy"

    def validate_timestamp_and_nonce(  # noqa: PLR0917 - oauthlib's parameters
        self,
        client_key: str,
        timestamp: str,
        nonce: str,
        request: object,
        request_token: str | None = None,
        access_token: str | None = None,
    ) -> bool:
        """Called by oauthlib: whether the request is recent and its nonce new."""
        now = time.time() + self._clock_offset
        if abs(now - int(timestamp)) > CLOCK_WINDOW_SECONDS:
            return False
        with self._lock:
            if (timestamp, nonce) in self._nonces:
                return False
            self._nonces.add((timestamp, nonce))
        return True
