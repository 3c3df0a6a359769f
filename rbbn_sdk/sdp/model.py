"""A session description as it came: every line with its own line end, so that printing gives back the same text.

Typed readers are in `read`, `media` and `transport`; they look at lines and never change them. An edit replaces lines
and leaves all others as they were, byte for byte.
"""

from collections.abc import Callable, Iterable
from typing import Final

import attrs
from attrs import frozen

DEFAULT_EOL: Final = "\r\n"
_AROUND: Final = " \t\v\f\x1c\x1d\x1e\x1f\x85\xa0\0"
"""What may stand around a value and is no part of it; a text that was a C string may end with NUL."""


@frozen(kw_only=True, weakref_slot=False)
class Line:
    """One line. `end` is its own line end: CR LF, LF, CR, or nothing for a last line that has none."""

    text: str
    end: str = DEFAULT_EOL

    @property
    def type(self) -> str:
        """The letter before `=`, or nothing for a line that is no SDP line."""
        return self.text[0] if self.text[1:2] == "=" else ""

    @property
    def value(self) -> str:
        """What follows `=`, without blanks around it."""
        return self.text[2:].strip(_AROUND) if self.text[1:2] == "=" else ""

    @property
    def attribute(self) -> str:
        """The name of an `a=` line, in its own spelling; nothing for other lines."""
        return self.value.partition(":")[0].strip(_AROUND) if self.type == "a" else ""

    @property
    def attribute_value(self) -> str:
        """What follows the colon of an `a=` line, without blanks around it."""
        return self.value.partition(":")[2].strip(_AROUND) if self.type == "a" else ""


LineEdit = Callable[[tuple[Line, ...]], Iterable[Line]]


@frozen(kw_only=True, weakref_slot=False)
class Section:
    """The session part, or one media section with its `m=` line first."""

    lines: tuple[Line, ...] = ()

    def values(self, line_type: str) -> tuple[str, ...]:
        """The values of all lines of a type, in order: `values("b")`."""
        return tuple(line.value for line in self.lines if line.type == line_type)

    def value(self, line_type: str) -> str:
        """The value of the first line of a type, or nothing."""
        return next((line.value for line in self.lines if line.type == line_type), "")

    def attributes(self, name: str) -> tuple[str, ...]:
        """The values of all attributes of a name, in order."""
        # Most lines are not the one that is asked for, and looking for the name in a text is cheap.
        return tuple(line.attribute_value for line in self.lines if name in line.text and line.attribute == name)

    def attribute(self, name: str) -> str:
        """The value of the first attribute of a name that has one, or nothing."""
        return next((value for value in self.attributes(name) if value), "")

    def has(self, name: str) -> bool:
        """Whether there is such an attribute, with or without a value."""
        return any(name in line.text and line.attribute == name for line in self.lines)


@frozen(kw_only=True, weakref_slot=False)
class Description:
    """A whole description: the part before the first `m=` line, and the media sections."""

    session: Section = Section()
    media: tuple[Section, ...] = ()

    @property
    def text(self) -> str:
        """The description as text; unedited, the very text that was parsed."""
        return "".join(line.text + line.end for section in (self.session, *self.media) for line in section.lines)

    @property
    def eol(self) -> str:
        """The line end that this description uses: that of its first line."""
        ends = (line.end for section in (self.session, *self.media) for line in section.lines)
        return next((end for end in ends if end), DEFAULT_EOL)

    def line(self, text: str) -> Line:
        """A new line for this description."""
        return Line(text=text, end=self.eol)

    def edit_session(self, edit: LineEdit) -> "Description":
        """With other lines in the session part."""
        return _terminated(attrs.evolve(self, session=_edited(self.session, edit)))

    def edit_media(self, index: int, edit: LineEdit) -> "Description":
        """With other lines in one media section."""
        media = (_edited(section, edit) if at == index else section for at, section in enumerate(self.media))
        return _terminated(attrs.evolve(self, media=tuple(media)))

    def edit_all_media(self, edit: LineEdit) -> "Description":
        """With other lines in every media section."""
        return _terminated(attrs.evolve(self, media=tuple(_edited(section, edit) for section in self.media)))


def _terminated(description: Description) -> Description:
    """Any line but the very last must have an end, or two lines would become one."""
    eol = description.eol
    *before, last = (description.session, *description.media)
    closed_last = Section(lines=_closed(last.lines[:-1], eol) + last.lines[-1:])
    session, *media = (*(Section(lines=_closed(section.lines, eol)) for section in before), closed_last)
    return Description(session=session, media=tuple(media))


def _closed(lines: tuple[Line, ...], eol: str) -> tuple[Line, ...]:
    return tuple(line if line.end else Line(text=line.text, end=eol) for line in lines)


def _edited(section: Section, edit: LineEdit) -> Section:
    lines = tuple(edit(section.lines))
    return section if lines == section.lines else Section(lines=lines)
