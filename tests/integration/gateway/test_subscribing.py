"""Registration over real sockets: the checklist of connection 12, point by point."""

import asyncio
import ssl

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from rbbn_sdk.gateway import Gateway

GONE = {"subscribeResponse": {"statusCode": 39}}


async def test_a_subscription_is_answered_with_what_was_asked_for(device):
    """Clients keep the answer whole and work with it (connection 5.1)."""
    alice = await device("alice", connected=False)
    answer = await alice.subscribe(clientCorrelator="desk01", localization="French_CA")
    params = answer.json()["subscribeResponse"]["subscriptionParams"]
    assert answer.status_code == 201
    assert answer.headers["content-type"].startswith("application/json")
    assert params["expires"] == 3600
    assert params["service"] == params["assignedService"]
    assert params["clientCorrelator"] == "desk01"
    assert params["localization"] == "French_CA"
    assert params["notificationChannel"].startswith("/rest/version/1/websocket/")
    assert set(params["turnCredentials"]) == {"username", "password"}
    assert "sessionId" not in params


@pytest.mark.parametrize(
    ("members", "service", "expires"),
    [
        ({"expires": "120"}, None, 120),
        ({"expires": "soon"}, None, 3600),
        ({"expires": None, "localization": 5, "supported": "x", "extra": {"a": [None]}}, None, 3600),
        ({"service": ["call", "call", "x"]}, ["call", "call", "x"], 3600),
        ({"service": []}, [], 3600),
        ({"service": ["call", {"service": "IM"}, 7]}, ["call"], 3600),
        ({"service": "call"}, ["call"], 3600),
    ],
    ids=["text", "no number", "odd members", "doubled", "none", "not names", "one name"],
)
async def test_odd_requests_are_taken(device, members, service, expires):
    """Other clients send numbers as text, doubled names and members nobody knows."""
    alice = await device("alice", connected=False)
    answer = await alice.subscribe(**members)
    params = answer.json()["subscribeResponse"]["subscriptionParams"]
    assert answer.status_code == 201
    assert params["expires"] == expires
    assert service is None or params["service"] == service


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"subscribeRequest":{}}', b'{"subscribeRequest":{"service":5}}'])
async def test_a_body_that_cannot_be_used_is_400_with_code_5(device, body):
    """With a content type, as all errors (connection 12.10)."""
    alice = await device("alice", connected=False)
    answer = await alice.http.post(f"{alice.base}/subscription", content=body, auth=alice.auth)
    assert answer.status_code == 400
    assert answer.json() == {"subscribeResponse": {"statusCode": 5}}


async def test_a_correlator_that_does_not_fit_a_path_is_refused(device):
    """It would break the URL of the next PUT (connection 5.8)."""
    alice = await device("alice", connected=False)
    answer = await alice.subscribe(clientCorrelator="a/b?c")
    assert answer.status_code == 403
    assert answer.json() == {"subscribeResponse": {"statusCode": 38}}


async def test_top_level_members_beside_the_request_do_no_harm(device):
    """Clients merge options into the body (connection 5.1)."""
    alice = await device("alice", connected=False)
    body = {"subscribeRequest": {"service": ["call"]}, "type": "websocket", "x": None}
    assert (await alice.request("POST", "subscription", body)).status_code == 201


async def test_a_username_may_come_with_percent_escapes(device):
    """Some HTTP libraries escape `@` (connection 12.2)."""
    alice = await device("alice", connected=False)
    body = {"subscribeRequest": {"service": ["call"]}}
    answer = await alice.request("POST", "/rest/version/1/user/alice%40example.com/subscription", body)
    assert answer.status_code == 201


@pytest.mark.parametrize("by_correlator", [False, True], ids=["subscription path", "correlator path"])
async def test_an_extension_repeats_the_whole_answer(device, by_correlator):
    """It replaces what the client has stored (connection 5.2)."""
    alice = await device("alice", clientCorrelator="desk01" if by_correlator else None)
    path = f"{alice.base}/subscription/clientCorrelator/desk01" if by_correlator else ""
    answer = await alice.extend(path, service=["call", "custom"], expires=600)
    first, then = alice.subscription, answer.json()["subscribeResponse"]
    assert answer.status_code == 200
    assert then["subscription"] == first["subscription"]
    changed = {"service": ["call", "custom"], "assignedService": ["call", "custom"], "expires": 600}
    assert then["subscriptionParams"] == {**first["subscriptionParams"], **changed}


