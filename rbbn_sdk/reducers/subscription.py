"""The slice of the service subscription (`connection` 5, 10.2)."""

from enum import StrEnum

from attrs import frozen
from pyrsistent import PVector, pvector

from rbbn_sdk.actions.auth import SecretsFreed
from rbbn_sdk.actions.subscription import (
    ExtensionFailed,
    ServicesChanged,
    Subscribe,
    SubscribeAccepted,
    SubscribeFailed,
    SubscriptionEnded,
    SubscriptionExtended,
    SubscriptionMade,
    Unsubscribe,
    UnsubscribeFailed,
)
from rbbn_sdk.engine import Fact, Slice, evolve
from rbbn_sdk.ports import Subscription, TurnCredentials
from rbbn_sdk.types import ErrorInfo, RequestId, SecretRef


class PendingKind(StrEnum):
    """What is under way."""

    SUBSCRIBE = "SUBSCRIBE"
    UNSUBSCRIBE = "UNSUBSCRIBE"


@frozen(kw_only=True, weakref_slot=False)
class PendingOperation:
    """One subscribe or unsubscribe that has not ended."""

    request_id: RequestId
    operation: PendingKind
    services: tuple[str, ...]
    start_time: int
    """Milliseconds since the UNIX epoch."""


@frozen(kw_only=True, weakref_slot=False)
class SubscriptionState:
    """What is subscribed, and what is under way."""

    current: Subscription | None = None
    """The gateway's last answer, without its secrets."""
    requested: tuple[str, ...] = ()
    """The services of the request that it answered."""
    pending: PVector[PendingOperation] = pvector()
    """In the order in which they were asked for; the first is being served."""
    attempt: int = 1
    """Which attempt to extend the subscription is next."""
    error: ErrorInfo | None = None
    """Of the last subscribe or update that failed."""
    turn: TurnCredentials | None = None
    """The last TURN credentials that the gateway gave; they outlive the subscription, as calls do."""
    former_turn: TurnCredentials | None = None
    """Those before, which a peer that is just being opened may still need."""
    discarded: PVector[SecretRef] = pvector()
    """Secrets that are not needed any more and are not freed yet."""


subscription = Slice("subscription", SubscriptionState())


@subscription.on(Subscribe)
def _subscribe(state: SubscriptionState, action: Subscribe) -> SubscriptionState:
    return _begin(state, action, PendingKind.SUBSCRIBE)


@subscription.on(Unsubscribe)
def _unsubscribe(state: SubscriptionState, action: Unsubscribe) -> SubscriptionState:
    return _begin(state, action, PendingKind.UNSUBSCRIBE)


def _begin(state: SubscriptionState, action: Subscribe | Unsubscribe, kind: PendingKind) -> SubscriptionState:
    known = any(pending.request_id == action.request_id for pending in state.pending)
    if known or not action.username:
        return state
    pending = PendingOperation(
        request_id=action.request_id, operation=kind, services=action.services, start_time=action.start_time
    )
    return evolve(state, pending=state.pending.append(pending))


@subscription.on(SubscribeAccepted)
def _accepted(state: SubscriptionState, action: SubscribeAccepted) -> SubscriptionState:
    return _with_turn(state, action.subscription)


@subscription.on(SubscriptionMade)
def _made(state: SubscriptionState, action: SubscriptionMade) -> SubscriptionState:
    return _stored(_done(state, action), action.subscription, action.requested)


@subscription.on(ServicesChanged)
def _updated(state: SubscriptionState, action: ServicesChanged) -> SubscriptionState:
    state = _done(state, action)
    if state.current is None:
        return state  # it ended while it was being updated
    return _stored(_with_turn(state, action.subscription), action.subscription, action.requested)


@subscription.on(SubscriptionEnded)
def _ended(state: SubscriptionState, action: SubscriptionEnded) -> SubscriptionState:
    state = _done(state, action)
    return state if state.current is None else evolve(state, current=None, requested=(), attempt=1)


@subscription.on(SubscribeFailed)
def _subscribe_failed(state: SubscriptionState, action: SubscribeFailed) -> SubscriptionState:
    return evolve(_done(state, action), error=action.error)


@subscription.on(UnsubscribeFailed)
def _unsubscribe_failed(state: SubscriptionState, action: UnsubscribeFailed) -> SubscriptionState:
    return _done(state, action)


@subscription.on(SubscriptionExtended)
def _extended(state: SubscriptionState, _action: SubscriptionExtended) -> SubscriptionState:
    return state if state.attempt == 1 else evolve(state, attempt=1)


@subscription.on(ExtensionFailed)
def _extension_failed(state: SubscriptionState, action: ExtensionFailed) -> SubscriptionState:
    return state if state.current is None else evolve(state, attempt=action.attempt_num + 1)


@subscription.on(SecretsFreed)
def _freed(state: SubscriptionState, action: SecretsFreed) -> SubscriptionState:
    kept = [ref for ref in state.discarded if ref not in action.refs]
    return state if len(kept) == len(state.discarded) else evolve(state, discarded=pvector(kept))


def _done(state: SubscriptionState, fact: Fact) -> SubscriptionState:
    left = [pending for pending in state.pending if pending.request_id != fact.request_id]
    return state if len(left) == len(state.pending) else evolve(state, pending=pvector(left))


def _stored(state: SubscriptionState, answer: Subscription, requested: tuple[str, ...]) -> SubscriptionState:
    return evolve(state, current=evolve(answer, session=None, turn=None), requested=requested, attempt=1, error=None)


def _with_turn(state: SubscriptionState, answer: Subscription) -> SubscriptionState:
    """Take TURN credentials over; those before the last ones are not needed any more."""
    turn = answer.turn
    if turn is None or turn == state.turn:
        return state
    unused = [ref for ref in turn_secrets(state.former_turn) if ref not in turn_secrets(turn)]
    return evolve(state, turn=turn, former_turn=state.turn, discarded=state.discarded.extend(unused))


def turn_secrets(turn: TurnCredentials | None) -> tuple[SecretRef, ...]:
    """The references in TURN credentials."""
    return () if turn is None else (turn.username, turn.password)
