"""The open requests of a store, and who owns them."""

from collections.abc import Hashable

from rbbn_sdk.engine.request import Fact, Request, Slot, can_end_a_request
from rbbn_sdk.types import RequestId

_REMEMBERED = 10_000


class OpenRequest:
    """A request that no fact has ended yet."""

    __slots__ = ("owners", "request", "slot")

    def __init__(self, request: Request, slot: Slot) -> None:
        self.request = request
        self.slot = slot
        self.owners: dict[Hashable, None] = {}
        """The tasks that answer for it; it fails when the last one ends without its fact."""

    def is_ended_by(self, fact: Fact) -> bool:
        """Whether this fact is one that ends it."""
        return isinstance(fact, self.request.ENDED_BY) and fact.request_id == self.request.request_id


class Ledger:
    """All open requests, in the order in which they were made."""

    __slots__ = ("_ended", "_expected", "_open", "strict")

    def __init__(self) -> None:
        self.strict = False
        """A fact for a request that is not open comes too late, even if the request was never seen.

        So it is with a runner. Without, a test may dispatch facts alone; then the last ended ids are remembered.
        """
        self._open: dict[RequestId, OpenRequest] = {}
        self._expected: dict[RequestId, Slot] = {}
        self._ended: dict[RequestId, None] = {}

    def expect(self, request: Request) -> Slot:
        """A slot for a request that is about to be dispatched."""
        slot = Slot(request)
        self._expected.setdefault(request.request_id, slot)
        return slot

    def give_up(self, slot: Slot) -> bool:
        """After the dispatch: whether the request never got in, so that nothing will ever settle the slot."""
        request_id = slot.request.request_id
        if self._expected.get(request_id) is slot:
            del self._expected[request_id]
            return True
        entry = self._open.get(request_id)
        return not slot.settled and (entry is None or entry.slot is not slot)

    def open(self, request: Request) -> bool:
        """Note a request; False when its id is open already."""
        request_id = request.request_id
        if request_id in self._open:
            return False
        slot = self._expected.pop(request_id, None) or Slot(request)
        self._open[request_id] = OpenRequest(request, slot)
        return True

    def get(self, request_id: RequestId) -> OpenRequest | None:
        """An open request."""
        return self._open.get(request_id)

    def end(self, fact: Fact) -> OpenRequest | None:
        """The request that this fact ends, which is open no more; None if it ends none."""
        entry = self._open.get(fact.request_id)
        if entry is None or not entry.is_ended_by(fact):
            return None
        if not self.strict:
            self._remember(fact.request_id)
        return self._open.pop(fact.request_id)

    def forget(self, request_id: RequestId) -> OpenRequest | None:
        """Take a request out that no fact will end."""
        return self._open.pop(request_id, None)

    def comes_too_late(self, fact: Fact) -> bool:
        """Whether the fact would end a request that has ended, or that was never made."""
        gone = fact.request_id not in self._open and (self.strict or fact.request_id in self._ended)
        return gone and can_end_a_request(fact)

    def _remember(self, request_id: RequestId) -> None:
        self._ended[request_id] = None
        if len(self._ended) > _REMEMBERED:
            del self._ended[next(iter(self._ended))]

    def own(self, request: Request, owner: Hashable) -> bool:
        """Let a task answer for a request; False when it is open no more."""
        entry = self._open.get(request.request_id)
        if entry is None:
            return False
        entry.owners[owner] = None
        return True

    def disown(self, request_id: RequestId, owner: Hashable) -> bool:
        """A task answers no more; whether the request is open and nobody is left to answer for it."""
        entry = self._open.get(request_id)
        if entry is None or owner not in entry.owners:
            return False
        del entry.owners[owner]
        return not entry.owners

    def disown_all(self, request_id: RequestId) -> None:
        """Nobody answers any more."""
        entry = self._open.get(request_id)
        if entry is not None:
            entry.owners.clear()

    def ids(self) -> tuple[RequestId, ...]:
        """The open requests' ids, oldest first."""
        return tuple(self._open)
