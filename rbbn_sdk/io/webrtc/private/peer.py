"""aiortc's peer connection with our ICE below it, and with its background work in our hands."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver, RTCRtpTransceiver
from aiortc.rtcconfiguration import RTCBundlePolicy

from rbbn_sdk.io.webrtc.private.connecting import connect_all, turn_away
from rbbn_sdk.io.webrtc.private.cut import cut
from rbbn_sdk.io.webrtc.private.dtls import mend_dtls
from rbbn_sdk.io.webrtc.private.ice import GatheringConnection, IcePlan
from rbbn_sdk.io.webrtc.private.rtp import mend_audio_receiver
from rbbn_sdk.io.webrtc.private.switch import SwitchableConnection

BUNDLE_POLICIES = {
    "balanced": RTCBundlePolicy.BALANCED,
    "max-compat": RTCBundlePolicy.MAX_COMPAT,
    "max-bundle": RTCBundlePolicy.MAX_BUNDLE,
}

_CREATE_DTLS = "_RTCPeerConnection__createDtlsTransport"
_ICE_TRANSPORTS = "_RTCPeerConnection__iceTransports"


class OwnPeerConnection(RTCPeerConnection):
    """A peer connection that waits for `start` before it speaks to the other side.

    `on_remote_close` is called when the other side ended the DTLS session (aiortc would close itself then), `on_lost`
    when it gave no consent any more.
    """

    def __init__(
        self, plan: IcePlan, bundle_policy: str, *, on_remote_close: Callable[[], None], on_lost: Callable[[], None]
    ) -> None:
        self._plan = plan
        self._gate = asyncio.Event()
        self._connecting = asyncio.Lock()
        self._workers: set[asyncio.Task[Any]] = set()
        self._on_remote_close = on_remote_close
        self._on_lost = on_lost
        self._ours_to_close = False
        self._mended: set[RTCRtpReceiver] = set()
        self.failure: BaseException | None = None
        """What connecting raised, if it did."""
        # None for the servers would mean a public one of aiortc's choice.
        super().__init__(RTCConfiguration(iceServers=[], bundlePolicy=BUNDLE_POLICIES[bundle_policy]))

    def start(self) -> None:
        """Let connectivity checks and DTLS begin."""
        self._plan.started = True
        for connection in self.connections():
            connection.release()
        self._gate.set()

    def switches(self) -> list[SwitchableConnection]:
        """The ICE connections, in the order of their first section."""
        found = [_switch_of(transceiver) for transceiver in self.getTransceivers()]
        return list(dict.fromkeys(found))

    def connections(self) -> list[GatheringConnection]:
        """The ICE connections below."""
        return [connection for switch in self.switches() for connection in switch.all]

    def mids(self, switch: SwitchableConnection) -> tuple[str, ...]:
        """The media sections that a connection carries."""
        owners = (t for t in self.getTransceivers() if _switch_of(t) is switch)
        return tuple(t.mid for t in owners if t.mid is not None)

    def name_sender(self, transceiver: RTCRtpTransceiver, media_id: str, track_id: str) -> None:
        """Say which stream and track a sender's `msid` names."""
        sender: Any = transceiver.sender
        sender._stream_id = media_id  # noqa: SLF001
        sender._track_id = track_id  # noqa: SLF001

    def settle_dtls_role(self, remote_setup: str) -> None:
        """Take the DTLS role that a provisional answer leaves us; aiortc looks at final answers only."""
        for transceiver in self.getTransceivers():
            dtls: Any = transceiver.receiver.transport
            dtls._set_role("server" if remote_setup == "active" else "client")  # noqa: SLF001

    async def turn_away(self) -> None:
        """Forget the party of a provisional answer, for another one answers now."""
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        if workers:
            await asyncio.wait(workers)
        self.failure = None
        await turn_away(self.getTransceivers())

    def mend_receivers(self) -> None:
        """Mend what receives sound, before media starts."""
        for transceiver in self.getTransceivers():
            if transceiver.kind == "audio" and transceiver.receiver not in self._mended:
                self._mended.add(transceiver.receiver)
                mend_audio_receiver(transceiver.receiver)

    def mend_before_answer(self) -> None:
        """Aiortc fails on a transceiver that the offer has no section for."""
        for transceiver in self.getTransceivers():
            owned: Any = transceiver
            owned._offerDirection = owned._offerDirection or "inactive"  # noqa: SLF001

    def keep_codecs(self, mid: str, payload_types: frozenset[int]) -> None:
        """Send and receive only what an edited answer of ours still names."""
        for transceiver in self.getTransceivers():
            owned: Any = transceiver
            kept = [codec for codec in owned._codecs if codec.payloadType in payload_types]  # noqa: SLF001
            if transceiver.mid == mid and kept:
                owned._codecs = kept  # noqa: SLF001

    async def close(self) -> None:
        """Close when it is us who want it."""
        if self._ours_to_close:
            await super().close()
        else:
            self._on_remote_close()

    async def close_own(self, limit: float) -> None:
        """Close all within `limit` seconds, politely as far as the time allows."""
        self._ours_to_close = True
        for worker in self._workers:
            worker.cancel()
        polite = asyncio.create_task(super().close(), name="peer close")
        await asyncio.wait([polite], timeout=limit)
        if not polite.done():
            polite.cancel()
            for switch in self.switches():
                switch.abort()
            for transceiver in self.getTransceivers():
                cut(transceiver)
        await asyncio.wait([polite, *self._workers], timeout=limit / 4)

    async def _RTCPeerConnection__connect(self) -> None:  # noqa: N802 - aiortc calls it by its mangled name
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - aiortc runs it as a task
        self._workers.add(task)
        try:
            await self._gate.wait()
            async with self._connecting:
                await connect_all(self)
        except asyncio.CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - aiortc would only print it when the task is collected
            self.failure = error
            self.emit("connectionstatechange")
        finally:
            self._workers.discard(task)

    def _RTCPeerConnection__createDtlsTransport(self) -> object:  # noqa: N802 - as above
        create: Callable[[], Any] = getattr(super(), _CREATE_DTLS)
        dtls = create()
        mend_dtls(dtls)
        ice = dtls.transport
        stock = ice._connection  # noqa: SLF001 - has opened nothing yet, and never will
        switch = SwitchableConnection(
            self._new_connection,
            ice_controlling=stock.ice_controlling,
            local_username=stock.local_username,
            local_password=stock.local_password,
        )
        switch.lost = self._on_lost
        ice.iceGatherer._connection = ice._connection = switch  # noqa: SLF001
        ice._recv, ice._send = switch.recv, switch.send  # noqa: SLF001
        return dtls

    def _new_connection(self, **options: Any) -> GatheringConnection:
        return GatheringConnection(self._plan, **options)


def _switch_of(transceiver: RTCRtpTransceiver) -> SwitchableConnection:
    ice: Any = transceiver.receiver.transport.transport
    switch: SwitchableConnection = ice._connection  # noqa: SLF001
    return switch
