"""Answers to incoming calls (`call-signalling` 3.3, 6.1)."""

from typing import ClassVar

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.call.base import CallFact, CallRequest, OperationAbandoned
from rbbn_sdk.actions.call.make import CallAnswered
from rbbn_sdk.actions.call.values import UNLIMITED, Bandwidth
from rbbn_sdk.engine import Fact
from rbbn_sdk.ports import CustomParameter, TrackSource
from rbbn_sdk.types import ErrorInfo, JsonText, TrackId
from rbbn_sdk.types.call import OperationType


@frozen(kw_only=True, weakref_slot=False)
class CallAccepted(CallFact):
    """The gateway took our answer. Followed by `call:tracksAdded`, `call:stateChange` and `call:operation` FINISH."""

    TYPE: ClassVar[str] = "call/ACCEPTED"

    local_tracks: tuple[TrackId, ...]
    remote_tracks: tuple[TrackId, ...]
    bandwidth: Bandwidth
    custom_parameters: tuple[CustomParameter, ...] | UnsetType = UNSET
    custom_bodies: JsonText | UnsetType = UNSET
    time: int


@frozen(kw_only=True, weakref_slot=False)
class SlowAnswerSent(CallFact):
    """The gateway took our offer for a call that came without one; the other side's answer follows. No event."""

    TYPE: ClassVar[str] = "call/SLOW_ANSWER_SENT"

    bandwidth: Bandwidth
    custom_parameters: tuple[CustomParameter, ...] | UnsetType = UNSET
    custom_bodies: JsonText | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class AnswerFailed(CallFact):
    """The call was not answered and rings on. Followed by `call:operation` FINISH and `call:stateChange`."""

    TYPE: ClassVar[str] = "call/ANSWER_FAILED"


@frozen(kw_only=True, weakref_slot=False)
class AnswerBroken(CallFact):
    """Our answer never got complete, and the call is over (`call-media` 3.4).

    Followed by `call:operation` FINISH and `call:stateChange`, both with the error.
    """

    TYPE: ClassVar[str] = "call/ANSWER_BROKEN"

    time: int


@frozen(kw_only=True, weakref_slot=False)
class AnswerCall(CallRequest):
    """Answer an incoming call."""

    TYPE: ClassVar[str] = "call/ANSWER"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (
        CallAccepted,
        CallAnswered,
        AnswerFailed,
        AnswerBroken,
        OperationAbandoned,
    )
    OPERATION: ClassVar[OperationType] = OperationType.ANSWER
    FAILED: ClassVar[type[CallFact]] = AnswerFailed

    media: tuple[TrackSource, ...] = ()
    bandwidth: Bandwidth = UNLIMITED
    custom_parameters: tuple[CustomParameter, ...] | UnsetType = UNSET
    custom_bodies: JsonText | UnsetType = UNSET
    problem: ErrorInfo | None = None
    """What is wrong with the arguments: the operation fails with it."""
