"""Lenient reading of what the gateway sends.

What msgspec takes is taken as it is. Anything else is read once more by hand: a wrong optional field, or a wrong
element of a list, is dropped and named; only a wrong required field makes the whole text `Malformed`.
"""

import json
import re
from typing import Any, Generic, NamedTuple, TypeVar, cast

import msgspec
from attrs import frozen

__all__ = ["Decoded", "Malformed", "decode", "parse_json"]

T = TypeVar("T")

_Json = Any
"""Parsed JSON, before anything is known of it."""

_MAX_DROPPED = 100
"""A text with more wrong fields is not read: each one costs a pass."""

_PATH = re.compile(r" - at `(?P<path>[^`]*)`$")
_MISSING = re.compile(r"^Object missing required field `(?P<name>[^`]*)`")
_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>\d+)\]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Malformed(ValueError):
    """A text of the gateway that cannot be used. The message names the place, and quotes no value."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{reason} at `{path}`")
        self.path = path
        self.reason = reason


@frozen(kw_only=True, weakref_slot=False)
class Decoded(Generic[T]):
    value: T
    dropped: tuple[str, ...] = ()
    """Paths of the optional fields and list elements that were wrong, such as `$.notificationMessage.time`."""


class _Fault(NamedTuple):
    path: str
    missing: str
    reason: str


def decode(kind: type[T], text: str | bytes) -> Decoded[T]:
    """Read `text` as `kind`. Raises `Malformed` and nothing else, whatever the text is."""
    try:
        return Decoded(value=msgspec.json.decode(text, type=kind))
    except (ValueError, RecursionError):  # msgspec's and Unicode errors are ValueErrors
        pass
    try:
        return _decode_leniently(kind, _parse(text))
    except RecursionError:
        raise Malformed("$", "nested too deeply") from None


def parse_json(text: str | bytes) -> object:
    """Any JSON as plain Python values, as leniently as `decode` reads. Raises `Malformed` and nothing else."""
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        pass
    try:
        return _parse(text)
    except RecursionError:
        raise Malformed("$", "nested too deeply") from None


def _decode_leniently(kind: type[T], tree: _Json) -> Decoded[T]:
    dropped: list[str] = []
    cause: _Fault | None = None
    for _ in range(_MAX_DROPPED + 1):
        try:
            return Decoded(value=msgspec.json.decode(_text(tree), type=kind), dropped=tuple(dropped))
        except msgspec.ValidationError as error:
            fault = _fault(error)
        if cause is None or not _follows(fault, dropped):
            cause = fault
        if not _drop(tree, fault.path):
            raise Malformed(cause.path + cause.missing, cause.reason)
        dropped.append(fault.path)
    raise Malformed("$", f"more than {_MAX_DROPPED} wrong fields")


def _fault(error: msgspec.ValidationError) -> _Fault:
    message = str(error)
    path, missing = _PATH.search(message), _MISSING.search(message)
    return _Fault(
        path=path["path"] if path else "$",
        missing=f".{missing['name']}" if missing else "",
        reason="missing" if missing else _PATH.sub("", message),
    )


def _follows(fault: _Fault, dropped: list[str]) -> bool:
    """Whether the field that is missing now is the one that was dropped just before."""
    return bool(dropped) and bool(fault.missing) and dropped[-1] == fault.path + fault.missing


def _drop(tree: _Json, path: str) -> bool:
    """Take the value at `path` out of the tree; False for the root, which cannot be dropped."""
    steps = [match["name"] or int(match["index"]) for match in _STEP.finditer(path)]
    if not steps:
        return False
    for step in steps[:-1]:
        tree = _child(tree, step)
    try:
        del tree[steps[-1]]
    except (KeyError, IndexError, TypeError):
        return False
    return True


def _child(tree: _Json, step: str | int) -> _Json:
    try:
        return tree[step]
    except (KeyError, IndexError, TypeError):
        return None


def _parse(text: str | bytes) -> _Json:
    """The JSON tree, read as leniently as possible: no NaN, no lone surrogate is left in it."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", errors="replace")
    try:
        tree = json.loads(text.removeprefix("\ufeff"), strict=False, parse_constant=_no_number, parse_float=_number)
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "a number too long"
        raise Malformed("$", f"not JSON ({reason})") from None
    return _mended(tree)


def _no_number(_literal: str) -> None:
    """NaN and infinity become null."""


def _number(literal: str) -> float | None:
    value = float(literal)
    return None if value in (float("inf"), float("-inf")) else value


def _mended(tree: _Json) -> _Json:
    if isinstance(tree, str):
        return _SURROGATE.sub("\ufffd", tree)
    if isinstance(tree, list):
        return [_mended(child) for child in cast("list[object]", tree)]
    if isinstance(tree, dict):
        return {_SURROGATE.sub("\ufffd", key): _mended(child) for key, child in cast("dict[str, object]", tree).items()}
    return tree


def _text(tree: _Json) -> bytes:
    return json.dumps(tree, ensure_ascii=False, allow_nan=False).encode()
