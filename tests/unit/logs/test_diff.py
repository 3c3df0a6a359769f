"""What differs between two states."""

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from pyrsistent import pmap, pvector

from rbbn_sdk.io.log.diff import Difference, Kind, differences


@frozen
class Point:
    x: object = 0
    y: object = 0


@frozen
class Other:
    x: object = 0


def changed(path, before, after):
    return Difference(kind=Kind.CHANGED, path=path, before=before, after=after)


def test_a_field_that_changed_is_named_by_its_path():
    """Through records, maps and lists."""
    before = Point(x=pmap({"a": (1, Point())}))
    after = Point(x=pmap({"a": (1, Point(y=2))}))
    assert list(differences(before, after)) == [changed("x.a.1.y", 0, 2)]


def test_keys_that_come_and_go_are_named_old_ones_first():
    """With their values."""
    found = list(differences(pmap({"b": 1, "a": 2}), pmap({"c": 3, "b": 1})))
    assert found == [
        Difference(kind=Kind.DELETED, path="a", before=2),
        Difference(kind=Kind.ADDED, path="c", after=3),
    ]


def test_lists_are_compared_index_by_index():
    """No moves are looked for."""
    assert list(differences(pvector([1, 2]), pvector([2]))) == [
        changed("0", 1, 2),
        Difference(kind=Kind.ARRAY, path="[1]", before=2),
    ]
    assert list(differences(Point(x=()), Point(x=(5,)))) == [Difference(kind=Kind.ARRAY, path="x[0]", after=5)]


def test_another_type_is_a_change():
    """Also when the values are equal, and between records of different classes."""
    assert list(differences(Point(), Other())) == [changed("", Point(), Other())]
    assert list(differences(1, True)) == [changed("", 1, True)]
    assert list(differences(None, pmap())) == [changed("", None, pmap())]


def test_nan_is_nan():
    """Else a state with one would differ from itself."""
    assert list(differences(float("nan"), float("nan"))) == []


STATES = st.recursive(
    st.integers(0, 2) | st.none() | st.text(max_size=1),
    lambda inner: (
        st.builds(Point, inner, inner)
        | st.lists(inner, max_size=3).map(pvector)
        | st.dictionaries(st.sampled_from("ab"), inner).map(pmap)
    ),
    max_leaves=8,
)


@given(STATES, STATES)
def test_there_is_a_difference_exactly_when_states_differ(before, after):
    """And none between a state and itself."""
    assert bool(list(differences(before, after))) == (before != after)
    assert not list(differences(before, before))


@given(STATES, STATES)
def test_the_way_back_has_as_many_differences(before, after):
    """What was added is deleted, and so on."""
    there, back = list(differences(before, after)), list(differences(after, before))
    assert sorted(found.path for found in there) == sorted(found.path for found in back)
    assert [found for found in there if found.kind is Kind.ADDED and found.before is not UNSET] == []
