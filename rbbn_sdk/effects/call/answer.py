"""Answering incoming calls (`call-signalling` 3.3, 6.1, `call-media` 6.2)."""

from typing import Final

from attrs import frozen

from rbbn_sdk.actions.call import (
    AnswerBroken,
    AnswerCall,
    AnswerFailed,
    AnswerUnconfirmed,
    CallAccepted,
    CallAnswered,
    EndCause,
    OperationAbandoned,
    OperationMoved,
    SlowAnswerSent,
)
from rbbn_sdk.effects.call.describe import describe
from rbbn_sdk.effects.call.errors import GENERIC, CallBroken, error_info
from rbbn_sdk.effects.call.hang_up import hang_up, session_of
from rbbn_sdk.effects.call.media import add_tracks, free_sources, open_peer, open_tracks, renew
from rbbn_sdk.effects.call.resync import ask
from rbbn_sdk.effects.call.waiting import until_ending
from rbbn_sdk.effects.request import rest
from rbbn_sdk.engine import Channel, State, fx
from rbbn_sdk.errors import (
    InvalidState,
    MediaError,
    RbbnError,
    RequestTimedOut,
    RequestUnreachable,
    UnusableReply,
)
from rbbn_sdk.ports import CallAnswer, Clock, Peers, Rest, TrackSource
from rbbn_sdk.reducers.call import is_ending
from rbbn_sdk.selectors.call import answer_problem, call_by_id, is_ending_or_done, operation, refusal
from rbbn_sdk.selectors.config import rest_timeout
from rbbn_sdk.selectors.webrtc import may_be_answered, media_session, track_by_id
from rbbn_sdk.types import CallId, ErrorInfo, OperationId, PeerId, TrackId
from rbbn_sdk.types.call import CallState, OperationStatus, OperationType, SdpType

ANSWERED_ELSEWHERE: Final = 55
REPLY_TIME: Final = 15.0
"""Seconds beyond `request.restTimeout` that the other side has to reply to an offer (`call-signalling` 10.1)."""

_UNSAID: Final = (RequestTimedOut, RequestUnreachable, UnusableReply)
"""After these nobody knows whether the gateway has passed our answer on."""

_Reply = CallAnswered | OperationAbandoned | AnswerBroken


@frozen(kw_only=True, weakref_slot=False)
class _Prepared:
    """An answer as it goes to the gateway, and what it sends."""

    sdp: str
    peer_id: PeerId
    tracks: tuple[TrackId, ...]


async def answer(request: AnswerCall) -> None:
    """Serve `call.answer`. What goes wrong leaves the call ringing, ready to be answered again."""
    replies = await fx.channel(CallAnswered, OperationAbandoned, AnswerBroken, request_id=request.request_id)
    try:
        problem = await fx.select(refusal, request) or await fx.select(answer_problem, request)
        if problem is not None:
            await _fail(request, problem)
        else:
            await _attempt(request, replies)
    finally:
        await free_sources(request.media)


async def _attempt(request: AnswerCall, replies: Channel[_Reply]) -> None:
    slow = await fx.select(_is_slow_start, request.call_id)
    try:
        done, _ = await fx.race(
            _answer_by_offer(request, replies) if slow else _answer(request), until_ending(request.call_id)
        )
    except CallBroken as error:
        await _break(request, error)
    except RbbnError as error:
        await _recover(request, error)
    else:
        if done is None:
            await _abandon(request, f"call {request.call_id} was ended before it was answered")


def _is_slow_start(state: State, call_id: CallId) -> bool:
    call = call_by_id(state, call_id)
    return call is not None and call.is_slow_start is True


async def _answer(request: AnswerCall) -> bool:
    """Answer the offer. Nothing is sent to the caller's address before the gateway has said that the call is ours."""
    call_id = request.call_id
    prepared = await _prepare(request)
    try:
        await _send(request, prepared.sdp)
    except _UNSAID:
        await fx.put(AnswerUnconfirmed(call_id=call_id, sdp=prepared.sdp))
        raise
    try:
        await fx.call(Peers.start_transport, prepared.peer_id)
    except MediaError as error:
        raise CallBroken(error.message, code=GENERIC) from None
    accepted = CallAccepted(
        request_id=request.request_id,
        call_id=call_id,
        local_tracks=prepared.tracks,
        remote_tracks=await fx.select(_remote_tracks, call_id),
        bandwidth=request.bandwidth,
        custom_parameters=request.custom_parameters,
        custom_bodies=request.custom_bodies,
        time=await fx.call(Clock.now),
    )
    await fx.put(accepted)
    return True


async def _prepare(request: AnswerCall) -> _Prepared:
    """A new answer; but one that the other side may have already is sent once more as it was."""
    call_id = request.call_id
    unconfirmed = await fx.select(_unconfirmed, call_id, request.media)
    if unconfirmed is not None:
        return unconfirmed
    if await fx.select(may_be_answered, call_id):
        await renew(call_id)
    tracks = await open_tracks(call_id, request.media)
    peer_id = await _peer_of(call_id)
    await add_tracks(peer_id, tracks)
    sdp = await describe(call_id, peer_id, SdpType.ANSWER, OperationType.ANSWER, request.bandwidth)
    return _Prepared(sdp=sdp, peer_id=peer_id, tracks=tuple(track.track_id for track in tracks))