async def test_a_subscription_nobody_knows_is_404_with_code_39(device):
    """That makes clients subscribe anew (connection 7.6)."""
    alice = await device("alice", connected=False)
    for path in (f"{alice.base}/subscription/unknown", f"{alice.base}/subscription/clientCorrelator/unknown"):
        answer = await alice.extend(path)
        assert (answer.status_code, answer.json()) == (404, GONE)


async def test_an_unsubscribe_closes_the_channel_and_is_never_an_error(device):
    """An error would leave the client subscribed (connection 5.4). 1000 tells it not to come back."""
    alice = await device("alice")
    first, second = await alice.unsubscribe(), await alice.unsubscribe()
    assert (first.status_code, first.json()) == (200, {"subscribeResponse": {"statusCode": 0}})
    assert (second.status_code, second.content) == (204, b"")
    assert await alice.closed() == 1000
    with pytest.raises(InvalidStatus) as refused:
        await connect(alice.channel)
    assert refused.value.response.status_code == 403


async def test_a_subscription_belongs_to_its_user(device):
    """Another user's request neither extends nor ends it."""
    alice, bob = await device("alice"), await device("bob", connected=False)
    identity = alice.subscription["subscription"].rpartition("/")[2]
    assert (await bob.extend(f"{bob.base}/subscription/{identity}")).status_code == 404
    assert (await bob.request("DELETE", f"{bob.base}/subscription/{identity}")).status_code == 204
    assert (await alice.extend()).status_code == 200


async def test_a_subscription_without_correlator_replaces_the_one_without(device):
    """The earlier client is told, its channel is closed for good; the new one is untouched (connection 5.8)."""
    earlier, new = await device("alice"), await device("alice")
    assert (await earlier.next())["eventType"] == "websocketOverridden"
    assert await earlier.closed() == 1000
    assert (await earlier.extend()).status_code == 404
    await new.hears_nothing_before("mark")
    assert (await new.extend()).status_code == 200


async def test_different_correlators_live_side_by_side(device):
    """Two devices of one user (connection 5.8)."""
    phone, desk = await device("alice", clientCorrelator="phone"), await device("alice", clientCorrelator="desk")
    again = await device("alice", clientCorrelator="phone")
    assert (await phone.next())["eventType"] == "websocketOverridden"
    await desk.hears_nothing_before("mark")
    assert (await again.next())["eventType"] == "mark"


async def test_devices_may_be_numbered(device):
    """An application's number is a correlator like any other: the next device does not replace the first."""
    first, second = await device("alice", clientCorrelator=1), await device("alice", clientCorrelator=2)
    await first.hears_nothing_before("mark")
    assert (await second.next())["eventType"] == "mark"
    assert first.subscription["subscriptionParams"]["clientCorrelator"] == "1"
    assert (await first.extend(f"{first.base}/subscription/clientCorrelator/1")).status_code == 200


async def test_a_subscription_that_is_not_extended_is_gone(nothing_is_left, device):
    """After a grace that lets a late extension through (connection 12.8)."""
    async with Gateway(expiry_grace=0.0) as gateway:
        alice = await device("alice", at=gateway, expires=1)
        assert (await alice.next())["eventType"] == "gone"
        assert await alice.closed() == 1000
        answer = await alice.extend()
        assert (answer.status_code, answer.json()) == (404, GONE)


async def test_an_extension_puts_the_end_off(nothing_is_left, device):
    """Only what is not extended ends."""
    async with Gateway(expiry_grace=0.0) as gateway:
        alice = await device("alice", at=gateway, expires=1)
        assert (await alice.extend(expires=3600)).status_code == 200
        bob = await device("bob", at=gateway, expires=1)
        assert (await bob.next())["eventType"] == "gone"
        await alice.hears_nothing_before("mark")


