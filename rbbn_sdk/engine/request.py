"""Requests: each is ended by exactly one fact, whatever becomes of the saga that serves it."""

from collections.abc import Callable
from typing import ClassVar

from attrs import frozen

from rbbn_sdk.engine.action import Action
from rbbn_sdk.types import NO_REQUEST, ErrorInfo, RequestId

_ENDING: "dict[type[Fact], None]" = {}


@frozen(kw_only=True, weakref_slot=False)
class Fact(Action):
    """Base of the facts that can end a request. `error` set: the request failed."""

    request_id: RequestId = NO_REQUEST
    error: ErrorInfo | None = None


@frozen(kw_only=True, weakref_slot=False)
class Request(Action):
    """Base of the actions that ask for something and are ended by one fact with their `request_id`."""

    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = ()
    """The classes of the facts that end it."""

    request_id: RequestId

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        """Register the class and note which facts end requests."""
        super().__attrs_init_subclass__()
        if "TYPE" in vars(cls) and not cls.ENDED_BY:
            raise TypeError(f"{cls.__name__} is a Request without ENDED_BY; name the facts that end it")
        _ENDING.update(dict.fromkeys(cls.ENDED_BY))

    def failed(self, error: ErrorInfo) -> Fact:
        """The fact that ends this request when nobody else does. Override it when that fact needs more fields."""
        return self.ENDED_BY[0](request_id=self.request_id, error=error)


def can_end_a_request(fact: Fact) -> bool:
    """Whether some request class names the fact's class, or a base of it, as one that ends it."""
    return isinstance(fact, tuple(_ENDING))


class Slot:
    """Where the end of a request arrives, after the events of its ending fact were emitted."""

    __slots__ = ("_callbacks", "error", "fact", "request", "settled")

    def __init__(self, request: Request) -> None:
        self.request = request
        self.settled = False
        self.fact: Fact | None = None
        """The ending fact; None while it is open, and when the request never got into the store."""
        self.error: ErrorInfo | None = None
        """Why it failed."""
        self._callbacks: list[Callable[[Fact | None], None]] = []

    def on_settled(self, callback: Callable[[Fact | None], None]) -> None:
        """Call back once with the ending fact; at once if the slot is settled already."""
        if self.settled:
            callback(self.fact)
        else:
            self._callbacks.append(callback)

    def settle(self, fact: Fact | None, error: ErrorInfo | None) -> list[Callable[[Fact | None], None]]:
        """For the store: note the outcome; the callbacks that are to be called."""
        if self.settled:
            return []
        self.settled, self.fact, self.error = True, fact, error
        callbacks, self._callbacks = self._callbacks, []
        return callbacks
