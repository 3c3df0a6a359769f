"""What integration tests share: a real gateway, real clients on it, and a check that nothing is left.

Everything runs over real sockets on 127.0.0.1, media included.
"""

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import pytest
import pytest_asyncio

import rbbn_sdk

if TYPE_CHECKING:  # loaded by the fixtures that need them, so that a test of one room loads that room only
    from rbbn_sdk.client import Client
    from rbbn_sdk.gateway import Gateway

LIMIT = 30.0
"""Seconds that a test waits for what has to come."""


def _open_files() -> set[str]:
    """Sockets and regular files of this process; pipes and devices are the runner's own."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:
            continue  # the descriptor of the listing itself
        if target.startswith("socket:") or (target.startswith("/") and not target.startswith(("/dev/", "/proc/"))):
            found.add(f"{entry.name} {target}")
    return found


def _others() -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


@pytest_asyncio.fixture(autouse=True)
async def nothing_is_left() -> AsyncIterator[None]:
    """After a test no task runs and no socket or file is open that was not there before it."""
    tasks, files = _others(), _open_files()
    yield
    try:
        async with asyncio.timeout(15):
            while _others() - tasks or _open_files() - files:
                gc.collect()
                await asyncio.sleep(0.02)
    except TimeoutError:
        left = [repr(task) for task in _others() - tasks] + sorted(_open_files() - files)
        pytest.fail("left behind:\n" + "\n".join(left))


@pytest_asyncio.fixture
async def gateway(nothing_is_left: None) -> AsyncIterator["Gateway"]:
    """A gateway with its three demo accounts, on a free port."""
    from rbbn_sdk.gateway import Gateway

    async with Gateway() as running:
        yield running


@pytest_asyncio.fixture
async def make_client(nothing_is_left: None) -> AsyncIterator[Callable[..., Awaitable["Client"]]]:
    """Makes clients of a gateway's users: `await make_client(gateway, "alice", call={...})`.

    Each has its credentials set and, unless `services=None`, is subscribed. All are destroyed after the test.
    """
    async with AsyncExitStack() as stack:

        async def make(
            gateway: "Gateway",
            name: str,
            *,
            services: tuple[str, ...] | None = ("call",),
            password: str | None = None,
            extensions: Sequence[rbbn_sdk.Extension] = (),
            **config: Any,
        ) -> "Client":
            account = next(account for account in gateway.accounts if account.username.startswith(f"{name}@"))
            client = rbbn_sdk.create(merged(gateway.config_for(account.username), local(config)), extensions=extensions)
            await stack.enter_async_context(client)
            client.set_credentials(username=account.username, password=password or account.password)
            if services is not None:
                await client.services.subscribe(list(services))
            return client

        yield make


def local(config: dict[str, Any]) -> dict[str, Any]:
    """Media on loopback only, and no log lines in the tests' output."""
    return merged({"call": {"iceAddresses": ["127.0.0.1"]}, "logs": {"logLevel": "silent"}}, config)


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """A deep merge; the second wins."""
    result = dict(first)
    for key, value in second.items():
        was = result.get(key)
        result[key] = merged(was, value) if isinstance(was, dict) and isinstance(value, dict) else value
    return result


class Recorder:
    """All events of a client, in order."""

    def __init__(self, client: "Client") -> None:
        self.events: list[Any] = []
        client.subscribe(lambda _name, events: self.events.append(events[0]))

    @property
    def names(self) -> list[str]:
        return [event.TYPE for event in self.events]


@pytest.fixture
def record() -> Callable[["Client"], Recorder]:
    """Records the events of a client: `events = record(client)`."""
    return Recorder


class RawParty:
    """A party without this SDK: bare REST and websocket, for descriptions and notifications of other makes."""

    def __init__(self, gateway: "Gateway", name: str) -> None:
        self.account = next(account for account in gateway.accounts if account.username.startswith(f"{name}@"))
        self._gateway = gateway
        self._rest: Any = None
        self._socket: Any = None
        self._kept: list[dict[str, Any]] = []
        self.session = ""

    async def __aenter__(self) -> Self:
        import httpx
        import websockets

        self._rest = httpx.AsyncClient(
            base_url=f"{self._gateway.base_url}/rest/version/1/user/{self.account.username}/",
            auth=(self.account.username, self.account.password or ""),
            trust_env=False,
        )
        reply = await self._rest.post("subscription", json={"subscribeRequest": {"service": ["call"], "expires": 3600}})
        channel = reply.json()["subscribeResponse"]["subscriptionParams"]["notificationChannel"]
        url = f"ws://{self._gateway.host}:{self._gateway.port}{channel}"
        self._socket = await websockets.connect(url, proxy=None, max_size=None)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._socket.close()
        await self._rest.aclose()

    async def call(self, to: str, sdp: str) -> str:
        """Make a call with any offer; the own session's id."""
        body = {"type": "callStart", "to": to, "from": f"sip:{self.account.username}", "sdp": sdp}
        reply = await self._rest.post("callControl", json={"callControlRequest": body})
        self.session = reply.json()["callControlResponse"]["sessionData"]
        await self.control("audit")
        return self.session

    async def control(self, kind: str, **members: Any) -> int:
        """One request about the own session; its HTTP status."""
        body = {"callControlRequest": {"type": kind, **members}}
        reply = await self._rest.put(f"callControl/callSessions/{self.session}", json=body)
        return int(reply.status_code)

    async def rings(self) -> str:
        """The next call's offer; the call is the own session from now on, and rings."""
        params = (await self.notification("call"))["sessionParams"]
        self.session = params["sessionData"]
        await self.control("ringing")
        await self.control("audit")
        return str(params.get("sdp", ""))

    async def end(self) -> None:
        await self._rest.delete(f"callControl/callSessions/{self.session}")

    async def notification(self, kind: str) -> dict[str, Any]:
        """The next notification of a kind; others are passed over."""
        async with asyncio.timeout(LIMIT):
            while True:
                message = json.loads(await self._socket.recv())["notificationMessage"]
                if message["eventType"] == kind:
                    return dict(message)


