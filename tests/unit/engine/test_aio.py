"""The engine on asyncio."""

import asyncio
import subprocess
import sys
from typing import Any, Protocol

from engine_words import R1, Added, Ask, Told

from rbbn_sdk.engine import PortCancelled, Runner, Store, fx
from rbbn_sdk.engine.aio import AioScheduler, destroy, settled
from rbbn_sdk.types import port


@port("line")
class Line(Protocol):
    async def get(self, number: int) -> int: ...
    def now(self) -> int: ...


class Adapter:
    """Notes how its calls ended."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()

    async def get(self, number: int) -> int:
        self.asked.set()
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise
        if number < 0:
            raise asyncio.CancelledError
        return number

    def now(self) -> int:
        return 7


async def test_port_calls_run_as_tasks_and_requests_can_be_awaited() -> None:
    """A late await gets the same outcome."""
    adapter, scheduler, store = Adapter(), AioScheduler(), Store([])
    runner = Runner(store, scheduler=scheduler, ports={"line": adapter})

    async def serve(request: Ask) -> None:
        number = await fx.call(Line.get, 3) + await fx.call(Line.now)
        await fx.delay(0.001)
        await fx.put(Told(request_id=request.request_id, answer=str(number)))

    async def watch() -> None:
        await fx.take_every(serve, Ask)

    runner.run(watch)
    slot = store.request(Ask(request_id=R1))
    adapter.gate.set()
    assert await settled(slot) == Told(request_id=R1, answer="10")
    assert await settled(slot) is slot.fact
    await destroy(runner, scheduler)


async def test_after_destroy_nothing_runs() -> None:
    """Cancelled port calls have ended, too."""
    adapter, scheduler = Adapter(), AioScheduler()
    runner = Runner(Store([]), scheduler=scheduler, ports={"line": adapter})

    async def saga() -> None:
        try:
            await fx.call(Line.get, 1)
        finally:
            await fx.delay(0.0)

    runner.run(saga)
    await adapter.asked.wait()
    await destroy(runner, scheduler)
    assert adapter.ended == ["cancelled"]
    assert runner.destroyed
    assert len(asyncio.all_tasks()) == 1


async def test_a_port_cancelled_by_somebody_else_is_an_error() -> None:
    """A `CancelledError` must not look like the saga's own end."""
    adapter, scheduler = Adapter(), AioScheduler()
    deaths: list[Any] = []
    runner = Runner(Store([]), scheduler=scheduler, ports={"line": adapter}, on_error=deaths.append)

    async def saga() -> None:
        await fx.call(Line.get, -1)

    runner.run(saga)
    adapter.gate.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert isinstance(deaths[0].error, PortCancelled)
    await destroy(runner, scheduler)


def test_what_is_asked_for_before_a_loop_runs_begins_with_the_loop() -> None:
    """`create` needs no running loop."""
    scheduler, store = AioScheduler(), Store([])
    got: list[int] = []

    class Now:
        def now(self) -> int:
            return 7

    runner = Runner(store, scheduler=scheduler, ports={"line": Now()})

    async def saga() -> None:
        got.append(await fx.call(Line.now))
        await fx.take(Added)
        await fx.delay(0.0)

    runner.run(saga)
    store.dispatch(Added())
    assert got == []

    async def main() -> None:
        scheduler.bind()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await destroy(runner, scheduler)

    asyncio.run(main())
    assert got == [7]


async def test_eager_tasks_do_not_run_inside_a_step() -> None:
    """Python 3.12 can start tasks at once; the port still begins in a turn of its own."""
    order: list[str] = []
    scheduler, store = AioScheduler(), Store([])
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12):
        loop.set_task_factory(asyncio.eager_task_factory)

    class Quick:
        async def get(self, number: int) -> int:
            order.append("port")
            return number

    runner = Runner(store, scheduler=scheduler, ports={"line": Quick()})

    async def saga() -> None:
        await fx.take(Added)
        await fx.call(Line.get, 1)
        order.append("end")

    runner.run(saga)
    store.dispatch(Added())
    order.append("dispatched")
    for _ in range(5):
        await asyncio.sleep(0)
    assert order == ["dispatched", "port", "end"]
    await destroy(runner, scheduler)


def test_the_engine_alone_imports_no_loop() -> None:
    """Pure rooms know no asyncio."""
    code = "import sys, rbbn_sdk.engine; print('asyncio' in sys.modules, 'logging' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ran.stdout.split()[0] == "False"
