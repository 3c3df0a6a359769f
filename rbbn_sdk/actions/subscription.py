"""Service subscription (`connection` 5 and 7)."""

from enum import StrEnum
from typing import ClassVar

from attrs import frozen

from rbbn_sdk.engine import Action, Fact, Request
from rbbn_sdk.ports import Subscription
from rbbn_sdk.types import ErrorInfo, SecretRef


class ChangeReason(StrEnum):
    """Why a subscription ended unasked."""

    GONE = "GONE"
    LOST_CONNECTION = "LOST_CONNECTION"
    WS_OVERRIDDEN = "WS_OVERRIDDEN"


@frozen(kw_only=True, weakref_slot=False)
class SubscribeAccepted(Action):
    """The gateway granted a new subscription; its websocket is not open yet."""

    TYPE: ClassVar[str] = "subscription/SUBSCRIBE_ACCEPTED"

    subscription: Subscription


@frozen(kw_only=True, weakref_slot=False)
class SubscriptionMade(Fact):
    """A new subscription with an open websocket. Followed by `subscription:change`."""

    TYPE: ClassVar[str] = "subscription/SUBSCRIPTION_MADE"

    subscription: Subscription
    requested: tuple[str, ...]


@frozen(kw_only=True, weakref_slot=False)
class ServicesChanged(Fact):
    """The gateway answered an update."""

    subscription: Subscription
    requested: tuple[str, ...]


@frozen(kw_only=True, weakref_slot=False)
class ServicesAdded(ServicesChanged):
    """The update named more services. Followed by `subscription:change`."""

    TYPE: ClassVar[str] = "subscription/SERVICES_ADDED"


@frozen(kw_only=True, weakref_slot=False)
class ServicesRemoved(ServicesChanged):
    """The update named fewer services. Followed by `subscription:change`."""

    TYPE: ClassVar[str] = "subscription/SERVICES_REMOVED"


@frozen(kw_only=True, weakref_slot=False)
class SubscriptionEnded(Fact):
    """Nothing is subscribed any more. Followed by `subscription:change`."""

    TYPE: ClassVar[str] = "subscription/SUBSCRIPTION_ENDED"

    reason: ChangeReason | None = None
    """None: it was asked for."""


@frozen(kw_only=True, weakref_slot=False)
class SubscribeFailed(Fact):
    """A subscribe or an adding update failed; what was subscribed before still is. Followed by `subscription:error`."""

    TYPE: ClassVar[str] = "subscription/SUBSCRIBE_FAILED"


@frozen(kw_only=True, weakref_slot=False)
class UnsubscribeFailed(Fact):
    """An unsubscribe failed; what was subscribed still is. Followed by `subscription:error`."""

    TYPE: ClassVar[str] = "subscription/UNSUBSCRIBE_FAILED"


@frozen(kw_only=True, weakref_slot=False)
class Subscribe(Request):
    """Subscribe, or add services to the subscription. With a username, followed by `subscription:change`."""

    TYPE: ClassVar[str] = "subscription/SUBSCRIBE"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (SubscriptionMade, ServicesAdded, SubscribeFailed)

    services: tuple[str, ...]
    username: str
    """Who subscribes; empty when no username is known, and then nothing begins."""
    start_time: int
    """Milliseconds since the UNIX epoch."""
    type: str = "websocket"
    client_correlator: str | None = None
    headers: tuple[tuple[str, str | SecretRef], ...] = ()
    query_params: tuple[tuple[str, str | SecretRef], ...] = ()

    def failed(self, error: ErrorInfo) -> Fact:
        return SubscribeFailed(request_id=self.request_id, error=error)


@frozen(kw_only=True, weakref_slot=False)
class Unsubscribe(Request):
    """Give up services, or all. With a username, followed by `subscription:change`."""

    TYPE: ClassVar[str] = "subscription/UNSUBSCRIBE"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (SubscriptionEnded, ServicesRemoved, UnsubscribeFailed)

    services: tuple[str, ...]
    username: str
    start_time: int
    """Milliseconds since the UNIX epoch."""
    type: str = "websocket"

    def failed(self, error: ErrorInfo) -> Fact:
        return UnsubscribeFailed(request_id=self.request_id, error=error)


@frozen(kw_only=True, weakref_slot=False)
class SubscriptionExtended(Action):
    """The gateway gave the subscription more time. Followed by `subscription:resub`."""

    TYPE: ClassVar[str] = "subscription/SUBSCRIPTION_EXTENDED"

    attempt_num: int


@frozen(kw_only=True, weakref_slot=False)
class ExtensionFailed(Action):
    """The gateway did not give the subscription more time; it is asked again. Followed by `subscription:resub`."""

    TYPE: ClassVar[str] = "subscription/EXTENSION_FAILED"

    attempt_num: int
    error: ErrorInfo


@frozen(kw_only=True, weakref_slot=False)
class SubscriptionVanished(Action):
    """The gateway says that the subscription is no more. Followed, if there is one, by `subscription:change`."""

    TYPE: ClassVar[str] = "subscription/SUBSCRIPTION_VANISHED"

    reason: ChangeReason
