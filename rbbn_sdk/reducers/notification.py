"""The slice of notifications: enabled channels, and the ids that were seen (`connection` 8.2)."""

from attrs import frozen
from pyrsistent import PMap, pmap

from rbbn_sdk.actions.connectivity import (
    Connected,
    ConnectFailed,
    ConnectionGivenUp,
    ConnectionLost,
    Disconnected,
)
from rbbn_sdk.actions.notification import NotificationReceived
from rbbn_sdk.engine import Action, Slice, evolve


@frozen(kw_only=True, weakref_slot=False)
class SeenIds:
    """The last ids, each with the number of its place; what is over the limit is forgotten, oldest first."""

    by_id: PMap[str, int] = pmap()
    by_place: PMap[int, str] = pmap()
    first: int = 0
    next: int = 0

    def with_id(self, event_id: str, limit: int) -> "SeenIds":
        """Remember an id, and no more than `limit`."""
        by_id = self.by_id.set(event_id, self.next)
        by_place = self.by_place.set(self.next, event_id)
        first = self.first
        while self.next + 1 - first > limit:
            by_id = by_id.remove(by_place[first])
            by_place = by_place.remove(first)
            first += 1
        return SeenIds(by_id=by_id, by_place=by_place, first=first, next=self.next + 1)


@frozen(kw_only=True, weakref_slot=False)
class Notifications:
    """What is let in."""

    websocket_enabled: bool = False
    seen: SeenIds = SeenIds()


notifications = Slice("notifications", Notifications())


@notifications.on(Connected)
def _enabled(state: Notifications, _action: Connected) -> Notifications:
    return state if state.websocket_enabled else evolve(state, websocket_enabled=True)


@notifications.on(ConnectFailed, ConnectionLost, ConnectionGivenUp, Disconnected)
def _disabled(state: Notifications, _action: Action) -> Notifications:
    return evolve(state, websocket_enabled=False) if state.websocket_enabled else state


@notifications.on(NotificationReceived)
def _seen(state: Notifications, action: NotificationReceived) -> Notifications:
    if not action.event_id or action.cache_length <= 0 or action.event_id in state.seen.by_id:
        return state
    return evolve(state, seen=state.seen.with_id(action.event_id, action.cache_length))
