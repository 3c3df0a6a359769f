"""What an option accepts: each check gives back the value in one form, or raises `Refused`."""

import inspect
import math
import re
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from pathlib import PurePath
from typing import Final

from attrs import field, frozen

from rbbn_sdk.config.copying import items_of, mapping_of
from rbbn_sdk.config.findings import Place, shown

Check = Callable[[object, Place], object]

LARGEST: Final = 2**53 - 1
"""The largest whole number that JSON numbers hold exactly."""

_NUMERAL = re.compile(r"\s*[0-9]{1,16}(\.[0-9]{1,16})?\s*", re.ASCII)
_VERSION = re.compile(r"[\w.-]+", re.ASCII)
_HOST = re.compile(r"[^\s/\\?#@:\[\]%<>\"']+")


class Refused(Exception):
    """The value cannot be used. `fatal`: nor can a client be made without it."""

    def __init__(self, accepts: str, *, fatal: bool = False) -> None:
        super().__init__(accepts)
        self.accepts = accepts
        self.fatal = fatal


@frozen
class Secret:
    """A value that becomes a `SecretRef`."""

    value: str = field(repr=False)
    kind: str


@frozen(eq=False)
class Live:
    """A value that becomes an `ObjectRef`."""

    value: object
    kind: str

    @property
    def label(self) -> str:
        """A name for logs."""
        name = getattr(self.value, "__qualname__", None)
        return name if isinstance(name, str) else type(self.value).__qualname__


class Reset:
    """In an update: the option has no value any more."""

    __slots__ = ()


RESET: Final = Reset()


def boolean(value: object, place: Place) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise Refused("True or False")
    return value


def _number(value: object, accepts: str, least: float, most: float) -> float:
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise Refused(accepts)
    return value


def whole(unit: str = "", *, least: int = 0, most: int = LARGEST) -> Check:
    """A number, or its numeral. Fractions are rounded up, so that what is not 0 does not become 0."""
    accepts = f"a number from {least}" + ("" if most == LARGEST else f" to {most}") + (f" ({unit})" if unit else "")

    def check(value: object, place: Place) -> int:
        return math.ceil(_number(value, accepts, least, most))

    return check


milliseconds = whole("milliseconds")
port = whole("a port", least=1, most=65535)


def factor(value: object, place: Place) -> float:
    """A number that may have a fraction."""
    return float(_number(value, "a number from 0", 0, LARGEST))


def _is_text(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:  # lone surrogates cannot be sent
        return False
    return True


def text(value: object, place: Place) -> str:
    """Any text."""
    if not isinstance(value, str) or not _is_text(value):
        raise Refused("a text")
    return value


def texts(value: object, place: Place) -> tuple[str, ...]:
    """A list of texts."""
    items = sequence(value, "a list of texts")
    return tuple(text(item, place) for item in items)


def numeral(value: object, place: Place) -> str:
    """A port that is kept as a text."""
    return str(port(value, place))


def version(value: object, place: Place) -> str:
    """What can stand as one part of a path."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        value = str(value)
    if not isinstance(value, str) or not _VERSION.fullmatch(value) or set(value) == {"."}:
        raise Refused("a version such as '1'")
    return value


def choice(*values: str) -> Check:
    """One of some texts."""
    accepts = f"{'one of ' if len(values) > 1 else ''}{', '.join(map(repr, values))}"

    def check(value: object, place: Place) -> str:
        if not isinstance(value, str) or value not in values:
            raise Refused(accepts)
        return value

    return check


def host(value: object, place: Place) -> str:
    """A host without scheme, port and path; an IPv6 address gets its brackets."""
    refused = Refused("the name or address of a host, without protocol, port and path", fatal=True)
    if not isinstance(value, str) or not _is_text(value):
        raise refused
    bare = value.strip()
    if _HOST.fullmatch(bare):
        return bare
    try:
        return f"[{IPv6Address(bare[1:-1] if bare.startswith('[') and bare.endswith(']') else bare)}]"
    except ValueError:
        raise refused from None


def function(kind: str) -> Check:
    """A plain callable; what counts as false is as if it were not given."""

    def check(value: object, place: Place) -> object:
        if value is None or value is False or value == 0 or value == "":
            return RESET
        return callable_of(value, kind)

    return check


def callable_of(value: object, kind: str) -> Live:
    """A callable whose answer is there when it returns."""
    called = inspect.getattr_static(value, "__call__", None)
    if not callable(value) or inspect.iscoroutinefunction(value) or inspect.iscoroutinefunction(called):
        raise Refused("a function that is not a coroutine function")
    return Live(value, kind)


def functions(kind: str) -> Check:
    """A list of callables; what is none is left out."""

    def check(value: object, place: Place) -> tuple[Live, ...]:
        kept: list[Live] = []
        for index, item in enumerate(sequence(value, "a list of functions", fatal=True)):
            try:
                kept.append(callable_of(item, kind))
            except Refused as refused:
                place.inside(index).warn(f"{shown(item)} is left out; it has to be {refused.accepts}")
        return tuple(kept)

    return check


def sequence(value: object, accepts: str, *, fatal: bool = False) -> tuple[object, ...]:
    """The items of a list or tuple."""
    items = items_of(value)
    if items is None:
        raise Refused(accepts, fatal=fatal)
    return items


def addresses(value: object, place: Place) -> tuple[str, ...] | None:
    """Local IP addresses; None is all."""
    if value is None:
        return None
    accepts = "None, or a list of IP addresses of this machine"
    try:
        found = tuple(str(ip_address(text(item, place))) for item in sequence(value, accepts))
    except ValueError:
        raise Refused(accepts) from None
    if not found:
        raise Refused(accepts)
    return found


def proxy(value: object, place: Place) -> Secret | str | None:
    """`environment`, None, or an address, which is checked when the connections are made."""
    if value is None or value is False or value == "off":
        return None
    if not isinstance(value, str) or not value.strip() or not _is_text(value):
        raise Refused("'environment', None, or an address such as 'http://proxy.example.com:3128'", fatal=True)
    return value if value == "environment" else Secret(value, "proxy")


def tls(value: object, place: Place) -> bool | str | Live:
    """What certificates are trusted."""
    from ssl import SSLContext

    if isinstance(value, (bool, SSLContext)):
        return value if isinstance(value, bool) else Live(value, "tls")
    path = str(value) if isinstance(value, PurePath) else value
    if not isinstance(path, str) or not path or "\0" in path or not _is_text(path):
        raise Refused("True, False, a path of a file of certificates, or an ssl.SSLContext", fatal=True)
    return path


def certificates(value: object, place: Place) -> Live | Reset:
    """Certificates of peer connections, each with `expires`."""
    if value is None:
        return RESET
    items = sequence(value, "a list of certificates, each with `expires`")
    if not all(map(_expires, items)):
        raise Refused("a list of certificates, each with `expires`")
    return Live(items, "certificates")


def _expires(certificate: object) -> bool:
    mapping = mapping_of(certificate)
    return hasattr(certificate, "expires") if mapping is None else "expires" in mapping


def or_reset(check: Check) -> Check:
    """The option need have no value: None takes it away."""

    def checked(value: object, place: Place) -> object:
        return RESET if value is None else check(value, place)

    return checked
