"""A subscription to what a selector says."""

from collections.abc import Callable
from typing import Generic, TypeVar

from rbbn_sdk.engine.state import State

_T = TypeVar("_T")


class Subscription(Generic[_T]):
    """One subscriber, and what it was told last."""

    __slots__ = ("active", "callback", "last", "selector", "since")

    def __init__(self, selector: Callable[[State], _T], callback: Callable[[_T], None], last: _T, since: int) -> None:
        self.selector = selector
        self.callback = callback
        self.last = last
        self.since = since
        """Line of the last action that its first value has seen; older ones are not told."""
        self.active = True
