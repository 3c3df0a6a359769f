"""`client.connection`: the websocket."""

from rbbn_sdk.actions.config import ConfigUpdated
from rbbn_sdk.actions.connectivity import ResetConnection
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.engine import evolve
from rbbn_sdk.reducers.config import config
from rbbn_sdk.selectors.connectivity import SocketState, is_connected, socket_state


class Connection:
    """The websocket over which the gateway notifies this client."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context

    def get_socket_state(self) -> SocketState:
        """Whether the websocket is open and pinged, and since the first connection, how it was made."""
        self._context.invoked("CONNECTIVITY", "connection.getSocketState")
        return self._context.select(socket_state)

    def enable_connectivity_checking(self, enable: object) -> None:
        """Switch pings on or off, at once and for later connections: sets `connectivity.checkConnectivity`."""
        self._context.invoked("CONNECTIVITY", "connection.enableConnectivityChecking", enable)
        options = self._context.select(config)
        wanted = evolve(options.connectivity, check_connectivity=bool(enable))
        if wanted != options.connectivity:
            self._context.dispatch(ConfigUpdated(config=evolve(options, connectivity=wanted)))

    def reset_connection(self) -> None:
        """Close the websocket and, if `connectivity.autoReconnect` says so, open it again. Does nothing without one.

        Followed by `ws:change`s, or by `subscription:change` with the reason `LOST_CONNECTION`.
        """
        self._context.invoked("CONNECTIVITY", "connection.resetConnection")
        if self._context.select(is_connected):
            self._context.dispatch(ResetConnection())
        else:
            self._context.log("info", "CONNECTIVITY", "There is no connection to reset")

    getSocketState = get_socket_state
    enableConnectivityChecking = enable_connectivity_checking
    resetConnection = reset_connection
