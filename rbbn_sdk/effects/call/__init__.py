"""Calls: what is done about them."""

from rbbn_sdk.actions.call import (
    AnswerCall,
    EndCall,
    IgnoreCall,
    MakeCall,
    RejectCall,
    ResyncCall,
    SendRingingFeedback,
)
from rbbn_sdk.actions.connectivity import Connected, Reconnected
from rbbn_sdk.effects.apart import apart
from rbbn_sdk.effects.call.answer import answer
from rbbn_sdk.effects.call.decline import ignore, reject
from rbbn_sdk.effects.call.end import end
from rbbn_sdk.effects.call.make import make
from rbbn_sdk.effects.call.resync import after_connect, after_reconnect, resync
from rbbn_sdk.effects.call.ringing import send_ringing_feedback
from rbbn_sdk.effects.call.route import route
from rbbn_sdk.engine import fx

__all__ = ["watch"]


async def watch() -> None:
    """Serve the operations on calls, and hear what the gateway says about them."""
    await fx.fork(route)
    await fx.take_every(apart(make), MakeCall)
    await fx.take_every(apart(answer), AnswerCall)
    await fx.take_every(apart(reject), RejectCall)
    await fx.take_every(apart(ignore), IgnoreCall)
    await fx.take_every(apart(end), EndCall)
    await fx.take_every(apart(send_ringing_feedback), SendRingingFeedback)
    await fx.take_every(apart(resync), ResyncCall)
    await fx.take_every(after_reconnect, Reconnected)
    await fx.take_every(after_connect, Connected)
