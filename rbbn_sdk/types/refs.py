"""References to what cannot be written down.

Secrets and live objects stay behind the `Secrets` and `Objects` ports; actions and state hold these instead.
"""

from attrs import frozen


@frozen(kw_only=True, weakref_slot=False)
class SecretRef:
    """A password, token or credential kept by the `Secrets` port."""

    id: str
    kind: str
    """What it is, such as `password`, `bearer`, `hmac`, `session`, `turn`. Never a part of its value."""


@frozen(kw_only=True, weakref_slot=False)
class ObjectRef:
    """A callable, track, stream or sink kept by the `Objects` port."""

    id: str
    kind: str
    """What it is used as, such as `sdp_handler`, `ice_check`, `log_handler`, `source`, `sink`."""
    label: str = ""
    """A name for logs: the qualified name of a function, the path of a file."""
