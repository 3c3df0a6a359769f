"""The handle of a running operation."""

import asyncio
from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

from rbbn_sdk.engine import Fact, Slot
from rbbn_sdk.errors import OperationFailed, error_for

T_co = TypeVar("T_co", covariant=True)


class Operation(Generic[T_co]):
    """What an operation such as `client.call.answer(...)` returns: ignore it, or await it.

    Awaiting gives the operation's result or raises its typed error, which carries the documented `code` and
    `message`. It may be awaited late, repeatedly and by several tasks, always with the same outcome; a failure that
    nobody awaits warns nobody, for an event reports it. Cancelling the awaiting task does not cancel the operation.
    """

    __slots__ = ("_read", "_slot")

    def __init__(self, slot: Slot, read: Callable[[Fact], T_co]) -> None:
        self._slot = slot
        self._read = read

    @property
    def done(self) -> bool:
        """Whether the operation has ended, well or not."""
        return self._slot.settled

    def __await__(self) -> Generator[Any, None, T_co]:
        if not self._slot.settled:
            yield from self._wait().__await__()
        return self._outcome()

    async def _wait(self) -> None:
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def settle(_fact: Fact | None) -> None:
            if not settled.done():
                settled.set_result(None)

        self._slot.on_settled(settle)
        await settled

    def _outcome(self) -> T_co:
        error = self._slot.error
        if error is not None:
            raise error_for(error)
        fact = self._slot.fact
        if fact is None:
            raise OperationFailed("the operation ended without a result")
        return self._read(fact)

    def __repr__(self) -> str:
        return f"<Operation {'done' if self.done else 'running'}>"
