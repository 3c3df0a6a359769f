"""`/voicemail`: everybody's mailbox is empty."""

from starlette.routing import BaseRoute, Route

from rbbn_sdk.gateway.core import Core
from rbbn_sdk.gateway.replies import Reply, json_reply
from rbbn_sdk.gateway.routes.endpoint import USER, Asked, Endpoint


def voicemail_routes(core: Core) -> list[BaseRoute]:
    endpoint = Endpoint(resource="voicemail", authenticator=core.authenticator, handler=_counters)
    return [Route(f"{USER}/voicemail", endpoint, methods=["GET"])]


def _counters(_asked: Asked) -> Reply:
    return json_reply({"mwiresponse": {"statusCode": 0, "mwi": "no", "totalVoice": "0", "unheardVoice": "0"}})
