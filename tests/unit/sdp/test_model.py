"""The lossless model: what is not edited stays, byte for byte."""

import pytest

from rbbn_sdk import sdp

LF = "v=0\ns=-\nm=audio 9 RTP/SAVPF 0\na=mid:0"


@pytest.mark.parametrize(
    "name",
    [
        "lf-no-final-newline",
        "non-ascii-session-name",
        "very-many-candidates",
        "unknown-candidate-kinds",
        "plan-b-two-audio",
    ],
)
def test_a_description_prints_as_it_was_read(load, name: str) -> None:
    """Line ends, other scripts, long and odd lines included."""
    text = load(name)
    assert sdp.parse(text).text == text


def test_only_cr_and_lf_end_a_line() -> None:
    """Separators of other scripts are part of a text."""
    description = sdp.parse("v=0\r\ns=a\u2028b\x85c\x0cd\r\n")
    assert description.session.value("s") == "a\u2028b\x85c\x0cd"


def test_an_appended_line_is_not_glued_to_an_unterminated_last_line() -> None:
    """A description without a final line end is common, and `a=mid:0b=AS:1` is nothing."""
    description = sdp.parse(LF)
    edited = description.edit_media(0, lambda lines: (*lines, description.line("a=sendrecv")))
    assert edited.text == LF + "\na=sendrecv\n"


def test_an_edit_elsewhere_leaves_the_unterminated_last_line_alone() -> None:
    description = sdp.parse(LF)
    edited = description.edit_session(lambda lines: (*lines, description.line("t=0 0")))
    assert edited.text == LF.replace("s=-\n", "s=-\nt=0 0\n")


def test_an_edit_that_changes_nothing_gives_the_same_text() -> None:
    text = "v=0\rx\n\n m=no\r\nm=audio\r\nfoo"
    assert sdp.parse(text).edit_all_media(lambda lines: lines).edit_session(lambda lines: lines).text == text


def test_mixed_line_ends_stay_and_a_new_line_takes_the_first() -> None:
    description = sdp.parse("v=0\r\ns=-\nm=audio 9 RTP/SAVPF 0\ra=x\n")
    edited = description.edit_all_media(lambda lines: (*lines, description.line("a=y")))
    assert edited.text == "v=0\r\ns=-\nm=audio 9 RTP/SAVPF 0\ra=x\na=y\r\n"


def test_a_line_that_is_no_sdp_line_has_no_type() -> None:
    line = sdp.Line(text="garbage")
    assert (line.type, line.value, line.attribute, line.attribute_value) == ("", "", "", "")
