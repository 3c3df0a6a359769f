"""The entries that an application may rely on when it reads logs (`logs` 5)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

import rbbn_sdk

ALICE = "alice@example.com"


class Session:
    """A client and its entries."""

    def __init__(self, gateway: Any, level: str = "debug") -> None:
        self.entries: list[Any] = []
        config = {**gateway.config_for(ALICE), "logs": {"logLevel": level, "handler": self.entries.append}}
        self.client = rbbn_sdk.create(config)

    def of(self, log_type: str, method: str = "") -> list[Any]:
        return [
            entry for entry in self.entries if entry.target.type == log_type and (not method or entry.method == method)
        ]

    def texts(self, log_type: str, method: str = "") -> list[str]:
        return [entry.messages[0] for entry in self.of(log_type, method)]


@pytest_asyncio.fixture
async def session(gateway, nothing_is_left) -> AsyncIterator[Session]:
    """Logged in, not subscribed."""
    made = Session(gateway)
    async with made.client as client:
        client.set_credentials(username=ALICE, password="alice-pass-1")
        yield made


async def test_a_client_tells_its_version(session) -> None:
    """By the logger of the factory."""
    (entry,) = session.of("FACTORY", "info")
    assert rbbn_sdk.VERSION in entry.messages[0]


async def test_a_call_of_the_api_is_told_with_its_arguments(session) -> None:
    """Of `setCredentials` the username only."""
    (credentials,) = session.of("AUTH", "debug")
    assert credentials.messages == ("API invoked: setCredentials", ALICE)
    session.client.call.get_by_id("c-1")
    (asked,) = session.of("CALL", "debug")
    assert (asked.messages[0], asked.target.id) == ("API invoked: call.getById", "c-1")


async def test_an_event_is_told_before_its_handlers_run(session) -> None:
    """With the event itself."""
    session.client.on("auth:change", lambda _event: session.entries.append("handler"))
    session.client.set_credentials(username=ALICE, password="alice-pass-1")
    told = [one for one in session.entries if one == "handler" or one.target.type == "EVENTS"][-2:]
    assert told[1] == "handler"
    assert (told[0].level, told[0].messages[0]) == ("INFO", "Emitting event: auth:change")
    assert told[0].messages[1].TYPE == "auth:change"


async def test_a_request_and_its_answer_are_told(session, gateway) -> None:
    """Twice at INFO, whole at DEBUG, but for what is secret; each request has a number."""
    await session.client.services.subscribe(["call"])
    sent, options, came, outcome = session.of("REQUEST")
    assert {entry.target.name for entry in (sent, options, came, outcome)} == {"REQUEST-1"}
    assert (sent.level, sent.messages[0]) == ("INFO", "Sending POST subscription")
    assert (outcome.level, outcome.messages[0]) == ("INFO", "POST subscription: 201 Created")
    assert options.messages[1]["headers"]["Authorization"] == "Basic ..."
    assert options.messages[1]["url"] == f"{gateway.base_url}/rest/version/1/user/{ALICE}/subscription"
    assert options.messages[1]["body"]["subscribeRequest"]["service"] == ["call"]
    assert came.messages[1]["status"] == 201
    params = came.messages[1]["body"]["subscribeResponse"]["subscriptionParams"]
    assert (params["service"], params["turnCredentials"]) == (["call"], "...")


async def test_a_long_last_part_of_an_address_is_cut(session) -> None:
    """At 15 characters; requests are counted."""
    await session.client.request.fetch("/rest/a-very-long-resource-name")
    await session.client.request.fetch("/rest/short/?x=1")
    assert session.texts("REQUEST", "info") == [
        "Sending GET a-very-long-res",
        "GET a-very-long-res: 404 Not Found",
        "Sending GET short",
        "GET short: 404 Not Found",
    ]
    assert [entry.target.id for entry in session.of("REQUEST", "info")] == ["1", "1", "2", "2"]


async def test_a_request_without_an_answer_is_told(gateway) -> None:
    """With the kind of failure."""
    made = Session(gateway)
    made.client.update_config({"authentication": {"server": {"port": 9}}})
    async with made.client as client:
        with pytest.raises(rbbn_sdk.errors.RequestUnreachable) as caught:
            await client.request.fetch("/x")
    assert caught.value.code == "ConnectError"
    assert made.texts("REQUEST", "info") == ["Sending GET x", "GET x failed: ConnectError"]


async def test_a_request_that_nobody_waits_for_any_more_is_told(session, gateway) -> None:
    """As when the client is destroyed."""
    await gateway.delay(path="*/slow", seconds=5)
    session.client.request.fetch(f"/rest/version/1/user/{ALICE}/slow")
    while not session.of("REQUEST", "info"):  # noqa: ASYNC110 -- what is waited for is a log entry
        await asyncio.sleep(0)
    await session.client.destroy()
    assert session.texts("REQUEST", "info")[-1] == "GET slow was given up"


async def test_what_comes_on_the_websocket_is_told(session, gateway) -> None:
    """As it was read."""
    await session.client.services.subscribe(["call"])
    came = session.client.wait_for("notification:received", timeout=30)
    await gateway.notify(user=ALICE, message={"eventType": "custom", "x": 1})
    await came
    messages = [entry.messages[1] for entry in session.of("CONNECTIVITY", "debug") if len(entry.messages) > 1]
    assert [dict(one)["notificationMessage"]["x"] for one in messages if "custom" in str(one)] == [1]


async def test_above_debug_no_details_are_made(gateway) -> None:
    """They cost something."""
    made = Session(gateway, "info")
    async with made.client as client:
        await client.request.fetch("/x")
    assert [entry.method for entry in made.of("REQUEST")] == ["info", "info"]
    assert not [entry for entry in made.entries if entry.level == "DEBUG"]