@pytest.mark.parametrize("kind", ["password", "authname", "bearer", "hmac"])
async def test_each_kind_of_credentials_subscribes(gateway, device, kind):
    """With HMAC the answer brings the session for later requests; the token goes on working too."""
    alice = await device("alice", connected=False)
    given = gateway.credentials_for("alice@example.com", kind)
    alice.auth = (given.get("authname", alice.username), given["password"]) if "password" in given else None
    if kind == "bearer":
        alice.headers = {"authorization": f"Bearer {given['bearerAccessToken']}"}
    if kind == "hmac":
        alice.headers = {"x-token": given["hmacToken"]}
    assert (await alice.subscribe()).status_code == 201
    session = alice.subscription["subscriptionParams"].get("sessionId")
    assert bool(session) is (kind == "hmac")
    assert (await alice.extend()).status_code == 200
    if session:
        alice.headers = {"x-session": session}
        assert (await alice.extend()).status_code == 200
        assert (await alice.subscribe()).status_code == 201


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("subscription", {"subscribeResponse": {"statusCode": 4}}),
        ("callControl", {"callControlResponse": {"statusCode": 4}}),
        ("calldisposition", {"callDispositionResponse": {"statusCode": 4}}),
    ],
)
async def test_a_wrong_password_is_refused_in_the_words_of_the_resource(device, path, answer):
    """Each feature of a client looks for its own member (connection 3.3)."""
    alice = await device("alice", connected=False)
    refused = await alice.request("POST", path, {}, auth=(alice.username, "wrong"))
    assert (refused.status_code, refused.json()) == (403, answer)


async def test_an_unknown_user_is_refused_with_html(device):
    """As real gateways do (connection 12.10)."""
    alice = await device("alice", connected=False)
    refused = await alice.request("POST", "/rest/version/1/user/nobody@example.com/subscription", {})
    assert refused.status_code == 403
    assert refused.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["subscription", "callControl/callSessions/x", "no/such/thing"])
async def test_a_browser_may_ask_from_any_origin(device, path):
    """Preflights bring no credentials (connection 12.1)."""
    alice = await device("alice", connected=False)
    asks = {
        "origin": "https://app.example.org",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "Content-Type,X-Session,X-More",
        "access-control-request-private-network": "true",
    }
    answer = await alice.request("OPTIONS", path, headers=asks, auth=None)
    allowed = answer.headers["access-control-allow-headers"].split(", ")
    assert answer.is_success
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"authorization", "content-type", "accept", "x-token", "x-session", "x-more"} <= set(allowed)
    assert {"GET", "POST", "PUT", "DELETE"} <= set(answer.headers["access-control-allow-methods"].split(", "))
    assert answer.headers["access-control-allow-private-network"] == "true"


async def test_a_browser_may_read_every_error(gateway, device, monkeypatch):
    """Else its client sees a network failure instead (connection 12.1)."""
    alice = await device("alice", connected=False)
    await gateway.fail_next(user="alice@example.com", status=503, headers={"Retry-After": "7"})
    answers = [
        await alice.subscribe(),
        await alice.request("GET", "no/such/thing"),
        await alice.request("PATCH", "subscription"),
        await alice.request("POST", "subscription", auth=(alice.username, "wrong")),
        await alice.http.get("/"),
    ]
    assert [answer.status_code for answer in answers] == [503, 404, 405, 403, 404]
    assert answers[0].headers["retry-after"] == "7"
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-expose-headers"] == "Retry-After"
        assert answer.headers["content-type"]


async def test_an_error_of_the_gateway_itself_is_an_answer_too(gateway, device, caplog):
    """A defect must not look like a network failure."""
    alice = await device("alice", connected=False)
    gateway._running.authenticator._directory = None
    answer = await alice.subscribe()
    assert answer.status_code == 500
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["statusCode"] == 26
    assert "failed" in caplog.text


async def test_what_is_posted_from_outside_reaches_subscribers_of_custom(device):
    """And nobody else (connection 3.4)."""
    alice, phone = await device("alice", service=["custom"]), await device("alice", clientCorrelator="p")
    answer = await alice.request("POST", "externalnotification", {"greeting": "hello", "n": [1]})
    assert answer.status_code == 200
    message = await alice.next()
    assert message["eventType"] == "custom"
    assert (message["greeting"], message["n"]) == ("hello", [1])
    assert message["eventId"]
    await phone.hears_nothing_before("mark")


async def test_requests_are_recorded_whole_and_shown_masked(gateway, device):
    """Tests compare them with a browser's; logs and failures of tests must show no secret."""
    alice = await device("alice", connected=False)
    await alice.request("POST", "subscription?tokenrealm=r&access_token=t0p", {"subscribeRequest": {"service": []}})
    request = gateway.requests[0]
    assert (request.method, request.path) == ("POST", "/rest/version/1/user/alice@example.com/subscription")
    assert request.query == {"tokenrealm": "r", "access_token": "t0p"}
    assert request.headers["authorization"].startswith("Basic ")
    assert request.json == {"subscribeRequest": {"service": []}}
    assert request.status == 201
    assert "Basic" not in repr(request)
    assert "t0p" not in repr(request)


