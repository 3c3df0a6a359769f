"""One pair of hooks with which msgspec writes and reads what state, actions and port results are made of.

`PMap`s become objects whose keys are strings in sorted order, `PVector`s arrays; so equal values have equal bytes.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar, get_args, get_origin

import msgspec
from pyrsistent import PMap, PVector, pmap, pvector

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.registry import action_class

_T = TypeVar("_T")


def encode_hook(value: Any) -> Any:
    """For msgspec: a persistent collection as a plain one."""
    whole: Any = value
    if isinstance(value, PMap):
        return _sorted_items(whole)
    if isinstance(value, PVector):
        return list(whole)
    raise TypeError(f"{type(value).__name__} is no plain value: {value!r}")


def _sorted_items(items: PMap[Any, Any]) -> dict[Any, Any]:
    return {key: items[key] for key in sorted(items, key=str)}


def decode_hook(kind: Any, value: Any) -> Any:
    """For msgspec: a plain collection as a persistent one."""
    origin = get_origin(kind) or kind
    arguments = get_args(kind)
    decode = _DECODERS.get(origin)
    if decode is None:
        raise TypeError(f"nothing is known of {kind!r}")
    return decode(value, arguments)


def _decode_map(value: Any, arguments: tuple[Any, ...]) -> Any:
    key, item = arguments or (str, Any)
    kind: Any = dict[key, item]  # type: ignore[valid-type]  # made at run time
    return pmap(msgspec.convert(value, kind, dec_hook=decode_hook, str_keys=True))


def _decode_vector(value: Any, arguments: tuple[Any, ...]) -> Any:
    (item,) = arguments or (Any,)
    return pvector(convert(value, list[item]))  # type: ignore[valid-type]  # made at run time


_DECODERS: dict[Any, Callable[[Any, tuple[Any, ...]], Any]] = {PMap: _decode_map, PVector: _decode_vector}
_ENCODER = msgspec.json.Encoder(enc_hook=encode_hook)


def encode(value: Any) -> bytes:
    """The canonical JSON of a plain value."""
    return _ENCODER.encode(value)


def decode(text: bytes | str, kind: type[_T]) -> _T:
    """Read what `encode` wrote. Raises `msgspec.ValidationError`, which names the path of what is wrong."""
    return msgspec.json.decode(text, type=kind, dec_hook=decode_hook)


def convert(value: Any, kind: Any) -> Any:
    """Make a value of a type of what JSON gave."""
    return msgspec.convert(value, kind, dec_hook=decode_hook)


def digest(value: Any) -> str:
    """A short name for a value: equal values have equal digests, under every hash seed."""
    return blake2b(encode(value), digest_size=8).hexdigest()


def encode_action(action: Action) -> bytes:
    """An action with its name: `{"type": ..., "fields": {...}}`."""
    return encode({"type": type(action).TYPE, "fields": action})


class _Named(msgspec.Struct):
    type: str
    fields: msgspec.Raw


def decode_action(text: bytes | str) -> Action:
    """Read what `encode_action` wrote. Raises `LookupError` for a name that no imported module claims."""
    named = msgspec.json.decode(text, type=_Named)
    return decode(bytes(named.fields), action_class(named.type))
