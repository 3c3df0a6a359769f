"""What is subscribed (`connection` 5, 10.2)."""

from attrs import frozen
from pyrsistent import PMap, pmap

from rbbn_sdk.engine import State, create_selector
from rbbn_sdk.ports import Subscription, TurnCredentials
from rbbn_sdk.reducers.subscription import PendingKind, PendingOperation, subscription
from rbbn_sdk.types import MappingRecord, RequestId, SecretRef

AVAILABLE_SERVICES = ("call", "Presence", "IM")
"""What `get_subscriptions` advertises, whatever the gateway offers."""


@frozen(kw_only=True, weakref_slot=False)
class Subscriptions(MappingRecord):
    """What `get_subscriptions` returns."""

    subscribed: tuple[str, ...]
    available: tuple[str, ...]
    is_pending: bool


@frozen(kw_only=True, weakref_slot=False)
class ServicesInfo(MappingRecord):
    """How the granted services compare with those that were asked for."""

    requested: tuple[str, ...]
    received: tuple[str, ...]
    missing: tuple[str, ...]
    status: str
    """`NONE`, `PARTIAL`, `FULL` or `UNKNOWN`."""
    services: PMap[str, bool]
    """Each requested service and whether it was granted."""


def current_subscription(state: State) -> Subscription | None:
    """The stored answer of the gateway."""
    return subscription(state).current


def subscribed_services(state: State) -> tuple[str, ...]:
    """The granted services, in the gateway's spelling and order."""
    current = subscription(state).current
    return () if current is None else current.service


def is_pending(state: State) -> bool:
    """Whether a subscribe or unsubscribe is under way."""
    return bool(subscription(state).pending)


def first_pending(state: State) -> PendingOperation | None:
    """The subscribe or unsubscribe that is being served."""
    pending = subscription(state).pending
    return pending[0] if pending else None


def is_unsubscribing(state: State) -> bool:
    """Whether an unsubscribe is being served."""
    first = first_pending(state)
    return first is not None and first.operation is PendingKind.UNSUBSCRIBE


def is_unwanted(state: State, request_id: RequestId) -> bool:
    """Whether all that a pending subscribe asks for is to be unsubscribed as soon as it has ended."""
    pending = subscription(state).pending
    wanted = next((item.services for item in pending if item.request_id == request_id), ())
    refused = {name for item in pending if item.operation is PendingKind.UNSUBSCRIBE for name in item.services}
    return bool(wanted) and refused.issuperset(wanted)


def extension_attempt(state: State) -> int:
    """Which attempt to extend the subscription is next, from 1."""
    return subscription(state).attempt


def turn_credentials(state: State) -> TurnCredentials | None:
    """The last TURN credentials that the gateway gave."""
    return subscription(state).turn


def discarded_secrets(state: State) -> tuple[SecretRef, ...]:
    """Secrets of answers that are not needed any more."""
    return tuple(subscription(state).discarded)


def _subscriptions(subscribed: tuple[str, ...], pending: bool) -> Subscriptions:  # noqa: FBT001 -- a selector's input
    return Subscriptions(subscribed=subscribed, available=AVAILABLE_SERVICES, is_pending=pending)


subscriptions = create_selector(subscribed_services, is_pending, _subscriptions)
"""What `get_subscriptions` tells."""


def _requested(state: State) -> tuple[str, ...]:
    return subscription(state).requested


def _services_info(requested: tuple[str, ...], received: tuple[str, ...]) -> ServicesInfo:
    granted = {name.lower() for name in received}
    missing = tuple(name for name in requested if name.lower() not in granted)
    return ServicesInfo(
        requested=requested,
        received=received,
        missing=missing,
        status=_status(requested, received, missing),
        services=pmap({name: name.lower() in granted for name in requested}),
    )


def _status(requested: tuple[str, ...], received: tuple[str, ...], missing: tuple[str, ...]) -> str:
    if not received:
        return "NONE"
    if missing:
        return "PARTIAL"
    return "FULL" if len(requested) == len(received) else "UNKNOWN"


services_info = create_selector(_requested, subscribed_services, _services_info)
"""How the granted services compare with those that were asked for."""
