"""Every public function with arguments that it cannot use: the documented failure, and nothing else happens."""

import asyncio

import pytest

import rbbn_sdk
from rbbn_sdk.errors import ConfigurationError, InvalidArgument, RbbnError
from rbbn_sdk.media import Tone

REFUSED_AT_ONCE = {
    "create: a list": ("configuration", lambda _: rbbn_sdk.create([1])),
    "create: no server": ("authentication.server.base", lambda _: rbbn_sdk.create({})),
    "create: no text": (
        "logs.logLevel",
        lambda _: rbbn_sdk.create(
            {
                "authentication": {"server": {"base": "a"}},
                "subscription": {"websocket": {"server": "a"}},
                "logs": {"logLevel": 3},
            }
        ),
    ),
    "on: a number": ("event", lambda client: client.on(7, print)),
    "on: no name": ("event", lambda client: client.on("", print)),
    "on: another class": ("event", lambda client: client.on(dict, print)),
    "on: no handler": ("handler", lambda client: client.on("call:start", None)),
    "off: None": ("event", lambda client: client.off(None, print)),
    "subscribe: a text": ("listener", lambda client: client.subscribe("listener")),
    "signal: a number": ("event", lambda client: client.signal(3)),
    "wait_for: an object": ("event", lambda client: client.wait_for(object())),
    "wait_for: no predicate": ("predicate", lambda client: client.wait_for("call:start", "x")),
    "wait_for: a text as time": ("timeout", lambda client: client.wait_for("call:start", timeout="1")),
    "wait_for: less than no time": ("timeout", lambda client: client.wait_for("call:start", timeout=-1)),
    "wait_for: no number": ("timeout", lambda client: client.wait_for("call:start", timeout=float("nan"))),
    "events: a number": ("event", lambda client: client.events(4)),
    "events: no room": ("limit", lambda client: client.events(limit=0)),
    "events: a flag as room": ("limit", lambda client: client.events(limit=True)),
    "run_threadsafe: a number": ("fn", lambda client: client.run_threadsafe(3)),
    "get_config: unknown": ("namespace", lambda client: client.get_config("nothing")),
    "get_config: a list": ("namespace", lambda client: client.get_config([])),
    "update_config: None": ("new_config_values", lambda client: client.update_config(None)),
    "update_config: a text": ("new_config_values", lambda client: client.update_config("x")),
    "set_credentials: nothing": ("credentials", lambda client: client.set_credentials()),
    "set_credentials: a text": ("credentials", lambda client: client.set_credentials("ann")),
    "set_credentials: a number": ("credentials.password", lambda client: client.set_credentials({"password": 1})),
    "set_credentials: bytes": ("credentials.username", lambda client: client.set_credentials(username=b"ann")),
    "set_credentials: no text as key": ("credentials", lambda client: client.set_credentials({1: "x"})),
    "subscribe: a name": ("services", lambda client: client.services.subscribe("call")),
    "subscribe: a number": ("services", lambda client: client.services.subscribe(4)),
    "subscribe: a number in it": (r"services\[1\]", lambda client: client.services.subscribe(["call", 4])),
    "subscribe: no service": (r"services\[0\].service", lambda client: client.services.subscribe([{"name": "call"}])),
    "subscribe: another type": ("options", lambda client: client.services.subscribe(["call"], "pigeon")),
    "subscribe: a list of options": ("options", lambda client: client.services.subscribe(["call"], [1])),
    "subscribe: no text as type": ("options.type", lambda client: client.services.subscribe(["call"], {"type": 1})),
    "subscribe: no headers": (
        "options.headers",
        lambda client: client.services.subscribe(["call"], {"headers": "x"}),
    ),
    "subscribe: no text as parameter": (
        r"options.queryParams\['a'\]",
        lambda client: client.services.subscribe(["call"], {"queryParams": {"a": object()}}),
    ),
    "subscribe: no text as correlator": (
        "options.clientCorrelator",
        lambda client: client.services.subscribe(["call"], client_correlator=5),
    ),
    "unsubscribe: a name": ("services", lambda client: client.services.unsubscribe("call")),
    "unsubscribe: no type": ("type", lambda client: client.services.unsubscribe(["call"], 4)),
    "process: None": ("notification", lambda client: client.notification.process(None)),
    "process: no JSON": ("notification", lambda client: client.notification.process({"a": {1, 2}})),
    "process: another channel": ("channel", lambda client: client.notification.process({}, "PIGEON")),
    "process: no channel": ("channel", lambda client: client.notification.process({}, [])),
    "fetch: nothing": ("resource", lambda client: client.request.fetch("")),
    "fetch: None": ("resource", lambda client: client.request.fetch(None)),
    "fetch: a list": ("init", lambda client: client.request.fetch("/x", [1])),
    "fetch: no method": ("init.method", lambda client: client.request.fetch("/x", {"method": 4})),
    "fetch: a body of objects": ("init.body", lambda client: client.request.fetch("/x", {"body": {"a": 1}})),
    "fetch: no headers": ("init.headers", lambda client: client.request.fetch("/x", {"headers": [1]})),
    "remove_tracks: a text": ("track_ids", lambda client: client.media.remove_tracks("t", None)),
    "remove_tracks: no sink": ("sink", lambda client: client.media.remove_tracks(["t"], "speaker")),
}


