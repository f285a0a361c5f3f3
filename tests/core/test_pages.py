"""Stories about pages, menus, balloons, and what is seen."""

from device.core.effects import RingOwn, SendText
from device.core.events import (
    AddressFound,
    Cleared,
    ClockSet,
    Counts,
    Edge,
    PartLost,
    Pressed,
    TextReceived,
    TextSent,
    TextWanted,
    Tick,
    VoicemailHeard,
    VoicemailLost,
)
from device.core.pages import BALLOON_SECONDS, TIMES, VIEW_SECONDS, page
from device.core.room import parts
from device.core.words import By, Notice, Page, Status
from tests.core.play import AT_FREEPBX, Played, click, online, play


def text(story: Played, body: str = "Lunch?", number: str = "201") -> Played:
    return story.then(TextReceived(story.now, number, "Anna", body))


def press(story: Played, button: str, *, held: bool = False) -> Played:
    return story.then(Pressed(story.now, button, held))


def box(new: int = 0, old: int = 0, urgent: int = 0) -> VoicemailHeard:
    return VoicemailHeard(0.0, (("", Counts(new, old, urgent)),), waiting=new > 0)


def test_opening_a_page_counts_all_of_it_as_seen() -> None:
    story = text(text(online(), "one"), "two")
    assert story.state.texts.unseen == 2
    opened = press(story, "message")
    assert (opened.state.texts.unseen, opened.state.texts.total) == (0, 2)
    assert page(opened.state) is Page.MESSAGE
    assert opened.state.texts.entries[0].text == "two"


def test_pressing_again_steps_through_and_goes_home_after_the_last() -> None:
    opened = press(text(text(online(), "one"), "two"), "message")
    second = press(opened, "message")
    assert second.state.view.index == 1
    assert page(press(second, "message").state) is Page.IDLE


def test_a_long_text_is_read_part_by_part() -> None:
    long = " ".join(["word"] * 60)
    story = press(text(online(), long), "message")
    pages = 1
    while page((story := press(story, "message")).state) is Page.MESSAGE:
        pages += 1
    assert pages == len(parts(long)) > 2


def test_every_word_of_a_text_is_in_some_part() -> None:
    long = "one two three " * 20 + "x" * 50
    shown = "".join("".join(p) for p in parts(long)).replace(" ", "")
    assert shown == long.replace(" ", "")


def test_a_page_nobody_touches_goes_home() -> None:
    story = press(online(), "missed")
    assert page(story.later(VIEW_SECONDS - 1).state) is Page.MISSED
    assert page(story.later(VIEW_SECONDS).state) is Page.IDLE


def test_balloons_wait_for_each_other_and_go() -> None:
    story = text(online(), "hello").then(box(new=1))
    assert [b.notice for b in story.state.balloons] == [Notice.MESSAGE, Notice.VOICEMAIL]
    first_gone = story.later(BALLOON_SECONDS)
    assert [b.notice for b in first_gone.state.balloons] == [Notice.VOICEMAIL]
    assert first_gone.later(BALLOON_SECONDS).state.balloons == ()


def test_a_storm_of_news_does_not_queue_for_ever() -> None:
    story = online()
    for _ in range(50):
        story = text(story)
    assert len(story.state.balloons) == 1


def test_the_answer_to_a_press_does_not_queue_behind_news() -> None:
    story = press(text(online()), "missed", held=True)
    assert [b.notice for b in story.state.balloons] == [None, Notice.MESSAGE]
    assert story.later(BALLOON_SECONDS).state.balloons[0].notice is Notice.MESSAGE


def test_a_button_of_a_board_that_is_gone_does_not_stay_down() -> None:
    story = online().then(Edge(0.0, "dnd", True), PartLost(0.1, "board", "unplugged"))
    assert story.state.gestures.down == ()


def test_two_notice_buttons_clear_both() -> None:
    story = text(online()).then(box(new=2))
    downs = (Edge(1.0, "message", True), Edge(1.1, "voicemail", True))
    cleared = story.then(*downs)
    assert cleared.state.texts.total == 0
    assert not cleared.state.voicemail.unseen
    assert cleared.state.voicemail.new == 2


def test_clearing_by_name() -> None:
    assert text(online()).then(Cleared(0.0, Notice.MESSAGE)).state.texts.total == 0


def test_holding_a_status_asks_for_a_time() -> None:
    asked = press(online(), "dnd", held=True)
    assert (page(asked.state), asked.status) == (Page.TIMES, Status.AVAILABLE)
    second = press(asked, "dnd")
    assert second.state.view.index == 1
    chosen = press(second, "dnd", held=True)
    assert chosen.status is Status.DND
    assert chosen.state.mirror.choice.until == TIMES[1].seconds
    assert page(chosen.state) is Page.IDLE


def test_a_menu_goes_round() -> None:
    story = press(online(), "dnd", held=True)
    for _ in TIMES:
        story = press(story, "dnd")
    assert story.state.view.index == 0


def test_another_status_button_leaves_the_menu_and_does_its_own() -> None:
    story = press(press(online(), "dnd", held=True), "absent")
    assert (page(story.state), story.status) == (Page.IDLE, Status.ABSENT)


