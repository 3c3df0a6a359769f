"""What peer connections are opened with (`call-media` 2.1, 2.2)."""

from rbbn_sdk.engine import State, create_selector, evolve
from rbbn_sdk.ports import PeerConfig, TurnCredentials
from rbbn_sdk.selectors.config import call_options, configured_peer
from rbbn_sdk.selectors.subscription import turn_credentials


def _wanted_credentials(state: State) -> TurnCredentials | None:
    return turn_credentials(state) if call_options(state).server_turn_credentials else None


def _with_credentials(config: PeerConfig, turn: TurnCredentials | None) -> PeerConfig:
    """The gateway's credentials go to every server, STUN included, in place of the application's."""
    if turn is None or not config.ice_servers:
        return config
    servers = (evolve(server, username=turn.username, credential=turn.password) for server in config.ice_servers)
    return evolve(config, ice_servers=tuple(servers))


def _removes_bundling(state: State) -> bool:
    return call_options(state).remove_bundling


def _unbundled(config: PeerConfig, removes_bundling: bool) -> PeerConfig:  # noqa: FBT001 -- a selector's input
    """Without bundling each section needs a transport of its own from the start."""
    return evolve(config, bundle_policy="max-compat") if removes_bundling else config


_bundled = create_selector(configured_peer, _removes_bundling, _unbundled)

peer_config = create_selector(_bundled, _wanted_credentials, _with_credentials)
"""The configuration of the next peer connection."""


def turn_urls(config: PeerConfig) -> int:
    """How many TURN URLs there are, `turns:` included."""
    urls = (url for server in config.ice_servers for url in server.urls)
    return sum(1 for url in urls if url.strip().lower().startswith("turn"))
