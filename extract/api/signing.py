"""Signs requests: OAuth 1.0, two-legged [guide]. The server records every nonce: sign each attempt again."""

import time

from pydantic import SecretStr
from requests_oauthlib import OAuth1

from district.settings import DistrictSettings


class Signer:
    """Signs a district's requests."""

    def __init__(
        self, district: DistrictSettings, secret: SecretStr, server_ahead: float | None = None
    ) -> None:
        """Takes key, secret and signature method.

        Args:
            district: as configured.
            secret: the consumer secret.
            server_ahead: sign with the server's time, which is so many seconds ahead of ours.
        """
        self._oauth = OAuth1(
            district.consumer_key,
            client_secret=secret.get_secret_value(),
            signature_method=district.signature_method,
        ).client
        if server_ahead is not None:
            self._oauth.timestamp = str(int(time.time() + server_ahead))

    def headers(self, url: str) -> dict[str, str]:
        """The headers that sign a GET of `url`, with a nonce of their own."""
        _, signed, _ = self._oauth.sign(url)
        return dict(signed)
