"""Where news of the runs is sent: Apprise addresses, with a place for a secret and never a secret."""

import re
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from district.settings.messages import OUR_MESSAGE

# Stands in an address where its secret belongs; the secret itself is looked up when it is needed.
PLACE_OF_SECRET = "{secret}"  # noqa: S105 - the place, not the secret
# A long run of letters and digits between the marks of an address: a token.
_TOKEN = re.compile(r"(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9_-]{18,}")
_SECRET_OPTION = re.compile(r"pass|token|secret|key", re.IGNORECASE)


def without_secret(url: str) -> str:
    """The address of a notification.

    Raises:
        PydanticCustomError: it is not one, or it has a secret in it.
    """
    parts = urlsplit(url)
    if not re.fullmatch(r"[a-z0-9]+", parts.scheme) or "://" not in url or re.search(r"\s", url):
        raise ValueError("is not an Apprise address")
    rest = url.partition("://")[2].replace(PLACE_OF_SECRET, "")
    options = [value for name, value in parse_qsl(parts.query) if _SECRET_OPTION.search(name)]
    given = [value for value in (parts.password, *options) if value and value != PLACE_OF_SECRET]
    if given or _TOKEN.search(rest):
        raise PydanticCustomError(
            OUR_MESSAGE, "looks like it has a secret in it, and a secret must never be in this file"
        )
    return url


NotifyAddress = Annotated[str, AfterValidator(without_secret)]
