"""The system's words for what went wrong with a connection, as a user would read them."""

import os

__all__ = ["words_of"]

_ASYNCIO_SAYS = "Connect call failed"
_OF_SEVERAL = "Multiple exceptions"


def words_of(error: OSError) -> str:
    """Why; empty when it does not say.

    asyncio says only that connecting failed, and where to; its number says `Connection refused`.
    """
    if error.strerror is None:
        return "none of the host's addresses can be reached" if str(error).startswith(_OF_SEVERAL) else ""
    if error.errno is not None and error.strerror.startswith(_ASYNCIO_SAYS):
        return error.strerror.replace(_ASYNCIO_SAYS, os.strerror(error.errno), 1)
    return error.strerror
