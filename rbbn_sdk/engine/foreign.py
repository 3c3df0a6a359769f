"""Names for what a saga awaited although it is no effect."""

from typing import Any


def what_was_awaited(coro: Any, yielded: object) -> str:
    """The innermost thing that is being awaited, by name; `yielded` is what arrived at the runner."""
    inner = _innermost(coro)
    name = getattr(inner, "__qualname__", None)
    if isinstance(name, str) and inner is not coro:
        return f"{name}()"
    if yielded is None:
        return "something that yields None, as asyncio.sleep(0) does"
    return f"{type(yielded).__module__}.{type(yielded).__qualname__}"


def _innermost(coro: Any) -> Any:
    """The last coroutine of the chain `coro` awaits."""
    current = coro
    while True:
        below = getattr(current, "cr_await", None)
        if below is None or not hasattr(below, "cr_await"):
            return current
        current = below
