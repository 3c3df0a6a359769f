"""Queues of what a peer reports: the steps of gathering, the changes of its connection."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

from rbbn_sdk.ports.peers import IceProgress, IceProgressKind
from rbbn_sdk.types.call import IceGatheringState

MAX_UNREAD = 1000
"""Reports kept for a reader that does not come; beyond it the oldest are dropped."""

_T = TypeVar("_T")


class Reports(Generic[_T]):
    """An ordered queue whose cancelled `next` loses nothing."""

    def __init__(self) -> None:
        self._unread: deque[_T] = deque(maxlen=MAX_UNREAD)
        self._news = asyncio.Event()
        self._ended = False

    def put(self, report: _T) -> None:
        """Add a report."""
        self._unread.append(report)
        self._news.set()

    def end(self) -> None:
        """Say that no more will come."""
        self._ended = True
        self._news.set()

    async def next(self) -> _T | None:
        """The next report; None when there will be no more."""
        while not self._unread:
            if self._ended:
                return None
            self._news.clear()
            await self._news.wait()
        return self._unread.popleft()


class Gathering:
    """Where gathering stands, and the steps it took."""

    def __init__(self) -> None:
        self.state = IceGatheringState.NEW
        self.steps: Reports[IceProgress] = Reports()
        self._candidates: dict[tuple[str, str], None] = {}

    def update(self, state: IceGatheringState, candidates: list[tuple[str, str]]) -> None:
        """Take in the state and the (candidate, mid) pairs of now; steps follow for what is new."""
        if state is IceGatheringState.GATHERING:
            self._move(state)
        for pair in candidates:
            if pair not in self._candidates:
                self._candidates[pair] = None
                self.steps.put(self.now(IceProgressKind.CANDIDATE))
        self._move(state)

    def _move(self, state: IceGatheringState) -> None:
        if state is not self.state:
            self.state = state
            self.steps.put(self.now(IceProgressKind.STATE))

    def now(self, kind: IceProgressKind = IceProgressKind.STATE) -> IceProgress:
        """Where it stands."""
        pairs = tuple(self._candidates)
        return IceProgress(
            kind=kind,
            state=self.state,
            candidates=tuple(candidate for candidate, _ in pairs),
            mids=tuple(mid for _, mid in pairs),
        )
