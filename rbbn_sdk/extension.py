"""What an application adds to a client: its own state, events and sagas in the same store."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from attrs import field, frozen

from rbbn_sdk.engine import Action, Derivations, Slice, State

Saga = Callable[[], Coroutine[Any, Any, Any]]


@frozen(kw_only=True, eq=False)
class Extension:
    """Given to `create(config, extensions=[...])`. Names of slices and actions must not be the client's."""

    slices: tuple[Slice[Any], ...] = ()
    derivations: tuple[Derivations, ...] = ()
    """How events follow from actions; they come after the client's own."""
    sagas: tuple[Saga, ...] = ()
    """Run from the start of the client to its end."""
    filters: tuple[Callable[[Action, State], Action | None], ...] = ()
    """Called before reducing; one may replace an action or, with None, drop it."""
    taps: tuple[Callable[[Action, State, State], None], ...] = ()
    """Called after reducing with the states before and after."""
    ports: Mapping[str, object] = field(factory=dict)
    """Adapters by port name: of ports of its own, or in place of the client's. Whoever gives them closes them."""
