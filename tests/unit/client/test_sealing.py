"""An application's own requests: what is secret in them stays out of actions, and is forgotten afterwards."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

import rbbn_sdk
from rbbn_sdk.actions.request import Fetch
from rbbn_sdk.actions.subscription import Subscribe
from rbbn_sdk.api.sealing import split_query
from rbbn_sdk.errors import RbbnError, RequestUnreachable
from rbbn_sdk.ports import FetchReply, opened
from rbbn_sdk.types import SecretRef, is_sensitive

SECRET = "s3cr3t"


class Rest:
    """Sees what is sent."""

    def __init__(self) -> None:
        self.secrets: Any = None
        self.sent: list[Any] = []
        self.answer: Any = RequestUnreachable("no network")

    async def fetch(self, _server, _credentials, resource, init) -> FetchReply:
        body = () if init.body is None else (("body", init.body),)
        pairs = (*init.headers, *init.query_params, *body)
        self.sent.append((resource, opened(pairs, self.secrets)))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer(self.secrets)


class Session:
    def __init__(self, make_bench) -> None:
        self.rest, self.actions = Rest(), []
        tap = rbbn_sdk.Extension(ports={"rest": self.rest}, taps=(lambda action, *_: self.actions.append(action),))
        self.client = make_bench(tap).client
        self.rest.secrets = self.client._adapters.secrets

    @property
    def kept(self) -> int:
        return len(self.rest.secrets._values)


@pytest_asyncio.fixture
async def session(make_bench) -> AsyncIterator[Session]:
    made = Session(make_bench)
    async with made.client:
        yield made


async def test_what_is_secret_in_a_fetch_is_a_reference_until_it_is_sent(session) -> None:
    """By the name of a header or parameter; the body always. Nothing is kept afterwards, also of one that failed."""
    init = {"headers": {"X-Api-Key": SECRET, "X-A": "1"}, "queryParams": {"access_token": SECRET}, "body": SECRET}
    with pytest.raises(RequestUnreachable):
        await session.client.request.fetch("/x?a=1&token=s3cr3t", init)
    ((resource, sent),) = session.rest.sent
    assert resource == "/x"
    assert [value for _, value in sent] == [SECRET, "1", "1", SECRET, SECRET, SECRET]
    assert SECRET not in repr(session.actions)
    (fetch,) = [action for action in session.actions if isinstance(action, Fetch)]
    assert dict(fetch.init.headers)["X-A"] == "1"
    assert session.kept == 0


async def test_what_is_secret_in_the_answer_reaches_the_application_only(session) -> None:
    """A header with a token is a reference in the fact, and its value in the response."""
    session.rest.answer = lambda secrets: FetchReply(
        status=200, reason="OK", headers=(("X-Token", secrets.keep(SECRET, "header")), ("X-A", "1")), body=None
    )
    response = await session.client.request.fetch("/x")
    assert (response.header("x-token"), response.header("x-a")) == (SECRET, "1")
    assert SECRET not in repr(session.actions) + repr(response)
    assert session.kept == 0


async def test_what_is_secret_in_the_options_of_a_subscription_is_a_reference(session) -> None:
    """And forgotten when the subscription has failed."""
    options = {"headers": {"X-Token": SECRET}, "queryParams": {"apikey": SECRET, "a": "1"}}
    with pytest.raises(RbbnError):
        await session.client.services.subscribe(["call"], options)
    (asked,) = [action for action in session.actions if isinstance(action, Subscribe)]
    assert [type(value) for _, value in (*asked.headers, *asked.query_params)] == [SecretRef, SecretRef, str]
    assert session.kept == 0


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("/x", ("/x", ())),
        ("/x?a=1&b=%20", ("/x?a=1&b=%20", ())),
        ("/x?a=1&access_token=t", ("/x", (("a", "1"), ("access_token", "t")))),
        ("/x?token=", ("/x", (("token", ""),))),
    ],
)
def test_a_query_is_taken_apart_only_when_it_has_a_secret(resource, expected) -> None:
    """Else it goes out as it was written."""
    assert split_query(resource) == expected


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("Authorization", True),
        ("Proxy-Authorization", True),
        ("x-token", True),
        ("x-session", True),
        ("sessionId", True),
        ("turnCredentials", True),
        ("access_token", True),
        ("X-API-Key", True),
        ("Set-Cookie", True),
        ("sessionData", False),
        ("Content-Type", False),
        ("eventType", False),
    ],
)
def test_a_name_promises_a_secret_or_not(name, secret) -> None:
    """The ids of calls are shown: a log without them is of no use."""
    assert is_sensitive(name) is secret
