"""Text to model. Total: any text is a description, be it an odd one."""

import re
from collections.abc import Iterator

from rbbn_sdk.sdp.model import Description, Line, Section

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|$)")


def parse(text: str) -> Description:
    """The description that a text is. `parse(text).text == text` for every text."""
    sections: list[list[Line]] = [[]]
    for line in _lines(text):
        if line.type == "m":
            sections.append([])
        sections[-1].append(line)
    session, *media = (Section(lines=tuple(lines)) for lines in sections)
    return Description(session=session, media=tuple(media))


def _lines(text: str) -> Iterator[Line]:
    # Only CR LF, LF and CR end a line (RFC 8866 5): `str.splitlines` would also split at separators of other scripts.
    for match in _LINE.finditer(text):
        if match.group():
            yield Line(text=match.group(1), end=match.group(2))