@pytest.mark.parametrize("case", REFUSED_AT_ONCE)
async def test_what_cannot_be_used_is_refused_at_once_with_the_argument_and_what_is_allowed(bench, case) -> None:
    """No action, no event, no kept secret; the client goes on."""
    argument, call = REFUSED_AT_ONCE[case]
    client, told = bench.client, []
    client.subscribe(lambda name, _events: told.append(name))
    state, secrets = client.state, len(client._adapters.secrets._values)
    with pytest.raises(InvalidArgument, match=rf"^{argument}(?!\w).*(expected|known are|is required)"):
        call(client)
    await asyncio.sleep(0)
    assert client.state is state
    assert told == []
    assert len(client._adapters.secrets._values) == secrets
    client.set_credentials(username="ann@example.org", password="p")
    assert told == ["auth:change"]


def test_a_configuration_error_is_an_invalid_argument() -> None:
    """Who catches one catches both."""
    assert issubclass(ConfigurationError, InvalidArgument)
    assert issubclass(InvalidArgument, ValueError)


FAILING_OPERATIONS = {
    "answer: nothing": ("call:7", "", lambda client: client.call.answer("nothing")),
    "answer: nothing with a source": ("call:7", "", lambda client: client.call.answer("nothing", AUDIO)),
    "answer: None": ("call:7", "", lambda client: client.call.answer(None)),
    "reject: a number": ("call:7", "", lambda client: client.call.reject(7)),
    "ignore: nothing": ("call:7", "", lambda client: client.call.ignore("nothing")),
    "end: None": ("call:7", "", lambda client: client.call.end(None)),
    "resync: a list": ("call:7", "", lambda client: client.call.resync([])),
    "send_ringing_feedback: nothing": ("call:7", "", lambda client: client.call.send_ringing_feedback("")),
    "make: None": ("call:7", "destination", lambda client: made(client, None, {"audio": True})),
    "make: blank": ("call:7", "destination", lambda client: made(client, "  ", {"audio": True})),
    "make: bytes": ("call:7", "destination", lambda client: made(client, b"bob", {"audio": True})),
    "make: no media": ("call:7", "media", lambda client: made(client, "bob")),
    "make: a text as media": ("call:7", "media", lambda client: made(client, "bob", "audio")),
    "make: a text as audio": ("call:7", "media.audio", lambda client: made(client, "bob", {"audio": "yes"})),
    "make: no width": (
        "call:7",
        "media.videoOptions.width",
        lambda client: made(client, "bob", {"video": True, "videoOptions": {"width": -1}}),
    ),
    "make: no source": (
        "call:7",
        "media.audioOptions.source",
        lambda client: made(client, "bob", {"audio": True, "audioOptions": {"source": 3}}),
    ),
    "make: no list of medias": ("call:2", "media.medias", lambda client: made(client, "bob", {"medias": 1})),
    "make: no media in medias": ("call:2", "media.medias", lambda client: made(client, "bob", {"medias": [1]})),
    "make: a list of options": ("call:7", "options", lambda client: made(client, "bob", AUDIO, [1])),
    "make: no name": ("call:7", "options.displayName", lambda client: made(client, "bob", AUDIO, {"displayName": 1})),
    "make: no parameters": (
        "call:7",
        "options.customParameters",
        lambda client: made(client, "bob", AUDIO, {"customParameters": {"name": "x"}}),
    ),
    "make: half a parameter": (
        "call:7",
        r"options.customParameters\[0\]",
        lambda client: made(client, "bob", AUDIO, {"customParameters": [{"name": "x"}]}),
    ),
    "render_tracks: None": ("webrtc:1", "track_ids", lambda client: client.media.render_tracks(None, None)),
    "render_tracks: nothing": ("webrtc:1", "track_ids", lambda client: client.media.render_tracks([], None)),
    "render_tracks: no sink": ("webrtc:1", "sink", lambda client: client.media.render_tracks(["t"], 3)),
}
AUDIO = {"audio": Tone()}


