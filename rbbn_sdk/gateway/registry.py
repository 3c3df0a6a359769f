"""All legs by session id, the ended ones for some minutes more."""

from collections.abc import Iterator

from attrs import define, field

from rbbn_sdk.gateway.accounts import Account
from rbbn_sdk.gateway.addresses import normal_user
from rbbn_sdk.gateway.legs import Call, Leg, LegState
from rbbn_sdk.gateway.notifications import call_frame
from rbbn_sdk.gateway.outbox import Notice, Outbox
from rbbn_sdk.gateway.subscriptions import Subscription, Subscriptions
from rbbn_sdk.gateway.timing import Timers, Timing


@define(eq=False)
class Legs:
    _subscriptions: Subscriptions
    _timing: Timing
    _timers: Timers
    _by_sid: dict[str, Leg] = field(factory=dict)
    _forgotten: dict[str, Leg] = field(factory=dict)

    def add(self, call: Call, account: Account, state: LegState, subscription: Subscription | None = None) -> Leg:
        def deliver(notice: Notice) -> None:
            self._deliver(leg, notice)

        outbox = Outbox(self._timers, deliver)
        leg = Leg(account=account, call=call, outbox=outbox, state=state, subscription=subscription)
        leg.heard_at = self._timers.now()
        self._by_sid[leg.sid] = leg
        return leg

    def get(self, username: str, sid: str) -> Leg | None:
        """A leg may be used by its own user only."""
        leg = self._by_sid.get(sid)
        return leg if leg is not None and _belongs(leg, username) else None

    def of_user(self, username: str) -> tuple[Leg, ...]:
        return tuple(leg for leg in self._by_sid.values() if _belongs(leg, username))

    def of_subscription(self, subscription: Subscription) -> tuple[Leg, ...]:
        return tuple(leg for leg in self._by_sid.values() if leg.subscription is subscription)

    def end(self, leg: Leg, last_words: Notice | None = None) -> None:
        """The leg is over; without last words its client ended it or knows already."""
        self.end_unheard(leg)
        if last_words is None:
            self.hush(leg)

    def hush(self, leg: Leg) -> None:
        """The leg's client is done with it and hears nothing more."""
        leg.outbox.clear()
        self._last_words_sent(leg)

    def end_unheard(self, leg: Leg) -> None:
        """The leg is over, and what its client has to hear of it is on its way already."""
        leg.state = LegState.ENDED
        self._timers.later(self._timing.ended_memory, lambda: self._by_sid.pop(leg.sid, None))

    def forget(self, username: str) -> int:
        """Know nothing of a user's legs any more; the other sides do not hear of it."""
        mine = self.of_user(username)
        for leg in mine:
            self._forgotten[leg.sid] = self._by_sid.pop(leg.sid)
        return len(mine)

    def recall(self, sid: str) -> Leg | None:
        """A forgotten leg, once: when its client hears that it is gone, the other side has to as well."""
        return self._forgotten.pop(sid, None)

    def abandoned(self) -> tuple[Leg, ...]:
        since = self._timers.now() - self._timing.abandoned
        done = (LegState.ENDED, LegState.LOST)
        silent = (leg for leg in self._by_sid.values() if leg.heard_at < since and leg.state not in done)
        return tuple(leg for leg in silent if not any(self._in_touch(one, since) for one in self._devices(leg)))

    def _in_touch(self, subscription: Subscription, since: float) -> bool:
        return subscription.channel.is_open or subscription.channel.last_open > since

    def _devices(self, leg: Leg) -> Iterator[Subscription]:
        """A callee's device; all of the user's when it is not known or gone, for others ignore unknown sids."""
        device = leg.subscription
        if device is not None and self._subscriptions.is_live(device):
            return iter((device,))
        return self._subscriptions.of_user(leg.account.username)

    def _deliver(self, leg: Leg, notice: Notice) -> None:
        text = call_frame(notice.message)
        devices = list(self._devices(leg))
        for device in devices:
            device.channel.push(
                text,
                lambda: self._sent(leg, notice),
                lambda: self._dropped(leg, notice),
                precious=notice.final,
                is_wanted=lambda: not notice.is_offer or leg.call.is_open(notice),
            )
        if not devices:
            self._sent(leg, notice)

    def _sent(self, leg: Leg, notice: Notice) -> None:
        now = self._timers.now()
        if notice.unsteady:
            leg.outbox.unsteady_until(now + notice.unsteady)  # G3, G4
        leg.outbox.open_at(now + self._timing.ready)  # G2: unless an audit says so sooner
        if notice.final:
            self._last_words_sent(leg)

    def _dropped(self, leg: Leg, notice: Notice) -> None:
        """Its client never heard of what came before, so it needs not hear the rest."""
        if notice.unsteady:
            leg.outbox.unsteady_until(self._timers.now())
        if leg.state is LegState.ENDED:
            self.hush(leg)

    def _last_words_sent(self, leg: Leg) -> None:
        if leg.known_until is None:
            leg.known_until = self._timers.now() + self._timing.ended_audit


def _belongs(leg: Leg, username: str) -> bool:
    return normal_user(leg.account.username) == normal_user(username)
