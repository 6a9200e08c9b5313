"""The web addresses of a district: its server, and where its staff open eSchoolPLUS."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from district.settings.messages import OUR_MESSAGE


def https_address(url: str) -> str:
    """The address, with a slash at its end.

    Raises:
        PydanticCustomError: it is not https, or has a letter that is not ASCII.
        ValueError: it is not a plain address.
    """
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise PydanticCustomError(
            OUR_MESSAGE, "only https is allowed: names, addresses and phone numbers are sent over it"
        )
    if not url.isascii():
        raise PydanticCustomError(
            OUR_MESSAGE, "has a letter that is not ASCII: a name with such a letter begins with xn--"
        )
    if (
        parts.port == 0  # raises ValueError where the port is no number
        or not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", parts.hostname or "")
        or parts.username is not None
        or parts.query
        or parts.fragment
        or re.search(r"[\s\\]", url)
    ):
        raise ValueError("is not a plain https address")
    str(parts.hostname).encode("idna")  # raises ValueError where a part of the name is empty or too long
    return url if url.endswith("/") else url + "/"


HttpsAddress = Annotated[str, AfterValidator(https_address)]
