"""Identifiers. All are opaque strings; a new type for each keeps them from being mixed up."""

from typing import Final, NewType

CallId = NewType("CallId", str)
"""Made by this client, a UUID v4; never sent to the gateway."""

SessionId = NewType("SessionId", str)
"""The gateway's id of one user's side of a call, `sessionData` on the wire."""

OperationId = NewType("OperationId", str)
RequestId = NewType("RequestId", str)
"""Names one API call until exactly one fact has ended it."""

PeerId = NewType("PeerId", str)
SocketId = NewType("SocketId", str)
TrackId = NewType("TrackId", str)
MediaId = NewType("MediaId", str)

NO_REQUEST: Final = RequestId("")
"""The `request_id` of a fact that nobody asked for."""
