"""ICE collection: how long a description waits for its candidates (`call-media` 3)."""

import json
from typing import Final

from attrs import frozen

from rbbn_sdk.effects.call.errors import CallBroken
from rbbn_sdk.effects.call.ice_check import ERROR, START_CALL, WAIT, built_in_check
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.ports import Clock, IceCheckAnswer, IceCheckCall, Objects, PeerConfig, Peers
from rbbn_sdk.ports.peers import IceProgress, IceProgressKind
from rbbn_sdk.selectors.call import turn_urls
from rbbn_sdk.selectors.config import call_options, ice_check_function
from rbbn_sdk.types import CallId, JsonText, PeerId
from rbbn_sdk.types.call import IceCheckReason, IceGatheringState, OperationType, SdpType
from rbbn_sdk.types.options import CallOptions

FIRST_LOOK: Final = 0.025
"""Seconds after which a gathering that is complete needs no check."""
BURST: Final = 0.05
"""Seconds within which candidates are told together."""


@frozen(kw_only=True, weakref_slot=False)
class Gathering:
    """What is being waited for."""

    call_id: CallId
    operation: OperationType
    peer_id: PeerId
    config: PeerConfig
    local_type: SdpType
    local_sdp: str
    began: int
    """When the description was set, in milliseconds."""


@frozen(kw_only=True, weakref_slot=False)
class _Agenda:
    """Until when the next check waits, in milliseconds; None waits for events only."""

    scheduled: float | None = None
    burst_ends: float | None = None
    """Candidates that come before are told together then."""
    burst_news: bool = False
    """Some have come."""

    def next(self) -> float | None:
        times = [self.scheduled, self.burst_ends if self.burst_news else None]
        return min((time for time in times if time is not None), default=None)


async def collect(gathering: Gathering) -> None:
    """Wait until there are candidates enough. Raises `CallBroken` when there will not be."""
    options = await fx.select(call_options)
    if options.trickle_ice_mode == "FULL" or options.skip_ice_collection:
        return
    await fx.delay(FIRST_LOOK)
    progress = await fx.call(Peers.gathering, gathering.peer_id)
    if progress.state is IceGatheringState.COMPLETE:
        return
    answer = await _check(gathering, IceCheckReason.SCHEDULED, progress)
    now = await fx.call(Clock.now)
    agenda = _Agenda(scheduled=_due(answer, now))
    while answer.type != START_CALL:
        agenda, progress, reason = await _next_reason(gathering, agenda, progress)
        answer = await _check(gathering, reason, progress)
        agenda = await _rescheduled(agenda, answer)


async def _rescheduled(agenda: _Agenda, answer: IceCheckAnswer) -> _Agenda:
    now = await fx.call(Clock.now)
    return _Agenda(scheduled=_due(answer, now), burst_ends=agenda.burst_ends, burst_news=agenda.burst_news)


def _due(answer: IceCheckAnswer, now: int) -> float | None:
    return now + answer.wait if answer.type == WAIT and answer.wait else None


async def _next_reason(
    gathering: Gathering, agenda: _Agenda, progress: IceProgress
) -> tuple[_Agenda, IceProgress, IceCheckReason]:
    """Wait for the next call of the check function: an event, or a time that has come."""
    while True:
        now = await fx.call(Clock.now)
        due = agenda.next()
        if due is not None and due <= now:
            if agenda.burst_news and agenda.burst_ends is not None and agenda.burst_ends <= now:
                return _Agenda(), progress, IceCheckReason.NEW_CANDIDATE
            return (
                _Agenda(burst_ends=agenda.burst_ends, burst_news=agenda.burst_news),
                progress,
                IceCheckReason.SCHEDULED,
            )
        step = await _next_step(gathering.peer_id, None if due is None else (due - now) / 1000)
        if step is None:
            continue
        progress = step
        now = await fx.call(Clock.now)
        if step.kind is IceProgressKind.STATE:
            kept = _Agenda(burst_ends=agenda.burst_ends, burst_news=agenda.burst_news)
            return kept, progress, IceCheckReason.GATHERING_STATE_CHANGED
        ends = now + BURST * 1000
        if agenda.burst_ends is None or agenda.burst_ends <= now:
            return _Agenda(burst_ends=ends), progress, IceCheckReason.NEW_CANDIDATE
        agenda = _Agenda(scheduled=agenda.scheduled, burst_ends=ends, burst_news=True)


async def _next_step(peer_id: PeerId, seconds: float | None) -> IceProgress | None:
    if seconds is None:
        return await fx.call(Peers.next_gathering, peer_id)
    step, _ = await fx.race(fx.call(Peers.next_gathering, peer_id), fx.delay(seconds))
    return step


async def _check(gathering: Gathering, reason: IceCheckReason, progress: IceProgress) -> IceCheckAnswer:
    """Ask the application's function, else the built-in one. Raises `CallBroken`."""
    options = await fx.select(call_options)
    now = await fx.call(Clock.now)
    call = _check_call(gathering, reason, progress, options, now)
    function = await fx.select(ice_check_function)
    try:
        if function is None:
            answer = built_in_check(call, turn_urls(gathering.config))
        else:
            answer = await fx.call(Objects.run_ice_check, function, call)
    except RbbnError as error:
        raise CallBroken(error.message, code=error.code) from None
    if answer.type == ERROR:
        raise CallBroken(f"ICE collection failed: {answer.error or 'no reason was given'}", code="call:2")
    return answer


def _check_call(
    gathering: Gathering, reason: IceCheckReason, progress: IceProgress, options: CallOptions, now: int
) -> IceCheckCall:
    is_gathering = progress.state is IceGatheringState.GATHERING
    return IceCheckCall(
        call_id=gathering.call_id,
        call_operation=gathering.operation,
        reason=reason,
        ice_candidates=progress.candidates,
        ice_candidate_mids=progress.mids,
        ice_collection_duration=max(0, now - gathering.began) if is_gathering else 0,
        ice_gathering_state=progress.state,
        rtc_peer_connection_config=_config_json(gathering.config, options),
        local_type=gathering.local_type,
        local_sdp=gathering.local_sdp,
        ideal_timeout=options.ice_collection_ideal_timeout,
        max_timeout=options.ice_collection_max_timeout,
    )


def _config_json(config: PeerConfig, options: CallOptions) -> JsonText:
    """Without credentials."""
    rtc_config = {
        "iceServers": [{"urls": list(server.urls)} for server in config.ice_servers],
        "iceTransportPolicy": config.ice_transport_policy,
        "bundlePolicy": config.bundle_policy,
        "sdpSemantics": options.default_peer_config.sdp_semantics,
    }
    wrapper = {
        "rtcConfig": rtc_config,
        "trickleIceMode": options.trickle_ice_mode,
        "removeBundling": options.remove_bundling,
    }
    return JsonText(json.dumps(wrapper))
