"""Peer connections and media over aiortc and PyAV. Imported when a client first needs media, for it loads both."""

from rbbn_sdk.io.webrtc.devices import RtcDevices
from rbbn_sdk.io.webrtc.peers import AiortcPeers
from rbbn_sdk.io.webrtc.tracks import Tracks

__all__ = ["AiortcPeers", "RtcDevices", "Tracks"]
