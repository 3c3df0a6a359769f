"""Own offers and answers, with their candidates, as they go to the gateway (`call-media` 4.2)."""

from rbbn_sdk.actions.call import Bandwidth
from rbbn_sdk.effects.call.ice import Gathering, collect
from rbbn_sdk.effects.call.pipeline import own_for_gateway, own_for_peer
from rbbn_sdk.engine import fx
from rbbn_sdk.ports import Clock, Peers
from rbbn_sdk.selectors.call import peer_config
from rbbn_sdk.types import CallId, PeerId
from rbbn_sdk.types.call import OperationType, SdpType


async def describe(
    call_id: CallId, peer_id: PeerId, sdp_type: SdpType, operation: OperationType, bandwidth: Bandwidth
) -> str:
    """Make a description, apply it, wait for candidates. Raises `MediaError`, or `CallBroken` if there are none."""
    create = Peers.create_offer if sdp_type is SdpType.OFFER else Peers.create_answer
    made = await fx.call(create, peer_id)
    sdp = await own_for_peer(call_id, sdp_type, made, bandwidth)
    config = await fx.select(peer_config)
    began = await fx.call(Clock.now)
    await fx.call(Peers.set_local, peer_id, sdp_type, sdp)
    await collect(
        Gathering(
            call_id=call_id,
            operation=operation,
            peer_id=peer_id,
            config=config,
            local_type=sdp_type,
            local_sdp=sdp,
            began=began,
        )
    )
    complete = await fx.call(Peers.local_description, peer_id)
    return await own_for_gateway(call_id, sdp_type, complete, bandwidth)
