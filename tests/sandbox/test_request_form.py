"""The form of a request line: a server is asked for a path, and only a proxy for a whole address."""

import http.client
import ssl
from urllib.parse import urlsplit


def test_a_request_in_the_form_for_proxies_is_refused(serve):
    sandbox = serve().sandbox
    authority = ssl.create_default_context(cafile=sandbox.ca_bundle)
    connection = http.client.HTTPSConnection(urlsplit(sandbox.base_url).netloc, context=authority)
    connection.request("GET", f"{sandbox.base_url}eSchoolPLUS/School")
    assert connection.getresponse().status == 400
    connection.close()
    assert not sandbox.log
