"""A client of the API: requests, requests_oauthlib, and the settings of a district."""

import json

import requests
from requests_oauthlib import OAuth1

from sandbox import ENDPOINTS, Profile


class Client:
    """Signs each request, and keeps one connection open."""

    def __init__(self, sandbox, *, key=None, secret=None, method="HMAC-SHA1", timestamp=None):
        self.sandbox = sandbox
        self.session = requests.Session()
        self.oauth = {
            "client_key": key or sandbox.consumer_key,
            "client_secret": secret or sandbox.consumer_secret,
            "signature_method": method,
            "timestamp": timestamp,
        }

    def get(self, endpoint, **parameters):
        """One response; redirects are not followed."""
        return self.session.get(
            f"{self.sandbox.base_url}eSchoolPLUS/{endpoint}",
            params=parameters,
            auth=OAuth1(**self.oauth),
            verify=str(self.sandbox.ca_bundle),
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
    """Records directly from a source: of one endpoint, or a dictionary of all endpoints."""
    profile = profile or Profile()
    if endpoint:
        return [json.loads(line) for line in source.lines(endpoint, offset, limit, profile)]
    return {name: read(source, profile, name, offset, limit) for name in ENDPOINTS}
