"""The one ordered sequence of what a runner takes in, and of the puts that follow from it, as records."""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from rbbn_sdk.engine.action import Action

DELAY = "delay"
GRACE = "destroy"


@frozen(kw_only=True, weakref_slot=False)
class Dispatched:
    """An input: an action from outside."""

    line: int
    action: Action
    during: int | None = None
    """Line of the action in whose delivery a subscriber or handler dispatched this one; None: in no delivery."""
    destroys: bool = False
    """The action that began the runner's end."""


@frozen(kw_only=True, weakref_slot=False)
class Ended:
    """An input: the end of a port call or delay, or of the time that `destroy` gives to cleanup."""

    line: int
    path: str
    """`root/3.0/7`: of the third saga the runner runs, its first fork, its seventh effect; all counted from 0."""
    call: str
    """Name of the port's method such as `rest.renew`, or `delay`, or `destroy`."""
    args: tuple[object, ...] = ()
    """What it was called with; `codec.digest(args)` is what a recording keeps of it."""
    result: Any = None
    error: BaseException | None = None


@frozen(kw_only=True, weakref_slot=False)
class Put:
    """Not an input: an action of a saga, or the failing fact that the engine made for a request."""

    line: int
    action: Action
    path: str
    """Path of the put; empty for a fact of the engine's own."""
    cause: int
    """Line that made the saga do it; 0: it happened when the sagas were started."""


Record = Dispatched | Ended | Put
RecordTap = Callable[[Record], None]
