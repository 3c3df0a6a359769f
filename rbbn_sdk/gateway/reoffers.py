"""Re-offers in mid-call: relayed one at a time, glare settled (`call-signalling` 11.2, G4)."""

import random

from attrs import define

from rbbn_sdk.gateway.legs import Call, Leg, LegState, Offer, Reoffer
from rbbn_sdk.gateway.outbox import Notice
from rbbn_sdk.gateway.timing import Timers, Timing

UPDATE_FAILED = 49


@define(eq=False)
class Reoffers:
    _timing: Timing
    _timers: Timers

    def start(self, leg: Leg, offer: Offer) -> None:
        """Relay a re-offer, or refuse it when the call is not up or the other side's is under way."""
        call = leg.call
        peer = call.peer_of(leg)
        if leg.state is not LegState.UP or peer is None or peer.state is not LegState.UP:
            self._refuse(leg, "Call Does Not Exist")
        elif call.reoffer is None:
            self._relay(call, leg, peer, offer)
        elif call.reoffer.offerer is not leg:
            self._settle_glare(call.reoffer, leg)
        elif call.reoffer.offer.sdp != offer.sdp:  # else the same request once more
            self._refuse(leg, "Request Pending")

    def respond(self, leg: Leg, answer: Offer | None) -> None:
        """Relay the reply; None is a refusal. What nobody waits for any more is dropped."""
        call = leg.call
        reoffer = call.reoffer
        if reoffer is None or call.peer_of(reoffer.offerer) is not leg:
            return
        if answer is not None:
            self._clear(call)
            reoffer.offerer.notify("respondCallUpdate", sdp=answer.sdp, custom_parameters=answer.custom_parameters)
        elif reoffer.contended:
            reoffer.contended = False
            reoffer.notice = _send(leg, reoffer.offer)
        else:
            self._give_up(call)

    def drop(self, call: Call) -> None:
        """The call is over: an offer that was not delivered is of no use any more."""
        reoffer = call.reoffer
        if reoffer is not None:
            self._clear(call)
            self._withdraw(reoffer)

    def _relay(self, call: Call, leg: Leg, peer: Leg, offer: Offer) -> None:
        timer = self._timers.later(self._timing.reoffer, lambda: self._give_up(call))
        call.reoffer = Reoffer(offerer=leg, offer=offer, notice=_send(peer, offer), timer=timer)

    def _settle_glare(self, reoffer: Reoffer, later: Leg) -> None:
        """The earlier offer wins. Its receiver gets the refusal of its own offer first, then the other's offer."""
        reoffer.contended = not later.outbox.withdraw(reoffer.notice)
        self._refuse(later, "Request Pending")
        if not reoffer.contended:
            reoffer.notice = _send(later, reoffer.offer)

    def _give_up(self, call: Call) -> None:
        reoffer = call.reoffer
        if reoffer is not None:
            self._clear(call)
            self._withdraw(reoffer)
            self._refuse(reoffer.offerer, "Request Pending")

    def _withdraw(self, reoffer: Reoffer) -> None:
        receiver = reoffer.offerer.call.peer_of(reoffer.offerer)
        if receiver is not None:
            receiver.outbox.withdraw(reoffer.notice)

    def _clear(self, call: Call) -> None:
        if call.reoffer is not None:
            call.reoffer.timer.cancel()
            call.reoffer = None

    def _refuse(self, leg: Leg, reason: str) -> None:
        leg.notify(
            "respondCallUpdate",
            top_status=UPDATE_FAILED,
            reason=reason,
            retry_after=random.randint(2100, 4000),  # noqa: S311 - spreads retries, hides nothing
            unsteady=self._timing.glare,
        )


def _send(leg: Leg, offer: Offer) -> Notice:
    return leg.notify("startCallUpdate", sdp=offer.sdp, custom_parameters=offer.custom_parameters)
