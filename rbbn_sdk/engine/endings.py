"""The ends of requests that no saga ended: the engine puts the failing fact."""

from typing import TYPE_CHECKING

from rbbn_sdk.engine.guarded import FREE
from rbbn_sdk.engine.ledger import OpenRequest
from rbbn_sdk.engine.problem import ProblemKind
from rbbn_sdk.engine.request import Fact, Request
from rbbn_sdk.types import ErrorInfo, RequestId

if TYPE_CHECKING:
    from rbbn_sdk.engine.core import Core


class Endings:
    """What becomes of the open requests of a core."""

    def __init__(self, core: "Core") -> None:
        self._core = core

    def see_that_it_is_served(self, request: Request) -> None:
        """It has reached all its takers: one of them should own it now."""
        entry = self._core.ledger.get(request.request_id)
        if entry is not None and not entry.owners:
            self.fail_later(request.request_id, ErrorInfo(message=f"nobody serves {request.TYPE}"), self._core.cause)

    def fail_later(self, request_id: RequestId, error: ErrorInfo, cause: int) -> None:
        """End a request that nobody answers for, after what is queued: its own fact may be among it."""
        self._core.enter(self._fail_now, request_id, error, cause)

    def fail_all(self, error: ErrorInfo) -> None:
        """End all that is still open, oldest first; called from the queue only."""
        for request_id in self._core.ledger.ids():
            self._core.ledger.disown_all(request_id)
            self._fail_now(request_id, error, self._core.cause)

    def _fail_now(self, request_id: RequestId, error: ErrorInfo, cause: int) -> None:
        entry = self._core.ledger.get(request_id)
        if entry is None or entry.owners:
            return
        fact = self._failing_fact(entry, error)
        if fact is not None:
            self._core.put(fact, "", cause)
        if self._core.ledger.get(request_id) is entry:  # no fact, or a filter dropped it
            self._core.ledger.forget(request_id)
            self._core.phase = "callback of a request that no fact ended"
            self._core.settle(entry.slot, None, error)
            self._core.phase = FREE

    def _failing_fact(self, entry: OpenRequest, error: ErrorInfo) -> Fact | None:
        request = entry.request
        raised: Exception | None = None
        try:
            fact = request.failed(error)
            if entry.is_ended_by(fact):
                return fact
        except Exception as problem:  # noqa: BLE001 -- reported; the slot settles without a fact
            raised = problem
        text = f"{type(request).__name__}.failed gave no fact that ends {request.TYPE} {request.request_id}"
        self._core.problem(ProblemKind.REQUEST, text, request, raised)
        return None
