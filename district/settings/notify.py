"""Where news of the runs is sent: Apprise addresses, with a place for a secret and never a secret."""

import re
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from district.settings.messages import OUR_MESSAGE

# Stands in an address where its secret belongs; the secret itself is looked up when it is needed.
PLACE_OF_SECRET = "{secret}"  # noqa: S105 - the place, not the secret
# What looks like a token between the marks of an address: a GUID; many letters and digits without a hyphen
# (`plus360-notifications` is a name); many of both, and both capitals and small letters.
_TOKEN = re.compile(
    r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16,}"
    r"|(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{18,}"
)
_SECRET_OPTION = re.compile(r"pass|token|secret|key", re.IGNORECASE)


def without_secret(url: str) -> str:
    """The address of a notification.

    Raises:
        PydanticCustomError: it has a secret in it.
        ValueError: it is not an Apprise address.
    """
    parts = urlsplit(url)
    if not re.fullmatch(r"[a-z0-9]+", parts.scheme) or "://" not in url or re.search(r"[\s\x00-\x1f]", url):
        raise ValueError("is not an Apprise address")
    rest = url.partition("://")[2].replace(PLACE_OF_SECRET, "")
    options = [value for name, value in parse_qsl(parts.query) if _SECRET_OPTION.search(name)]
    given = [value for value in (parts.password, *options) if value and value != PLACE_OF_SECRET]
    if given or _TOKEN.search(rest):
        raise PydanticCustomError(
            OUR_MESSAGE, "looks like it has a secret in it, and a secret must never be in this file"
        )
    return url


def with_secret(url: str, secret: str) -> str:
    """The address with its secret in place, for the one moment when it is needed.

    A password and the value of an option are escaped; elsewhere the secret stands as it is, for there it may
    be several parts of the address (the three of Slack's).
    """
    main, mark, options = url.partition("?")
    escaped = quote(secret, safe="")
    login, at, rest = main.rpartition("@")
    return (
        login.replace(PLACE_OF_SECRET, escaped)
        + at
        + rest.replace(PLACE_OF_SECRET, secret)
        + mark
        + options.replace(PLACE_OF_SECRET, escaped)
    )


NotifyAddress = Annotated[str, AfterValidator(without_secret)]
