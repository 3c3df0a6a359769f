"""Making calls (`call-signalling` 3.1, `call-media` 6.1)."""

from typing import Final

from attrs import frozen
from msgspec import UNSET

from rbbn_sdk.actions.call import (
    CallAnswered,
    CallEnded,
    CallFact,
    CallInitiated,
    CallRequest,
    CallStarted,
    MakeAborted,
    MakeCall,
    MakeFailed,
    OperationAbandoned,
    OperationMoved,
)
from rbbn_sdk.effects.call.describe import describe
from rbbn_sdk.effects.call.errors import GENERIC, error_info
from rbbn_sdk.effects.call.life import attend
from rbbn_sdk.effects.call.media import free_sources, open_peer, open_tracks
from rbbn_sdk.effects.call.waiting import until_ending, until_over
from rbbn_sdk.effects.request import rest
from rbbn_sdk.engine import Channel, State, fx
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.ports import CallOffer, Clock, Rest
from rbbn_sdk.selectors.call import call_by_id, is_ending_or_done, is_session_taken
from rbbn_sdk.selectors.config import call_options
from rbbn_sdk.types import CallId, ErrorInfo, TrackId
from rbbn_sdk.types.call import OperationStatus, OperationType, SdpType

_TAKEN: Final = ErrorInfo(code=GENERIC, message="the gateway gave the call the session of another call")


@frozen(kw_only=True, weakref_slot=False)
class _Prepared:
    """All that is needed to ask the gateway."""

    sdp: str
    tracks: tuple[TrackId, ...]


async def make(request: MakeCall) -> None:
    """Serve `call.make`. The application has the call's id before anything happens."""
    ends = await fx.channel(CallAnswered, OperationAbandoned, request_id=request.request_id)
    await fx.spawn(attend, request.call_id)
    try:
        await fx.delay(0)
        await fx.put(CallStarted(request_id=request.request_id, call_id=request.call_id))
        if await _initiate(request):
            await _until_answered(request, ends)
    finally:
        await free_sources(request.media)


async def _initiate(request: MakeCall) -> bool:
    """Whether the gateway took the call. Until it has been asked, the end of the call stops everything."""
    if request.problem is not None:
        return await _fail(request, request.problem)
    try:
        prepared, _ = await fx.race(_prepare(request), until_ending(request.call_id))
    except RbbnError as error:
        return await _fail(request, error_info(error))
    if prepared is None or not await _announce(request):
        return await _abort(request)
    try:
        session_id = await rest(Rest.start_call, await _offer(request, prepared))
    except RbbnError as error:
        return await _fail(request, error_info(error))
    if await fx.select(is_session_taken, session_id):  # nothing is told to the gateway: that would end the other call
        return await _fail(request, _TAKEN)
    await fx.put(
        CallInitiated(
            request_id=request.request_id,
            call_id=request.call_id,
            session_id=session_id,
            local_tracks=prepared.tracks,
            bandwidth=request.bandwidth,
        )
    )
    return True


async def _prepare(request: MakeCall) -> _Prepared:
    call_id = request.call_id
    tracks = await open_tracks(call_id, request.media)
    peer_id = await open_peer(call_id, tracks)
    sdp = await describe(call_id, peer_id, SdpType.OFFER, OperationType.MAKE, request.bandwidth)
    return _Prepared(sdp=sdp, tracks=tuple(track.track_id for track in tracks))


async def _announce(request: MakeCall) -> bool:
    """Tell that the request goes out; False if it must not, for the call is being ended."""
    if await fx.select(is_ending_or_done, request.call_id):
        return False
    moved = OperationMoved(request_id=request.request_id, call_id=request.call_id, status=OperationStatus.PENDING)
    await fx.put(moved)
    return not await fx.select(is_ending_or_done, request.call_id)


async def _offer(request: MakeCall, prepared: _Prepared) -> CallOffer:
    options = await fx.select(call_options)
    return CallOffer(
        to=request.to,
        from_=request.originator,
        sdp=prepared.sdp,
        early_media=options.early_media,
        custom_parameters=request.custom_parameters,
        custom_bodies=request.custom_bodies,
    )


async def _until_answered(request: MakeCall, ends: Channel[CallAnswered | OperationAbandoned]) -> None:
    """The operation goes on until the other side has answered, or the call is over without."""
    end, cause = await fx.race(fx.take_from(ends), until_over(request.call_id))
    if end is None:
        await _abandon(request, cause)


async def _fail(request: MakeCall, error: ErrorInfo) -> bool:
    now = await fx.call(Clock.now)
    if await fx.select(is_ending_or_done, request.call_id):
        return await _abort(request)
    failed = MakeFailed(request_id=request.request_id, call_id=request.call_id, error=error, time=now)
    await fx.put(failed)
    return False


async def _abort(request: MakeCall) -> bool:
    """The end of the call finishes the operation; nothing was left with the gateway."""
    await fx.put(MakeAborted(call_id=request.call_id))
    await _abandon(request)
    return False


async def _abandon(request: MakeCall, cause: CallFact | CallRequest | None = None) -> None:
    """End the request, if nothing has, without another word about the call."""
    if await fx.serve(request):
        error = await fx.select(_why_over, request.call_id, cause)
        await fx.put(OperationAbandoned(request_id=request.request_id, call_id=request.call_id, error=error))


def _why_over(state: State, call_id: CallId, cause: CallFact | CallRequest | None) -> ErrorInfo:
    call = call_by_id(state, call_id)
    known = None if call is None else call.error
    if isinstance(known, ErrorInfo):
        return known
    said = cause.transition if isinstance(cause, CallEnded) else None
    words = () if said is None else (one for one in (said.status_code, said.reason_text) if one is not UNSET)
    reason = " ".join(map(str, words))
    text = f"call {call_id} was ended before it was answered"
    return ErrorInfo(code=GENERIC, message=f"{text}: {reason}" if reason else text)
