"""The server's half of OAuth 1.0 without tokens: signature, key, nonce and clock are verified by oauthlib."""

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
    """Knows one consumer, remembers every nonce (API_AUTH_LOG.NONCE, [schema]) and minds the clock."""

    allowed_signature_methods = (SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256)
    # oauthlib would measure with this machine's clock; ours may be made to be wrong.
    timestamp_lifetime = 10**9
    client_key_length = (3, 100)
    nonce_length = (8, 64)
    # oauthlib compares unknown clients with this one, so that the time taken tells nothing.
    dummy_client = "dummy"

    def __init__(self, consumer_key: str, consumer_secret: str, clock_offset_seconds: float = 0.0) -> None:
        """Verify requests of this one consumer against a clock that is off by so many seconds."""
        super().__init__()
        self._key = consumer_key
        self._secret = consumer_secret
        self._clock_offset = clock_offset_seconds
        self._nonces: set[tuple[str, str]] = set()
        self._lock = Lock()
        self._endpoint = SignatureOnlyEndpoint(self)

    @property
    def safe_characters(self) -> set[str]:
        """The key has underscores, which oauthlib's default set has not."""
        return set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")

    def accepts(self, method: str, uri: str, authorization: str) -> bool:
        """Whether the request is signed by the consumer, now, and for the first time."""
        headers = {"Authorization": authorization}
        try:
            valid, _request = self._endpoint.validate_request(uri, method, None, headers)
        except ValueError:  # a header that is no OAuth header at all
            return False
        return bool(valid)

    def validate_client_key(self, client_key: str, request: object) -> bool:
        """Oauthlib's question: is this consumer known?"""
        return client_key == self._key

    def get_client_secret(self, client_key: str, request: object) -> str:
        """Oauthlib's question: what did this consumer sign with?"""
        return self._secret if client_key == self._key else "dummy"

    def validate_timestamp_and_nonce(  # noqa: PLR0917 - the signature is oauthlib's
        self,
        client_key: str,
        timestamp: str,
        nonce: str,
        request: object,
        request_token: str | None = None,
        access_token: str | None = None,
    ) -> bool:
        """Oauthlib's question: is it of this hour, and never seen before?"""
        now = time.time() + self._clock_offset
        if abs(now - int(timestamp)) > CLOCK_WINDOW_SECONDS:
            return False
        with self._lock:
            if (timestamp, nonce) in self._nonces:
                return False
            self._nonces.add((timestamp, nonce))
        return True
