"""Calls: what is done about them."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

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
from rbbn_sdk.effects.call.answer import answer
from rbbn_sdk.effects.call.decline import ignore, reject
from rbbn_sdk.effects.call.end import end
from rbbn_sdk.effects.call.make import make
from rbbn_sdk.effects.call.resync import after_connect, after_reconnect, resync
from rbbn_sdk.effects.call.ringing import send_ringing_feedback
from rbbn_sdk.effects.call.route import route
from rbbn_sdk.engine import Request, fx

__all__ = ["watch"]

_R = TypeVar("_R", bound=Request)


async def watch() -> None:
    """Serve the operations on calls, and hear what the gateway says about them."""
    await fx.fork(route)
    await fx.take_every(_apart(make), MakeCall)
    await fx.take_every(_apart(answer), AnswerCall)
    await fx.take_every(_apart(reject), RejectCall)
    await fx.take_every(_apart(ignore), IgnoreCall)
    await fx.take_every(_apart(end), EndCall)
    await fx.take_every(_apart(send_ringing_feedback), SendRingingFeedback)
    await fx.take_every(_apart(resync), ResyncCall)
    await fx.take_every(after_reconnect, Reconnected)
    await fx.take_every(after_connect, Connected)


def _apart(saga: Callable[[_R], Coroutine[Any, Any, None]]) -> Callable[[_R], Coroutine[Any, Any, None]]:
    """Serve each request in a task of its own: what one dies of does no harm to other calls."""

    async def serve(request: _R) -> None:
        await fx.serve(request)
        await saga(request)

    async def start(request: _R) -> None:
        await fx.spawn(serve, request)

    serve.__qualname__ = serve.__name__ = saga.__name__
    return start
