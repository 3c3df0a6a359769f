"""Addresses as the gateway wants them (`call-signalling` 2)."""

import re

_NUMBER = re.compile(r"(?P<marks>[#+*]+)(?P<number>[0-9(|][0-9 \-.()+]*)")
_PUNCTUATION = str.maketrans("", "", " -.()+")


def normalise(destination: str, default_domain: str) -> str:
    """`sip:` + address + `@` + domain; what looks like a telephone number loses its punctuation.

    >>> normalise("+1 (613) 555-0100", "example.com")
    'sip:+16135550100@example.com'
    """
    address, domain = _split(destination.strip(), default_domain)
    marks, rest = _without_marks(address.rpartition(":")[2])
    digits = rest.translate(_PUNCTUATION)
    plain = digits if digits.isascii() and digits.isdigit() else rest
    return f"sip:{marks}{plain}@{domain}" if domain else f"sip:{marks}{plain}"


def originator(username: str, domain: str, display_name: str | None) -> str:
    """Who calls, as the gateway is told: without quotes and blanks, as it has always been sent."""
    own = normalise(username, domain)
    return f"{display_name}<{own}>" if display_name else own


def _split(text: str, default_domain: str) -> tuple[str, str]:
    """At the last `@`, if there is something on either side of it."""
    at = text.rfind("@")
    return (text[:at], text[at + 1 :]) if 0 < at < len(text) - 1 else (text, default_domain)


def _without_marks(address: str) -> tuple[str, str]:
    """The leading marks of a telephone number apart from the rest."""
    match = _NUMBER.fullmatch(address)
    return (match["marks"], match["number"]) if match else ("", address)
