"""Whatever an application passes to a public function, the client stands."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import rbbn_sdk
from rbbn_sdk.api.operation import Operation
from rbbn_sdk.engine import encode
from rbbn_sdk.errors import RbbnError

CONFIG = {
    "authentication": {"server": {"base": "127.0.0.1", "port": 9, "protocol": "http"}},
    "subscription": {"websocket": {"server": "127.0.0.1", "port": 9, "protocol": "ws"}},
}

NAMES = (
    "audio video screen medias audioOptions videoOptions deviceId source width type media service params headers "
    "queryParams method body bandwidth displayName customParameters name value call logs logLevel handler username "
    "password authname hmacToken bearerAccessToken notificationMessage eventType exact ideal"
)
KEYS = st.sampled_from(NAMES.split())
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=5),
    st.sampled_from(
        ["call", "websocket", "PUSH", "info", "CALL", "bob@example.org", "\ud800", "call:start", Decimal(1)]
    ),
    st.sampled_from([object(), print, int, len, ValueError("x")]),
)
JUNK = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner),
        st.dictionaries(st.one_of(KEYS, st.text(max_size=5), st.integers()), inner, max_size=4),
    ),
    max_leaves=6,
)

FUNCTIONS: list[Callable[..., Any]] = [
    lambda client, a, *_: client.set_credentials(a),
    lambda client, a, b, *_: client.set_credentials(username=a, password=b),
    lambda client, a, *_: client.get_config(a),
    lambda client, a, *_: client.update_config(a),
    lambda client, a, b, *_: client.on(a, b),
    lambda client, a, b, *_: client.off(a, b),
    lambda client, a, *_: client.subscribe(a),
    lambda client, a, *_: client.unsubscribe(a),
    lambda client, a, *_: client.signal(a),
    lambda client, a, b, *_: client.wait_for(a, b),
    lambda client, a, b, *_: client.events(a, limit=b),
    lambda client, a, b, c: client.call.make(a, b, c),
    lambda client, a, b, c: client.call.answer(a, b, c),
    lambda client, a, *_: client.call.reject(a),
    lambda client, a, *_: client.call.ignore(a),
    lambda client, a, *_: client.call.end(a),
    lambda client, a, *_: client.call.resync(a),
    lambda client, a, *_: client.call.send_ringing_feedback(a),
    lambda client, a, *_: client.call.get_by_id(a),
    lambda client, a, *_: client.call.answered(a),
    lambda client, a, b, *_: client.services.subscribe(a, b),
    lambda client, a, b, *_: client.services.unsubscribe(a, b),
    lambda client, a, *_: client.connection.enable_connectivity_checking(a),
    lambda client, a, b, *_: client.notification.process(a, b),
    lambda client, a, b, *_: client.request.fetch(a, b),
    lambda client, a, *_: client.media.get_by_id(a),
    lambda client, a, *_: client.media.get_track_by_id(a),
    lambda client, a, b, c: client.media.render_tracks(a, b, c),
    lambda client, a, b, *_: client.media.remove_tracks(a, b),
    lambda client, a, b, *_: client.logger.set_level(a, b),
    lambda client, a, *_: client.logger.get_level(a),
    lambda client, a, b, *_: client.logger.set_handler(a, b),
]


async def _call(function: Callable[..., Any], arguments: tuple[object, ...]) -> list[str]:
    """What the engine complained of."""
    complaints: list[str] = []

    def log(entry: Any) -> None:
        if entry.target.type == "ENGINE" and entry.level == "ERROR":
            complaints.append(repr(entry.messages))

    extension = rbbn_sdk.Extension(ports={"rest": _Nowhere(), "devices": _Nowhere(), "peers": _Nowhere()})
    config = {**CONFIG, "logs": {"logLevel": "error", "handler": log}}
    async with rbbn_sdk.create(config, extensions=[extension]) as client:
        try:
            result = function(client, *arguments)
            if isinstance(result, Operation):
                await asyncio.wait_for(result, 10)
        except RbbnError:
            pass
        for _ in range(5):
            await asyncio.sleep(0)
        encode(client.state)  # whatever got into the state can be written down
        client.logger.set_handler(log)
        assert client.call.get_by_id("x") is None
        heard: list[Any] = []
        client.on("auth:change", heard.append)
        client.set_credentials(username="ann@example.org", password="p")
        assert len(heard) == 1
    return complaints


class _Nowhere:
    """Ports that reach nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        async def fail(*_: object) -> Any:
            raise rbbn_sdk.errors.RequestUnreachable("nowhere") if name != "list" else rbbn_sdk.errors.MediaError("no")

        return fail


@settings(max_examples=settings.default.max_examples * 4)
@given(function=st.sampled_from(FUNCTIONS), arguments=st.tuples(JUNK, JUNK, JUNK))
def test_only_errors_of_ours_come_out_and_the_client_goes_on(function: Callable[..., Any], arguments: Any) -> None:
    """No saga dies, no reducer raises, the state can be written down, and the next call works."""
    assert asyncio.run(_call(function, arguments)) == []
