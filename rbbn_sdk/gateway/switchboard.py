"""Calls between users: the mapping of requests to notifications (`call-signalling` 11.2)."""

import logging
from typing import Final

from attrs import define, field

from rbbn_sdk.gateway.accounts import Account, Directory
from rbbn_sdk.gateway.addresses import Address, domain_of, parse_address
from rbbn_sdk.gateway.legs import WAITING, Call, Leg, LegState, Offer, Party
from rbbn_sdk.gateway.registry import Legs
from rbbn_sdk.gateway.reoffers import Reoffers
from rbbn_sdk.gateway.subscriptions import Subscription, Subscriptions
from rbbn_sdk.gateway.timing import Timers, Timing

_log = logging.getLogger("rbbn_sdk.gateway")

REASONS: Final = {404: "Not Found", 480: "Temporarily Unavailable", 487: "Request Terminated", 603: "Decline"}


@define(eq=False)
class Switchboard:
    _directory: Directory
    _subscriptions: Subscriptions
    _timing: Timing
    _timers: Timers
    legs: Legs = field(init=False)
    reoffers: Reoffers = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.legs = Legs(self._subscriptions, self._timing, self._timers)
        self.reoffers = Reoffers(self._timing, self._timers)
        self._subscriptions.on_replaced = self._take_over

    # -- before the answer -----------------------------------------------------------------------------------------

    def make(self, account: Account, to: str, from_: str, offer: Offer) -> Leg:
        """The caller's leg; nobody is rung before `dial`, so that the caller knows his leg first (G1)."""
        address = parse_address(to, domain_of(account.username))
        caller = Party.of(account, parse_address(from_, "").name)
        call = Call(caller=caller, callee=Party(number=address.user), destination=to, offer=offer)
        leg = self.legs.add(call, account, LegState.INVITING)
        call.caller_leg = leg
        leg.outbox.shut()
        return leg

    def dial(self, leg: Leg) -> None:
        """The caller has his answer: ring the callee."""
        call = leg.call
        leg.outbox.open_at(self._timers.now() + self._timing.ready)
        if call.over:
            return
        if not leg.audited:
            call.first_audit = self._timers.later(self._timing.first_audit_timeout, lambda: self._given_up(leg))
        self._invite(call, parse_address(call.destination, domain_of(leg.account.username)))

    def _invite(self, call: Call, address: Address) -> None:
        account = self._directory.called(address)
        if account is None:
            self._fail(call, 404)
            return
        call.callee = Party.of(account)
        devices = list(self._subscriptions.of_user(account.username, "call"))
        if not devices:
            self._fail(call, 480)
            return
        call.no_answer.cancel()
        call.no_answer = self._timers.later(self._timing.no_answer_timeout, lambda: self._fail(call, 487))
        for device in devices:
            self._ring_device(call, account, device)

    def _ring_device(self, call: Call, account: Account, device: Subscription) -> None:
        leg = self.legs.add(call, account, LegState.INVITED, device)
        call.callee_legs.append(leg)
        self._send_call(leg)

    def _send_call(self, leg: Leg) -> None:
        offer = leg.call.offer
        leg.notify("call", sdp=offer.sdp, custom_parameters=offer.custom_parameters)

    def ring(self, leg: Leg) -> None:
        """A device rings; the caller hears of the first."""
        if leg.state is not LegState.INVITED:
            return
        leg.state = LegState.RINGING
        if not leg.call.rang:
            leg.call.rang = True
            leg.call.caller_leg.notify("ringing")

    def answer(self, leg: Leg, offer: Offer) -> bool:
        """False: another device was quicker."""
        call = leg.call
        if leg is call.answered_by:
            return True  # the same request once more
        if call.answered_by is not None or leg.state not in WAITING:
            return False
        call.answered_by = leg
        call.no_answer.cancel()
        leg.state = call.caller_leg.state = LegState.UP
        leg.outbox.open_at(self._timers.now())
        leg.outbox.unsteady_until(self._timers.now() + self._timing.steady)
        self._cancel_others(call, LegState.LOST)
        call.caller_leg.notify(
            "respondCallUpdate",
            sdp=offer.sdp,
            custom_parameters=offer.custom_parameters,
            unsteady=self._timing.steady,
        )
        return True

    def turn_down(self, leg: Leg) -> None:
        """One device rejects for all."""
        if leg.state in WAITING:
            self.legs.end(leg)
            self._fail(leg.call, 603)

    def forward(self, leg: Leg, to: str) -> None:
        """The call goes on to another user, with the caller's offer."""
        call = leg.call
        if leg.state not in WAITING:
            return
        self.legs.end(leg)
        self._cancel_others(call, LegState.ENDED)
        address = parse_address(to, domain_of(leg.account.username))
        call.callee = Party(number=address.user)
        call.rang = False
        self._invite(call, address)

    # -- the end ---------------------------------------------------------------------------------------------------

    def hang_up(self, leg: Leg) -> None:
        """A client ends its leg, in whatever state it is."""
        call, state = leg.call, leg.state
        leg.cancelled = False  # it knows better
        if state in WAITING:
            self.turn_down(leg)
        elif state is LegState.INVITING:
            self.legs.end(leg)
            self._finish(call)
        elif state is LegState.UP:
            self.legs.end(leg)
            self._end_peer(leg)
        else:
            self.legs.hush(leg)

    def _end_peer(self, leg: Leg) -> None:
        peer = leg.call.peer_of(leg)
        if peer is not None and peer.state is LegState.UP:
            self.legs.end(peer, peer.notify("callEnd", status="", reason="", final=True))
        self._finish(leg.call)

    def _fail(self, call: Call, status: int) -> None:
        """The caller hears why nobody answered."""
        leg = call.caller_leg
        if leg.state is LegState.INVITING:
            self.legs.end(leg, leg.notify("callEnd", status=str(status), reason=REASONS[status], final=True))
        self._finish(call)

    def _given_up(self, leg: Leg) -> None:
        _log.info("%s: no audit of a new call: its caller has given up", leg.account.username)
        self.hang_up(leg)

    def _finish(self, call: Call) -> None:
        call.over = True
        call.stop_timers()
        self.reoffers.drop(call)
        self._cancel_others(call, LegState.ENDED)
        for leg in call.callee_legs:
            if leg.state is LegState.LOST:
                self.legs.end_unheard(leg)

    def _cancel_others(self, call: Call, state: LegState) -> None:
        for leg in call.waiting():
            leg.cancelled = True
            notice = leg.notify("callCancel", final=True)
            if state is LegState.ENDED:
                self.legs.end(leg, notice)
            else:
                leg.state = state

    def cancel_again(self, leg: Leg) -> None:
        """Its client was not ready to hear it (G2), unless the cancel still waits to be delivered."""
        if leg.cancelled and not leg.outbox.is_waiting:
            leg.notify("callCancel", final=True)

    # -- devices that come and go ----------------------------------------------------------------------------------

    def _take_over(self, earlier: Subscription, new: Subscription) -> None:
        """A new subscription gets the legs of the one that it replaced; what rings, rings there too."""
        for leg in self.legs.of_subscription(earlier):
            leg.subscription = new
            if leg.state in WAITING:
                leg.audited = False
                leg.outbox.reopen()
                self._send_call(leg)

    def sweep(self) -> None:
        """End the legs that nobody has used for very long (`call-signalling` 11.2)."""
        for leg in self.legs.abandoned():
            _log.info("%s: a call was ended: no audit and no websocket for long", leg.account.username)
            self.hang_up(leg)
