"""Events about the service subscription (`connection` 7)."""

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.subscription import (
    ChangeReason,
    ExtensionFailed,
    ServicesChanged,
    Subscribe,
    SubscribeFailed,
    SubscriptionEnded,
    SubscriptionExtended,
    SubscriptionMade,
    Unsubscribe,
    UnsubscribeFailed,
)
from rbbn_sdk.engine import Derivations, Fact, State
from rbbn_sdk.events.base import Event
from rbbn_sdk.types import ErrorInfo


@frozen(kw_only=True, weakref_slot=False)
class SubscriptionChange(Event):
    """What is subscribed or pending may have changed; `services.get_subscriptions` tells it."""

    TYPE: ClassVar[str] = "subscription:change"

    reason: ChangeReason | None = None
    """Why a subscription ended unasked; None for changes that were asked for."""


@frozen(kw_only=True, weakref_slot=False)
class SubscriptionError(Event):
    """A subscribe or unsubscribe failed; what was subscribed before still is."""

    TYPE: ClassVar[str] = "subscription:error"

    error: ErrorInfo


@frozen(kw_only=True, weakref_slot=False)
class SubscriptionResub(Event):
    """The subscription was extended, or could not be and will be tried again."""

    TYPE: ClassVar[str] = "subscription:resub"

    attempt_num: int
    """From 1; grows with each failure in a row."""
    is_failure: bool
    error: ErrorInfo | UnsetType = UNSET


derivations = Derivations()


@derivations.on(Subscribe)
def _subscribe_began(action: Subscribe, _before: State, _after: State) -> Iterator[Event]:
    """A report; nothing begins without a username."""
    if action.username:
        yield SubscriptionChange()


@derivations.on(Unsubscribe)
def _unsubscribe_began(action: Unsubscribe, _before: State, _after: State) -> Iterator[Event]:
    """A report; nothing begins without a username."""
    if action.username:
        yield SubscriptionChange()


@derivations.on(SubscriptionMade, ServicesChanged)
def _changed(_action: Fact, _before: State, _after: State) -> Iterator[Event]:
    """A report: what was asked for was done."""
    yield SubscriptionChange()


@derivations.on(SubscriptionEnded)
def _ended(action: SubscriptionEnded, _before: State, _after: State) -> Iterator[Event]:
    """A report."""
    yield SubscriptionChange(reason=action.reason)


@derivations.on(SubscribeFailed, UnsubscribeFailed)
def _failed(action: Fact, _before: State, _after: State) -> Iterator[Event]:
    """A report."""
    yield SubscriptionError(error=action.error or ErrorInfo())


@derivations.on(SubscriptionExtended)
def _extended(action: SubscriptionExtended, _before: State, _after: State) -> Iterator[Event]:
    """A report."""
    yield SubscriptionResub(attempt_num=action.attempt_num, is_failure=False)


@derivations.on(ExtensionFailed)
def _not_extended(action: ExtensionFailed, _before: State, _after: State) -> Iterator[Event]:
    """A report."""
    yield SubscriptionResub(attempt_num=action.attempt_num, is_failure=True, error=action.error)
