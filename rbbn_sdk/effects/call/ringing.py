"""Ringing feedback that the application asks for."""

from rbbn_sdk.actions.call import OperationMoved, RingingFeedbackFailed, RingingFeedbackSent, SendRingingFeedback
from rbbn_sdk.effects.call.errors import error_info
from rbbn_sdk.effects.call.hang_up import session_of
from rbbn_sdk.effects.request import rest
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RequestError
from rbbn_sdk.ports import Rest
from rbbn_sdk.selectors.call import refusal, ringing_problem
from rbbn_sdk.types.call import OperationStatus


async def send_ringing_feedback(request: SendRingingFeedback) -> None:
    """Serve `call.send_ringing_feedback`."""
    call_id, request_id = request.call_id, request.request_id
    problem = await fx.select(refusal, request) or await fx.select(ringing_problem, call_id)
    session_id = await session_of(call_id)
    if problem is not None or session_id is None:
        await fx.put(RingingFeedbackFailed(request_id=request_id, call_id=call_id, error=problem))
        return
    await fx.put(OperationMoved(request_id=request_id, call_id=call_id, status=OperationStatus.PENDING))
    try:
        await rest(Rest.send_ringing, session_id)
    except RequestError as error:
        await fx.put(RingingFeedbackFailed(request_id=request_id, call_id=call_id, error=error_info(error)))
        return
    await fx.put(RingingFeedbackSent(request_id=request_id, call_id=call_id))
