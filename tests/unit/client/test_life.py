"""Threads, loops, and the end of a client."""

import asyncio
import gc
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

import rbbn_sdk
from rbbn_sdk.engine import Action, fx
from rbbn_sdk.errors import ClientDestroyed, InvalidState, WrongThread


async def in_another_thread(function, *args):
    with ThreadPoolExecutor(1) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, function, *args)


FROM_OUTSIDE = {
    "dispatch": lambda client: client.store.dispatch(Action()),
    "select": lambda client: client.store.select(lambda state: state),
    "store.subscribe": lambda client: client.store.subscribe(lambda state: state, print),
    "state": lambda client: client.state,
    "set_credentials": lambda client: client.set_credentials(username="a", password="b"),
    "get_user_info": lambda client: client.get_user_info(),
    "get_config": lambda client: client.get_config(),
    "update_config": lambda client: client.update_config({}),
    "make": lambda client: client.call.make("b", {"audio": True}),
    "end": lambda client: client.call.end("b"),
    "get_all": lambda client: client.call.get_all(),
    "subscribe": lambda client: client.services.subscribe(["call"]),
    "get_subscriptions": lambda client: client.services.get_subscriptions(),
    "get_socket_state": lambda client: client.connection.get_socket_state(),
    "process": lambda client: client.notification.process("{}"),
    "fetch": lambda client: client.request.fetch("/x"),
    "get_devices": lambda client: client.media.get_devices(),
    "set_level": lambda client: client.logger.set_level("info"),
    "get_level": lambda client: client.logger.get_level(),
    "on": lambda client: client.on("call:start", print),
    "off": lambda client: client.off("call:start", print),
    "listen": lambda client: client.subscribe(print),
    "signal": lambda client: client.signal("call:start"),
    "wait_for": lambda client: client.wait_for("call:start"),
    "events": lambda client: client.events(),
    "destroy": lambda client: client.destroy(),
}


@pytest.mark.parametrize("call", FROM_OUTSIDE)
async def test_a_call_from_another_thread_is_refused_and_does_nothing(bench, call) -> None:
    """The error names what to use instead."""
    before, entries = bench.client.store.state, len(bench.entries)
    with pytest.raises(WrongThread, match="run_threadsafe"):
        await in_another_thread(FROM_OUTSIDE[call], bench.client)
    assert bench.client.store.state is before
    assert len(bench.entries) == entries


async def test_run_threadsafe_runs_functions_coroutines_and_operations(bench) -> None:
    """From any thread, on the client's loop; errors arrive too."""
    client = bench.client

    async def later(number, *, twice):
        return number * 2 if twice else number

    def outside():
        client.run_threadsafe(bench.ring, 1).result(5)
        answers = [client.run_threadsafe(client.get_version).result(5)]
        answers.append(client.run_threadsafe(later, 4, twice=True).result(5))
        with pytest.raises(rbbn_sdk.errors.InvalidState):
            client.run_threadsafe(client.services.subscribe, ["call"]).result(5)
        return answers

    assert await in_another_thread(outside) == ["7.6.0", 8]
    assert bench.rings == 1


async def test_an_operation_is_awaited_in_its_own_thread(bench) -> None:
    """In another loop it would never be woken."""
    handle = bench.client.call.end("nothing")

    async def elsewhere():
        await handle

    with pytest.raises(WrongThread):
        await in_another_thread(asyncio.run, elsewhere())
    with pytest.raises(rbbn_sdk.errors.InvalidArgument):
        await handle


def test_before_a_loop_runs_any_thread_may_use_the_client(make_bench) -> None:
    """It belongs to nobody yet, and there is nothing to run things on."""
    bench = make_bench()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(bench.ring).result()
    bench.ring()
    assert bench.rings == 2
    with pytest.raises(InvalidState, match="no event loop yet"):
        bench.client.run_threadsafe(print)


