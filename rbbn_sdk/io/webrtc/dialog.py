"""The descriptions of one peer: as they are on the wire, and as the engine has them."""

import secrets

from attrs import evolve, frozen

from rbbn_sdk import sdp
from rbbn_sdk.errors import MediaError
from rbbn_sdk.types.call import SdpType


@frozen(kw_only=True)
class OwnDescription:
    """A description of ours."""

    engine: str
    made: str
    """For the wire, before anybody changed it."""
    wire: str
    """As it goes out, without candidates."""


class Dialog:
    """What was offered and answered, in both forms."""

    def __init__(self, abilities: sdp.EngineAbilities) -> None:
        self._abilities = abilities
        self._session_id = str(secrets.randbits(62))
        self._version = 0
        self._made: dict[SdpType, OwnDescription] = {}
        self._remote_offer = ""
        self._view: sdp.EngineView | None = None
        self.own: OwnDescription | None = None
        """What was set last."""
        self.negotiated = ""
        """The last answer on the wire."""

    def _origin(self) -> sdp.Origin:
        self._version += 1
        return sdp.Origin(session_id=self._session_id, version=str(self._version), address="0.0.0.0")

    def make_offer(self, engine: str) -> str:
        """Our offer for the wire."""
        return self._keep(
            SdpType.OFFER, engine, sdp.wire_offer(engine, origin=self._origin(), negotiated=self.negotiated)
        )

    def make_answer(self, engine: str) -> str:
        """Our answer for the wire. Raises `MediaError` when there is no offer."""
        if self._view is None:
            raise MediaError("there is no remote offer to answer")
        wire = sdp.wire_answer(engine, offer=self._remote_offer, view=self._view, origin=self._origin())
        return self._keep(SdpType.ANSWER, engine, wire)

    def _keep(self, sdp_type: SdpType, engine: str, wire: str) -> str:
        self._made[sdp_type] = OwnDescription(engine=engine, made=wire, wire=wire)
        return wire

    def take_own(self, sdp_type: SdpType, wire: str) -> OwnDescription:
        """Our description as handlers left it, to be set now. Raises `MediaError` when none of the type was made."""
        made = self._made.get(sdp_type)
        if made is None:
            raise MediaError(f"an own {sdp_type} cannot be set before it was made")
        return evolve(made, wire=wire)

    def confirm_own(self, sdp_type: SdpType, own: OwnDescription) -> None:
        """Our description is in force."""
        self.own = own
        if sdp_type is SdpType.ANSWER:
            self.negotiated = own.wire

    def view_offer(self, text: str, *, known_mids: tuple[str, ...], reoffer: bool) -> sdp.EngineView:
        """What the engine gets of a foreign offer. Raises `SdpError`."""
        return sdp.view_offer(text, abilities=self._abilities, known_mids=known_mids, reoffer=reoffer)

    def view_answer(self, text: str) -> sdp.EngineView:
        """What the engine gets of a foreign answer. Raises `SdpError`, and `MediaError` when we offered nothing."""
        offer = self.own if self.own is not None else self._made.get(SdpType.OFFER)
        if offer is None:
            raise MediaError("there is no own offer that this answer could belong to")
        return sdp.view_answer(text, wire_offer=offer.wire, engine_offer=offer.engine, abilities=self._abilities)

    def confirm_remote(self, sdp_type: SdpType, text: str, view: sdp.EngineView) -> None:
        """A description of the other side is in force."""
        if sdp_type is SdpType.OFFER:
            self._remote_offer, self._view = text, view
        elif sdp_type is SdpType.ANSWER:
            self.negotiated = text
