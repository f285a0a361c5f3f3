"""When to publish, with what, and what came of it; and the document."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.events import Published
from device.core.profile import Publication
from device.core.words import Hint
from device.pbx import presence
from device.pbx.address import plain
from device.sip.phone import Account
from device.sip.publication import (
    FAREWELL_SECONDS,
    LEAST_SECONDS,
    OVERDUE_SECONDS,
    SOON_SECONDS,
    Answer,
    Publishing,
    Request,
    document,
)
from device.sip.resubscribe import MOST_SECONDS

ACCOUNT = Account("pbx", "100", "secret", instance="4b1c5a52-0d0e-4d51-a5f9-0d4f27a5b4a1")
DND = Publication(activity="busy", note="Do not disturb")
FREE = Publication(note="Available")
TAKEN = Answer(200, "OK", etag="t1", expires=120)


def _asking(wanted: Publication = DND) -> Publishing:
    """The first PUBLISH is on its way."""
    publishing = Publishing(ACCOUNT)
    publishing.opened(0.0)
    publishing.want(wanted, 0.0)
    _send(publishing, 0.0)
    return publishing


def _standing(wanted: Publication = DND) -> Publishing:
    publishing = _asking(wanted)
    assert publishing.answered(TAKEN, 0.0) == Published(0.0, wanted, ok=True)
    return publishing


def _send(publishing: Publishing, at: float) -> Request:
    request = publishing.step(at)
    assert request is not None
    publishing.sent(request, at)
    return request


def test_nothing_is_published_without_a_link_or_without_a_wish() -> None:
    publishing = Publishing(ACCOUNT)
    publishing.want(DND, 0.0)
    assert publishing.step(0.0) is None
    publishing.opened(1.0)
    assert publishing.step(1.0) == Request(DND, "", 120)
    assert Publishing(ACCOUNT).step(1.0) is None


def test_what_stands_is_refreshed_in_time_and_without_a_word() -> None:
    publishing = _standing()
    assert (publishing.step(59.0), publishing.deadline()) == (None, 60.0)
    assert _send(publishing, 60.0) == Request(DND, "t1", 120)
    assert publishing.answered(replace(TAKEN, etag="t2"), 60.0) is None
    assert publishing.step(120.0) == Request(DND, "t2", 120)


def test_a_pbx_that_grants_little_is_asked_in_its_time_but_not_all_the_time() -> None:
    publishing = _asking()
    publishing.answered(replace(TAKEN, expires=60), 0.0)
    assert publishing.deadline() == 30.0
    publishing = _asking()
    publishing.answered(replace(TAKEN, expires=1), 0.0)
    assert publishing.deadline() == LEAST_SECONDS


def test_a_pbx_that_grants_more_than_was_asked_is_not_believed() -> None:
    publishing = _asking()
    publishing.answered(replace(TAKEN, expires=90_000), 0.0)
    assert publishing.deadline() == 60.0


def test_what_has_run_out_is_published_anew() -> None:
    publishing = _standing()
    publishing.tick(120.0)
    assert publishing.step(120.0) == Request(DND, "", 120)


def test_a_change_refers_to_what_stands() -> None:
    publishing = _standing()
    publishing.want(FREE, 1.0)
    assert _send(publishing, 1.0) == Request(FREE, "t1", 120)
    assert publishing.answered(replace(TAKEN, etag="t2"), 1.0) == Published(1.0, FREE, ok=True)


def test_of_rapid_changes_the_last_one_is_published_and_told() -> None:
    publishing = _asking(DND)
    publishing.want(FREE, 0.1)
    publishing.want(replace(FREE, note="Lunch"), 0.2)
    assert publishing.step(0.2) is None, "one request at a time"
    assert publishing.answered(TAKEN, 0.3) is None
    assert publishing.step(0.3) == Request(replace(FREE, note="Lunch"), "t1", 120)


def test_a_change_of_mind_is_told_when_the_pbx_has_said_so_again() -> None:
    publishing = _standing()
    publishing.want(FREE, 1.0)
    publishing.want(DND, 1.1)
    assert _send(publishing, 1.1) == Request(DND, "t1", 120)
    assert publishing.answered(TAKEN, 1.2) == Published(1.2, DND, ok=True)


def test_a_pbx_that_has_forgotten_is_told_anew_without_a_word() -> None:
    publishing = _standing()
    _send(publishing, 60.0)
    assert publishing.answered(Answer(412), 60.0) is None
    assert _send(publishing, 60.0) == Request(DND, "", 120)
    assert publishing.answered(TAKEN, 60.0) is None
    assert publishing.deadline() == 120.0


def test_a_pbx_that_forgets_what_was_never_said_is_not_asked_in_a_loop() -> None:
    publishing = _asking()
    told = publishing.answered(Answer(412, "Conditional Request Failed"), 1.0)
    assert told == Published(1.0, DND, ok=False, reason="412 Conditional Request Failed")
    assert publishing.deadline() == 1.0 + SOON_SECONDS


def test_a_time_too_brief_is_made_as_long_as_asked_for() -> None:
    publishing = _asking()
    assert publishing.answered(Answer(423, least=900), 0.0) is None
    assert publishing.step(0.0) == Request(DND, "", 900)


@pytest.mark.parametrize("least", [0, 120])
def test_a_time_too_brief_for_a_pbx_that_says_no_longer_one_is_a_failure(least: int) -> None:
    told = _asking().answered(Answer(423, "Interval Too Brief", least=least), 0.0)
    assert told is not None
    assert not told.ok


@pytest.mark.parametrize("code", [404, 405, 489, 501])
def test_a_pbx_that_cannot_is_not_asked_again_while_the_registration_lasts(code: int) -> None:
    publishing = _asking()
    assert publishing.answered(Answer(code, "No"), 0.0) == Published(0.0, DND, False, f"{code} No")
    assert (publishing.step(9e9), publishing.deadline()) == (None, None)
    assert publishing.want(FREE, 5.0) == Published(5.0, FREE, False, f"{code} No")
    assert publishing.want(None, 6.0) is None
    publishing.want(DND, 7.0)
    publishing.closed(8.0)
    publishing.opened(9.0)
    assert publishing.step(9.0) == Request(DND, "", 120)


def test_a_pbx_that_cannot_is_known_whatever_was_wanted_meanwhile() -> None:
    publishing = _asking(DND)
    publishing.want(FREE, 0.1)
    assert publishing.answered(Answer(489), 0.2) == Published(0.2, FREE, False, "489")


def test_trouble_is_told_every_time_and_tried_again_less_and_less_often() -> None:
    publishing, at, waits = _asking(), 0.0, []
    for _ in range(7):
        assert publishing.answered(Answer(503), at) == Published(at, DND, False, "503")
        due = publishing.deadline()
        assert due is not None
        waits.append(due - at)
        at = due
        _send(publishing, at)
    assert waits == [5, 10, 20, 40, 80, 120, 120]
    assert publishing.answered(TAKEN, at) == Published(at, DND, ok=True)


def test_a_pbx_that_says_when_is_asked_then() -> None:
    publishing = _asking()
    publishing.answered(Answer(503, retry_after=60), 0.0)
    assert publishing.deadline() == 60.0


def test_nobody_has_us_wait_for_years() -> None:
    publishing = _asking()
    publishing.answered(Answer(503, retry_after=999_999_999), 0.0)
    assert publishing.deadline() == MOST_SECONDS
    publishing = _asking()
    publishing.answered(Answer(423, least=999_999_999), 0.0)
    _send(publishing, 0.0)
    publishing.answered(replace(TAKEN, expires=999_999_999), 0.0)
    assert publishing.deadline() == MOST_SECONDS


def test_a_new_wish_is_tried_at_once_whatever_failed_before() -> None:
    publishing = _asking()
    publishing.answered(Answer(503, retry_after=60), 0.0)
    publishing.want(FREE, 1.0)
    assert publishing.step(1.0) == Request(FREE, "", 120)


def test_success_after_a_failed_refresh_is_told() -> None:
    publishing = _standing()
    _send(publishing, 60.0)
    assert publishing.answered(Answer(408, "Request Timeout"), 92.0) is not None
    assert _send(publishing, 97.0) == Request(DND, "t1", 120)
    assert publishing.answered(TAKEN, 97.0) == Published(97.0, DND, ok=True)


def test_a_refusal_of_what_we_refer_to_has_us_refer_to_it_no_more() -> None:
    publishing = _standing()
    publishing.want(FREE, 1.0)
    _send(publishing, 1.0)
    assert publishing.answered(Answer(403), 1.0) is None
    assert _send(publishing, 1.0) == Request(FREE, "", 120)
    assert publishing.answered(Answer(403), 1.0) == Published(1.0, FREE, False, "403")


def test_an_answer_that_never_comes_is_a_failure() -> None:
    publishing = _asking()
    assert publishing.tick(OVERDUE_SECONDS - 1) is None
    told = publishing.tick(OVERDUE_SECONDS)
    assert told == Published(OVERDUE_SECONDS, DND, False, "408 Request Timeout")
    assert publishing.answered(TAKEN, 99.0) is None, "nobody asked"


def test_what_is_wanted_no_more_is_taken_back() -> None:
    publishing = _standing()
    publishing.want(None, 1.0)
    assert publishing.busy()
    assert _send(publishing, 1.0) == Request(None, "t1", 0)
    assert publishing.answered(Answer(200, etag="t2", expires=0), 1.0) is None
    assert (publishing.busy(), publishing.step(9.0), publishing.deadline()) == (False, None, None)


@pytest.mark.parametrize("code", [404, 412, 423])
def test_what_cannot_be_taken_back_for_good_is_let_go(code: int) -> None:
    publishing = _standing()
    publishing.want(None, 1.0)
    _send(publishing, 1.0)
    assert publishing.answered(Answer(code, least=90), 1.0) is None
    assert not publishing.busy()


def test_taking_back_is_tried_until_it_runs_out_by_itself() -> None:
    publishing = _standing()
    publishing.want(None, 1.0)
    _send(publishing, 1.0)
    publishing.answered(Answer(503), 1.0)
    assert publishing.step(1.0) is None
    assert publishing.step(1.0 + SOON_SECONDS) == Request(None, "t1", 0)
    publishing.tick(120.0)
    assert publishing.step(120.0) is None


def test_what_was_wanted_no_more_before_it_stood_is_taken_back() -> None:
    publishing = _asking()
    publishing.want(None, 0.1)
    assert publishing.busy()
    assert publishing.answered(TAKEN, 0.2) is None
    assert publishing.step(0.2) == Request(None, "t1", 0)


def test_a_farewell_is_heard_after_unregistering_and_not_much_later() -> None:
    publishing = _standing()
    publishing.want(None, 1.0)
    publishing.closed(1.0)
    assert publishing.step(1.0) == Request(None, "t1", 0)
    assert publishing.step(1.0 + FAREWELL_SECONDS) is None


def test_when_the_link_returns_it_is_published_and_told_anew() -> None:
    publishing = _standing()
    publishing.closed(1.0)
    assert publishing.step(200.0) is None
    publishing.opened(200.0)
    assert _send(publishing, 200.0) == Request(DND, "t1", 120)
    assert publishing.answered(Answer(412), 200.0) is None
    assert _send(publishing, 200.0) == Request(DND, "", 120)
    assert publishing.answered(TAKEN, 200.0) == Published(200.0, DND, ok=True)


def test_what_ran_out_while_the_link_was_gone_is_not_referred_to() -> None:
    publishing = _standing()
    publishing.closed(1.0)
    publishing.tick(120.0)
    publishing.opened(120.0)
    assert publishing.step(120.0) == Request(DND, "", 120)


def test_the_answer_to_a_request_from_before_the_link_was_lost_is_waited_for() -> None:
    publishing = _asking()
    publishing.closed(1.0)
    publishing.opened(2.0)
    assert publishing.step(2.0) is None
    assert publishing.answered(TAKEN, 3.0) == Published(3.0, DND, ok=True)


@dataclass
class Pbx:
    """A PBX that keeps publications, and forgets, fails or is silent as it is told."""

    tags: dict[str, Publication] = field(default_factory=dict)
    count: int = 0

    def answer(self, request: Request, how: str) -> Answer:
        if how == "forget":
            self.tags.clear()
        if how == "fail":
            return Answer(503)
        if request.etag and request.etag not in self.tags:
            return Answer(412)
        self.tags.pop(request.etag, None)
        if request.publication is None:
            return Answer(200, expires=0)
        self.count += 1
        self.tags[f"t{self.count}"] = request.publication
        # Its answer is lost on the way, and the library says that there was none.
        return Answer(408) if how == "lose" else Answer(200, "", f"t{self.count}", request.expires)


WISHES = st.sampled_from([None, DND, FREE])
MOVES = st.lists(
    st.one_of(
        WISHES,
        st.sampled_from(["open", "close", "step", "ok", "fail", "forget", "lose"]),
        st.floats(0.0, 40.0),
    )
)


@given(MOVES, WISHES)
def test_whatever_happens_the_newest_wish_ends_up_at_the_pbx(
    moves: list[Publication | str | float | None], last: Publication | None
) -> None:
    publishing, pbx, at = Publishing(ACCOUNT), Pbx(), 0.0
    asked: list[Request] = []
    for move in moves:
        at += move if isinstance(move, float) else 0.0
        publishing.tick(at)
        if publishing._asked is None:
            asked.clear()  # given up, long after the library has
        if move is None or isinstance(move, Publication):
            publishing.want(move, at)
        elif isinstance(move, str):
            _move(publishing, pbx, asked, move, at)
    publishing.want(last, at)
    publishing.closed(at)
    publishing.opened(at)
    _settle(publishing, pbx, asked, at)
    # Of what was lost on the way something may be left, which runs out by itself.
    newest = list(pbx.tags.values())[-1:]
    assert newest == [last] if last else not publishing.busy()


def _move(publishing: Publishing, pbx: Pbx, asked: list[Request], move: str, at: float) -> None:
    simple: dict[str, Callable[[float], None]] = {
        "open": publishing.opened,
        "close": publishing.closed,
    }
    if move in simple:
        simple[move](at)
    elif move == "step":
        request = publishing.step(at)
        if request is not None:
            assert not asked, "two at once"
            asked.append(request)
            publishing.sent(request, at)
    elif asked:
        publishing.answered(pbx.answer(asked.pop(), move), at)


def _settle(publishing: Publishing, pbx: Pbx, asked: list[Request], at: float) -> None:
    """The PBX is well from now on."""
    for _ in range(6):
        _move(publishing, pbx, asked, "ok", at)
        _move(publishing, pbx, asked, "step", at)


@pytest.mark.parametrize(
    ("publication", "told"),
    [
        (FREE, (Hint.FREE, "Available")),
        (DND, (Hint.BUSY, "Do not disturb")),
        (Publication(open=False, activity="away", note="Absent"), (Hint.AWAY, "Absent")),
        (Publication(open=False), (Hint.AWAY, "")),
        (Publication(activity="out to lunch"), (Hint.FREE, "")),
        (Publication(note="  Büro <1> & 2\n"), (Hint.FREE, "Büro <1> & 2")),
    ],
)
def test_what_is_published_can_be_read(publication: Publication, told: tuple[Hint, str]) -> None:
    assert presence.read(document(ACCOUNT, publication)) == told


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cn"]))


@given(st.builds(Publication, open=st.booleans(), activity=TEXTS, note=TEXTS))
def test_any_publication_makes_a_document(publication: Publication) -> None:
    body = document(ACCOUNT, publication)
    found = presence.read(body)
    assert found is not None
    assert found[1] == plain(publication.note)


def test_what_is_no_text_is_left_out_of_a_document() -> None:
    told = document(ACCOUNT, Publication(activity="\b", note="Out\ud800\ufffe of\0 town"))
    assert presence.read(told) == (Hint.FREE, "Out of town")


def test_two_panels_of_a_user_do_not_collide_and_one_is_always_the_same() -> None:
    def name(account: Account) -> str:
        tuples = ElementTree.fromstring(document(account, FREE)).iterfind("{*}tuple")
        return next(tuples).attrib["id"]

    other = replace(ACCOUNT, instance="00000000-0d0e-4d51-a5f9-0d4f27a5b4a1")
    nameless = replace(ACCOUNT, instance="")
    assert len({name(ACCOUNT), name(other), name(nameless)}) == 3
    assert name(nameless) == name(replace(nameless))