async def test_a_client_that_was_used_without_a_loop_goes_on_in_the_first_one(make_bench, words, until) -> None:
    """What was asked for before is done then."""

    async def serve(request):
        await fx.delay(0)
        await fx.put(words.served(request_id=request.request_id, value=3))

    async def watch():
        await fx.take_every(serve, words.serve)

    bench = make_bench(rbbn_sdk.Extension(sagas=(watch,)))
    slot = await asyncio.to_thread(bench.client.store.request, words.serve(request_id="r"))
    assert not slot.settled
    async with bench.client:
        await until(lambda: slot.settled)
    assert slot.fact.value == 3


def test_a_client_does_not_go_on_in_a_second_loop(make_bench) -> None:
    """What it began in the first can never end."""
    bench = make_bench()

    async def use():
        bench.client.services.get_subscriptions()

    asyncio.run(use())
    for again in (lambda: asyncio.run(use()), bench.client.services.get_subscriptions):
        with pytest.raises(InvalidState, match="closed"):
            again()
    with pytest.raises(InvalidState, match="closed"):
        bench.client.run_threadsafe(print)
    bench.client.destroy()
    with pytest.raises(ClientDestroyed):
        bench.client.services.get_subscriptions()


def test_a_client_of_one_open_loop_is_not_used_in_another(make_bench) -> None:
    """Two loops of one thread, one after the other."""
    bench, first = make_bench(), asyncio.new_event_loop()

    async def use():
        bench.client.get_user_info()

    first.run_until_complete(use())
    with pytest.raises(InvalidState, match="another event loop"):
        asyncio.run(use())

    async def end():
        await bench.client.destroy()

    first.run_until_complete(end())
    first.close()


AFTERWARDS = {name: call for name, call in FROM_OUTSIDE.items() if name not in
    {"update_config", "on", "off", "listen", "signal", "wait_for", "events", "destroy"}}  # fmt: skip


@pytest.mark.parametrize("call", AFTERWARDS)
async def test_after_the_end_what_needs_the_state_is_refused(bench, call) -> None:
    """As the documentation says."""
    await bench.client.destroy()
    with pytest.raises(ClientDestroyed):
        AFTERWARDS[call](bench.client)


async def test_after_the_end_the_rest_does_nothing(bench) -> None:
    """Setters and listeners are let be; the version is still known."""
    await bench.client.destroy()
    client = bench.client
    client.update_config({"call": {"earlyMedia": True}})
    client.on("call:start", print)
    client.off("call:start", print)
    client.subscribe(print)
    client.unsubscribe(print)
    assert client.get_version() == "7.6.0"
    assert [event async for event in client.events()] == []
    assert repr(client) == "<Client destroyed>"


async def test_to_destroy_twice_is_to_destroy_once(bench) -> None:
    """Both can be awaited, and a third one afterwards."""
    first, second = bench.client.destroy(), bench.client.destroy()
    await first
    await second
    await bench.client.destroy()


def test_without_a_loop_a_client_is_destroyed_at_once(make_bench, words) -> None:
    """Also when a saga of it has cleanup to do; what it returns can be awaited later."""
    cleaned = []

    async def saga():
        try:
            await fx.take(words.rang, number=-1)
        finally:
            await fx.delay(0)
            cleaned.append(1)

    bench = make_bench(rbbn_sdk.Extension(sagas=(saga,)))
    destruction = bench.client.destroy()
    assert cleaned == [1]
    with pytest.raises(ClientDestroyed):
        bench.client.call.get_all()

    async def wait():
        await destruction

    asyncio.run(wait())


async def test_a_handler_may_destroy_the_client(bench, until) -> None:
    """One that is a coroutine and awaits it is not cancelled; others are, and their cleanup is waited for."""
    order, both = [], asyncio.Event()

    async def destroyer(_event) -> None:
        await both.wait()
        await bench.client.destroy()
        order.append("destroyer")

    async def other(_event) -> None:
        both.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            order.append("other")

    bench.client.on("test:ring", destroyer)
    bench.client.on("test:ring", destroyer)
    bench.client.on("test:ring", other)
    bench.ring()
    await both.wait()
    await until(lambda: len(order) == 3)
    assert order == ["other", "destroyer", "destroyer"]


