"""Which events follow each fact about a call, and in which order (`call-signalling` 8)."""

from collections.abc import Iterator

from rbbn_sdk.actions.call import (
    AnswerBroken,
    AnswerCall,
    AnswerFailed,
    CallAccepted,
    CallAnswered,
    CallCancelled,
    CallEnded,
    CallIgnored,
    CallInitiated,
    CallRejected,
    CallStarted,
    CustomParametersReceived,
    DeclineFailed,
    EarlyMediaBegan,
    EndCall,
    EndCause,
    EndFailed,
    IgnoreCall,
    IncomingCallFailed,
    IncomingCallReady,
    IncomingCallReceived,
    MakeFailed,
    MediaConnectionChanged,
    OperationAbandoned,
    OperationMoved,
    RejectCall,
    RemoteOperationStarted,
    RemoteRang,
    ResyncCall,
    ResyncFinished,
    RingingFeedbackFailed,
    RingingFeedbackSent,
    SendRingingFeedback,
    UpdateRefused,
)
from rbbn_sdk.events.base import Event
from rbbn_sdk.events.call.events import (
    CallCustomParameters,
    CallMediaConnectionChange,
    CallReceive,
    CallStart,
    PreviousConnection,
)
from rbbn_sdk.events.call.parts import (
    Part,
    Step,
    all_tracks_added,
    end_finished,
    ended,
    failed,
    finished,
    finished_without_error,
    local_tracks_added,
    moved,
    others_finished,
    remote_tracks_added,
    started,
    state_changed,
    state_told,
    tell,
    tracks_removed,
)


def _start(step: Step) -> Iterator[Event]:
    if step.is_change:
        yield CallStart(call_id=step.action.call_id)


def _receive(step: Step) -> Iterator[Event]:
    if step.was is None and step.now is not None:
        yield CallReceive(call_id=step.now.id, media_offered=step.action.media_offered)


def _custom_parameters(step: Step) -> Iterator[Event]:
    """A report."""
    action: CustomParametersReceived = step.action
    if step.now is not None:
        yield CallCustomParameters(call_id=action.call_id, custom_parameters=action.custom_parameters)


def _media_connection(step: Step) -> Iterator[Event]:
    if step.is_change and step.was is not None:
        previous = PreviousConnection(state=step.was.media_connection_state)
        yield CallMediaConnectionChange(call_id=step.was.id, previous=previous)


def _end(step: Step) -> Iterator[Event]:
    """The order depends on who ended the call; the call's own operations come to their end in any case."""
    for part in _ENDS[step.action.cause]:
        yield from part(step)


_ENDS: dict[EndCause, tuple[Part, ...]] = {
    EndCause.LOCAL: (tracks_removed, finished, ended, others_finished),
    EndCause.REMOTE: (tracks_removed, ended, finished, others_finished),
    EndCause.AUDIT: (end_finished, tracks_removed, ended, others_finished),
    EndCause.RESYNC: (tracks_removed, ended, others_finished),
    EndCause.RECONNECT: (end_finished, tracks_removed, ended, others_finished),
    EndCause.ANSWER_UNUSABLE: (tracks_removed, ended, finished_without_error, others_finished),
}

tell(AnswerCall, RejectCall, IgnoreCall, EndCall, SendRingingFeedback, ResyncCall, parts=(started,))
tell(RemoteOperationStarted, parts=(started,))
tell(OperationMoved, parts=(moved,))
tell(OperationAbandoned, ResyncFinished, UpdateRefused, parts=(finished,))

tell(CallStarted, parts=(_start, started))
tell(CallInitiated, parts=(local_tracks_added, state_changed))
tell(RemoteRang, parts=(state_changed,))
tell(EarlyMediaBegan, parts=(remote_tracks_added, state_told))
tell(CallAnswered, parts=(remote_tracks_added, state_changed, finished))
tell(MakeFailed, parts=(finished, ended, others_finished))

tell(IncomingCallReceived, parts=(started, _receive))
tell(IncomingCallReady, parts=(state_changed, finished))
tell(IncomingCallFailed, parts=(end_finished, ended, finished, others_finished))

tell(CallAccepted, parts=(all_tracks_added, state_changed, finished))
tell(AnswerFailed, DeclineFailed, RingingFeedbackFailed, EndFailed, parts=(finished, failed))
tell(AnswerBroken, parts=(finished, ended, others_finished))
tell(CallRejected, CallIgnored, parts=(finished, ended, others_finished))
tell(RingingFeedbackSent, parts=(finished, state_changed))

tell(CallEnded, parts=(_end,))
tell(CallCancelled, parts=(state_changed, finished, others_finished))

tell(CustomParametersReceived, parts=(_custom_parameters,))
tell(MediaConnectionChanged, parts=(_media_connection,))