def test_diverted_with_several_targets_opens_the_list() -> None:
    listed = press(online(), "diverted")
    assert (page(listed.state), listed.status) == (Page.TARGETS, Status.AVAILABLE)
    chosen = press(press(listed, "diverted"), "diverted", held=True)
    assert chosen.state.mirror.choice.target == "+390612345678"
    assert chosen.state.mirror.choice.by is By.WEB


def test_a_button_press_is_told_as_a_button_press() -> None:
    story = online().then(*click("dnd", at=1.0)).later(1)
    assert story.state.mirror.choice.by is By.BUTTON


def test_voicemail_is_unseen_until_looked_at_and_again_when_more_comes() -> None:
    story = online().then(box(new=1))
    assert story.state.voicemail.unseen
    looked = press(story, "voicemail")
    assert not looked.state.voicemail.unseen
    assert looked.then(box(new=2)).state.voicemail.unseen


def test_voicemail_heard_elsewhere_is_not_held_against_the_next() -> None:
    looked = press(online().then(box(new=3)), "voicemail")
    assert looked.then(box(old=3), box(new=1, old=3)).state.voicemail.unseen


def test_a_lost_subscription_is_unknown_and_not_nothing() -> None:
    story = online().then(box(new=2), VoicemailLost(0.0, "gone"))
    assert not story.state.voicemail.known
    assert story.state.voicemail.new == 2


def test_the_same_counts_again_are_no_news() -> None:
    story = online().then(box(new=1)).later(BALLOON_SECONDS)
    assert story.then(box(new=1)).effects == ()


def test_a_text_without_a_pbx_is_not_sent_and_that_is_told() -> None:
    story = play().then(TextWanted(0.0, "201", "hi"))
    assert story.effects == ()
    assert (story.state.sent[0].ok, story.state.sent[0].reason) == (False, "There is no PBX")
    assert story.state.balloons[0].title == "Text not sent"


def test_a_text_that_was_not_sent_is_told() -> None:
    story = online().then(TextWanted(0.0, "201", "hi"))
    job = story.state.sent[0].job
    failed = story.then(TextSent(0.0, job, ok=False, reason="404 Not Found"))
    assert failed.state.sent[0].ok is False
    assert failed.state.balloons[0].text == "404 Not Found"


# What can be done about a text


def writer() -> Played:
    return online(AT_FREEPBX).then(
        TextReceived(1.0, "205", "Bruni", "Lunch?"), Pressed(2.0, "message")
    )


def hold(story: Played, button: str) -> Played:
    return press(story, button, held=True)


def test_a_text_that_is_shown_is_answered_from_presets() -> None:
    menu = hold(writer(), "message")
    assert (menu.state.view.page, menu.state.view.part) == (Page.REPLY, 0)
    sent = hold(menu.then(Pressed(3.0, "message")), "message")
    assert sent.effects == (SendText(1, "205", "OK"),)
    assert sent.state.view.page is Page.IDLE


def test_the_first_line_calls_the_writer_back() -> None:
    story = hold(hold(writer(), "message"), "message")
    assert [e.number for e in story.effects if isinstance(e, RingOwn)] == ["100"]
    assert story.state.calling
    assert story.state.calling.number == "205"


def test_a_writer_without_a_number_cannot_be_answered() -> None:
    story = online(AT_FREEPBX).then(TextReceived(1.0, "", "", "Guess"), Pressed(2.0, "message"))
    menu = hold(story, "message").then(Pressed(3.0, "message"))
    assert hold(menu, "message").state.balloons[0].text == "The sender's number is not known"


def test_the_lines_go_round() -> None:
    menu, lines = hold(writer(), "message"), 1 + len(AT_FREEPBX.manners.replies)
    for _ in range(lines):
        menu = menu.then(Pressed(3.0, "message"))
    assert menu.state.view.part == 0


# About the panel


def test_the_outer_two_held_together_open_the_page_about_the_panel() -> None:
    both = online(AT_FREEPBX).then(
        Edge(1.0, "available", True), Edge(1.1, "logged_out", True), Tick(2.0), Tick(2.1)
    )
    assert both.state.view.page is Page.ABOUT
    assert both.status is Status.AVAILABLE
    up = both.then(Edge(2.5, "available", False), Edge(2.6, "logged_out", False), Tick(3.0))
    on = up.then(Pressed(3.1, "available"))
    assert (on.state.view.page, on.state.view.index) == (Page.ABOUT, 1)
    assert hold(on, "available").state.view.page is Page.IDLE


def test_our_own_address_is_known_as_soon_as_there_is_one() -> None:
    story = online().then(AddressFound(1.0, ""))
    assert story.state.address == ""
    assert story.then(AddressFound(2.0, "10.0.0.7")).state.address == "10.0.0.7"


def test_a_clock_that_shows_nonsense_shows_nothing() -> None:
    for wall in (1e300, -5.0):
        assert online().then(ClockSet(1.0, wall)).state.clock.offset is None
