"""What the gateway answers to a REST request."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from attrs import field, frozen

SERVICE_NOT_ENABLED: Final = 35

JSON: Final = "application/json; charset=utf-8"
HTML: Final = "text/html; charset=utf-8"

WRAPPERS: Final[Mapping[str, str]] = {
    "subscription": "subscribeResponse",
    "callControl": "callControlResponse",
    "calldisposition": "callDispositionResponse",
    "clicktocall": "clickToCallResponse",
    "externalnotification": "externalNotificationResponse",
    "voicemail": "mwiresponse",
    "instantmessage": "imResponse",
    "presence": "presenceResponse",
    "presenceWatcher": "presenceWatcherResponse",
    "addressbook": "addressBookResponse",
    "directory": "directory",
    "logHistory": "logHistory",
    "logRecord": "logRecord",
    "eventSubscription": "eventSubscriptionResponse",
    "push/apple": "appleDeviceRegistrationResponse",
    "push/google": "googleDeviceRegistrationResponse",
}
"""The member that holds a resource's answer."""


@frozen(kw_only=True)
class Reply:
    status: int = 200
    content: bytes = b""
    content_type: str = JSON
    after: Callable[[], object] | None = field(default=None, eq=False)
    """Called when the answer has been sent, or cannot be."""


def json_reply(content: object, status: int = 200, after: Callable[[], object] | None = None) -> Reply:
    return Reply(status=status, content=msgspec.json.encode(content), after=after)


def status_reply(resource: str, code: int, status: int = 200) -> Reply:
    """`{"<resource's member>": {"statusCode": code}}`."""
    return json_reply({WRAPPERS.get(resource, f"{resource}Response"): {"statusCode": code}}, status)


def html_reply(status: int, text: str) -> Reply:
    """What a gateway's web server says by itself."""
    content = f"<html><head><title>{status}</title></head><body><h1>{text}</h1></body></html>"
    return Reply(status=status, content=content.encode(), content_type=HTML)


NO_CONTENT: Final = Reply(status=204)
