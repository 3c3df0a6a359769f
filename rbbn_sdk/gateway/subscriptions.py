"""Service subscriptions (`connection` 5): made, extended, replaced, expired, ended."""

import logging
import re
from collections.abc import Callable, Iterator
from secrets import token_hex
from typing import Final

from attrs import define, field
from msgspec import UNSET
from msgspec.structs import replace

from rbbn_sdk.gateway.accounts import Account
from rbbn_sdk.gateway.addresses import normal_user
from rbbn_sdk.gateway.channels import Channel
from rbbn_sdk.gateway.notifications import frame
from rbbn_sdk.gateway.timing import Timer, Timers, Timing
from rbbn_sdk.wire import SubscribeRequest, SubscribeResponse, SubscriptionParams, TurnCredentials

_log = logging.getLogger("rbbn_sdk.gateway")

DEFAULT_EXPIRES: Final = 3600
_CORRELATOR: Final = re.compile(r"[A-Za-z0-9._~@:+=-]{1,200}\Z")


def usable_correlator(text: str) -> bool:
    """Correlators travel in paths."""
    return _CORRELATOR.match(text) is not None


@define(eq=False)
class Subscription:
    account: Account
    channel: Channel
    version: str
    request: SubscribeRequest
    session_id: str | None = field(default=None, repr=False)
    id: str = field(factory=lambda: token_hex(16))
    turn: TurnCredentials = field(
        factory=lambda: TurnCredentials(username=f"turn-{token_hex(4)}", password=token_hex(12)), repr=False
    )
    expiry: Timer = field(factory=Timer)

    @property
    def correlator(self) -> str:
        return self.request.client_correlator or ""

    @property
    def path(self) -> str:
        return f"/rest/version/{self.version}/user/{self.account.username}/subscription/{self.id}"

    @property
    def expires(self) -> int:
        return _seconds(self.request.expires)

    def has_service(self, name: str) -> bool:
        """Names are compared without case (`connection` 4)."""
        return name.lower() in {service.lower() for service in self.request.service}

    def answer(self) -> SubscribeResponse:
        """The same after every request: a client keeps the latest (`connection` 5.2)."""
        request = self.request
        params = SubscriptionParams(
            expires=self.expires,
            service=request.service,
            assigned_service=request.service,
            notification_type=request.notification_type,
            notification_channel=f"/rest/version/{self.version}/websocket/{self.channel.id}",
            use_turn=request.use_turn,
            turn_credentials=self.turn if request.use_turn else UNSET,
            session_id=self.session_id or UNSET,
            client_correlator=self.correlator or UNSET,
            localization=request.localization if request.localization != "English_US" else UNSET,
        )
        return SubscribeResponse(subscription=self.path, subscription_params=params)


def _seconds(expires: object) -> int:
    if isinstance(expires, str):
        try:
            expires = float(expires)
        except ValueError:
            return DEFAULT_EXPIRES
    return int(expires) if isinstance(expires, int | float) and 0 < expires < 1e9 else DEFAULT_EXPIRES


@define(eq=False)
class Subscriptions:
    _timing: Timing
    _timers: Timers
    _by_id: dict[str, Subscription] = field(factory=dict)
    _by_channel: dict[str, Subscription] = field(factory=dict)
    _by_user: dict[str, dict[str, Subscription]] = field(factory=dict)
    on_replaced: Callable[[Subscription, Subscription], object] | None = None

    def subscribe(
        self, account: Account, version: str, request: SubscribeRequest, session_id: str | None
    ) -> Subscription:
        """A new subscription; it takes the place of one with the same correlator (`connection` 5.8)."""
        channel = Channel(account.username, self._timing, self._timers)
        new = Subscription(account, channel, version, request, session_id)
        earlier = self.by_correlator(account.username, new.correlator)
        self._by_id[new.id] = self._by_channel[channel.id] = new
        self._by_user.setdefault(normal_user(account.username), {})[new.id] = new
        self._start_expiry(new)
        if earlier is not None:
            self._replace(earlier, new)
        return new

    def update(self, subscription: Subscription, request: SubscribeRequest) -> None:
        subscription.request = replace(request, client_correlator=subscription.request.client_correlator)
        self._start_expiry(subscription)

    def end(self, subscription: Subscription) -> None:
        """Ended by its client."""
        self._remove(subscription)
        subscription.channel.retire()

    def forget(self, username: str) -> int:
        """Know nothing of a user's subscriptions any more; the sockets stay open, as after a failover."""
        forgotten = list(self.of_user(username))
        for subscription in forgotten:
            self._remove(subscription)
            subscription.channel.alive = False
        return len(forgotten)

    def get(self, username: str, subscription_id: str) -> Subscription | None:
        found = self._by_id.get(subscription_id)
        return found if found is not None and _belongs(found, username) else None

    def by_correlator(self, username: str, correlator: str) -> Subscription | None:
        return next((one for one in self.of_user(username) if one.correlator == correlator), None)

    def by_channel(self, channel_id: str) -> Subscription | None:
        return self._by_channel.get(channel_id)

    def of_user(self, username: str, service: str = "") -> Iterator[Subscription]:
        """A user's subscriptions, those with one service if it is named, the oldest first."""
        mine = list(self._by_user.get(normal_user(username), {}).values())
        return (one for one in mine if not service or one.has_service(service))

    def __iter__(self) -> Iterator[Subscription]:
        return iter(list(self._by_id.values()))

    def is_live(self, subscription: Subscription) -> bool:
        return subscription.id in self._by_id

    def _start_expiry(self, subscription: Subscription) -> None:
        subscription.expiry.cancel()
        life = subscription.expires + self._timing.expiry_grace
        subscription.expiry = self._timers.later(life, lambda: self._expire(subscription))

    def _expire(self, subscription: Subscription) -> None:
        _log.info("%s: the subscription has expired", subscription.account.username)
        subscription.channel.push(frame({"eventType": "gone"}))
        self.end(subscription)

    def _replace(self, earlier: Subscription, new: Subscription) -> None:
        _log.info("%s: the subscription was replaced", new.account.username)
        earlier.channel.hand_over(new.channel)
        earlier.channel.push(frame({"eventType": "websocketOverridden"}))
        self.end(earlier)
        if self.on_replaced is not None:
            self.on_replaced(earlier, new)

    def _remove(self, subscription: Subscription) -> None:
        subscription.expiry.cancel()
        self._by_id.pop(subscription.id, None)
        self._by_channel.pop(subscription.channel.id, None)
        self._by_user.get(normal_user(subscription.account.username), {}).pop(subscription.id, None)


def _belongs(subscription: Subscription, username: str) -> bool:
    return normal_user(subscription.account.username) == normal_user(username)
