"""Request bodies, read with patience: a wrong optional member is as good as none."""

from typing import Any, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct

from rbbn_sdk.wire import Malformed as NoJson
from rbbn_sdk.wire import parse_json

_S = TypeVar("_S", bound=Struct)


class Malformed(Exception):
    """A body that is missing, is no JSON object, or lacks what is required."""


def read_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object; of half a character pair, which browsers send as an escape, nothing is left."""
    try:
        return msgspec.convert(parse_json(body), dict[str, Any])
    except (NoJson, msgspec.ValidationError):
        raise Malformed from None


def read_content(body: bytes, member: str) -> dict[str, Any]:
    """The object in one member of the body; members nobody knows are ignored."""
    try:
        return msgspec.convert(read_object(body).get(member), dict[str, Any])
    except msgspec.ValidationError:
        raise Malformed from None


def read_member(body: bytes, member: str, kind: type[_S]) -> _S:
    """One member of the body as a record."""
    return read_record(read_content(body, member), kind)


def read_record(content: dict[str, Any], kind: type[_S]) -> _S:
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        optional = field.default is not NODEFAULT or field.default_factory is not NODEFAULT
        if field.encode_name not in content:
            if not optional:
                raise Malformed
            continue
        try:
            values[field.name] = msgspec.convert(content[field.encode_name], field.type)
        except msgspec.ValidationError:
            if not optional:
                raise Malformed from None
    return kind(**values)
