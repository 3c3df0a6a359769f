"""The requests about calls, one small function each (`call-signalling` 3, 11.2)."""

from collections.abc import Callable, Mapping
from typing import Final

from attrs import define, evolve
from msgspec import UNSET, UnsetType

from rbbn_sdk.gateway.accounts import Account
from rbbn_sdk.gateway.decoding import Malformed
from rbbn_sdk.gateway.legs import Leg, LegState, Offer
from rbbn_sdk.gateway.replies import NO_CONTENT, SERVICE_NOT_ENABLED, Reply, json_reply, status_reply
from rbbn_sdk.gateway.switchboard import Switchboard
from rbbn_sdk.gateway.timing import Timers, Timing
from rbbn_sdk.wire import (
    CallControlRequest,
    CallControlResponse,
    CallControlResponseBody,
    CallDispositionRequest,
    CustomParameter,
)

RESOURCE: Final = "callControl"
DISPOSITION: Final = "calldisposition"

NO_SESSION: Final = 42
NO_SESSION_TO_READ: Final = 47
ANSWERED_ELSEWHERE: Final = 55
BAD_REQUEST: Final = 1004

_DONE: Final = status_reply(RESOURCE, 0)
_GONE: Final = status_reply(RESOURCE, NO_SESSION, 404)
_NOT_OFFERED: Final = status_reply(RESOURCE, SERVICE_NOT_ENABLED, 403)
_BAD_REQUEST: Final = status_reply(RESOURCE, BAD_REQUEST, 400)


