"""Addresses of notifications: the usual ones are taken, with a place for the secret; a secret is refused."""

from __future__ import annotations

import apprise
import pytest
from pydantic import ValidationError

from district.settings.fleet import FleetSettings
from district.settings.notify import with_secret

# Each with a secret as it is given there.
SLACK = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
PASSWORD = "p@ss/w:rd? #%1"
TAKEN = {
    "mailtos://user:{secret}@smtp.example.com?to=sis@district.org": PASSWORD,
    "mailtos://?smtp=smtp.example.com&user=u&pass={secret}&from=a@b.org&to=c@d.org": PASSWORD,
    "mailto://smtp-relay-01.district-23.org?from=plus360-nightly-runs@b.org&to=c@d.org": "",
    "slack://{secret}/#nightly-runs": SLACK,
    "https://hooks.slack.com/services/{secret}": SLACK,
    "workflows://{secret}": "prod.example.com:443/" + "a1" * 16 + "/" + "Sig_0" * 8,
    "ntfy://plus360-notifications-2026": "",
    "ntfys://{secret}@ntfy.example.com/plus360-notifications": "tk_0123456789abcdefghijklmnopqrs",
    "jsons://user:{secret}@hooks.example.com/plus360": PASSWORD,
    "jsons://hooks.example.com/?+X-Token={secret}": PASSWORD,
    "xml://localhost:8080/hook": "",
    "pagerduty://{secret}": "a1" * 16 + "@" + "b2" * 10,
    "tgram://{secret}/12315544/": "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc",
    "discord://{secret}": "4174216602263552/J6L1V8fFtq7u9UCcLhy-Bk0yTN7EUZWGqwFA",
    "gotifys://gotify.example.com/{secret}": "A5Gh-x93kdTz_1a",
    "opsgenie://{secret}/#team": "9d8d3c9a-1b2c-4d5e-8f70-8192a3b4c5d6",
    "syslog://": "",
}
REFUSED = [
    "mailtos://user:hunter2@smtp.example.com",
    "mailtos://?smtp=smtp.example.com&user=u&pass=hunter2",
    f"slack://{SLACK}",
    f"https://hooks.slack.com/services/{SLACK}",
    "workflows://prod.example.com:443/9d8d3c9a1b2c4d5e6f708192a3b4c5d6/signature",
    "ntfy://tk_0123456789abcdefghijklmnopqrs@ntfy.example.com/topic",
    "jsons://hooks.example.com/?+X-Token=abc",
    "pagerduty://9d8d3c9a1b2c4d5e6f708192a3b4c5d6@key",
    "tgram://123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc/12315544/",
    "opsgenie://9d8d3c9a-1b2c-4d5e-8f70-8192a3b4c5d6",
]
NO_ADDRESS = ["sis@district.org", "ntfy:topic", "{secret}", "ntfy://two words"]


@pytest.mark.parametrize("address", TAKEN)
def test_a_usual_address_is_taken_and_apprise_knows_it(address: str) -> None:
    (taken,) = FleetSettings(notify=[address]).notify
    secret = TAKEN[address]
    service = apprise.Apprise.instantiate(with_secret(taken, secret))
    assert service
    if secret == PASSWORD and "Token" not in address:
        assert service.password == PASSWORD


@pytest.mark.parametrize("address", REFUSED)
def test_a_secret_in_an_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="looks like it has a secret in it"):
        FleetSettings(notify=[address])


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError, match="is not an Apprise address"):
        FleetSettings(notify=[address])
