"""Which names promise a secret: of headers, parameters of a query, members of JSON."""

import re

_WORDS = re.compile(
    r"authori[sz]ation|password|passwd|secret|token|credential|cookie|api-?_?key|signature|^x-session$|^session-?_?id$",
    re.IGNORECASE,
)


def is_sensitive(name: str) -> bool:
    """Whether what stands under this name is shown to nobody."""
    return _WORDS.search(name) is not None
