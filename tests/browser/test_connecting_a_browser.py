"""A browser registers: from another origin, with and without TLS; what its page can read, and what it gets late."""

import asyncio
import sys

import pytest

from rbbn_sdk.gateway import DEMO_ACCOUNTS

pytestmark = pytest.mark.nightly


@pytest.fixture(params=["plain", "tls"])
def either_gateway(request, gateway, tls_gateway):
    return gateway if request.param == "plain" else tls_gateway


def requests_of(gateway):
    return [(one.method, one.path.partition("/user/alice@example.com")[2], one.status) for one in gateway.requests]


async def test_a_page_of_another_origin_registers(either_gateway, page):
    """With the preflights that its headers need; keepalives are taken without an answer; the end is told once."""
    alice = await page(either_gateway, "alice")
    await alice("ping")
    assert (await alice("update", ["call", "IM"]))["body"]["subscribeResponse"]["subscriptionParams"]["service"] == [
        "call",
        "IM",
    ]
    assert (await alice("unsubscribe"))["status"] in (200, 204)
    assert await alice("heard") == []
    methods = [method for method, _, _ in requests_of(either_gateway) if method != "OPTIONS"]
    assert methods == ["POST", "PUT", "DELETE"]


KINDS = {
    "authname": {"authname": "alice-auth"},
    "bearer": {"bearer": "bearer-token-alice-0001"},
    "hmac": {"hmac": "hmac-token-alice-0001"},
}


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_credentials(either_gateway, page, kind):
    """Each with headers of its own, which a preflight has to allow; a session follows an HMAC token."""
    alice = await page(either_gateway, "alice", **KINDS[kind])
    assert (await alice("update", ["call"]))["status"] == 200
    await either_gateway.notify(user="alice@example.com", message={"eventType": "IM"})
    await alice("notified", "IM")
    assert (await alice("unsubscribe"))["status"] in (200, 204)


async def test_a_call_over_tls_and_media(tls_gateway, page, softphone, until_heard):
    """https and wss on both sides of a call."""
    alice, bob = await page(tls_gateway, "alice"), await softphone(tls_gateway, "bob")
    await until_heard(alice, bob)


async def test_pages_at_a_gateway_of_its_own_process(page):
    """`rbbn-sdk gateway --tls`, as a developer of pages starts it; control is used as from another program."""
    program = [sys.executable, "-uc", "from rbbn_sdk.cli import main; main()", "gateway"]
    options = ["--tls", "--control", "--port", "0"]
    process = await asyncio.create_subprocess_exec(*program, *options, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        greeting = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        running = Running(greeting.removeprefix("gateway ready at ").strip())
        alice, bob = await page(running, "alice"), await page(running, "bob")
        sid = await alice("make", "bob@example.com", {"audio": 600})
        at_bob = await bob("rings")
        order = {"user": "alice@example.com", "message": {"eventType": "IM"}}
        assert (await alice("request", "POST", "/__control__/notify", order))["body"] == {"pushed": 1}
        await alice("notified", "IM")
        await bob("answer", at_bob, {"audio": 800})
        await alice("hears", sid, 800)
        await bob("end", at_bob)
        await alice("reaches", sid, "Ended")
        await alice("unsubscribe")
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 20) == 0


class Running:
    """What a phone needs to know of a gateway."""

    accounts = DEMO_ACCOUNTS

    def __init__(self, base_url):
        self.base_url = base_url


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize(("rest", "socket"), [("http", "ws"), ("http", "wss"), ("https", "ws")])
async def test_one_port_serves_pages_with_and_without_tls(
    tls_gateway, page, softphone, until_heard, host, rest, socket
):
    """Also one that uses `http` beside `wss`, or names the machine otherwise; the client uses TLS."""
    address = f"{host}:{tls_gateway.port}"
    alice = await page(tls_gateway, "alice", base=f"{rest}://{address}", socket=f"{socket}://{address}")
    await until_heard(alice, await softphone(tls_gateway, "bob"))