def _unconfirmed(state: State, call_id: CallId, media: tuple[TrackSource, ...]) -> _Prepared | None:
    """The answer of the attempt before, if it has what is asked for now."""
    session = media_session(state, call_id)
    if session is None or session.peer_id is None or not session.unconfirmed_answer:
        return None
    sent = [track.type for track in (track_by_id(state, one) for one in session.local_tracks) if track is not None]
    if sorted(sent) != sorted(source.type for source in media):
        return None
    return _Prepared(sdp=session.unconfirmed_answer, peer_id=session.peer_id, tracks=session.local_tracks)


async def _answer_by_offer(request: AnswerCall, replies: Channel[_Reply]) -> bool:
    """A call without an offer is answered by one; it is connected when the other side has answered that."""
    call_id = request.call_id
    tracks = await open_tracks(call_id, request.media)
    peer_id = await open_peer(call_id, tracks)
    sdp = await describe(call_id, peer_id, SdpType.OFFER, OperationType.ANSWER, request.bandwidth)
    await _send(request, sdp)
    sent = SlowAnswerSent(
        request_id=request.request_id,
        call_id=call_id,
        bandwidth=request.bandwidth,
        custom_parameters=request.custom_parameters,
        custom_bodies=request.custom_bodies,
    )
    await fx.put(sent)
    limit = await fx.select(rest_timeout) / 1000 + REPLY_TIME
    reply, _ = await fx.race(fx.take_from(replies), fx.delay(limit))
    if reply is None:
        await _give_up(request, replies)
    elif isinstance(reply, OperationAbandoned):
        await renew(call_id)
    return True


async def _send(request: AnswerCall, sdp: str) -> None:
    session_id = await session_of(request.call_id)
    if session_id is None:
        raise InvalidState("the gateway's session of the call is not known")
    moved = OperationMoved(request_id=request.request_id, call_id=request.call_id, status=OperationStatus.PENDING)
    await fx.put(moved)
    body = CallAnswer(sdp=sdp, custom_parameters=request.custom_parameters, custom_bodies=request.custom_bodies)
    await rest(Rest.answer_call, session_id, body)


async def _peer_of(call_id: CallId) -> PeerId:
    session = await fx.select(media_session, call_id)
    if session is None or session.peer_id is None:
        raise MediaError("the call has no peer connection")
    return session.peer_id


def _remote_tracks(state: State, call_id: CallId) -> tuple[TrackId, ...]:
    session = media_session(state, call_id)
    return () if session is None else session.remote_tracks


async def _give_up(request: AnswerCall, replies: Channel[_Reply]) -> None:
    """No reply came in time: as if the other side had refused. If it is being applied right now, all is well."""
    known = await fx.select(operation, request.call_id, OperationId(request.request_id))
    if known is None or known.status is not OperationStatus.PENDING:
        await fx.take_from(replies)
        return
    moved = OperationMoved(request_id=request.request_id, call_id=request.call_id, status=OperationStatus.RESOLVING)
    await fx.put(moved)
    await _abandon(request, "the other side did not reply to the offer in time")
    await renew(request.call_id)


async def _break(request: AnswerCall, error: CallBroken) -> None:
    """The call is over; the gateway gets to know it too."""
    call_id = request.call_id
    now = await fx.call(Clock.now)
    session_id = await session_of(call_id)
    if await fx.select(is_ending_or_done, call_id):
        await _abandon(request, error.message)
        return
    if session_id is not None:
        await fx.spawn(hang_up, call_id, session_id)
    info = error_info(error)
    await fx.put(AnswerBroken(request_id=request.request_id, call_id=call_id, error=info, time=now))


async def _recover(request: AnswerCall, error: RbbnError) -> None:
    """Make the call answerable again, unless another device has it; then tell."""
    call_id = request.call_id
    session_id = await session_of(call_id)
    is_elsewhere = error.code == ANSWERED_ELSEWHERE and session_id is not None
    if is_elsewhere and session_id is not None:
        await ask(call_id, session_id, EndCause.RESYNC)
    is_kept = isinstance(error, _UNSAID) and await fx.select(may_be_answered, call_id)
    if not is_kept and not await fx.select(is_ending_or_done, call_id):
        await fx.race(renew(call_id), until_ending(call_id))
    if await fx.select(_was_ended, call_id) and not is_elsewhere:
        await _abandon(request, error.message)
    else:
        await _fail(request, error_info(error))


def _was_ended(state: State, call_id: CallId) -> bool:
    """Somebody ended the call meanwhile, which tells all there is to tell."""
    call = call_by_id(state, call_id)
    return call is None or is_ending(call) or call.state is CallState.ENDED


async def _fail(request: AnswerCall, error: ErrorInfo) -> None:
    await fx.put(AnswerFailed(request_id=request.request_id, call_id=request.call_id, error=error))


async def _abandon(request: AnswerCall, message: str) -> None:
    """End the request, if nothing has, without another word about the call."""
    if await fx.serve(request):
        error = ErrorInfo(code=GENERIC, message=message)
        await fx.put(OperationAbandoned(request_id=request.request_id, call_id=request.call_id, error=error))
