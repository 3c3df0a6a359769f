"""The real implementations of the ports, each made when it is first needed."""

import asyncio
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

from rbbn_sdk.engine import PortMissing
from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.clock import SystemClock
from rbbn_sdk.io.ids import SystemIds
from rbbn_sdk.io.objects import KeptObjects
from rbbn_sdk.io.proxies import Proxies
from rbbn_sdk.io.secrets import KeptSecrets
from rbbn_sdk.io.tls import TlsSetting
from rbbn_sdk.ports import Clock, Ids, Log, LogTarget, Objects, Secrets

_CLOSED_IN_TURN: Final = ("peers", "devices", "socket", "rest")
"""Those that hold something open."""

_LOADED_APART: Final = {"peers": "rbbn_sdk.io.webrtc.peers", "devices": "rbbn_sdk.io.webrtc.devices"}
"""Modules whose import takes half a second: a thread does it, so that the loop goes on meanwhile."""


class Adapters:
    """One client's adapters. Heavy libraries load with the first method of a port that needs them.

    `given` holds adapters to use instead of the real ones, by port name; whoever gave them closes them.
    """

    def __init__(self, given: Mapping[str, object]) -> None:
        self._given = dict(given)
        self._made: dict[str, Any] = {}
        self._tls: TlsSetting = True
        self._proxies = Proxies()
        self._log: Log | None = None
        self._makers: dict[str, Callable[[], Any]] = {
            "rest": self._rest,
            "socket": self._socket,
            "peers": self._peers,
            "devices": self._devices,
            "tracks": self._tracks,
            "clock": SystemClock,
            "ids": SystemIds,
            "secrets": KeptSecrets,
            "objects": KeptObjects,
        }
        self.clock: Clock = self.get("clock")
        self.ids: Ids = self.get("ids")
        self.secrets: Secrets = self.get("secrets")
        self.objects: Objects = self.get("objects")

    def configure(self, *, tls: TlsSetting, proxies: Proxies, log: Log) -> None:
        """Say how the network is reached, before anything reaches for it."""
        self._tls, self._proxies, self._log = tls, proxies, log

    def get(self, port: str) -> Any:
        """The adapter of a port."""
        if port in self._given:
            return self._given[port]
        if port not in self._made:
            make = self._makers.get(port)
            if make is None:
                msg = f"there is no port {port!r}; there are {', '.join(sorted(self._makers | self._given))}"
                raise PortMissing(msg)
            self._made[port] = make()
        return self._made[port]

    def method(self, name: str) -> Callable[..., Any]:
        """For the runner: what runs a port's method, by a name such as `rest.subscribe`."""
        port, _, method = name.partition(".")

        def run(*args: Any, **kwargs: Any) -> Any:
            return getattr(self.get(port), method)(*args, **kwargs)

        async def run_when_loaded(*args: Any, **kwargs: Any) -> Any:
            await self._load(port)
            return await run(*args, **kwargs)

        return run_when_loaded if port in _LOADED_APART and port not in self._given else run

    async def _load(self, port: str) -> None:
        module = _LOADED_APART[port]
        if port not in self._made and module not in sys.modules:
            with _media_libraries():
                await asyncio.to_thread(import_module, module)

    @property
    def in_use(self) -> bool:
        """Whether there is one that may hold something open."""
        return any(port in self._made for port in _CLOSED_IN_TURN)

    async def close(self) -> None:
        """Close every adapter that was made, those that use others first. One that fails does not stop the others."""
        for port in _CLOSED_IN_TURN:
            adapter = self._made.pop(port, None)
            if adapter is not None:
                await self._close(port, adapter)
        self.forget()

    def forget(self) -> None:
        """Drop what is held, with all secrets and objects, and close nothing."""
        for port in _CLOSED_IN_TURN:
            self._made.pop(port, None)
        for port in ("secrets", "objects"):
            close: Callable[[], None] | None = getattr(self._made.get(port), "close", None)
            if close is not None:
                close()

    async def _close(self, port: str, adapter: Any) -> None:
        try:
            await adapter.close()
        except Exception as error:  # noqa: BLE001 - it is reported, and the others have to be closed too
            if self._log is not None:
                text = f"The adapter of {port} was not closed well: {type(error).__name__}: {error}"
                self._log.write("error", LogTarget(type="FACTORY"), (text, error))

    def _rest(self) -> Any:
        from rbbn_sdk.io.rest.client import HttpxRest

        return HttpxRest(
            secrets=self.secrets,
            objects=self.objects,
            clock=self.clock,
            tls=self._tls,
            proxies=self._proxies,
            log=self._log,
        )

    def _socket(self) -> Any:
        from rbbn_sdk.io.socket import WebsocketsSocket

        return WebsocketsSocket(secrets=self.secrets, tls=self._tls, proxies=self._proxies)

    def _tracks(self) -> Any:
        with _media_libraries():
            from rbbn_sdk.io.webrtc.tracks import Tracks

        return Tracks()

    def _peers(self) -> Any:
        with _media_libraries():
            from rbbn_sdk.io.webrtc.peers import AiortcPeers

        return AiortcPeers(self.secrets, self.get("tracks"), log=self._media_log)

    def _devices(self) -> Any:
        with _media_libraries():
            from rbbn_sdk.io.webrtc.devices import RtcDevices

        return RtcDevices(self.objects, self.get("tracks"), log=self._media_log)

    def _media_log(self, level: str, text: str) -> None:
        if self._log is not None:
            self._log.write(level, LogTarget(type="WEBRTC"), (text,))


@contextmanager
def _media_libraries() -> Generator[None, None, None]:
    """A process without calls works without them; one with calls says what is missing."""
    try:
        yield
    except ImportError as error:
        msg = f"calls need aiortc and av, which cannot be loaded ({error}); install them with `pip install aiortc`"
        raise MediaError(msg) from error
