"""The store: reduces at once, delivers in order.

`dispatch` filters, reduces and informs the taps before it returns, wherever it is called. Delivery (subscribers, then
events, then who awaits the request's end, then sagas) is queued: one action is wholly delivered before the next. What a
saga puts stands in the same queue, so it waits until the action under delivery has reached all its takers.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.core import Core, Filter, Tap
from rbbn_sdk.engine.derivation import Derivations
from rbbn_sdk.engine.problem import Report
from rbbn_sdk.engine.request import Request, Slot
from rbbn_sdk.engine.slice import Slice
from rbbn_sdk.engine.state import State

_A = TypeVar("_A", bound=Action)
_T = TypeVar("_T")


class Store:
    """Holds the state. Nothing but a reducer changes it."""

    __slots__ = ("__weakref__", "_guard", "core")

    def __init__(
        self,
        slices: Iterable[Slice[Any]],
        *,
        derivations: Iterable[Derivations] = (),
        filters: Iterable[Filter] = (),
        taps: Iterable[Tap] = (),
        emit: Callable[[Any], None] | None = None,
        report: Report | None = None,
        guard: Callable[[], None] | None = None,
        initial: Mapping[Slice[Any], object] | None = None,
    ) -> None:
        """Make a store.

        Args:
            slices: What the state is made of.
            derivations: How events follow from actions.
            filters: Called in order before reducing; one may replace an action or, with None, drop it.
            taps: Called in order after reducing, with the states before and after.
            emit: Gets every event.
            report: Gets every problem; by default they go to stderr.
            guard: Called first in `dispatch`, `request`, `select` and `subscribe`; may raise, as for a wrong thread.
            initial: First values of slices, other than their own.
        """
        self.core = Core(slices, derivations, filters, taps, emit, report, initial)
        """The machine inside, for `Runner`."""
        self._guard = guard

    @property
    def state(self) -> State:
        """The state now. Read a slice of it with the slice: `calls(store.state)`."""
        return self.core.state

    def select(self, selector: Callable[..., _T], *args: object) -> _T:
        """What a selector says of the state now."""
        if self._guard is not None:
            self._guard()
        return self.core.select(selector, args)

    def dispatch(self, action: _A) -> _A | None:
        """Reduce an action now, deliver it in its turn.

        Returns the action that was reduced; None when it was not: a filter dropped it, it is a second ending fact, the
        store's runner is being destroyed, or the caller may only read (a reducer, derivation, selector, filter, tap,
        saga or log handler; reported once for each such place and class). Raises `TypeError` for what is no registered
        action.
        """
        if self._guard is not None:
            self._guard()
        return cast("_A | None", self.core.dispatch(action))

    def request(self, request: Request) -> Slot:
        """Dispatch a request. Its slot settles when a fact has ended it, or at once when it did not get in."""
        if self._guard is not None:
            self._guard()
        return self.core.request(request)

    def subscribe(self, selector: Callable[[State], _T], callback: Callable[[_T], None]) -> Callable[[], None]:
        """Call back with the selector's value after each action that made it another object.

        Returns a function that ends the subscription; to call it twice is harmless.
        """
        if self._guard is not None:
            self._guard()
        return self.core.subscribe(selector, callback)
