"""Who diverted a call before it came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.pbx.diversion import hops


def test_the_top_diversion_is_the_latest() -> None:
    top = '"Bob" <sip:300@pbx>;reason=no-answer;counter=2'
    assert hops([top, "<sip:400@pbx>;reason=unconditional"], []) == ("300", "400")


def test_several_in_one_field_are_in_the_same_order() -> None:
    assert hops(['"x, y" <sip:300@pbx>;reason="a,b", <tel:+3906>'], []) == ("300", "+3906")


def test_history_grows_at_its_end_and_ends_with_us() -> None:
    history = [
        "<sip:400@pbx?Reason=SIP%3Bcause%3D302>;index=1, <sip:300@pbx;cause=302>;index=1.1;rc=1",
        "<sip:100@pbx;cause=486>;index=1.1.1;mp=1.1",
    ]
    assert hops([], history, "100") == ("300", "400")


def test_history_is_put_in_the_order_of_its_index() -> None:
    history = ["<sip:b@x>;index=1.10", "<sip:a@x>;index=1.9", "<sip:c@x>;index=1"]
    assert hops([], history) == ("b", "a", "c")


def test_history_that_tells_only_of_us_is_no_diversion() -> None:
    assert hops([], ["<sip:100@pbx>;index=1, <sip:100@192.0.2.1:5060>;index=1.1"], "100") == ()


def test_our_own_diversion_that_comes_back_is_one() -> None:
    assert hops(["<sip:100@pbx>;reason=unconditional"], [], "100") == ("100",)


def test_diversion_is_believed_before_history() -> None:
    assert hops(["<sip:300@pbx>"], ["<sip:400@pbx>;index=1"]) == ("300",)


@pytest.mark.parametrize("value", ["", " , ,", "\t"])
def test_where_nothing_is_said_nobody_diverted(value: str) -> None:
    assert hops([value], [value]) == ()


NOBODY = [
    "<>",
    "<sip:pbx>",
    '"',
    ";index=1",
    "<sip:anonymous@anonymous.invalid>",
    '"Anonymous" <sip:anonymous@anonymous.invalid>;reason=unconditional',
]


@pytest.mark.parametrize("value", NOBODY)
def test_a_call_diverted_by_nobody_that_can_be_named_was_diverted(value: str) -> None:
    assert hops([value], []) == ("unknown",)
    assert hops([], [value], "100") == ("unknown",)
    assert hops([], [value, "<sip:100@pbx>"], "100") == ("unknown",)


@pytest.mark.parametrize(
    "reason",
    [
        "Reason=SIP%3Bcause%3D302",
        "reason=sip%20%3B%20cause%20%3D%20302%3Btext%3D%22x%22",
        "a=b&Reason=SIP%3Bcause%3D380",
    ],
)
def test_a_call_that_we_diverted_ourselves_and_that_came_back_was_diverted(reason: str) -> None:
    history = f"<sip:100@pbx?{reason}>;index=1, <sip:100@pbx>;index=1.1"
    assert hops([], [history], "100") == ("100",)


@pytest.mark.parametrize(
    "entry",
    [
        "<sip:100@192.0.2.1?Reason=SIP%3Bcause%3D408>;index=1",
        "<sip:100@pbx;cause=302>;index=1",
        "<sip:100@pbx?Reason=Q.850%3Bcause%3D302>;index=1",
    ],
)
def test_a_call_that_only_tried_us_elsewhere_was_not_diverted(entry: str) -> None:
    assert hops([], [f"{entry}, <sip:100@pbx>;index=2"], "100") == ()


@given(st.lists(st.text()), st.lists(st.text()), st.text())
def test_no_text_raises(diversion: list[str], history: list[str], me: str) -> None:
    assert all(hops(diversion, history, me))


@given(st.lists(st.from_regex(r"[0-9*+]{1,9}", fullmatch=True), unique=True))
def test_what_is_written_is_read(numbers: list[str]) -> None:
    told = [f"<sip:{number}@pbx>;reason=unknown" for number in numbers]
    assert hops(told, []) == tuple(numbers)
    assert hops([", ".join(told)], []) == tuple(numbers)
    grown = [f"<sip:{number}@pbx>;index=1.{n}" for n, number in enumerate(numbers, 1)]
    assert hops([], grown) == tuple(reversed(numbers))
