"""The proxy through which a district's server is reached, where this network demands one.

The district's `proxy` setting comes first; where there is none, HTTPS_PROXY and NO_PROXY count, in capitals
or not. A user and a password are taken from HTTPS_PROXY only, and sent only to the proxy that it names.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

SETTING = "proxy"
# The setting's value for no proxy, whatever the environment says.
NO_PROXY_AT_ALL = "none"
_VARIABLE = re.compile(r"(ALL|FTP|HTTPS?)_PROXY", re.IGNORECASE)
_LOGIN = re.compile(r"^([a-z][a-z0-9+.-]*://)?.*@", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Proxy:
    """A proxy.

    Attributes:
        named_by: the setting or the variable that names it.
        host: empty where the variable does not hold the address of a proxy.
        login: "user:password".
    """

    named_by: str
    host: str = ""
    port: int = 0
    login: SecretStr | None = None

    @property
    def is_setting(self) -> bool:
        """Whether a setting names it, and not a variable."""
        return self.named_by == SETTING

    @classmethod
    def at(cls, address: str, named_by: str) -> "Proxy":
        """The proxy at an address: "http://proxy.example:3128", with or without http:// and a login.

        Raises:
            ValueError: it is not the address of a proxy that is spoken to over plain HTTP.
        """
        parts = urlsplit(address if "://" in address else f"http://{address}")
        plain = parts.path in ("", "/") and not parts.query and not parts.fragment
        host, port = parts.hostname, 80 if parts.port is None else parts.port
        if parts.scheme != "http" or not host or not port or not plain or re.search(r"\s", address):
            raise ValueError("is not the address of a proxy")
        host.encode("idna")  # raises ValueError where no name can be like that
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
        return cls(named_by, host, port, SecretStr(login) if login else None)


def proxy_for(setting: str | None, host: str, port: int, environment: Mapping[str, str]) -> Proxy | None:
    """The proxy through which a server is reached; None where it is reached directly.

    Args:
        setting: the district's, which has been validated.
        host: of the server.
        port: of the server.
        environment: the variables of this process.
    """
    named = _of_environment(environment)
    if setting == NO_PROXY_AT_ALL:
        return None
    if setting is not None:
        proxy = Proxy.at(setting, SETTING)
        is_same = named is not None and (named.host, named.port) == (proxy.host, proxy.port)
        return Proxy(SETTING, proxy.host, proxy.port, named.login if named and is_same else None)
    if named and _is_exempt(host, port, _variable("no_proxy", environment)[1]):
        return None
    return named


def without_login(name: str, value: str) -> str:
    """A variable's value; without user and password, if it is one that names a proxy."""
    return _LOGIN.sub(r"\1", value) if _VARIABLE.fullmatch(name) else value


def _of_environment(environment: Mapping[str, str]) -> Proxy | None:
    name, address = _variable("https_proxy", environment)
    try:
        return Proxy.at(address, name) if address else None
    except ValueError:
        return Proxy(name)


def _variable(name: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """Like curl, in small letters first; and the name that was found."""
    for spelled in (name, name.upper()):
        if value := environment.get(spelled, "").strip():
            return spelled, value
    return name.upper(), ""


def _is_exempt(host: str, port: int, no_proxy: str) -> bool:
    """Whether NO_PROXY names a server: by its name or a domain above it, by address or network, or by `*`."""
    host = host.lower().rstrip(".").strip("[]")
    for entry in re.split(r"[,\s]+", no_proxy.lower()):
        if entry == "*" or _is_in_network(host, entry.strip("[]")):
            return True
        name, _, only_port = entry.partition(":")
        name = name.removeprefix("*").strip(".")
        if name and only_port in ("", str(port)) and (host == name or host.endswith(f".{name}")):
            return True
    return False


def _is_in_network(host: str, entry: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:  # one of them is a name
        return False
