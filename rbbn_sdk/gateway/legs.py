"""One user's side of a call, and the call that relates the sides (`call-signalling` 11.1)."""

from enum import StrEnum
from secrets import token_hex

from attrs import define, field, frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.gateway.accounts import Account
from rbbn_sdk.gateway.outbox import Notice, Outbox
from rbbn_sdk.gateway.subscriptions import Subscription
from rbbn_sdk.gateway.timing import Timer
from rbbn_sdk.wire import CallNotification, CallNotificationParams, CustomParameter, SessionParams

CustomParameters = tuple[CustomParameter, ...] | UnsetType


class LegState(StrEnum):
    INVITING = "INVITING"
    """A caller's, before the answer."""
    INVITED = "INVITED"
    RINGING = "RINGING"
    UP = "UP"
    LOST = "LOST"
    """Another device of the user answered."""
    ENDED = "ENDED"


WAITING = (LegState.INVITED, LegState.RINGING)


@frozen(kw_only=True)
class Party:
    """How one side is shown to the other."""

    number: str
    name: str = ""

    @classmethod
    def of(cls, account: Account, name: str = "") -> "Party":
        return cls(number=account.username, name=name or account.name)


@define(eq=False, kw_only=True)
class Leg:
    account: Account
    call: "Call"
    outbox: Outbox
    state: LegState
    subscription: Subscription | None = None
    """The device that a callee's leg rings; a caller's leg belongs to the user."""
    sid: str = field(factory=lambda: f"{token_hex(16)}@gateway")
    cancelled: bool = False
    """Its client was sent `callCancel`."""
    audited: bool = False
    heard_at: float = 0.0
    """The latest audit, or the beginning."""
    known_until: float | None = None
    """An audit of the ended leg is answered 200 before this; None: its last notification has not been sent."""

    @property
    def is_caller(self) -> bool:
        return self is self.call.caller_leg

    def notify(
        self,
        event_type: str,
        *,
        sdp: str | UnsetType = UNSET,
        custom_parameters: CustomParameters = UNSET,
        status: str | UnsetType = UNSET,
        reason: str | UnsetType = UNSET,
        retry_after: int | UnsetType = UNSET,
        top_status: int | UnsetType = UNSET,
        final: bool = False,
        unsteady: float = 0.0,
    ) -> Notice:
        """Push one notification to this leg's client; it leaves when the client can handle it."""
        params = SessionParams(
            session_data=self.sid, sdp=sdp, status_code=status, reason_text=reason, retry_after=retry_after
        )
        message = CallNotification(
            event_type=event_type,
            session_params=params,
            status_code=top_status,
            call_notification_params=self.parties(),
            custom_parameters=custom_parameters,
        )
        notice = Notice(
            message=message,
            final=final,
            is_call=event_type == "call",
            is_offer=event_type == "startCallUpdate",
            unsteady=unsteady,
        )
        self.outbox.push(notice)
        return notice

    def parties(self) -> CallNotificationParams:
        """Sent with every notification: a client forgets what is missing (`call-signalling` 1.3)."""
        caller, callee = self.call.caller, self.call.callee
        remote = callee if self.is_caller else caller
        return CallNotificationParams(
            caller_name=caller.name,
            caller_display_number=caller.number,
            callee_name=callee.name,
            callee_display_number=callee.number,
            remote_name=remote.name,
            remote_display_number=remote.number,
        )


@frozen(kw_only=True, eq=False)
class Offer:
    """A session description that wants an answer."""

    sdp: str
    custom_parameters: CustomParameters = UNSET


@define(eq=False, kw_only=True)
class Reoffer:
    """The one re-offer of a call that is under way (G4)."""

    offerer: Leg
    offer: Offer
    notice: Notice
    timer: Timer
    contended: bool = False
    """The other side had sent one of its own before it saw this one; it will refuse, and gets it once more."""


@define(eq=False, kw_only=True)
class Call:
    caller: Party
    callee: Party
    destination: str
    offer: Offer
    callee_legs: list[Leg] = field(factory=list)
    caller_leg: Leg = field(init=False)
    answered_by: Leg | None = None
    rang: bool = False
    over: bool = False
    reoffer: Reoffer | None = None
    no_answer: Timer = field(factory=Timer)
    first_audit: Timer = field(factory=Timer)

    def peer_of(self, leg: Leg) -> Leg | None:
        return self.answered_by if leg is self.caller_leg else self.caller_leg

    def is_open(self, offer: Notice) -> bool:
        """Somebody waits for the reply to this re-offer."""
        return self.reoffer is not None and self.reoffer.notice is offer

    def waiting(self) -> tuple[Leg, ...]:
        """Callee legs that nobody has answered yet."""
        return tuple(leg for leg in self.callee_legs if leg.state in WAITING)

    def stop_timers(self) -> None:
        self.no_answer.cancel()
        self.first_audit.cancel()