@define(eq=False)
class CallControl:
    _board: Switchboard
    _timing: Timing
    _timers: Timers

    def start(self, account: Account, request: CallControlRequest) -> Reply:
        operation = _POSTS.get(request.type)
        return _BAD_REQUEST if operation is None else operation(self, account, request)

    def change(self, account: Account, sid: str, request: CallControlRequest) -> Reply:
        leg = self._board.legs.get(account.username, sid)
        if request.type == "audit":
            return self._audit(leg, account, sid)
        operation = _PUTS.get(request.type)
        if operation is None:
            return _BAD_REQUEST
        if leg is None or leg.state is LegState.ENDED or (leg.state is LegState.LOST and request.type not in _OF_LOST):
            return self._too_late(leg) if leg is not None and request.type == "callAnswer" else _GONE
        leg.outbox.hold()
        try:
            reply = operation(self, leg, request)
        except Malformed:
            self._answered(leg)
            raise
        return evolve(reply, after=lambda: self._answered(leg))

    def _too_late(self, leg: Leg) -> Reply:
        """The answer crossed a `callCancel`, which clients ignore while they answer (`call-signalling` 4.7)."""
        leg.outbox.hold()

        def answered() -> None:
            self._board.cancel_again(leg)
            self._answered(leg)

        return evolve(_GONE, after=answered)

    def read(self, account: Account, sid: str) -> Reply:
        leg = self._board.legs.get(account.username, sid)
        if leg is None or leg.state is LegState.ENDED:
            return status_reply(RESOURCE, NO_SESSION_TO_READ, 404)
        answered = leg.state in (LegState.UP, LegState.LOST)
        return _respond(CallControlResponse(state="ANSWERED" if answered else "RINGING"))

    def end(self, account: Account, sid: str) -> Reply:
        """Never an error: what is not there has ended."""
        leg = self._board.legs.get(account.username, sid)
        if leg is not None:
            self._board.hang_up(leg)
        return NO_CONTENT

    def dispose(self, account: Account, request: CallDispositionRequest) -> Reply:
        operation = _DISPOSITIONS.get(request.action)
        if operation is None:
            return status_reply(DISPOSITION, BAD_REQUEST, 400)
        leg = self._board.legs.get(account.username, request.session_data)
        if leg is None or leg.state is LegState.ENDED or leg.is_caller:
            return status_reply(DISPOSITION, NO_SESSION, 404)
        operation(self, leg, request)
        return status_reply(DISPOSITION, 0)

    def _answered(self, leg: Leg) -> None:
        leg.outbox.release(self._timing.settle)

    # -- POST ------------------------------------------------------------------------------------------------------

    def call_start(self, account: Account, request: CallControlRequest) -> Reply:
        if isinstance(request.to, UnsetType) or not request.to:
            raise Malformed
        leg = self._board.make(account, request.to, request.from_ or "", _offer(request))
        reply = CallControlResponse(session_data=leg.sid)
        return _respond(reply, 201, after=lambda: self._board.dial(leg))

    def not_offered(self, _account: Account, _request: CallControlRequest) -> Reply:
        return _NOT_OFFERED

    # -- PUT -------------------------------------------------------------------------------------------------------

    def _audit(self, leg: Leg | None, account: Account, sid: str) -> Reply:
        if leg is None:
            self._end_forgotten(account, sid)
            return _GONE
        if leg.state is LegState.ENDED and leg.known_until is not None and leg.known_until < self._timers.now():
            return _GONE
        leg.heard_at = self._timers.now()
        self._keep(leg)
        if leg.audited:  # nothing comes of it, so nothing waits for it: a client that audits without end still hears
            return _DONE
        leg.outbox.hold()
        return evolve(_DONE, after=lambda: self._first_audited(leg))

    def _first_audited(self, leg: Leg) -> None:
        """It says that the client knows the leg and can be told of it (G1, G2)."""
        leg.audited = True
        self._keep(leg)
        self._board.cancel_again(leg)
        leg.outbox.open_at(self._timers.now())
        self._answered(leg)

    def _keep(self, leg: Leg) -> None:
        """Its caller has not given up: so says the audit, however late its answer; it may even outrun `dial`."""
        if leg.is_caller:
            leg.call.first_audit.cancel()

    def _end_forgotten(self, account: Account, sid: str) -> None:
        """A client hears that a forgotten call is gone: so does the other side."""
        leg = self._board.legs.recall(sid)
        if leg is not None and leg.account is account:
            self._board.hang_up(leg)

    def ringing(self, leg: Leg, _request: CallControlRequest) -> Reply:
        self._board.ring(leg)
        return _DONE

    def call_answer(self, leg: Leg, request: CallControlRequest) -> Reply:
        if leg.is_caller:
            return _BAD_REQUEST
        if self._board.answer(leg, _offer(request)):
            return _DONE
        return status_reply(RESOURCE, ANSWERED_ELSEWHERE, 409)

    def start_call_update(self, leg: Leg, request: CallControlRequest) -> Reply:
        self._board.reoffers.start(leg, _offer(request))
        return _DONE

    def respond_call_update(self, leg: Leg, request: CallControlRequest) -> Reply:
        refused = isinstance(request.sdp, UnsetType)
        if refused and isinstance(request.status_code, UnsetType):
            raise Malformed
        self._board.reoffers.respond(leg, None if refused else _offer(request))
        return _DONE

    def send_custom_headers(self, _leg: Leg, _request: CallControlRequest) -> Reply:
        return _DONE

    def transfer(self, _leg: Leg, _request: CallControlRequest) -> Reply:
        return _NOT_OFFERED

    # -- call disposition ------------------------------------------------------------------------------------------

    def reject(self, leg: Leg, _request: CallDispositionRequest) -> None:
        self._board.turn_down(leg)

    def forward(self, leg: Leg, request: CallDispositionRequest) -> None:
        if isinstance(request.address, UnsetType) or not request.address:
            raise Malformed
        self._board.forward(leg, request.address)


_POSTS: Final[Mapping[str, Callable[[CallControl, Account, CallControlRequest], Reply]]] = {
    "callStart": CallControl.call_start,
    "join": CallControl.not_offered,
}
_PUTS: Final[Mapping[str, Callable[[CallControl, Leg, CallControlRequest], Reply]]] = {
    "callAnswer": CallControl.call_answer,
    "respondCallUpdate": CallControl.respond_call_update,
    "ringing": CallControl.ringing,
    "sendCustomHeaders": CallControl.send_custom_headers,
    "startCallUpdate": CallControl.start_call_update,
    "transfer": CallControl.transfer,
}
_OF_LOST: Final = frozenset({"callAnswer", "ringing"})
"""What a device may still ask that does not know yet that another one has answered."""
_DISPOSITIONS: Final[Mapping[str, Callable[[CallControl, Leg, CallDispositionRequest], None]]] = {
    "forward": CallControl.forward,
    "reject": CallControl.reject,
}


def _offer(request: CallControlRequest) -> Offer:
    if isinstance(request.sdp, UnsetType) or not request.sdp:
        raise Malformed
    parameters: tuple[CustomParameter, ...] | UnsetType = request.custom_parameters or UNSET
    return Offer(sdp=request.sdp, custom_parameters=parameters)


def _respond(response: CallControlResponse, status: int = 200, after: Callable[[], object] | None = None) -> Reply:
    return json_reply(CallControlResponseBody(call_control_response=response), status, after)
