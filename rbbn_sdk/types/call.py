"""The documented strings of calls, tracks and operations."""

from enum import StrEnum


class CallState(StrEnum):
    INITIATING = "Initiating"
    INITIATED = "Initiated"
    RINGING = "Ringing"
    EARLY_MEDIA = "Early Media"
    CONNECTED = "Connected"
    ON_HOLD = "On Hold"
    CANCELLED = "Cancelled"
    ENDED = "Ended"


class CallDirection(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"


class MediaConnectionState(StrEnum):
    NEW = "new"
    CHECKING = "checking"
    CONNECTED = "connected"
    COMPLETED = "completed"
    DISCONNECTED = "disconnected"
    FAILED = "failed"
    CLOSED = "closed"


class OperationType(StrEnum):
    MAKE = "MAKE"
    ANSWER = "ANSWER"
    REJECT = "REJECT"
    IGNORE = "IGNORE"
    END = "END"
    SEND_RINGING_FEEDBACK = "SEND_RINGING_FEEDBACK"
    CALL_CANCEL = "CALL_CANCEL"
    RESYNC = "RESYNC"
    SLOW_START = "SLOW_START"
    GENERIC_REMOTE = "GENERIC_REMOTE"


class OperationTransition(StrEnum):
    START = "START"
    UPDATE = "UPDATE"
    RESUME = "RESUME"
    FINISH = "FINISH"


class OperationStatus(StrEnum):
    NOT_STARTED = "NOT_STARTED"
    ONGOING = "ONGOING"
    PENDING = "PENDING"
    RESOLVING = "RESOLVING"


class MediaKind(StrEnum):
    AUDIO = "audio"
    VIDEO = "video"


class TrackType(StrEnum):
    AUDIO = "audio"
    VIDEO = "video"
    SCREEN = "screen"


class TrackState(StrEnum):
    LIVE = "live"
    ENDED = "ended"


class IceGatheringState(StrEnum):
    NEW = "new"
    GATHERING = "gathering"
    COMPLETE = "complete"


class IceCheckReason(StrEnum):
    GATHERING_STATE_CHANGED = "IceGatheringStateChanged"
    NEW_CANDIDATE = "NewCandidate"
    SCHEDULED = "Scheduled"


class SdpType(StrEnum):
    OFFER = "offer"
    ANSWER = "answer"
    PRANSWER = "pranswer"


class SdpStep(StrEnum):
    SET = "set"
    SEND = "send"


class SdpEndpoint(StrEnum):
    LOCAL = "local"
    REMOTE = "remote"