@pytest.fixture
def until_heard():
    from rbbn_sdk.media import Tone

    async def check(alice, bob):
        sid = await alice("make", "bob@example.com", {"audio": 600})
        incoming = await bob.rings()
        await bob.client.call.answer(incoming, {"audio": Tone(440)})
        await bob.gets(incoming, tone=600)
        await alice("hears", sid, 440)
        await bob.client.call.end(incoming)
        await alice("reaches", sid, "Ended")

    return check


async def test_a_page_reads_why_it_was_refused(either_gateway, page, registration):
    """A wrong password: an error answer is as readable as any other."""
    alice = await page(either_gateway, "alice", register=False)
    answer = await alice("subscribe", registration(either_gateway, "alice") | {"password": "wrong"})
    assert answer == {"status": 403, "retryAfter": None, "body": {"subscribeResponse": {"statusCode": 4}}}


async def test_a_page_reads_when_to_come_again(either_gateway, page, registration):
    """`Retry-After` of a 503 is among the headers that other origins may see."""
    await either_gateway.fail_next(user="alice@example.com", status=503, headers={"Retry-After": "7"}, body={})
    alice = await page(either_gateway, "alice", register=False)
    answer = await alice("subscribe", registration(either_gateway, "alice"))
    assert (answer["status"], answer["retryAfter"], answer["body"]) == (503, "7", {})


@pytest.mark.parametrize(
    ("path", "status"),
    [("callControl/callSessions/none", 404), ("nothing", 404), ("subscription/none", 404), ("presence", 403)],
)
async def test_errors_of_every_path_are_readable(gateway, page, path, status):
    """Also where no resource is: a page would see a network error without the headers."""
    alice = await page(gateway, "alice")
    answer = await alice("rest", "PUT", path, {"callControlRequest": {"type": "audit"}, "subscribeRequest": {}})
    assert answer["status"] == status


async def test_what_was_pushed_while_the_socket_was_down_comes_later(either_gateway, page):
    """In order and once, over the page's next socket of the same channel."""
    alice = await page(either_gateway, "alice")
    await alice("hangUpSocket")
    await alice("isDown")
    for number in range(3):
        message = {"eventType": "IM", "imnotificationParams": {"msgText": str(number)}}
        await either_gateway.notify(user="alice@example.com", message=message)
    await alice("connect")
    await alice("notified", "IM", 3)
    texts = [notice["imnotificationParams"]["msgText"] for notice in await alice("all")]
    assert texts == ["0", "1", "2"]


@pytest.mark.parametrize("code", [1001, 1006, 1012])
async def test_a_page_whose_socket_is_closed_comes_back(gateway, page, softphone, code):
    """A call that comes meanwhile rings when it is back."""
    alice, bob = await softphone(gateway, "alice"), await page(gateway, "bob")
    await gateway.drop_sockets(user="bob@example.com", code=code)
    await bob("isDown")
    alice.client.call.make("bob@example.com", {"audio": True})
    await gateway.wait_for_request("POST", "*/callControl", user="alice@example.com")
    await bob("connect")
    await bob("rings")
    assert await bob("closeCodes") == [code]


async def test_a_page_that_registers_twice_is_told(gateway, page):
    """The earlier one gets `websocketOverridden`, and its socket is closed for good."""
    first = await page(gateway, "alice")
    second = await page(gateway, "alice")
    await first("notified", "websocketOverridden")
    await first("isDown")
    assert await first("closeCodes") == [1000]
    await gateway.notify(user="alice@example.com", message={"eventType": "IM"})
    await second("notified", "IM")


async def test_a_large_notification(gateway, page):
    """4 MiB and more reach a browser in one frame."""
    alice = await page(gateway, "alice")
    await gateway.notify(user="alice@example.com", message={"eventType": "IM", "text": "x" * (4 << 20)})
    assert len((await alice("notified", "IM"))["text"]) == 4 << 20


async def test_many_notifications(gateway, page):
    """Two thousand in one go, in order."""
    alice = await page(gateway, "alice")
    await asyncio.gather(
        *(gateway.notify(user="alice@example.com", message={"eventType": "IM", "n": n}) for n in range(2000))
    )
    await alice("notified", "IM", 2000)
    assert [notice["n"] for notice in await alice("all")] == list(range(2000))
