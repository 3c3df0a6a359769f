"""Rejecting and ignoring incoming calls."""

from rbbn_sdk.actions.call import (
    CallIgnored,
    CallRejected,
    CallRequest,
    DeclineFailed,
    IgnoreCall,
    OperationMoved,
    RejectCall,
)
from rbbn_sdk.effects.call.errors import error_info
from rbbn_sdk.effects.call.hang_up import hang_up, session_of
from rbbn_sdk.effects.request import rest
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RequestError
from rbbn_sdk.ports import Clock, Rest
from rbbn_sdk.selectors.call import decline_problem, refusal
from rbbn_sdk.selectors.webrtc import may_be_answered
from rbbn_sdk.types import CallId, ErrorInfo
from rbbn_sdk.types.call import OperationStatus


async def reject(request: RejectCall) -> None:
    """Serve `call.reject`."""
    call_id, request_id = request.call_id, request.request_id
    if await _is_refused(request):
        return
    session_id = await session_of(call_id)
    await fx.put(OperationMoved(request_id=request_id, call_id=call_id, status=OperationStatus.PENDING))
    try:
        if session_id is not None:
            await rest(Rest.reject_call, session_id)
    except RequestError as error:
        await _fail(request, error_info(error))
        return
    await _take_back(call_id)
    await fx.put(CallRejected(request_id=request_id, call_id=call_id, time=await fx.call(Clock.now)))


async def ignore(request: IgnoreCall) -> None:
    """Serve `call.ignore`: nothing is sent."""
    if await _is_refused(request):
        return
    await _take_back(request.call_id)
    now = await fx.call(Clock.now)
    await fx.put(CallIgnored(request_id=request.request_id, call_id=request.call_id, time=now))


async def _take_back(call_id: CallId) -> None:
    """An answer of ours that may have got through nevertheless: nobody may be left in a call with us."""
    session_id = await session_of(call_id)
    if session_id is not None and await fx.select(may_be_answered, call_id):
        await fx.spawn(hang_up, call_id, session_id)


async def _is_refused(request: CallRequest) -> bool:
    problem = await fx.select(refusal, request) or await fx.select(decline_problem, request.call_id)
    if problem is not None:
        await _fail(request, problem)
    return problem is not None


async def _fail(request: CallRequest, error: ErrorInfo) -> None:
    await fx.put(DeclineFailed(request_id=request.request_id, call_id=request.call_id, error=error))
