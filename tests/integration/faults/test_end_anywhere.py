"""`end` at every point where `make` and `answer` wait for the outside world: one end, no ghost, nothing left open."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from inspect import iscoroutinefunction
from typing import Any

import pytest

pytestmark = pytest.mark.media

WAITED_FOR = ("devices", "peers", "rest")
ASIDE = ("peers.next_event", "peers.close", "devices.stop", "devices.list", "rest.close", "devices.close")
"""What goes on beside the operation, or ends it."""
MOST = 60
LIMIT = 30.0
"""Seconds within which everything of a call is closed."""


class Hook:
    """Stands in for an adapter and calls a function once, when the n-th call begins or is done."""

    def __init__(self, port: str, inner: Any, count: "Count") -> None:
        self._port, self._inner, self._count = port, inner, count

    def __getattr__(self, name: str) -> Any:
        method, where = getattr(self._inner, name), f"{self._port}.{name}"
        if where in ASIDE or not iscoroutinefunction(method):
            return method
        return partial(self._count.watch, where, method)


class Count:
    def __init__(self) -> None:
        self.left = 0
        self.begun = True
        self.act: Callable[[], object] = lambda: None
        self.where = ""

    def arm(self, number: int, *, begun: bool, act: Callable[[], object]) -> None:
        """Act at the call with that number from now on."""
        self.left, self.begun, self.act, self.where = number, begun, act, ""

    def disarm(self) -> None:
        self.arm(0, begun=True, act=lambda: None)

    def watch(self, where: str, method: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Awaitable[Any]:
        self.left -= 1
        acts_at_end = False
        if self.left == 0:
            self.where, acts_at_end = where, not self.begun
            if self.begun:
                self.act()

        async def run() -> Any:
            result = await method(*args, **kwargs)
            if acts_at_end:
                self.act()
            return result

        return run()


def hooked(phone) -> Count:
    """Put hooks before the adapters that a client waits for."""
    count = Count()
    adapters = phone.client._adapters
    for port in WAITED_FOR:
        adapters._made[port] = Hook(port, adapters.get(port), count)
    return count


def final_states(phone, call_id: str) -> list[str]:
    return [text for text in phone.events(call_id) if text.startswith(("Ended <", "Cancelled <"))]


async def closes(phone, count: Count) -> None:
    """No peer and no track of the client is open any more, a moment after the end."""
    adapters = phone.client._adapters
    try:
        async with asyncio.timeout(LIMIT):
            while adapters.get("peers")._peers or adapters.get("tracks")._hubs:  # noqa: ASYNC110 -- no event tells it
                await asyncio.sleep(0.005)
    except TimeoutError:
        pytest.fail(f"ended at {count.where}: left {adapters.get('peers')._peers}, {adapters.get('tracks')._hubs}")


async def ended_once(phone, call_id: str, count: Count) -> None:
    """The end was served, told once, and closed everything."""
    await phone.reaches(call_id, "Ended")
    await phone.until(lambda: not phone.call(call_id).current_operations)
    assert len(final_states(phone, call_id)) == 1, count.where
    starts = [text for text in phone.events(call_id) if text.endswith(" START")]
    finishes = [text for text in phone.events(call_id) if " FINISH" in text]
    assert sorted(text.split()[0] for text in starts) == sorted(text.split()[0] for text in finishes), count.where


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "done"])
async def test_of_make(begun, phones, no_ghosts, still_works) -> None:
    """Whatever `make` waits for: the caller's call ends once, and the callee's too if there was one."""
    alice, bob = phones
    count, places = hooked(alice), []
    bob.client.on("call:stateChange", lambda event: answer_if_ringing(bob, event.call_id))
    for number in range(1, MOST):
        made: list[str] = []
        count.arm(number, begun=begun, act=lambda made=made: alice.client.call.end(made[0]))
        made.append(alice.make())
        await alice.reaches(made[0], "Connected", "Ended")
        if alice.state(made[0]) == "Connected" and not count.where:
            break
        places.append(count.where)
        await ended_once(alice, made[0], count)
        await no_ghosts(alice.gateway, alice, bob)
        await closes(alice, count)
    count.disarm()
    await alice.end(made[0])
    assert {"devices.open", "peers.open", "peers.set_local", "rest.start_call", "peers.set_remote"} <= set(places)
    await no_ghosts(alice.gateway, alice, bob)
    assert len([call for call in bob.client.call.get_all() if call.state == "Ended"]) >= 1


def answer_if_ringing(phone, call_id: str) -> None:
    if phone.state(call_id) == "Ringing":
        phone.client.call.answer(call_id, {"audio": True})


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "done"])
async def test_of_answer(begun, phones, no_ghosts, still_works) -> None:
    """Whatever `answer` waits for: the gateway is told, and the caller's call is over."""
    alice, bob = phones
    count, places = hooked(bob), []
    for number in range(1, MOST):
        outgoing = alice.make()
        incoming = await bob.rings()
        count.arm(number, begun=begun, act=lambda incoming=incoming: bob.client.call.end(incoming))
        bob.client.call.answer(incoming, {"audio": True})
        await bob.reaches(incoming, "Connected", "Ended")
        if bob.state(incoming) == "Connected" and not count.where:
            break
        places.append(count.where)
        await ended_once(bob, incoming, count)
        await alice.reaches(outgoing, "Ended")
        await no_ghosts(alice.gateway, alice, bob)
        await closes(bob, count)
    count.disarm()
    await bob.end(incoming)
    assert {"devices.open", "peers.add_track", "peers.create_answer", "rest.answer_call"} <= set(places)
    await still_works(alice, bob)


async def test_of_a_call_that_comes_in(phones, no_ghosts, still_works) -> None:
    """While the offer is applied and the ringing feedback is sent."""
    alice, bob = phones
    count, places = hooked(bob), []
    for number in range(1, MOST):
        count.arm(number, begun=True, act=lambda: [bob.client.call.end(call.id) for call in bob.live()])
        outgoing = alice.make()
        await bob.until(lambda number=number: len(bob.client.call.get_all()) == number)
        incoming = bob.client.call.get_all()[-1].id
        await bob.reaches(incoming, "Ringing", "Ended")
        if bob.state(incoming) == "Ringing" and not count.where:
            break
        places.append(count.where)
        await ended_once(bob, incoming, count)
        await alice.reaches(outgoing, "Ended")
        await no_ghosts(alice.gateway, alice, bob)
        await closes(bob, count)
    count.disarm()
    await alice.end(outgoing)
    assert {"peers.open", "peers.set_remote", "rest.send_ringing"} <= set(places)
    await still_works(alice, bob)