async def test_a_plain_handler_may_destroy_the_client_in_the_middle_of_a_delivery(bench) -> None:
    """The others still hear of the event."""
    heard = []
    bench.client.on("test:ring", lambda _event: bench.client.destroy())
    bench.client.on("test:ring", heard.append)
    bench.ring(1)
    assert len(heard) == 1
    await bench.client.destroy()


async def test_a_saga_that_hangs_in_its_cleanup_is_ended_after_two_seconds(make_bench, words) -> None:
    """Its effects raise then, and the client is gone."""
    ended = []

    async def stubborn():
        try:
            await fx.take(words.rang, number=-1)
        finally:
            try:
                await fx.delay(3600)
            finally:
                ended.append(True)

    bench = make_bench(rbbn_sdk.Extension(sagas=(stubborn,)))
    async with asyncio.timeout(20), bench.client:
        pass
    assert ended == [True]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, asyncio.CancelledError])
async def test_an_exception_in_the_block_destroys_the_client_and_goes_on(make_bench, error) -> None:
    """Nothing is swallowed."""
    bench = make_bench()
    with pytest.raises(error):
        async with bench.client:
            raise error
    with pytest.raises(ClientDestroyed):
        bench.ring()


async def test_a_block_that_is_cancelled_twice_still_ends_the_client(make_bench) -> None:
    """The end goes on by itself."""
    bench = make_bench()

    async def use():
        async with bench.client:
            await asyncio.Event().wait()

    task = asyncio.ensure_future(use())
    for _ in range(2):
        await asyncio.sleep(0)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await bench.client.destroy()


async def test_a_destroyed_client_cannot_be_entered(bench) -> None:
    """Not even once more."""
    await bench.client.destroy()
    with pytest.raises(ClientDestroyed):
        async with bench.client:
            pass


async def test_an_adapter_that_cannot_be_closed_does_not_stop_the_others(bench) -> None:
    """It is logged."""
    closed = []

    class Broken:
        async def close(self):
            raise OSError("mine")

    class Good:
        async def close(self):
            closed.append(True)

    bench.client._adapters._made |= {"peers": Broken(), "rest": Good()}
    await bench.client.destroy()
    assert closed == [True]
    assert "peers was not closed well: OSError: mine" in bench.texts("error")[0]


async def test_a_client_that_has_something_open_is_missed(make_bench) -> None:
    """As a file is that was not closed; one that opened nothing is simply gone."""
    bench = make_bench()
    bench.client.get_user_info()
    bench.client._adapters.get("rest")
    gone, held = weakref.ref(bench.client), [bench]
    del bench
    with pytest.warns(ResourceWarning, match="<Client> was not destroyed"):
        _forget(held)
    assert gone() is None


def _forget(held) -> None:
    held.clear()
    gc.collect()


def test_a_configuration_that_is_refused_leaves_no_half_client(make_bench) -> None:
    """Nor a warning when what there is of it is collected."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(rbbn_sdk.errors.ConfigurationError):
            rbbn_sdk.create({"authentication": {"server": None}})
        gc.collect()
    assert caught == []


@pytest.mark.parametrize("again", [False, True], ids=["awaited", "asked for again"])
def test_what_was_asked_for_without_a_loop_begins_in_the_first_one(again: bool) -> None:
    """Also when nothing new begins there: it is only awaited, or what is asked for waits for it."""
    nowhere = {"protocol": "http", "base": "127.0.0.1", "port": 1}
    config = {
        "authentication": {"server": nowhere},
        "subscription": {"websocket": {"server": "127.0.0.1"}},
        "logs": {"logLevel": "silent"},
    }
    client = rbbn_sdk.create(config)
    client.set_credentials(username="ann@example.org", password="p")
    asked = client.services.subscribe(["call"])

    async def wait() -> None:
        async with asyncio.timeout(30):
            with pytest.raises(rbbn_sdk.errors.OperationFailed):
                await (client.services.subscribe(["call"]) if again else asked)
            await client.destroy()

    asyncio.run(wait())
    assert asked.done
