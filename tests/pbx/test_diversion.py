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


@pytest.mark.parametrize("value", ["", " , ,", "<>", "<sip:pbx>", ";index=1", '"'])
def test_what_names_nobody_is_passed_over(value: str) -> None:
    assert hops([value], [value]) == ()


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
