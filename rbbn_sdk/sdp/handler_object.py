"""The object form that applications' SDP handlers get (`call-media` 4.1). First cut."""

from typing import Any

SdpObject = dict[str, Any]


def to_object(sdp: str) -> SdpObject:
    return {"lines": sdp, "media": []}


def from_object(sdp: SdpObject) -> str:
    return str(sdp["lines"])
