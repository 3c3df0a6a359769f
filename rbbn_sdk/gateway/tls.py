"""A certificate for an address of this machine, from an authority made for the occasion."""

import ipaddress
import tempfile
from pathlib import Path

import trustme
from attrs import define, field


@define(eq=False)
class Certificates:
    """Files of an authority and of one server certificate, until `remove`."""

    host: str
    _folder: tempfile.TemporaryDirectory[str] = field(init=False)
    authority: Path = field(init=False)
    """PEM; what clients have to trust."""
    server: Path = field(init=False)
    """PEM; private key and certificate chain."""

    def __attrs_post_init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rbbn-gateway-")
        folder = Path(self._folder.name)
        self.authority, self.server = folder / "ca.pem", folder / "server.pem"
        authority = trustme.CA(organization_name="rbbn-sdk development gateway")
        names = dict.fromkeys((_certifiable(self.host), "localhost", "127.0.0.1", "::1"))
        authority.cert_pem.write_to_path(self.authority)
        authority.issue_cert(*names).private_key_and_cert_chain_pem.write_to_path(self.server)

    def remove(self) -> None:
        self._folder.cleanup()


def _certifiable(host: str) -> str:
    """No certificate can be for `0.0.0.0`."""
    try:
        return "localhost" if ipaddress.ip_address(host).is_unspecified else host
    except ValueError:
        return host
