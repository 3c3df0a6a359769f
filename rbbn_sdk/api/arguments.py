"""Checks of what an application passes in. Each refusal names the argument and what is accepted."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.types import documented_key

__all__ = ["expected", "mapping", "names", "pairs", "text"]


def expected(argument: str, accepted: str, value: object) -> InvalidArgument:
    """The error for a value of the wrong kind. Tells its type only, for it may be a secret."""
    kind = "None" if value is None else type(value).__name__
    return InvalidArgument(f"{argument}: expected {accepted}, got {kind}")


def text(argument: str, value: object) -> str:
    """A text; None is the empty one."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise expected(argument, "a text", value)
    return value


def mapping(argument: str, value: object) -> dict[str, Any]:
    """A mapping by documented keys, also when they are spelt as Python spells them; None is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise expected(argument, "a mapping by documented keys", value)
    given = cast("Mapping[object, Any]", value)
    wrong = next((key for key in given if not isinstance(key, str)), None)
    if wrong is not None:
        raise InvalidArgument(f"{argument}: expected texts as keys, got {wrong!r}")
    return {_key(cast("str", key)): item for key, item in given.items()}


def _key(key: str) -> str:
    return documented_key(key) if "_" in key else key


def names(argument: str, value: object) -> tuple[str, ...]:
    """A list of texts; None is an empty one."""
    given = value  # the type checkers narrow `value` to what they only half know
    if value is None:
        return ()
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise expected(argument, "a list of texts", given)
    items = tuple(cast("Iterable[object]", value))
    for place, item in enumerate(items):
        if not isinstance(item, str):
            raise expected(f"{argument}[{place}]", "a text", item)
    return cast("tuple[str, ...]", items)


def pairs(argument: str, value: object) -> tuple[tuple[str, str], ...]:
    """A mapping of texts as pairs: what is None is left out, a list repeats its key, numbers become texts."""
    if value is None:
        return ()
    if not isinstance(value, Mapping):
        raise expected(argument, "a mapping of texts", value)
    given = cast("Mapping[object, object]", value)
    return tuple(
        (str(key), _scalar(f"{argument}[{key!r}]", item))
        for key, items in given.items()
        for item in (cast("list[object]", items) if isinstance(items, (list, tuple)) else (items,))
        if item is not None
    )


def _scalar(argument: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise expected(argument, "a text or a number", value)
