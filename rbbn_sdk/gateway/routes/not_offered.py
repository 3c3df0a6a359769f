"""Resources of services that this gateway does not have.

They are refused in their own words: clients look for the code in the resource's own member, and some of them fail
themselves when it is not there.
"""

from typing import Final

from starlette.routing import BaseRoute, Route

from rbbn_sdk.gateway.core import Core
from rbbn_sdk.gateway.replies import SERVICE_NOT_ENABLED, Reply, status_reply
from rbbn_sdk.gateway.routes.endpoint import USER, Asked, Endpoint

_RESOURCES: Final = (
    "addressbook",
    "clicktocall",
    "directory",
    "eventSubscription",
    "instantmessage",
    "logHistory",
    "logRecord",
    "presence",
    "presenceWatcher",
    "push/apple",
    "push/google",
)


def not_offered_routes(core: Core) -> list[BaseRoute]:
    """All methods, and everything below."""

    def endpoint(resource: str) -> Endpoint:
        def refuse(_asked: Asked) -> Reply:
            return status_reply(resource, SERVICE_NOT_ENABLED, 403)

        return Endpoint(resource=resource, authenticator=core.authenticator, handler=refuse)

    clear_logs = Route(f"{USER}/logHistory", endpoint("logRecord"), methods=["DELETE"])  # speaks as for one record
    refused = [
        Route(f"{USER}/{resource}{below}", endpoint(resource))
        for resource in _RESOURCES
        for below in ("", "/{below:path}")
    ]
    return [clear_logs, *refused]
