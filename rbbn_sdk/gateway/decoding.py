"""Request bodies, read with patience: a wrong optional member is as good as none."""

from typing import Any, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct

_S = TypeVar("_S", bound=Struct)


class Malformed(Exception):
    """A body that is missing, is no JSON object, or lacks what is required."""


def read_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object."""
    try:
        value = msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise Malformed from None
    if not isinstance(value, dict):
        raise Malformed
    return value


def read_member(body: bytes, member: str, kind: type[_S]) -> _S:
    """One member of the body as a record; members nobody knows are ignored."""
    content = read_object(body).get(member)
    if not isinstance(content, dict):
        raise Malformed
    return read_record(content, kind)


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
