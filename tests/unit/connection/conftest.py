"""A client's connecting part in virtual time, over scripted ports."""

from collections.abc import Callable, Iterator

import pytest

from rbbn_sdk.actions.auth import SetCredentials
from rbbn_sdk.actions.subscription import Subscribe, Unsubscribe
from rbbn_sdk.engine import Slot
from rbbn_sdk.ports import Server
from rbbn_sdk.testing.connection import ConnectionBench
from rbbn_sdk.types import RequestId, SecretRef

SERVER = Server(base="gw.example", port=443)
ANN = "ann@ex.org"


class Client(ConnectionBench):
    """The bench with the words of the API."""

    asked = 0

    def log_in(self, username: str = ANN, kind: str = "password") -> None:
        self.asked += 1
        secret = {kind: SecretRef(id=f"{kind}-{self.asked}", kind=kind)}
        self.dispatch(SetCredentials(server=SERVER, username=username, **secret))

    def subscribe(self, *services: str, username: str = ANN, **options: str) -> Slot:
        self.asked += 1
        request = Subscribe(
            request_id=RequestId(f"r{self.asked}"), services=services, username=username, start_time=0, **options
        )
        slot = self.store.request(request)
        self.scheduler.run_turns()
        return slot

    def unsubscribe(self, *services: str, username: str = ANN) -> Slot:
        self.asked += 1
        request = Unsubscribe(
            request_id=RequestId(f"r{self.asked}"), services=services, username=username, start_time=0
        )
        slot = self.store.request(request)
        self.scheduler.run_turns()
        return slot


@pytest.fixture
def client() -> Iterator[Client]:
    """A client with credentials; no saga of it may die."""
    made = Client()
    made.log_in()
    made.forget_events()
    yield made
    assert [death.message for death in made.deaths] == []


@pytest.fixture
def subscribed(client: Client) -> Client:
    """The same with a subscription to `call` and `IM`."""
    client.subscribe("call", "IM")
    client.forget_events()
    client.rest.calls.clear()
    return client


@pytest.fixture
def make_client() -> Iterator[Callable[..., Client]]:
    """Makes clients with options of their own."""
    made: list[Client] = []

    def make(*args: object) -> Client:
        made.append(Client(*args))
        return made[-1]

    yield make
    assert [death.message for client in made for death in client.deaths] == []
