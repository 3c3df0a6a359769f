"""Checks of single options whose rules are their own."""

import re
from collections.abc import Mapping
from typing import Final

from rbbn_sdk.config.checks import Refused, Secret, sequence, text
from rbbn_sdk.config.copying import items_of, mapping_of
from rbbn_sdk.config.findings import Place, shown

KEEP_ALIVE: Final[Mapping[str, str]] = {"type": "keepAlive", "responsibleParty": "client"}
LEVELS: Final = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "SILENT")
_LEVEL_WORDS: Final = ", ".join(repr(level.lower()) for level in LEVELS)

_ICE_URL = re.compile(r"(?P<scheme>stuns?|turns?):[^\s?/@]+(?:\?(?P<query>.*))?", re.IGNORECASE)


def log_level(value: object, place: Place) -> str:
    """A level in upper case. Only an unknown word is replaced; what is no word keeps a client from being made."""
    accepts = f"one of {_LEVEL_WORDS}"
    if not isinstance(value, str) or not value:
        raise Refused(accepts, fatal=True)
    if value.upper() not in LEVELS:
        raise Refused(accepts)
    return value.upper()


def action_log_level(value: object, place: Place) -> str:
    """A level in lower case, as the methods of a logger are called."""
    if not isinstance(value, str) or value.upper() not in LEVELS:
        raise Refused(f"one of {_LEVEL_WORDS}")
    return value.lower()


def log_actions(value: object, place: Place) -> dict[str, object] | bool:
    """False, or options. Anything else counts as True, with a warning; None as False."""
    from rbbn_sdk.config.classes import LogActions
    from rbbn_sdk.config.sections import given, read_section

    if value is True or value is False:
        return {} if value else False
    if given(LogActions, value) is not None:
        return read_section(LogActions, value, place)
    taken_as = value is not None
    place.warn(f"{shown(value)} is taken as {taken_as}; expected True, False, or options")
    return {} if taken_as else False


def connectivity_method(value: object, place: Place) -> dict[str, str]:
    """`keepAlive`, alone or as the object that it is kept as."""
    mapping = mapping_of(value)
    kind = value if mapping is None else mapping.get("type")
    if not isinstance(kind, str) or kind != "keepAlive":
        raise Refused("'keepAlive'")
    return dict(KEEP_ALIVE)


def features(value: object, place: Place) -> tuple[str, ...]:
    """There is one feature."""
    if items_of(value) != ("base",):
        raise Refused("['base']")
    return ("base",)


def credential(value: object, place: Place) -> Secret:
    """A password of a TURN server."""
    return Secret(text(value, place), "turn")


def ice_urls(value: object, place: Place) -> tuple[str, ...] | str:
    """One URL or a list of them, without the query parameters that RFC 7064 and RFC 7065 do not know."""
    if isinstance(value, str):
        return _ice_url(value, place)
    accepts = "a URL such as 'turn:turn.example.com:3478', or a list of them"
    urls = tuple(_ice_url(item, place.inside(index)) for index, item in enumerate(sequence(value, accepts)))
    if not urls:
        raise Refused(accepts)
    return urls


def _ice_url(value: object, place: Place) -> str:
    url = text(value, place).strip()
    match = _ICE_URL.fullmatch(url)
    if match is None:
        place.warn(f"{shown(url)} is no URL of an ICE server; expected stun:, turn: or turns: and a host")
        return url
    query = match["query"]
    if query is None:
        return url
    kept = [part for part in query.split("&") if part.startswith("transport=")]
    if match["scheme"].lower().startswith("stun"):
        kept = []
    if "&".join(kept) == query:
        return url
    place.warn("query parameters of an ICE server other than the transport of TURN are left out")
    return url.partition("?")[0] + (f"?{'&'.join(kept)}" if kept else "")
