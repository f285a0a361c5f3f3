"""Reason fields: who answered, if anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.pbx.reason import answered_elsewhere

ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'


@pytest.mark.parametrize(
    "values",
    [
        (ELSEWHERE,),
        (ELSEWHERE, "Q.850;cause=26"),
        ("Q.850;cause=16", "Q.850 ; cause = 26"),
        ('Q.850;cause=16;text="Normal, clearing", sip;cause=200',),
        ("SIP ;text=x; CAUSE=0200",),
    ],
)
def test_answered_on_another_phone(values: tuple[str, ...]) -> None:
    assert answered_elsewhere(values)


@pytest.mark.parametrize(
    "values",
    [
        (),
        ("",),
        ("Q.850;cause=127",),
        ("SIP;cause=487",),
        ("SIP;cause=26",),
        ("Q.850;cause=200",),
        ("SIP;cause=2001",),
        ("SIP;xcause=200",),
        ("SIP;cause=",),
        ("SIP;cause=" + "2" * 10_000,),
        ('SIP;text=";cause=200"',),
        ('SIP;text="a \\" ;cause=200, SIP;cause=200"',),
        ('SIP;text="open ;cause=200',),
        ("X-SIP;cause=200",),
    ],
)
def test_given_up_or_not_said(values: tuple[str, ...]) -> None:
    assert not answered_elsewhere(values)


@given(st.lists(st.text()))
def test_no_text_raises(values: list[str]) -> None:
    answered_elsewhere(values)


@given(st.lists(st.text()), st.lists(st.text()))
def test_one_good_field_decides_whatever_stands_beside_it(
    before: list[str], after: list[str]
) -> None:
    assert answered_elsewhere([*before, ELSEWHERE, *after])


@given(
    st.integers(0, 999),
    st.sampled_from(["SIP", "Q.850", "preemption"]),
    st.text("ab ,;=", max_size=9),
)
def test_the_text_is_never_looked_at(cause: int, protocol: str, text: str) -> None:
    plain = f"{protocol};cause={cause}"
    assert answered_elsewhere([f'{plain};text="{text}"']) == answered_elsewhere([plain])