async def test_nothing_secret_is_logged(gateway, device, caplog):
    """Not even at debug level: passwords, tokens, sessions, and the channel, which is a secret (connection 2.2)."""
    for logger in ("rbbn_sdk.gateway", "rbbn_sdk.gateway.server", "uvicorn.error", "uvicorn.access", "asyncio"):
        caplog.set_level("DEBUG", logger)
    alice = await device("alice")
    async with connect(f"{alice.channel}?access_token=t0p"):
        pass
    await alice.request("PUT", "subscription/x?access_token=t0p", {}, auth=None, headers={"x-token": "t0ken"})
    channel = alice.subscription["subscriptionParams"]["notificationChannel"].rpartition("/")[2]
    for secret in ("alice-pass", "Basic", "t0p", "t0ken", channel):
        assert secret not in caplog.text
    assert "POST /rest/version/1/user/alice@example.com/subscription: 201" in caplog.text


async def test_it_waits_for_a_request_or_says_that_none_came(gateway, device):
    """For tests that have to know when a client has asked."""
    alice = await device("alice", connected=False)
    waiting = asyncio.ensure_future(gateway.wait_for_request("POST", "subscription", user=alice.username))
    await alice.subscribe()
    assert (await waiting).status == 201
    with pytest.raises(TimeoutError):
        await gateway.wait_for_request("POST", "subscription", count=2, timeout=0.01)


async def test_with_tls_everything_is_encrypted_and_certified(nothing_is_left, device):
    """By an authority whose file clients are given."""
    async with Gateway(tls=True) as gateway:
        alice = await device("alice", connected=False, at=gateway)
        assert (await alice.subscribe()).status_code == 201
        trust = ssl.create_default_context(cafile=gateway.ca_file)
        async with connect(alice.channel, ssl=trust) as socket:
            await gateway.notify(user=alice.username, message={"eventType": "mark"})
            assert "mark" in await socket.recv()
        assert gateway.config_for(alice.username)["subscription"]["websocket"]["protocol"] == "wss"
        folder = gateway.ca_file.parent
    assert not folder.exists()


async def test_with_tls_plain_connections_are_served_on_the_same_port(nothing_is_left, device):
    """A browser client always opens wss, also when its REST requests go by plain HTTP (connection 6)."""
    async with Gateway(tls=True) as gateway:
        plain = gateway.base_url.replace("https", "http")
        async with httpx.AsyncClient(base_url=plain, verify=False) as http:
            path, auth = "/rest/version/1/user/alice@example.com/subscription", ("alice@example.com", "alice-pass-1")
            answer = await http.post(path, json={"subscribeRequest": {"service": ["call"]}}, auth=auth)
        channel = answer.json()["subscribeResponse"]["subscriptionParams"]["notificationChannel"]
        trust = ssl.create_default_context(cafile=gateway.ca_file)
        for url, options in ((gateway.base_url, {"ssl": trust}), (plain, {})):
            async with connect(url.replace("http", "ws", 1) + channel, **options) as socket:
                await gateway.notify(user="alice@example.com", message={"eventType": "mark"})
                assert "mark" in await socket.recv()


async def test_connections_that_come_to_nothing_hold_nothing_up(nothing_is_left, device):
    """Scanners, browsers that connect in advance, clients that do not trust the certificate."""
    async with Gateway(tls=True) as gateway:
        silent = await asyncio.open_connection("127.0.0.1", gateway.port)
        gone = await asyncio.open_connection("127.0.0.1", gateway.port)
        gone[1].close()
        with pytest.raises(ssl.SSLError):
            await asyncio.open_connection("127.0.0.1", gateway.port, ssl=ssl.create_default_context())
        alice = await device("alice", at=gateway, connected=False)
        assert (await alice.subscribe()).status_code == 201
    assert await silent[0].read() == b""
    silent[1].close()


async def test_a_stopped_gateway_makes_clients_come_back(nothing_is_left, device):
    """1012, not 1000 (connection 12.9); and the port can be used again, with everybody unknown."""
    gateway = Gateway()
    await gateway.start()
    alice = await device("alice", at=gateway)
    await gateway.stop()
    with pytest.raises(ConnectionClosed):
        await alice.socket.recv()
    assert alice.socket.close_code == 1012
    with pytest.raises(httpx.TransportError):
        await alice.extend()
    await gateway.start()
    assert (await alice.extend()).status_code == 404
    await gateway.stop()
