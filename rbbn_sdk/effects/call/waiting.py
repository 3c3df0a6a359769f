"""Waiting for something to become true of a call. What wakes a waiter are the facts about that call only."""

from collections.abc import Callable

from rbbn_sdk.actions.call import CallFact, CallRequest
from rbbn_sdk.engine import State, fx
from rbbn_sdk.selectors.call import is_done, is_ending_or_done
from rbbn_sdk.types import CallId


async def until(call_id: CallId, condition: Callable[[State, CallId], bool]) -> CallFact | CallRequest | None:
    """Wait until a condition holds, and tell what made it so; None, and at once, if it does already."""
    cause: CallFact | CallRequest | None = None
    while not await fx.select(condition, call_id):
        cause = await fx.take(CallFact, CallRequest, call_id=call_id)
    return cause


async def until_over(call_id: CallId) -> CallFact | CallRequest | None:
    """Wait for the end of the call, and tell what ended it; None if it was over already."""
    return await until(call_id, is_done)


async def until_ending(call_id: CallId) -> None:
    """Wait until the call is being ended, or is over."""
    await until(call_id, is_ending_or_done)
