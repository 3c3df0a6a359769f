"""Addresses as clients write them (`call-signalling` 2.3)."""

import re
from typing import Final
from urllib.parse import unquote

from attrs import frozen

_NAMED: Final = re.compile(r"\A\s*(?P<name>.*?)\s*<(?P<uri>[^<>]*)>[^<>]*\Z", re.DOTALL)
_QUOTED: Final = re.compile(r"\A\"(.*)\"\Z", re.DOTALL)
_REST: Final = re.compile(r"[;?].*\Z", re.DOTALL)
_PORT: Final = re.compile(r"(?<=[^:]):[0-9]*\Z")
_SCHEME: Final = re.compile(r"\A(?:sips?|tel):", re.IGNORECASE)


@frozen(kw_only=True, weakref_slot=False)
class Address:
    user: str
    """`name@domain`, without scheme, port and parameters."""
    name: str = ""
    """The display name in front of `<uri>`."""


def parse_address(text: str, default_domain: str) -> Address:
    """Read `sip:bob@example.com:5060;x=1`, `tel:+1613`, `Bob <sip:bob@example.com>`, `bob`."""
    named = _NAMED.match(text)
    uri = (named["uri"] if named else text).strip()
    uri = _PORT.sub("", _REST.sub("", _SCHEME.sub("", uri)))
    uri = unquote(uri)  # RFC 3261 19.1.4: an escaped character is the same as the character
    user = uri if "@" in uri[1:] or not default_domain else f"{uri}@{default_domain}"
    return Address(user=user, name=_QUOTED.sub(r"\1", named["name"]) if named else "")


def normal_user(user: str) -> str:
    """The spelling to compare by: domains know no case."""
    local, at, domain = user.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def local_part(user: str) -> str:
    return user.rpartition("@")[0] or user


def domain_of(user: str) -> str:
    """What comes after the first `@`, which is how clients find their own domain."""
    return user.partition("@")[2]
