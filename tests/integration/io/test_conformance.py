"""What holds for any `Rest`, `Socket`, `Secrets`, `Objects`, `Clock` and `Ids`, checked against a gateway.

An implementation of one's own is put through the same checks by adding its maker to `MAKERS`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from attrs import evolve, frozen

from rbbn_sdk.engine.codec import decode, encode
from rbbn_sdk.errors import InvalidState, RequestError, RequestRefused, SocketLost, SocketRefused
from rbbn_sdk.io import HttpxRest, KeptObjects, KeptSecrets, SystemClock, SystemIds, WebsocketsSocket
from rbbn_sdk.ports import (
    CallAnswer,
    CallOffer,
    Clock,
    Credentials,
    FetchInit,
    Ids,
    Objects,
    Rest,
    RestContext,
    Secrets,
    Server,
    Socket,
    SocketAddress,
    SocketEvent,
    SocketEventKind,
    SubscribeOrder,
    Subscription,
)
from rbbn_sdk.types import SessionId, SocketId

ORDER = SubscribeOrder(expires=3600, service=("call", "IM"))
W1 = SocketId("w-1")
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 127.0.0.1\r\n"


@frozen
class Ports:
    """One client's way to the gateway."""

    rest: Rest
    socket: Socket
    secrets: Secrets
    objects: Objects
    clock: Clock
    ids: Ids


def the_real_ones() -> Ports:
    secrets, objects, clock = KeptSecrets(), KeptObjects(), SystemClock()
    rest = HttpxRest(secrets=secrets, objects=objects, clock=clock)
    return Ports(rest, WebsocketsSocket(secrets=secrets), secrets, objects, clock, SystemIds())


MAKERS: list[Callable[[], Ports]] = [the_real_ones]


@pytest_asyncio.fixture(params=MAKERS)
async def ports(request: pytest.FixtureRequest, nothing_is_left: None) -> AsyncIterator[Ports]:
    made: Ports = request.param()
    yield made
    for adapter in (made.socket, made.rest):
        close = getattr(adapter, "close", None)
        if close is not None:
            await close()


@pytest.fixture
def alice(gateway, ports: Ports) -> RestContext:
    return context_of("alice", gateway, ports)


@pytest.fixture
def bob(gateway, ports: Ports) -> RestContext:
    return context_of("bob", gateway, ports)


def context_of(name: str, gateway, ports: Ports) -> RestContext:
    account = next(one for one in gateway.accounts if one.username.startswith(f"{name}@"))
    password = ports.secrets.keep(account.password, "password")
    return RestContext(
        server=Server(base="127.0.0.1", port=gateway.port, protocol="http"),
        credentials=Credentials(username=account.username, password=password),
        timeout=5_000,
    )


def channel(context: RestContext, subscription: Subscription) -> SocketAddress:
    path = subscription.notification_channel
    return SocketAddress(server=context.server.base, port=context.server.port, path=path, protocol="ws")


async def test_a_subscription_is_made_updated_and_ended(ports: Ports, alice: RestContext) -> None:
    """The answers have all that the stories of the client need, and can be written down."""
    made = await ports.rest.subscribe(alice, ORDER)
    assert set(made.service) == {"call", "IM"}
    assert made.path.startswith("/")
    assert made.notification_channel.startswith("/")
    assert decode(encode(made), Subscription) == made
    updated = await ports.rest.update_subscription(alice, made.path, evolve(ORDER, service=("call",)))
    assert (updated.service, updated.status_code) == (("call",), 0)
    await ports.rest.unsubscribe(alice, made.path)
    with pytest.raises(RequestRefused) as caught:
        await ports.rest.update_subscription(alice, made.path, ORDER)
    assert (caught.value.failure.http_status, caught.value.failure.status_code) == (404, 39)


async def test_a_wrong_password_is_a_refusal_that_calls_for_other_credentials(ports: Ports, alice: RestContext) -> None:
    """The event `request:error` follows from the failure alone."""
    wrong = evolve(alice.credentials, password=ports.secrets.keep("wrong", "password"))
    with pytest.raises(RequestRefused) as caught:
        await ports.rest.subscribe(evolve(alice, credentials=wrong), ORDER)
    assert caught.value.failure.unauthorized


async def test_frames_come_through_the_channel_until_it_is_closed(gateway, ports: Ports, alice: RestContext) -> None:
    """Open is subscribed; closing ends it without an event."""
    made = await ports.rest.subscribe(alice, ORDER)
    await ports.socket.open(W1, channel(alice, made), 2_000)
    await ports.socket.send(W1, '{"message_type":"ping"}')
    await gateway.notify(user="alice@example.com", message={"eventType": "custom"})
    event = await ports.socket.next(W1)
    assert event.kind is SocketEventKind.FRAME
    assert '"custom"' in event.text
    await ports.socket.close(W1)
    await ports.socket.close(W1)
    with pytest.raises(SocketLost):
        await ports.socket.send(W1, "{}")


async def test_the_end_of_a_socket_is_one_event_with_its_code(gateway, ports: Ports, alice: RestContext) -> None:
    """It decides whether the client comes back."""
    made = await ports.rest.subscribe(alice, ORDER)
    for code in (1001, 1006):
        await ports.socket.open(W1, channel(alice, made), 2_000)
        waiting = asyncio.create_task(ports.socket.next(W1))
        await asyncio.sleep(0)
        await gateway.drop_sockets(user="alice@example.com", code=code)
        assert await waiting == SocketEvent(kind=SocketEventKind.CLOSED, code=code)
        await ports.socket.close(W1)


