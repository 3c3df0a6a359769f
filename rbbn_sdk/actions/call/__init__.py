"""Calls: what is asked for, and what happens to them."""

from rbbn_sdk.actions.call.answer import AnswerBroken, AnswerCall, AnswerFailed, CallAccepted, SlowAnswerSent
from rbbn_sdk.actions.call.base import NO_OPERATION, CallFact, CallRequest, OperationAbandoned, operation_of
from rbbn_sdk.actions.call.decline import CallIgnored, CallRejected, DeclineFailed, IgnoreCall, RejectCall
from rbbn_sdk.actions.call.end import CallCancelled, CallEnded, EndCall, EndFailed, UpdateRefused
from rbbn_sdk.actions.call.incoming import IncomingCallFailed, IncomingCallReady, IncomingCallReceived
from rbbn_sdk.actions.call.make import (
    CallAnswered,
    CallInitiated,
    CallStarted,
    EarlyMediaBegan,
    MakeAborted,
    MakeCall,
    MakeFailed,
    RemoteRang,
)
from rbbn_sdk.actions.call.media import (
    AnswerUnconfirmed,
    CustomParametersReceived,
    LocalTracksOpened,
    MediaClosed,
    MediaConnectionChanged,
    MediaDropped,
    PeerOpened,
    RemoteOfferApplied,
)
from rbbn_sdk.actions.call.notice import CallNoticed
from rbbn_sdk.actions.call.operation import OperationMoved, RemoteOperationStarted
from rbbn_sdk.actions.call.resync import ResyncCall, ResyncFinished
from rbbn_sdk.actions.call.ringing import RingingFeedbackFailed, RingingFeedbackSent, SendRingingFeedback
from rbbn_sdk.actions.call.values import (
    AUDIT_FAILED,
    NOBODY,
    UNLIMITED,
    Bandwidth,
    EndCause,
    MediaOffered,
    RemoteParticipant,
    Transition,
)

__all__ = [
    "AUDIT_FAILED",
    "NOBODY",
    "NO_OPERATION",
    "UNLIMITED",
    "AnswerBroken",
    "AnswerCall",
    "AnswerFailed",
    "AnswerUnconfirmed",
    "Bandwidth",
    "CallAccepted",
    "CallAnswered",
    "CallCancelled",
    "CallEnded",
    "CallFact",
    "CallIgnored",
    "CallInitiated",
    "CallNoticed",
    "CallRejected",
    "CallRequest",
    "CallStarted",
    "CustomParametersReceived",
    "DeclineFailed",
    "EarlyMediaBegan",
    "EndCall",
    "EndCause",
    "EndFailed",
    "IgnoreCall",
    "IncomingCallFailed",
    "IncomingCallReady",
    "IncomingCallReceived",
    "LocalTracksOpened",
    "MakeAborted",
    "MakeCall",
    "MakeFailed",
    "MediaClosed",
    "MediaConnectionChanged",
    "MediaDropped",
    "MediaOffered",
    "OperationAbandoned",
    "OperationMoved",
    "PeerOpened",
    "RejectCall",
    "RemoteOfferApplied",
    "RemoteOperationStarted",
    "RemoteParticipant",
    "RemoteRang",
    "ResyncCall",
    "ResyncFinished",
    "RingingFeedbackFailed",
    "RingingFeedbackSent",
    "SendRingingFeedback",
    "SlowAnswerSent",
    "Transition",
    "UpdateRefused",
    "operation_of",
]
