"""One leg's notifications: in strict order, and none before its client can handle it (`call-signalling` 11.4)."""

from collections import deque
from collections.abc import Callable
from math import inf

from attrs import define, field, frozen

from rbbn_sdk.gateway.timing import Timer, Timers
from rbbn_sdk.wire import CallNotification


@frozen(kw_only=True, eq=False)
class Notice:
    message: CallNotification
    final: bool = False
    """The leg's client hears nothing more after this."""
    is_call: bool = False
    """G2: what follows waits for the first audit, or until some time after this has left."""
    is_offer: bool = False
    """Waits until the leg is steady."""
    unsteady: float = 0.0
    """Seconds for which the leg is not steady after this has left, which may be long after it was delivered."""


@define(eq=False)
class Outbox:
    _timers: Timers
    _deliver: Callable[[Notice], object]
    _opens_at: float = 0.0
    _steady_at: float = 0.0
    _requests: int = 0
    _notices: deque[Notice] = field(factory=deque)
    _timer: Timer = field(factory=Timer)

    @property
    def is_waiting(self) -> bool:
        """Something is still to be delivered."""
        return bool(self._notices)

    def push(self, notice: Notice) -> None:
        self._notices.append(notice)
        self._flush()

    def withdraw(self, notice: Notice) -> bool:
        """Take back what has not been delivered."""
        waits = notice in self._notices
        if waits:
            self._notices.remove(notice)
            self._flush()
        return waits

    def clear(self) -> None:
        """The client ended the leg itself: nothing more for it (G6)."""
        self._notices.clear()
        self._timer.cancel()

    def shut(self) -> None:
        """Deliver nothing until `open_at` says when."""
        self._opens_at = inf

    def reopen(self) -> None:
        """Another device takes over: it has heard nothing yet."""
        self._opens_at = 0.0

    def open_at(self, when: float) -> None:
        """Never later than said before."""
        self._opens_at = min(self._opens_at, when)
        self._flush()

    def unsteady_until(self, when: float) -> None:
        """Also the end of the wait for a notice that was to leave first."""
        self._steady_at = when if self._steady_at == inf else max(self._steady_at, when)
        self._flush()

    def hold(self) -> None:
        """A request about this leg is under way: nothing is delivered before its answer (G8)."""
        self._requests += 1

    def release(self, pause: float) -> None:
        self._requests -= 1
        if self._opens_at < inf:
            self._opens_at = max(self._opens_at, self._timers.now() + pause)
        self._flush()

    def _flush(self) -> None:
        self._timer.cancel()
        while self._notices and not self._requests:
            wait = self._due(self._notices[0]) - self._timers.now()
            if wait == inf:
                return
            if wait > 0:
                self._timer = self._timers.later(wait, self._flush)
                return
            notice = self._notices.popleft()
            if notice.is_call:
                self.shut()
            if notice.unsteady:
                self._steady_at = inf
            self._deliver(notice)

    def _due(self, notice: Notice) -> float:
        return max(self._opens_at, self._steady_at) if notice.is_offer else self._opens_at
