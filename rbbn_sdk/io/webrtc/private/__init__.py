"""All that touches what aiortc and aioice keep to themselves.

Tested with aiortc 1.16 and aioice 0.13. `check_privates` looks for every name used here before the first peer is
made, so that another version fails at once and by name. Nothing is changed for other users of aiortc in the process,
except that its audio level is computed faster and that it takes payload types of 35 to 63.
"""

from rbbn_sdk.io.webrtc.private.check import check_privates
from rbbn_sdk.io.webrtc.private.dtls import take_low_payload_types
from rbbn_sdk.io.webrtc.private.ice import GatheringConnection, IcePlan, TurnServer
from rbbn_sdk.io.webrtc.private.peer import OwnPeerConnection
from rbbn_sdk.io.webrtc.private.rtp import speed_up_audio_level

__all__ = [
    "GatheringConnection",
    "IcePlan",
    "OwnPeerConnection",
    "TurnServer",
    "check_privates",
    "speed_up_audio_level",
    "take_low_payload_types",
]
