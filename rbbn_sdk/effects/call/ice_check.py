"""The built-in ICE collection check function (`call-media` 3.3)."""

from collections.abc import Iterable
from typing import Final

from rbbn_sdk.ports import IceCheckAnswer, IceCheckCall
from rbbn_sdk.sdp import mid, parse
from rbbn_sdk.types.call import IceGatheringState

START_CALL: Final = "StartCall"
WAIT: Final = "Wait"
ERROR: Final = "Error"

_START = IceCheckAnswer(type=START_CALL)
_NOTHING = IceCheckAnswer(type=ERROR, error="no ICE candidate was found")


def built_in_check(call: IceCheckCall, turn_urls: int) -> IceCheckAnswer:
    """Whether the candidates are enough to go on, given how many TURN URLs are configured."""
    if call.ice_gathering_state is IceGatheringState.COMPLETE or call.ice_collection_duration >= call.max_timeout:
        return _START if call.ice_candidates else _NOTHING
    if call.ice_collection_duration < call.ideal_timeout:
        wanted, limit = turn_urls, call.ideal_timeout
    else:
        wanted, limit = 1, call.max_timeout
    if wanted and all(count >= wanted for count in _relays_by_section(call)):
        return _START
    return IceCheckAnswer(type=WAIT, wait=limit - call.ice_collection_duration)


def _relays_by_section(call: IceCheckCall) -> Iterable[int]:
    """How many relay candidates each section of the own description has."""
    pairs = zip(call.ice_candidates, call.ice_candidate_mids, strict=False)
    relays = [of for candidate, of in pairs if _is_rtp_relay(candidate)]
    return [relays.count(mid(section) or "") for section in parse(call.local_sdp).media]


def _is_rtp_relay(candidate: str) -> bool:
    words = candidate.removeprefix("candidate:").split()
    return len(words) >= 8 and words[1] == "1" and words[7] == "relay"
