"""Headers of a request; the only place where credentials are read for REST (`connection` 2)."""

from base64 import b64encode
from collections.abc import Iterable

from rbbn_sdk.ports import Credentials, Secrets

__all__ = ["Headers", "common_headers", "merged"]

Headers = tuple[tuple[str, str], ...]

_JSON: Headers = (("Content-Type", "application/json"), ("Accept", "application/json"))


def common_headers(credentials: Credentials, secrets: Secrets) -> Headers:
    """What every request carries, GET and DELETE too."""
    return _JSON + _authorization(credentials, secrets)


def _authorization(credentials: Credentials, secrets: Secrets) -> Headers:
    if credentials.session is not None:  # `x-session` takes the place of `x-token` (2.1)
        return (("x-session", secrets.read(credentials.session)),)
    if credentials.hmac is not None:
        return (("x-token", secrets.read(credentials.hmac)),)
    if credentials.bearer is not None:
        return (("Authorization", f"Bearer {secrets.read(credentials.bearer)}"),)
    if credentials.password is not None:
        return (("Authorization", _basic(credentials, secrets.read(credentials.password))),)
    return ()


def _basic(credentials: Credentials, password: str) -> str:
    name = credentials.authname or credentials.username
    return "Basic " + b64encode(f"{name}:{password}".encode("utf-8", errors="replace")).decode("ascii")


def merged(weaker: Iterable[tuple[str, str]], stronger: Iterable[tuple[str, str]]) -> Headers:
    """Both lists; where a name is in both, in whatever case, the stronger one's value."""
    stronger = tuple(stronger)
    taken = {name.lower() for name, _ in stronger}
    return (*((name, value) for name, value in weaker if name.lower() not in taken), *stronger)
