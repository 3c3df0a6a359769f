"""One task for each action: what one dies of harms no other."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from rbbn_sdk.engine import Action, Request, fx

_A = TypeVar("_A", bound=Action)


def apart(saga: Callable[[_A], Coroutine[Any, Any, None]]) -> Callable[[_A], Coroutine[Any, Any, None]]:
    """For `fx.take_every(apart(saga), ...)`: one that dies is reported, its request fails, and the feature lives on."""

    async def serve(action: _A) -> None:
        if isinstance(action, Request):
            await fx.serve(action)
        await saga(action)

    async def start(action: _A) -> None:
        await fx.spawn(serve, action)

    serve.__qualname__ = serve.__name__ = saga.__name__
    return start
