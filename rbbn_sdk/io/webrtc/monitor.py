"""The state of a peer's connection, in the documented words."""

import time

from attrs import define, field

from rbbn_sdk.io.webrtc.pacing import Now
from rbbn_sdk.types.call import MediaConnectionState

CONNECT_LIMIT = 30.0
"""Seconds from the start of checks to `failed`; aiortc would take 63, or for ever."""

SILENCE_LIMIT = 5.0
"""Seconds without anything from the other side, consent answers included, after which it is `disconnected`."""

POLL = 0.5
"""Seconds between looks while something may time out."""


@define
class ConnectionMonitor:
    """Works out the state from what aiortc says and from the clock.

    It knows no `disconnected` and never gives up on DTLS. Its `completed` is `connected` here, as in browsers while
    more candidates could come.
    """

    now: Now = field(default=time.monotonic)
    started: float | None = None
    """When checks began."""
    lost: bool = False
    """The other side ended DTLS."""
    failed: bool = False
    """Consent is gone, or connecting raised."""

    def state(self, engine: str, last_heard: float | None) -> MediaConnectionState:
        """The state for aiortc's `connectionState` and the time something was heard last."""
        if self.failed or engine == "failed":
            self.failed = True
            return MediaConnectionState.FAILED
        if self.lost:
            return MediaConnectionState.DISCONNECTED
        if self.started is None:
            return MediaConnectionState.NEW
        if engine == "connected":
            return self._connected(last_heard)
        return self._connecting(self.started)

    def _connected(self, last_heard: float | None) -> MediaConnectionState:
        silent = last_heard is not None and self.now() - last_heard > SILENCE_LIMIT
        return MediaConnectionState.DISCONNECTED if silent else MediaConnectionState.CONNECTED

    def _connecting(self, started: float) -> MediaConnectionState:
        if self.now() - started < CONNECT_LIMIT:
            return MediaConnectionState.CHECKING
        self.failed = True
        return MediaConnectionState.FAILED
