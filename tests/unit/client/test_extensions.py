"""An application's own state, events, sagas and adapters in the client's store."""

from typing import Any, ClassVar, Protocol

import pytest
from attrs import frozen

import rbbn_sdk
from rbbn_sdk.actions.auth import SetCredentials
from rbbn_sdk.engine import Action, Slice, create_selector, evolve, fx
from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.ports import FetchReply
from rbbn_sdk.types import port

Extension = rbbn_sdk.Extension


@port("bell")
class Bell(Protocol):
    async def ring(self, times: int) -> str: ...


class Recorded:
    """An adapter."""

    def __init__(self) -> None:
        self.rung: list[int] = []

    async def ring(self, times: int) -> str:
        self.rung.append(times)
        return "rang"


async def test_its_state_is_read_selected_and_subscribed_to_like_the_clients(bench, words) -> None:
    """`client.store` is the embedded store."""
    store, heard = bench.client.store, []
    double = create_selector(words.slice, lambda count: count * 2)
    end = store.subscribe(double, heard.append)
    bench.ring(1, 2)
    end()
    bench.ring(3)
    assert heard == [2, 4]
    assert store.select(double) == 6
    assert words.slice(bench.client.state) == words.slice(store.state) == 3


async def test_its_events_have_their_own_class(bench, words) -> None:
    """And are delivered as the client's are."""
    heard = []
    bench.client.on(words.ring, heard.append)
    bench.ring(5)
    assert [dict(event) for event in heard] == [{"number": 5}]


async def test_its_sagas_take_put_and_reach_its_own_ports(make_bench, words) -> None:
    """From the start of the client to its end."""
    bell, log = Recorded(), []

    async def saga() -> None:
        try:
            action = await fx.take(words.rang, number=2)
            log.append(await fx.call(Bell.ring, action.number))
            await fx.put(words.rang(number=9))
            await fx.take(words.rang, number=-1)
        finally:
            log.append("ended")

    bench = make_bench(Extension(sagas=(saga,), ports={"bell": bell}))
    async with bench.client as client:
        rung = client.wait_for("test:ring", lambda event: event.number == 9, timeout=30)
        bench.ring(1, 2)
        await rung
    assert (bell.rung, log) == ([2], ["rang", "ended"])


async def test_its_saga_that_dies_is_logged_with_its_stack(make_bench, words) -> None:
    """The client goes on."""

    async def child() -> None:
        raise LookupError("mine")

    async def saga() -> None:
        await fx.take(words.rang)
        await fx.fork(child)

    bench = make_bench(Extension(sagas=(saga,)))
    async with bench.client:
        bench.ring()
        bench.ring()
    (text,) = bench.texts("error")
    assert "LookupError: mine" in text
    assert "child" in text
    assert "saga" in text


async def test_its_filters_may_change_and_drop_and_its_taps_see_what_was_reduced(make_bench, words) -> None:
    """In the order of the extensions."""
    seen = []

    def double(action, _state):
        return evolve(action, number=action.number * 2) if isinstance(action, words.rang) else action

    def no_tens(action, _state):
        return None if isinstance(action, words.rang) and action.number == 10 else action

    def tap(action, before, after) -> None:
        if isinstance(action, words.rang):
            seen.append((action.number, words.slice(before), words.slice(after)))

    bench = make_bench(Extension(filters=(double,)), Extension(filters=(no_tens,), taps=(tap,)))
    async with bench.client:
        bench.ring(5, 1)
    assert seen == [(2, 0, 1)]


async def test_a_request_that_its_filter_drops_settles_its_handle(make_bench) -> None:
    """With an error, and without a fact."""
    from rbbn_sdk.actions.call import EndCall

    def drop(action, _state):
        return None if isinstance(action, EndCall) else action

    bench = make_bench(Extension(filters=(drop,)))
    async with bench.client:
        with pytest.raises(rbbn_sdk.errors.OperationFailed, match="not accepted"):
            await bench.client.call.end("x")


async def test_its_adapter_takes_the_place_of_the_clients(make_bench) -> None:
    """Whoever gave it closes it."""

    class Rest:
        closed = False

        async def fetch(self, *_: Any) -> Any:
            return FetchReply(status=299, reason="Mine", headers=(), body=None)

        async def close(self) -> None:
            self.closed = True

    rest = Rest()
    bench = make_bench(Extension(ports={"rest": rest}))
    async with bench.client:
        assert (await bench.client.request.fetch("/x")).status_text == "Mine"
    assert not rest.closed


def test_names_that_are_claimed_twice_are_refused_naming_both(make_bench) -> None:
    """Of slices, ports and actions."""
    with pytest.raises(InvalidArgument, match=r"slice name 'call' is claimed twice: .*Slice\('call', int\)"):
        make_bench(Extension(slices=(Slice("call", 0),)))
    with pytest.raises(InvalidArgument, match="port 'bell' is given by two extensions"):
        make_bench(Extension(ports={"bell": Recorded()}), Extension(ports={"bell": Recorded()}))
    with pytest.raises(TypeError, match=SetCredentials.TYPE):

        @frozen(kw_only=True, weakref_slot=False)
        class Mine(Action):
            TYPE: ClassVar[str] = SetCredentials.TYPE


@pytest.mark.parametrize(
    ("wrong", "accepted"),
    [
        ({"slices": (3,)}, r"extensions\[1\].slices\[0\]: expected a Slice"),
        ({"derivations": (print,)}, r"extensions\[1\].derivations\[0\]: expected a Derivations"),
        ({"sagas": ("saga",)}, r"extensions\[1\].sagas\[0\]: expected an `async def` function"),
        ({"sagas": (dict,)}, "extensions: dict gave dict, no coroutine; a saga is an `async def` function"),
        ({"filters": (1,)}, r"extensions\[1\].filters\[0\]: expected a function"),
        ({"taps": (1,)}, r"extensions\[1\].taps\[0\]: expected a function"),
        ({"ports": 5}, r"extensions\[1\].ports: expected a mapping of adapters by port name"),
    ],
    ids=["slice", "derivations", "no saga", "no coroutine", "filter", "tap", "ports"],
)
def test_an_extension_with_something_unusable_is_refused_when_the_client_is_made(make_bench, wrong, accepted) -> None:
    """Naming it."""
    with pytest.raises(InvalidArgument, match=accepted):
        make_bench(Extension(**wrong))


@pytest.mark.parametrize("extensions", [3, Extension(), [Extension], ["x"], "x", None])
def test_what_are_no_extensions_are_refused(extensions) -> None:
    """A single one without its list, too."""
    with pytest.raises(InvalidArgument, match="extensions"):
        rbbn_sdk.create({}, extensions=extensions)
