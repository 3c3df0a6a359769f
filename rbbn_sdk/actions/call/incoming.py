"""Incoming calls until they ring (`call-signalling` 4.1, 7.2)."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.call.base import CallFact
from rbbn_sdk.actions.call.values import MediaOffered, RemoteParticipant
from rbbn_sdk.types import SessionId


@frozen(kw_only=True, weakref_slot=False)
class IncomingCallReceived(CallFact):
    """Somebody calls. Followed by `call:operation` START (a remote MAKE) and `call:receive`."""

    TYPE: ClassVar[str] = "call/INCOMING_RECEIVED"

    session_id: SessionId
    from_: str
    to: str
    remote_participant: RemoteParticipant
    media_offered: MediaOffered | None
    """None for a call without an offer: the answer will be one."""


@frozen(kw_only=True, weakref_slot=False)
class IncomingCallReady(CallFact):
    """The offer was applied. Followed by `call:stateChange` and `call:operation` FINISH."""

    TYPE: ClassVar[str] = "call/INCOMING_READY"

    is_ringing: bool
    """The caller was told that we are alerted."""


@frozen(kw_only=True, weakref_slot=False)
class IncomingCallFailed(CallFact):
    """The offer cannot be applied, the call is over.

    Followed by `call:operation` FINISH of an END, `call:stateChange` and `call:operation` FINISH, each with the error.
    """

    TYPE: ClassVar[str] = "call/INCOMING_FAILED"

    time: int
