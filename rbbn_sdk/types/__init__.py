"""What all rooms speak of: ids, documented strings, references to live objects, error values."""

from rbbn_sdk.types.errors import NO_CODE, ErrorInfo
from rbbn_sdk.types.failure import RestFailure
from rbbn_sdk.types.ids import (
    NO_REQUEST,
    CallId,
    MediaId,
    OperationId,
    PeerId,
    RequestId,
    SessionId,
    SocketId,
    TrackId,
)
from rbbn_sdk.types.json import JsonText
from rbbn_sdk.types.port import port, port_method_name
from rbbn_sdk.types.record import MappingRecord, documented_key
from rbbn_sdk.types.refs import ObjectRef, SecretRef
from rbbn_sdk.types.sensitive import is_sensitive

__all__ = [
    "NO_CODE",
    "NO_REQUEST",
    "CallId",
    "ErrorInfo",
    "JsonText",
    "MappingRecord",
    "MediaId",
    "ObjectRef",
    "OperationId",
    "PeerId",
    "RequestId",
    "RestFailure",
    "SecretRef",
    "SessionId",
    "SocketId",
    "TrackId",
    "documented_key",
    "is_sensitive",
    "port",
    "port_method_name",
]
