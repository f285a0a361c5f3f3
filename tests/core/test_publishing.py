"""Statuses that are published (RFC 3903), and read back as any watcher reads them."""

import pytest

from device.core.events import Chosen, HintLost, LinkChanged, Published
from device.core.mirror import CODE_SECONDS, READBACK_SECONDS
from device.core.profile import Publication
from device.core.words import By, Hint, Link, Means, MirrorState, Status
from tests.core.play import PUBLISHED, PUBLISHING, Played, play

BUSY = Publication(True, "busy", "Busy")
HERE = Publication(note="Available")


def here() -> Played:
    """Registered, and seen to be available."""
    begun = play(LinkChanged(0.0, Link.ONLINE), grants=PUBLISHED)
    return begun.hint(Hint.FREE, "100", "Available")


def published(story: Played) -> Publication | None:
    return story.state.mirror.publication(PUBLISHED, story.state.link)


def choose(story: Played, status: Status) -> Played:
    return story.then(Chosen(story.now, status, By.BUTTON))


def answer(story: Played, reason: str = "") -> Played:
    current = published(story)
    assert current is not None
    return story.then(Published(story.now, current, ok=not reason, reason=reason))


def test_available_is_published_as_soon_as_there_is_a_link() -> None:
    assert published(play(grants=PUBLISHED)) is None
    assert published(play(LinkChanged(0.0, Link.ONLINE), grants=PUBLISHED)) == HERE
    assert here().verdict is MirrorState.CONFIRMED


def test_a_status_is_published_and_pending_until_it_is_read_back() -> None:
    asked = choose(here(), Status.DND)
    assert (published(asked), asked.dialled, asked.verdict) == (BUSY, [], MirrorState.PENDING)
    taken = answer(asked)
    assert taken.verdict is MirrorState.PENDING
    story = taken.hint(Hint.BUSY, "100", "Busy")
    assert (story.status, story.verdict) == (Status.DND, MirrorState.CONFIRMED)
    assert story.state.mirror.means(PUBLISHED) is Means.PUBLISH


def test_what_is_read_back_before_the_answer_counts_with_it() -> None:
    asked = choose(here(), Status.DND).hint(Hint.BUSY, "100", "Busy")
    assert answer(asked).verdict is MirrorState.CONFIRMED


def test_a_publication_nobody_sees_is_refused_and_the_old_one_stands() -> None:
    story = answer(choose(here(), Status.DND)).later(READBACK_SECONDS)
    assert story.reason == "The PBX did not show dnd as it was published"
    assert (story.status, published(story)) == (Status.AVAILABLE, HERE)


def test_silence_to_a_publication_is_refused_in_time() -> None:
    story = choose(here(), Status.DND).later(CODE_SECONDS)
    assert story.reason == "The PBX did not take dnd as it was published"


def test_a_publication_that_is_turned_down_is_refused_in_the_pbxs_words() -> None:
    story = answer(choose(here(), Status.DND), "403 Forbidden")
    assert story.reason == "The PBX refused the publication: 403 Forbidden"
    assert story.verdict is MirrorState.REFUSED


@pytest.mark.parametrize("no", ["489 Bad Event", "501 Not Implemented", "404 Not Found"])
def test_a_pbx_that_takes_no_publications_leaves_the_status_to_our_own_answers(no: str) -> None:
    story = answer(choose(here(), Status.DND), no)
    assert (story.status, story.verdict) == (Status.DND, MirrorState.CONFIRMED)
    assert story.state.mirror.means(PUBLISHED) is Means.ANSWERS
    assert published(story) is None


def test_an_answer_to_an_older_publication_ends_nothing() -> None:
    asked = choose(here(), Status.DND)
    assert asked.then(Published(asked.now, HERE, ok=True)).state.mirror.step


def test_what_stands_published_already_needs_no_second_answer() -> None:
    begun = answer(play(LinkChanged(0.0, Link.ONLINE), grants=PUBLISHED))
    asked = choose(begun.hint(Hint.UNKNOWN, "100", ""), Status.AVAILABLE)
    assert asked.verdict is MirrorState.PENDING
    assert asked.hint(Hint.FREE, "100", "Available").verdict is MirrorState.CONFIRMED
    blind = begun.then(HintLost(1.0, "100", "489 Bad Event"))
    assert choose(blind, Status.AVAILABLE).verdict is MirrorState.CONFIRMED


def test_where_nothing_can_be_watched_the_answer_must_do() -> None:
    blind = here().then(HintLost(1.0, "100", "489 Bad Event"))
    story = answer(choose(blind, Status.DND))
    assert story.verdict is MirrorState.CONFIRMED
    assert story.state.mirror.means(PUBLISHED) is Means.ANSWERS


def test_what_others_publish_of_us_is_not_our_choice() -> None:
    story = here().hint(Hint.BUSY, "100", "In a meeting")
    assert (story.status, story.verdict) == (Status.AVAILABLE, MirrorState.UNKNOWN)


def test_what_is_published_is_taken_back_at_logout_and_given_again_after_a_lost_link() -> None:
    out = choose(here(), Status.LOGGED_OUT)
    assert published(out.then(LinkChanged(1.0, Link.OFFLINE))) is None
    gone = choose(here(), Status.DND).then(LinkChanged(1.0, Link.OFFLINE))
    assert published(gone) is None
    assert published(gone.then(LinkChanged(9.0, Link.ONLINE))) == BUSY


def test_a_diverted_user_looks_free_to_others() -> None:
    switch = PUBLISHING.switches[Status.DIVERTED].published
    assert switch
    assert switch.open
    assert not switch.activity


def test_another_target_needs_no_other_document() -> None:
    there = choose(here(), Status.DIVERTED)
    first = answer(there).hint(Hint.FREE, "100", "Elsewhere")
    again = first.then(Chosen(first.now, Status.DIVERTED, By.BUTTON, target="Mobile"))
    assert (again.verdict, again.reason) == (MirrorState.CONFIRMED, "")
    assert again.state.mirror.choice.target == "+390612345678"


def test_what_ran_out_or_was_not_taken_again_is_not_claimed() -> None:
    set_ = answer(choose(here(), Status.DND)).hint(Hint.BUSY, "100", "Busy")
    refused = set_.then(Published(9.0, BUSY, ok=False, reason="503 Service Unavailable"))
    gone = refused.then(HintLost(9.0, "100", "Nothing is published"))
    assert gone.verdict is MirrorState.UNKNOWN
    assert set_.then(HintLost(9.0, "100", "timeout")).verdict is MirrorState.UNKNOWN


def test_what_stood_before_the_link_was_lost_is_to_be_taken_again() -> None:
    set_ = answer(choose(here(), Status.DND)).hint(Hint.BUSY, "100", "Busy")
    back = set_.then(LinkChanged(5.0, Link.OFFLINE), LinkChanged(6.0, Link.ONLINE))
    asked = choose(back.then(HintLost(6.0, "100", "489 Bad Event")), Status.DND)
    assert asked.verdict is MirrorState.PENDING
    assert answer(asked).verdict is MirrorState.CONFIRMED


def test_a_refused_publication_is_no_acknowledged_one() -> None:
    blind = here().then(HintLost(1.0, "100", "489 Bad Event"))
    refused = answer(choose(blind, Status.DND), "500 Server Error")
    assert choose(refused, Status.DND).verdict is MirrorState.PENDING
