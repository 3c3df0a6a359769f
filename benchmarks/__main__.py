"""`make bench`: a client's public store against Redux 5 with redux-saga 1."""

import asyncio
import sys
from typing import ClassVar

from attrs import frozen

import rbbn_sdk
from benchmarks.ours import BenchCalls, Dispatch, calls, watch_taken, with_calls
from benchmarks.store import main
from rbbn_sdk.engine import Action

CONFIG = {
    "authentication": {"server": {"base": "127.0.0.1"}},
    "subscription": {"websocket": {"server": "127.0.0.1"}},
    "logs": {"logLevel": "silent"},
}


@frozen(kw_only=True, weakref_slot=False)
class CallsLoaded(Action):
    """So many calls are there."""

    TYPE: ClassVar[str] = "bench/CALLS_LOADED"
    count: int


@calls.on(CallsLoaded)
def _loaded(_state: BenchCalls, action: CallsLoaded) -> BenchCalls:
    return with_calls(action.count)


def client_store(count: int) -> Dispatch:
    """The store of an unconnected client, all of its own sagas parked, with so many call records."""
    extension = rbbn_sdk.Extension(slices=(calls,), sagas=(watch_taken,))
    client = rbbn_sdk.create(CONFIG, extensions=[extension])
    client.store.dispatch(CallsLoaded(count=count))
    return client.store.dispatch


async def in_a_loop() -> int:
    """A client is used in a running loop, and belongs to it from its first dispatch on."""
    return main(client_store)


if __name__ == "__main__":
    sys.exit(asyncio.run(in_a_loop()))