def made(client, *arguments):
    return client.call.answered(client.call.make(*arguments))


@pytest.mark.parametrize("case", FAILING_OPERATIONS)
async def test_what_is_reported_by_events_fails_its_operation_too(bench, case) -> None:
    """With the documented code and the name of the argument; nothing that was given stays kept."""
    code, argument, call = FAILING_OPERATIONS[case]
    client, errors = bench.client, []
    client.subscribe(lambda _name, events: errors.append(events[0].get("error")))
    objects = len(client._adapters.objects._values)
    with pytest.raises(RbbnError, match=f"^{argument}") as caught:
        await call(client)
    assert caught.value.code == code
    assert case.startswith("resync") or code in {error.code for error in errors if error is not None}
    assert len(client._adapters.objects._values) == objects
    assert not [text for text in bench.texts("error") if "died" in text]


LENIENT = {
    "get_by_id: None": (lambda client: client.call.get_by_id(None), None),
    "get_by_id: a list": (lambda client: client.call.get_by_id([]), None),
    "get_all: with calls that failed": (lambda client: client.call.get_all(), ()),
    "media.get_by_id: None": (lambda client: client.media.get_by_id(None), None),
    "media.get_by_id: a list": (lambda client: client.media.get_by_id([]), None),
    "get_track_by_id: a dict": (lambda client: client.media.get_track_by_id({}), None),
    "answered: a list": (lambda client: client.call.answered([]), None),
    "off: unknown": (lambda client: client.off("call:start", print), None),
    "unsubscribe: unknown": (lambda client: client.unsubscribe("x"), None),
    "get_level: unknown": (lambda client: client.logger.get_level("NOTHING"), None),
    "get_level: a list": (lambda client: client.logger.get_level([]), None),
    "set_level: unknown": (lambda client: client.logger.set_level("loud"), None),
    "set_level: None": (lambda client: client.logger.set_level(None), None),
    "set_level: no type": (lambda client: client.logger.set_level("info", []), None),
    "set_handler: a number": (lambda client: client.logger.set_handler(4), None),
    "set_handler: no type": (lambda client: client.logger.set_handler(print, 4), None),
}


@pytest.mark.parametrize("case", LENIENT)
async def test_what_only_asks_answers_that_there_is_nothing(bench, case) -> None:
    """As the documentation says; the logger writes an error, and changes nothing."""
    call, answer = LENIENT[case]
    before = bench.client.state
    assert call(bench.client) is answer
    assert bench.client.state is before
    assert len(bench.texts("error")) == (1 if case.startswith("set_") else 0)
