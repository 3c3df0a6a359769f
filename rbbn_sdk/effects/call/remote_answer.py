"""What the other side answers to an offer of ours (`call-signalling` 4.3, 4.4, `call-media` 5.4)."""

from rbbn_sdk.actions.call import (
    AnswerBroken,
    CallAnswered,
    CallEnded,
    CustomParametersReceived,
    EarlyMediaBegan,
    EndCause,
    OperationAbandoned,
    OperationMoved,
)
from rbbn_sdk.effects.call.errors import GENERIC, error_info
from rbbn_sdk.effects.call.hang_up import hang_up, session_of
from rbbn_sdk.effects.call.notices import (
    custom_parameters,
    description,
    is_update_failure,
    participant,
    progress_participant,
)
from rbbn_sdk.effects.call.pipeline import remote_for_peer
from rbbn_sdk.effects.call.waiting import until
from rbbn_sdk.engine import State, fx
from rbbn_sdk.errors import MediaError, RbbnError
from rbbn_sdk.ports import Clock, Peers, RemoteMedia
from rbbn_sdk.reducers.call import UNANSWERED, CallObject, CurrentOperation
from rbbn_sdk.selectors.call import awaiting, call_by_id, is_ending_or_done
from rbbn_sdk.selectors.webrtc import media_session
from rbbn_sdk.types import CallId, ErrorInfo, RequestId, TrackId
from rbbn_sdk.types.call import OperationStatus, OperationType, SdpType
from rbbn_sdk.wire import CallNotification


async def tell_parameters(call_id: CallId, notice: CallNotification) -> None:
    """`call:customParameters`, right before what the notification causes."""
    parameters = custom_parameters(notice)
    if parameters:
        await fx.put(CustomParametersReceived(call_id=call_id, custom_parameters=parameters))


async def progress(call_id: CallId, notice: CallNotification) -> None:
    """A provisional answer: media may flow, another answer may follow. One that is unusable changes nothing."""
    call = await fx.select(call_by_id, call_id)
    operation = await fx.select(awaiting, call_id)
    sdp = description(notice)
    if call is None or operation is None or not sdp or not _takes_progress(call, operation):
        await fx.log("debug", "CALL", "Ignored a provisional answer: none is expected, or it has no SDP", id=call_id)
        return
    await tell_parameters(call_id, notice)
    try:
        media = await _apply(call, SdpType.PRANSWER, sdp)
    except RbbnError as error:
        await fx.log("warn", "CALL", f"A provisional answer cannot be used: {error.message}", id=call_id)
        return
    party = progress_participant(call, notice)
    await fx.put(EarlyMediaBegan(call_id=call_id, remote_tracks=media.tracks, remote_participant=party))


def _takes_progress(call: CallObject, operation: CurrentOperation) -> bool:
    is_pending = operation.type is OperationType.MAKE and operation.status is OperationStatus.PENDING
    return is_pending and call.state in UNANSWERED


async def respond(call_id: CallId, notice: CallNotification) -> None:
    """The reply to an offer. One that overtook the gateway's own answer to the offer waits for that."""
    await until(call_id, _is_matched)
    call = await fx.select(call_by_id, call_id)
    operation = await fx.select(awaiting, call_id)
    if call is None or operation is None or operation.status is not OperationStatus.PENDING:
        await fx.log("debug", "CALL", "Ignored a reply to an offer: nothing waits for one", id=call_id)
        return
    request_id = RequestId(operation.id)
    await fx.put(OperationMoved(request_id=request_id, call_id=call_id, status=OperationStatus.RESOLVING))
    await tell_parameters(call_id, notice)
    if description(notice):
        await _answered(call, operation, notice)
    elif is_update_failure(notice):
        error = ErrorInfo(code=GENERIC, message="the other side refused the offer")
        await fx.put(OperationAbandoned(request_id=request_id, call_id=call_id, error=error))
    else:
        error = ErrorInfo(code=GENERIC, message="the other side's reply to the offer has neither SDP nor a reason")
        await _unusable(call, operation, error)


def _is_matched(state: State, call_id: CallId) -> bool:
    """Whether it is clear which operation a reply is for."""
    call = call_by_id(state, call_id)
    if call is None or awaiting(state, call_id) is not None or is_ending_or_done(state, call_id):
        return True
    return not any(_sends_offer(call, operation) for operation in call.current_operations)


def _sends_offer(call: CallObject, operation: CurrentOperation) -> bool:
    answers_by_offer = operation.type is OperationType.ANSWER and call.is_slow_start is True
    return operation.is_local and (operation.is_blocking or answers_by_offer)


async def _answered(call: CallObject, operation: CurrentOperation, notice: CallNotification) -> None:
    try:
        media = await _apply(call, SdpType.ANSWER, description(notice))
    except RbbnError as error:
        await _unusable(call, operation, error_info(error))
        return
    now = await fx.call(Clock.now)
    if await fx.select(is_ending_or_done, call.id):
        return
    await fx.put(
        CallAnswered(
            request_id=RequestId(operation.id),
            call_id=call.id,
            remote_tracks=media.tracks,
            local_tracks=await fx.select(_own_tracks, call.id) if operation.type is OperationType.ANSWER else (),
            remote_participant=participant(call, notice),
            time=now,
        )
    )


def _own_tracks(state: State, call_id: CallId) -> tuple[TrackId, ...]:
    session = media_session(state, call_id)
    return () if session is None else session.local_tracks


async def _apply(call: CallObject, sdp_type: SdpType, sdp: str) -> RemoteMedia:
    session = await fx.select(media_session, call.id)
    if session is None or session.peer_id is None:
        raise MediaError("the call has no peer connection")
    handled = await remote_for_peer(call.id, sdp_type, sdp, call.direction)
    media = await fx.call(Peers.set_remote, session.peer_id, sdp_type, handled)
    for problem in media.problems:
        await fx.log("info", "CALL", f"About the other side's {sdp_type}: {problem}", id=call.id)
    return media


async def _unusable(call: CallObject, operation: CurrentOperation, error: ErrorInfo) -> None:
    """The call is over; the gateway gets to know it too."""
    now = await fx.call(Clock.now)
    if await fx.select(is_ending_or_done, call.id):
        return
    session_id = await session_of(call.id)
    if session_id is not None:
        await fx.spawn(hang_up, call.id, session_id)
    if operation.type is OperationType.ANSWER:
        await fx.put(AnswerBroken(request_id=RequestId(operation.id), call_id=call.id, error=error, time=now))
        return
    await fx.put(
        CallEnded(call_id=call.id, operation_id=operation.id, cause=EndCause.ANSWER_UNUSABLE, error=error, time=now)
    )
