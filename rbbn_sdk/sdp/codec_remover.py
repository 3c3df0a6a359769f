"""Takes codecs out of descriptions (`call-media` 4.5)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypedDict

from attrs import frozen

from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.sdp.handler_object import SdpObject
from rbbn_sdk.sdp.media import STATIC_PAYLOADS
from rbbn_sdk.sdp.object_fields import as_list, as_record

SdpHandler = Callable[[SdpObject, Mapping[str, Any], Mapping[str, Any]], SdpObject]


class CodecSelector(TypedDict, total=False):
    """A codec to remove: all of that name, or those whose `a=fmtp` has each of the texts."""

    name: str
    fmtpParams: list[str]


@frozen(kw_only=True)
class _Selector:
    name: str
    params: tuple[str, ...]

    def matches(self, name: str, configs: Sequence[str]) -> bool:
        if name != self.name:
            return False
        return not self.params or any(all(param in config for param in self.params) for config in configs)


def create_codec_remover(codecs: Iterable[str | CodecSelector] = ()) -> SdpHandler:
    """A handler for `call.sdpHandlers` that removes codecs from every description, local and remote.

    `codecs` are names, matched exactly, or `{"name": ..., "fmtpParams": [...]}`, which is for those payloads whose
    `a=fmtp` contains every text. Retransmission payloads of a removed one go with it; at least one payload of each
    section stays.

    Raises `InvalidArgument` (`call:7`) for an entry of another shape.
    """
    selectors = tuple(_selector(codec) for codec in _listed(codecs))

    def remove_codecs(new_sdp: SdpObject, info: Mapping[str, Any], original_sdp: Mapping[str, Any]) -> SdpObject:
        for section in new_sdp.get("media") or ():
            _remove(section, selectors)
        return new_sdp

    return remove_codecs


def _listed(codecs: Iterable[str | CodecSelector]) -> Iterable[object]:
    if isinstance(codecs, (str, Mapping)):
        msg = f"codecs must be a list of names or of {{'name', 'fmtpParams'}}, not {codecs!r}"
        raise InvalidArgument(msg, code="call:7")
    return codecs


def _selector(codec: object) -> _Selector:
    if isinstance(codec, str):
        return _Selector(name=codec, params=())
    record = as_record(codec) or {}
    name, params = record.get("name"), as_list(record.get("fmtpParams") or [])
    if not isinstance(name, str) or params is None or not all(isinstance(param, str) for param in params):
        msg = f"a codec to remove must be a name or {{'name': text, 'fmtpParams': [text, ...]}}, not {codec!r}"
        raise InvalidArgument(msg, code="call:7")
    return _Selector(name=name, params=tuple(params))


def _remove(section: dict[str, Any], selectors: tuple[_Selector, ...]) -> None:
    payloads = str(section.get("payloads", "")).split()
    doomed = list(dict.fromkeys(_doomed(section, selectors, payloads)))
    gone = set(doomed[: max(len(payloads) - 1, 0)])
    if not gone:
        return
    left = [payload for payload in payloads if payload not in gone]
    section["payloads"] = int(left[0]) if len(left) == 1 and left[0].isdecimal() else " ".join(left)
    for key in ("rtp", "fmtp", "rtcpFb"):
        if key in section:
            section[key] = [item for item in section[key] if str(item.get("payload")) not in gone]


def _doomed(section: Mapping[str, Any], selectors: tuple[_Selector, ...], payloads: list[str]) -> Iterator[str]:
    """Payload types to remove, of codecs first, of their retransmissions then."""
    configs: dict[str, list[str]] = {}
    for item in section.get("fmtp") or ():
        configs.setdefault(str(item.get("payload")), []).append(str(item.get("config", "")))
    names = _names(section, payloads)
    first = [
        payload
        for payload, name in names.items()
        if any(selector.matches(name, configs.get(payload, ())) for selector in selectors)
    ]
    yield from first
    yield from (payload for payload, texts in configs.items() if payload in payloads and _repeats(texts, first))


def _names(section: Mapping[str, Any], payloads: list[str]) -> dict[str, str]:
    """The codec of each payload type; those of RFC 3551 need no `a=rtpmap`."""
    mapped = {str(codec.get("payload")): str(codec.get("codec")) for codec in section.get("rtp") or ()}
    static = {str(payload): name for payload, (name, _, _) in STATIC_PAYLOADS.items()}
    known = {**static, **mapped}
    return {payload: known[payload] for payload in payloads if payload in known}


def _repeats(configs: list[str], doomed: list[str]) -> bool:
    parameters = (part.strip() for config in configs for part in config.split(";"))
    return any(part.startswith("apt=") and part[4:].strip() in doomed for part in parameters)
