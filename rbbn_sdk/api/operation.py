"""The handle of a running operation."""

from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar, cast

from rbbn_sdk.engine import Fact, Slot
from rbbn_sdk.engine.aio import settled
from rbbn_sdk.errors import OperationFailed, error_for

T_co = TypeVar("T_co", covariant=True)


class Operation(Generic[T_co]):
    """What an operation such as `client.call.answer(...)` returns: ignore it, or await it.

    Awaiting gives the operation's result or raises its typed error, which carries the documented `code` and
    `message`. It may be awaited late, repeatedly and by several tasks, always with the same outcome; a failure that
    nobody awaits warns nobody, for an event reports it. Cancelling the awaiting task does not cancel the operation.
    """

    __slots__ = ("__weakref__", "_check", "_problem", "_read", "_result", "_slot")

    def __init__(self, slot: Slot, read: Callable[[Fact], T_co], check: Callable[[], None] | None = None) -> None:
        """Watch a request.

        Args:
            slot: Where its end arrives.
            read: Makes the result of the fact that ended it well, at that moment.
            check: Raises when the caller of an `await` is in the wrong thread.
        """
        self._slot = slot
        self._read: Callable[[Fact], T_co] | None = read
        self._check = check
        self._result: object = None
        self._problem: Exception | None = None
        slot.on_settled(self._settle)

    @property
    def done(self) -> bool:
        """Whether the operation has ended, well or not."""
        return self._slot.settled

    def __await__(self) -> Generator[Any, None, T_co]:
        if self._check is not None:
            self._check()
        yield from settled(self._slot).__await__()
        return self._outcome()

    def _settle(self, fact: Fact | None) -> None:
        read, self._read = self._read, None
        if fact is None or self._slot.error is not None or read is None:
            return
        try:
            self._result = read(fact)
        except Exception as error:  # noqa: BLE001 - raised where the operation is awaited
            self._problem = error

    def _outcome(self) -> T_co:
        if self._slot.error is not None:
            raise error_for(self._slot.error)
        if self._problem is not None:
            raise self._problem
        if self._slot.fact is None:
            raise OperationFailed("the operation ended without a result")
        return cast("T_co", self._result)

    def __repr__(self) -> str:
        return f"<Operation {'done' if self.done else 'running'}>"
