"""TLS contexts, made once for a whole process.

A context takes some 27 ms and 0.9 MB; it is never changed after it was made, so all clients of a process share it.
"""

import ssl
from functools import cache
from pathlib import Path

from rbbn_sdk.errors import ConfigurationError

__all__ = ["TlsSetting", "tls_context"]

_Choice = Path | str | bool
TlsSetting = ssl.SSLContext | _Choice
"""True: the certificates of this machine. A path: a file of PEM certificates to trust instead. False: no check at all
(tests). Or a context of the application."""


def tls_context(setting: TlsSetting | None = None) -> ssl.SSLContext:
    """The context of a setting. Raises `ConfigurationError` when its file cannot be used."""
    if isinstance(setting, ssl.SSLContext):
        return setting
    return _context(True if setting is None else setting)


@cache
def _context(setting: _Choice) -> ssl.SSLContext:
    context = _made(setting)
    # httpcore sets the very same on every connection; what is set already is not changed under another client's feet.
    context.set_alpn_protocols(["http/1.1"])
    return context


def _made(setting: _Choice) -> ssl.SSLContext:
    if isinstance(setting, bool):
        return _of_this_machine() if setting else _unchecked()
    try:
        return ssl.create_default_context(cafile=str(setting))
    except OSError as error:  # ssl.SSLError is one
        msg = f"cannot read PEM certificates from {str(setting)!r} ({error.strerror or 'not PEM'})"
        raise ConfigurationError(msg) from None


def _of_this_machine() -> ssl.SSLContext:
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):  # some Python builds come without any
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _unchecked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