@pytest_asyncio.fixture
async def raw_party(nothing_is_left: None) -> AsyncIterator[Callable[..., Awaitable[RawParty]]]:
    """Makes registered parties that are not this SDK: `await raw_party(gateway, "alice")`."""
    async with AsyncExitStack() as stack:

        async def make(gateway: "Gateway", name: str) -> RawParty:
            return await stack.enter_async_context(RawParty(gateway, name))

        yield make


class Phone:
    """A client as a test handles it: what it told as short texts, waits with a limit, and what is heard."""

    def __init__(self, client: "Client", gateway: "Gateway") -> None:
        self.client = client
        self.gateway = gateway
        self.username = client.get_user_info().username
        self.told: list[Any] = []
        self.logged: list[str] = []
        """What was logged of level `warn` and above."""
        self._texts: list[tuple[str, str]] = []
        self._news = asyncio.Event()
        client.subscribe(self._note)

    def _note(self, _name: str, events: list[Any]) -> None:
        (event,) = events
        self.told.append(event)
        call_id = event.get("callId", "")
        call = self.client.call.get_by_id(call_id)
        self._texts.append((call_id, shown(event, call)))
        self._news.set()

    def events(self, call_id: str) -> list[str]:
        """All events of a call but those of its media connection, such as `MAKE START` and `Ringing < Initiated`."""
        return [text for of, text in self._texts if of == call_id and text != "mediaConnectionChange"]

    def forget(self) -> None:
        self.told.clear()
        self._texts.clear()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for events until a condition holds."""
        try:
            async with asyncio.timeout(LIMIT):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            last = [text for _, text in self._texts[-50:]]
            pytest.fail(f"{self.username}: it did not come; the last that came: {last}")

    def call(self, call_id: str) -> Any:
        return self.client.call.get_by_id(call_id)

    def state(self, call_id: str) -> str:
        return str(self.call(call_id).state)

    async def reaches(self, call_id: str, *states: str) -> None:
        await self.until(lambda: self.state(call_id) in states)

    def make(self, to: str = "bob@example.com", **media: Any) -> str:
        return str(self.client.call.make(to, _tone(media)))

    def live(self) -> list[Any]:
        return [call for call in self.client.call.get_all() if call.state not in ("Ended", "Cancelled")]

    async def rings(self) -> str:
        """The id of the call that comes in, once it can be answered."""

        def ringing() -> list[Any]:
            answerable = ("Initiated", "Ringing")
            return [call for call in self.live() if call.direction == "incoming" and call.state in answerable]

        await self.until(ringing)
        return str(ringing()[-1].id)

    async def answer(self, call_id: str, **media: Any) -> None:
        await asyncio.wait_for(self.client.call.answer(call_id, _tone(media)), LIMIT)

    async def end(self, call_id: str) -> None:
        await asyncio.wait_for(self.client.call.end(call_id), LIMIT)

    def push(self, *frames: str) -> None:
        """Frames as they are, past everything that the gateway would check."""
        for subscription in self.gateway._running.subscriptions.of_user(self.username):
            for frame in frames:
                subscription.channel.push(frame)

    def notify(self, event_type: str, call_id: str = "", session: Any = None, **members: Any) -> None:
        """A notification about a call, as the gateway would send it or worse.

        `sdp`, `statusCode` and `reasonText` go to its session parameters.
        """
        params = {name: members.pop(name) for name in ("sdp", "statusCode", "reasonText") if name in members}
        params["sessionData"] = self.call(call_id).wrtcs_session_id if session is None else session
        message = {"eventType": event_type, "eventId": uuid4().hex, "sessionParams": params, **members}
        self.push(json.dumps({"notificationMessage": message}))

    async def settled(self) -> None:
        """All that was pushed before has been handled."""
        mark = uuid4().hex
        self.push(json.dumps({"notificationMessage": {"eventType": "mark", "eventId": mark}}))
        await self.until(lambda: any(mark in str(event.get("payload")) for event in self.told))

    async def has_media(self, call_id: str) -> None:
        await self.until(lambda: self.call(call_id).media_connection_state == "connected")

    async def hears(self, call_id: str, frames: int = 5) -> None:
        """New sound of the other side arrives."""
        from rbbn_sdk.media import Callback

        enough = asyncio.Event()
        loud: list[Any] = []

        def take(frame: Any) -> None:
            if hasattr(frame, "samples") and abs(frame.samples).max() > 500:
                loud.append(frame)
                if len(loud) >= frames:
                    enough.set()

        sink, tracks = Callback(take), list(self.call(call_id).remote_tracks)
        await self.client.media.render_tracks(tracks, sink)
        try:
            async with asyncio.timeout(LIMIT):
                await enough.wait()
        except TimeoutError:
            pytest.fail(f"{self.username} hears nothing")
        finally:
            await self.client.media.remove_tracks(tracks, sink)


def _tone(media: dict[str, Any]) -> dict[str, Any]:
    from rbbn_sdk.media import Tone

    return {"audio": True, "audioOptions": {"source": Tone()}, **media}


def shown(event: Any, call: Any) -> str:
    """An event as a short text."""
    if event.TYPE == "call:operation":
        star, status = "" if event.is_local else "*", event.get("previous", {}).get("status")
        text = f"{event.operation}{star} {event.transition}{f'({status})' if status else ''}"
    elif event.TYPE == "call:stateChange":
        text = f"{call.state if call else 'unknown'} < {event.previous.get('state', 'nothing')}"
    else:
        text = event.TYPE.removeprefix("call:")
    error = event.get("error")
    return text if error is None else f"{text} ! {error.code}"


@pytest_asyncio.fixture
async def phone(make_client: Callable[..., Awaitable["Client"]]) -> AsyncIterator[Callable[..., Awaitable[Phone]]]:
    """Makes registered phones: `alice = await phone(gateway, "alice", request={"restTimeout": 300})`.

    Their logs are kept. No saga may die and no reducer or handler fail in any of them.
    """
    problems: list[str] = []

    async def make(gateway: "Gateway", name: str, **config: Any) -> Phone:
        logged: list[str] = []

        def handler(entry: Any) -> None:
            text = f"{entry['level']} {entry['target']['type']} {entry['messages']}"
            logged.append(text)
            if entry["target"]["type"] == "ENGINE":
                problems.append(text)

        logs = {"logLevel": "warn", "handler": handler}
        made = Phone(await make_client(gateway, name, **merged({"logs": logs}, config)), gateway)
        made.logged = logged
        return made

    yield make
    assert problems == []


@pytest_asyncio.fixture
async def phones(gateway: "Gateway", phone: Callable[..., Awaitable[Phone]]) -> tuple[Phone, Phone]:
    """Alice and bob, registered."""
    return await phone(gateway, "alice"), await phone(gateway, "bob")


async def connected(caller: Phone, callee: Phone, *, media: bool = True) -> tuple[str, str]:
    """A call between two phones: the id at the caller, and at the callee."""
    outgoing = caller.make(callee.username)
    incoming = await callee.rings()
    await callee.answer(incoming)
    await caller.reaches(outgoing, "Connected")
    if media:
        await caller.has_media(outgoing)
        await callee.has_media(incoming)
    return outgoing, incoming


@pytest.fixture
def connect() -> Callable[..., Awaitable[tuple[str, str]]]:
    """Connects two phones: `outgoing, incoming = await connect(alice, bob)`."""
    return connected


def alive_legs(gateway: "Gateway") -> list[str]:
    """What the gateway still has of calls that are not over."""
    legs = gateway._running.switchboard.legs._by_sid.values()
    return [f"{leg.account.username} {leg.state}" for leg in legs if leg.state != "ENDED" and not leg.call.over]


@pytest.fixture
def no_ghosts() -> Callable[..., Awaitable[None]]:
    """Waits until no phone and no gateway has a live call: `await no_ghosts(gateway, alice, bob)`."""

    async def check(gateway: "Gateway", *phones: Phone) -> None:
        try:
            async with asyncio.timeout(LIMIT):
                while alive_legs(gateway) or any(one.live() for one in phones):  # noqa: ASYNC110 -- no event tells it
                    await asyncio.sleep(0.01)
        except TimeoutError:
            pytest.fail(f"left: {alive_legs(gateway)}, {[call for one in phones for call in one.live()]}")

    return check


@pytest.fixture
def still_works(no_ghosts: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """A plain call after a fault: `await still_works(alice, bob)`. Before and after it no call is left anywhere."""

    async def check(caller: Phone, callee: Phone) -> None:
        await no_ghosts(caller.gateway, caller, callee)
        outgoing, incoming = await connected(caller, callee)
        await caller.end(outgoing)
        await callee.reaches(incoming, "Ended")
        await no_ghosts(caller.gateway, caller, callee)

    return check
