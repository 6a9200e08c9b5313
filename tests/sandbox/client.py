"""What a caller of the API has: requests, requests_oauthlib, and the four values of a district."""

import json

import requests
from requests_oauthlib import OAuth1

from sandbox import ENDPOINTS, Profile


class Client:
    """Signs each request afresh; one connection is kept for all of them."""

    def __init__(self, box, *, key=None, secret=None, method="HMAC-SHA1", timestamp=None):
        self.box = box
        self.session = requests.Session()
        self.oauth = {
            "client_key": key or box.consumer_key,
            "client_secret": secret or box.consumer_secret,
            "signature_method": method,
            "timestamp": timestamp,
        }

    def get(self, endpoint, **parameters):
        """One answer, redirects not followed."""
        return self.session.get(
            f"{self.box.base_url}eSchoolPLUS/{endpoint}",
            params=parameters,
            auth=OAuth1(**self.oauth),
            verify=str(self.box.ca_bundle),
            allow_redirects=False,
            timeout=30,
        )

    def records(self, endpoint, page_size=1000):
        """All records of an endpoint, page by page."""
        records = []
        while page := self.get(endpoint, limit=page_size, offset=len(records)).json():
            records += page
        return records

    def district(self):
        """All records of all endpoints."""
        return {endpoint: self.records(endpoint) for endpoint in ENDPOINTS}


def read(source, profile=None, endpoint=None, offset=0, limit=10**7):
    """Records straight from a source: of one endpoint, or of all of them by name."""
    profile = profile or Profile()
    if endpoint:
        return [json.loads(line) for line in source.lines(endpoint, offset, limit, profile)]
    return {name: read(source, profile, name, offset, limit) for name in ENDPOINTS}
