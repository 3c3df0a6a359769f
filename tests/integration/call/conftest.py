"""Two parties on a gateway, and what has to become true of them."""

import asyncio
from collections.abc import Callable

import pytest
import pytest_asyncio

LIMIT = 30.0


async def _until(condition: Callable[[], object]) -> None:
    """Wait until something is true; fails when it does not become so."""
    async with asyncio.timeout(LIMIT):
        while not condition():  # noqa: ASYNC110 -- what is waited for is state, which no event marks
            await asyncio.sleep(0.01)


def state_of(client, call_id):
    call = client.call.get_by_id(call_id)
    return None if call is None else call.state


def live(client):
    return [call for call in client.call.get_all() if call.state not in ("Ended", "Cancelled")]


class Parties:
    """Alice calls, Bob is called."""

    def __init__(self, alice, bob):
        self.alice, self.bob = alice, bob
        self.made = ""
        self.received = ""

    async def ring(self, media=None):
        """Alice calls Bob, until both know that he is alerted."""
        self.made = self.alice.call.make("bob@example.com", media or {"audio": True})
        await _until(lambda: live(self.bob))
        self.received = live(self.bob)[0].id
        await _until(lambda: state_of(self.alice, self.made) == "Ringing")
        await _until(lambda: state_of(self.bob, self.received) == "Ringing")

    async def talk(self, media=None):
        """Until both are connected, media included."""
        await self.ring(media)
        await self.bob.call.answer(self.received, media or {"audio": True})
        await self.alice.call.answered(self.made)
        for client, call_id in ((self.alice, self.made), (self.bob, self.received)):
            await _until(lambda c=client, i=call_id: _flows(c, i))

    async def both_are(self, state):
        await _until(lambda: state_of(self.alice, self.made) == state)
        await _until(lambda: state_of(self.bob, self.received) == state)


def _flows(client, call_id):
    return client.call.get_by_id(call_id).get("mediaConnectionState") in ("connected", "completed")


@pytest_asyncio.fixture
async def parties(gateway, make_client):
    """Alice and Bob, registered."""
    return Parties(await make_client(gateway, "alice"), await make_client(gateway, "bob"))


@pytest.fixture
def until():
    """Waits until something is true: `await until(lambda: ...)`."""
    return _until


@pytest.fixture
def flows():
    """Whether media can flow in a call: `flows(client, call_id)`."""
    return _flows
