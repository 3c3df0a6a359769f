"""What happens to session descriptions on their way (`call-media` 4)."""

import json
from typing import Final

from attrs import frozen
from msgspec import UnsetType

from rbbn_sdk.actions.call import Bandwidth
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.ports import Objects, SdpHandlerCall
from rbbn_sdk.sdp import fix_actpass, remove_bundling, remove_sdes, remove_trickle_option, set_bandwidth
from rbbn_sdk.selectors.config import call_options, sdp_handlers
from rbbn_sdk.types import CallId, JsonText
from rbbn_sdk.types.call import CallDirection, SdpEndpoint, SdpStep, SdpType
from rbbn_sdk.types.options import CallOptions


@frozen(kw_only=True, weakref_slot=False)
class Run:
    """One way of a description through the handlers."""

    call_id: CallId
    type: SdpType
    step: SdpStep
    endpoint: SdpEndpoint
    bandwidth: Bandwidth | None = None
    """Of local descriptions."""


async def own_for_peer(call_id: CallId, sdp_type: SdpType, sdp: str, bandwidth: Bandwidth) -> str:
    """An own description before the peer connection gets it: fixed stage, then the handlers."""
    fixed = _fixed(sdp, await fx.select(call_options))
    return await _handlers(_own(call_id, sdp_type, SdpStep.SET, bandwidth), fixed)


async def own_for_gateway(call_id: CallId, sdp_type: SdpType, sdp: str, bandwidth: Bandwidth) -> str:
    """An own description before it is sent."""
    return await _handlers(_own(call_id, sdp_type, SdpStep.SEND, bandwidth), sdp)


async def remote_for_peer(call_id: CallId, sdp_type: SdpType, sdp: str, direction: CallDirection) -> str:
    """A description of the other side before the peer connection gets it."""
    options = await fx.select(call_options)
    run = Run(call_id=call_id, type=sdp_type, step=SdpStep.SET, endpoint=SdpEndpoint.REMOTE)
    handled = await _handlers(run, remove_bundling(sdp) if options.remove_bundling else sdp)
    return handled if sdp_type is SdpType.OFFER else fix_actpass(handled, _ROLES[direction])


_ROLES: Final = {CallDirection.OUTGOING: "passive", CallDirection.INCOMING: "active"}
"""The DTLS role of an answerer that leaves it open, by the own direction (`call-media` 2.6)."""


def _own(call_id: CallId, sdp_type: SdpType, step: SdpStep, bandwidth: Bandwidth) -> Run:
    return Run(call_id=call_id, type=sdp_type, step=step, endpoint=SdpEndpoint.LOCAL, bandwidth=bandwidth)


def _fixed(sdp: str, options: CallOptions) -> str:
    if options.trickle_ice_mode == "NONE":
        sdp = remove_trickle_option(sdp)
    return remove_bundling(sdp) if options.remove_bundling else sdp


async def _handlers(run: Run, sdp: str) -> str:
    """The application's handlers in their order, one that fails left out; then our own."""
    original = sdp
    for ref in await fx.select(sdp_handlers):
        try:
            sdp = await fx.call(Objects.run_sdp_handler, ref, _handler_call(run, sdp, original))
        except RbbnError as error:
            await fx.log("error", "CALL", f"SDP handler {ref.label or ref.id} failed: {error.message}", id=run.call_id)
    limits = run.bandwidth
    secured = remove_sdes(sdp)
    if limits is None:
        return secured
    call = None if isinstance(limits.call, UnsetType) else limits.call
    return set_bandwidth(secured, call=call, audio=limits.audio, video=limits.video)


def _handler_call(run: Run, sdp: str, original: str) -> SdpHandlerCall:
    return SdpHandlerCall(
        call_id=run.call_id,
        type=run.type,
        step=run.step,
        endpoint=run.endpoint,
        sdp=sdp,
        original_sdp=original,
        bandwidth=None if run.bandwidth is None else JsonText(json.dumps(dict(run.bandwidth))),
    )
