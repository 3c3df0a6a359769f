"""Events about the websocket (`connection` 7)."""

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.connectivity import ConnectAttempted, Connected, ConnectFailed, ConnectionLost, Disconnected
from rbbn_sdk.engine import Action, Derivations, State
from rbbn_sdk.events.base import Event
from rbbn_sdk.selectors.connectivity import is_connected


@frozen(kw_only=True, weakref_slot=False)
class WsChange(Event):
    """The websocket's state changed, or a series of attempts began; `connection.get_socket_state` tells it."""

    TYPE: ClassVar[str] = "ws:change"


derivations = Derivations()


@derivations.on(ConnectAttempted, Connected, ConnectFailed, ConnectionLost)
def _reported(_action: Action, _before: State, _after: State) -> Iterator[Event]:
    """A report: the beginning and the failure of a series change no flag, and are told nevertheless."""
    yield WsChange()


@derivations.on(Disconnected)
def _closed(_action: Disconnected, before: State, after: State) -> Iterator[Event]:
    """A change: closing what is not open is told to nobody."""
    if is_connected(before) is not is_connected(after):
        yield WsChange()