async def test_a_channel_that_is_none_is_refused(ports: Ports, alice: RestContext, gateway) -> None:
    """As is every failure of an upgrade."""
    address = SocketAddress(server="127.0.0.1", port=gateway.port, path="/rest/nothing/websocket/1", protocol="ws")
    with pytest.raises(SocketRefused):
        await ports.socket.open(W1, address, 2_000)


async def test_a_call_is_made_rung_answered_audited_and_ended(
    ports: Ports, alice: RestContext, bob: RestContext
) -> None:
    """Both sides over one adapter: requests carry who asks in their context."""
    made = await ports.rest.subscribe(bob, ORDER)
    await ports.socket.open(W1, channel(bob, made), 2_000)
    offer = CallOffer(to="sip:bob@example.com", from_="sip:alice@example.com", sdp=SDP)
    caller = await ports.rest.start_call(alice, offer)
    await ports.rest.audit_call(alice, caller)
    callee = await _session_of_the_next_call(ports)
    await ports.rest.send_ringing(bob, callee)
    assert await ports.rest.call_state(bob, callee) == "RINGING"
    await ports.rest.answer_call(bob, callee, CallAnswer(sdp=SDP))
    assert await ports.rest.call_state(alice, caller) == "ANSWERED"
    await ports.rest.end_call(alice, caller)
    await ports.rest.end_call(alice, caller)


async def _session_of_the_next_call(ports: Ports) -> SessionId:
    text = (await ports.socket.next(W1)).text
    return SessionId(text.split('"sessionData":"')[1].split('"')[0])


async def test_a_call_can_be_rejected(ports: Ports, alice: RestContext, bob: RestContext) -> None:
    """Without a word of the caller's."""
    made = await ports.rest.subscribe(bob, ORDER)
    await ports.socket.open(W1, channel(bob, made), 2_000)
    offer = CallOffer(to="sip:bob@example.com", from_="sip:alice@example.com", sdp=SDP)
    await ports.rest.audit_call(alice, await ports.rest.start_call(alice, offer))
    await ports.rest.reject_call(bob, await _session_of_the_next_call(ports))


async def test_a_session_that_is_not_there_has_the_gateways_number(ports: Ports, alice: RestContext) -> None:
    """42 for the audit, 47 for the question; both end the call."""
    for asked, number in ((ports.rest.audit_call, 42), (ports.rest.call_state, 47)):
        with pytest.raises(RequestRefused) as caught:
            await asked(alice, SessionId("s-nobody"))
        assert caught.value.code == caught.value.failure.status_code == number


@pytest.mark.parametrize("body", ["<html>down</html>", "", "[]", None], ids=["html", "empty", "list", "nothing"])
async def test_every_request_fails_as_a_request_error(body, gateway, ports: Ports, alice: RestContext) -> None:
    """Whatever stands between us and the gateway answers in its place."""
    s1 = SessionId("s-1")
    for status in (502, 403, 401):
        await gateway.fail(status=status, body=body)
        for asked in (
            ports.rest.subscribe(alice, ORDER),
            ports.rest.update_subscription(alice, "/rest/version/1/user/alice@example.com/subscription/1", ORDER),
            ports.rest.start_call(alice, CallOffer(to="a", from_="b", sdp=SDP)),
            ports.rest.answer_call(alice, s1, CallAnswer(sdp=SDP)),
            ports.rest.audit_call(alice, s1),
            ports.rest.end_call(alice, s1),
        ):
            with pytest.raises(RequestError) as caught:
                await asked
            assert caught.value.failure.http_status == status
        await gateway.clear()


async def test_a_gateway_that_cuts_the_connection_is_a_request_error(gateway, ports: Ports, alice: RestContext) -> None:
    """And the next request works."""
    await gateway.fail(status=0, times=None, path="*callControl*")
    with pytest.raises(RequestError):
        await ports.rest.audit_call(alice, SessionId("s-1"))
    await gateway.clear()
    await ports.rest.subscribe(alice, ORDER)


async def test_a_request_of_the_application_is_answered_as_it_is(ports: Ports, alice: RestContext) -> None:
    """The body is kept by `Objects`."""
    reply = await ports.rest.fetch(alice.server, alice.credentials, "/rest/version/1/nothing", FetchInit())
    assert reply.status == 404
    assert reply.body is not None
    assert isinstance(ports.objects.read(reply.body), bytes)


def test_what_is_kept_is_given_back_until_it_is_freed(ports: Ports) -> None:
    """References differ, and a freed one is refused."""
    first, second = ports.secrets.keep("a", "password"), ports.secrets.keep("b", "password")
    assert (ports.secrets.read(first), ports.secrets.read(second)) == ("a", "b")
    ports.secrets.free(first)
    with pytest.raises(InvalidState):
        ports.secrets.read(first)
    thing = object()
    kept = ports.objects.keep(thing, "sink", "label")
    assert ports.objects.read(kept) is thing
    ports.objects.free(kept)
    with pytest.raises(InvalidState):
        ports.objects.read(kept)


def test_time_and_chance_are_as_promised(ports: Ports) -> None:
    """Milliseconds, differing ids, fractions below one."""
    assert ports.clock.now() > 1_700_000_000_000
    assert ports.ids.uuid() != ports.ids.uuid()
    assert 0 <= ports.ids.fraction() < 1
