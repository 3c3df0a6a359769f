"""`/externalnotification`: what is posted there is pushed to subscribers of `custom` (`connection` 3.4)."""

from starlette.routing import BaseRoute, Route

from rbbn_sdk.gateway.core import Core
from rbbn_sdk.gateway.decoding import read_object
from rbbn_sdk.gateway.notifications import frame
from rbbn_sdk.gateway.replies import Reply, status_reply
from rbbn_sdk.gateway.routes.endpoint import USER, Asked, Endpoint

RESOURCE = "externalnotification"
SERVICE = "custom"


def external_routes(core: Core) -> list[BaseRoute]:
    def push(asked: Asked) -> Reply:
        text = frame({"eventType": SERVICE, **read_object(asked.body)})
        for subscription in core.subscriptions.of_user(asked.account.username, SERVICE):
            subscription.channel.push(text)
        return status_reply(RESOURCE, 0)

    endpoint = Endpoint(resource=RESOURCE, authenticator=core.authenticator, handler=push)
    return [Route(f"{USER}/{RESOURCE}", endpoint, methods=["POST"])]
