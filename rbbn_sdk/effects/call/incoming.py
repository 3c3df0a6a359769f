"""Incoming calls until they ring (`call-signalling` 4.1, `call-media` 6.2)."""

from attrs import frozen

from rbbn_sdk.actions.call import (
    CustomParametersReceived,
    EndCause,
    IncomingCallFailed,
    IncomingCallReady,
    IncomingCallReceived,
    MediaOffered,
)
from rbbn_sdk.actions.notification import Channel
from rbbn_sdk.effects.call.errors import error_info
from rbbn_sdk.effects.call.media import apply_offer
from rbbn_sdk.effects.call.notices import callee_number, caller, custom_parameters, description
from rbbn_sdk.effects.call.resync import ask
from rbbn_sdk.effects.request import rest
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RbbnError, RequestError
from rbbn_sdk.ports import Clock, Ids, Rest
from rbbn_sdk.sdp import media_offered
from rbbn_sdk.selectors.config import call_options
from rbbn_sdk.types import CallId, OperationId, SessionId
from rbbn_sdk.wire import CallNotification


@frozen(kw_only=True, weakref_slot=False)
class Arrival:
    """An incoming call that is not set up yet."""

    call_id: CallId
    operation_id: OperationId
    session_id: SessionId
    offer: str
    """Empty: the answer will be the offer."""
    channel: Channel


async def receive(notice: CallNotification, channel: Channel) -> Arrival:
    """Tell the application of a call. No media yet."""
    arrival = Arrival(
        call_id=CallId(await fx.call(Ids.uuid)),
        operation_id=OperationId(await fx.call(Ids.uuid)),
        session_id=SessionId(notice.session_params.session_data),
        offer=description(notice),
        channel=channel,
    )
    party = caller(notice)
    number = party.display_number
    await fx.put(
        IncomingCallReceived(
            call_id=arrival.call_id,
            operation_id=arrival.operation_id,
            session_id=arrival.session_id,
            from_=number if isinstance(number, str) else "",
            to=callee_number(notice),
            remote_participant=party,
            media_offered=_offered(arrival.offer),
        )
    )
    parameters = custom_parameters(notice)
    if parameters:
        await fx.put(CustomParametersReceived(call_id=arrival.call_id, custom_parameters=parameters))
    return arrival


def _offered(offer: str) -> MediaOffered | None:
    if not offer:
        return None
    kinds = media_offered(offer)
    return MediaOffered(audio="audio" in kinds, video="video" in kinds)


async def set_up(arrival: Arrival) -> None:
    """Apply the offer and let the caller know that we are alerted."""
    try:
        if arrival.offer:
            await apply_offer(arrival.call_id, arrival.offer)
    except RbbnError as error:
        await _fail(arrival, error)
        return
    ready = IncomingCallReady(
        call_id=arrival.call_id, operation_id=arrival.operation_id, is_ringing=await _tell_caller(arrival)
    )
    await fx.put(ready)
    if arrival.channel is Channel.PUSH:
        await ask(arrival.call_id, arrival.session_id, EndCause.RESYNC)


async def _tell_caller(arrival: Arrival) -> bool:
    options = await fx.select(call_options)
    if options.ringing_feedback_mode != "auto":
        return False
    try:
        await rest(Rest.send_ringing, arrival.session_id)
    except RequestError as error:
        await fx.log("warn", "CALL", f"The caller does not hear that we ring: {error.message}", id=arrival.call_id)
        return False
    return True


async def _fail(arrival: Arrival, error: RbbnError) -> None:
    await fx.log("error", "CALL", f"The caller's offer cannot be used: {error.message}", id=arrival.call_id)
    await fx.put(
        IncomingCallFailed(
            call_id=arrival.call_id,
            operation_id=arrival.operation_id,
            error=error_info(error),
            time=await fx.call(Clock.now),
        )
    )
