"""What programs outside are told."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from device.core.events import Counts
from device.core.manners import Manners
from device.core.mirror import Mirror
from device.core.notices import CallEntry, CallList, Stamp, Text, TextList, Voicemail
from device.core.profile import Profile, Switch
from device.core.schedule import Change
from device.core.state import Calling, Clock, Entry, Incoming, Lock, Mute, View
from device.core.switches import Setting, Switches
from device.core.words import CallingStage, CallKind, Hint, Line, Link, Page, Purpose, Status
from device.views.public import (
    calls,
    colleagues,
    divert,
    line,
    messages,
    mirror,
    public,
    reason,
    schedule,
    voicemail,
)
from tests.views.states import (
    GRANTS,
    NOW,
    OFFICE,
    QUIET,
    WALL,
    asked,
    chosen,
    office,
    offline,
    refused,
)

ROME = 2 * 3600


def test_a_quiet_panel_is_told_whole() -> None:
    told = public(QUIET)
    lamps = told.pop("lamps")
    assert isinstance(lamps, dict)
    assert lamps["available"] == {
        "colour": "green",
        "overlay": "off",
        "pattern": "steady",
        "level": 1.0,
    }
    assert told == {
        "status": "available",
        "line": "free",
        "link": "online",
        "link_reason": "",
        "mirror": {
            "state": "confirmed",
            "by": "pbx",
            "means": "answers",
            "reason": "",
            "limit": "",
            "misfit": "",
        },
        "divert": {"target": None, "name": None, "warning": ""},
        "until": None,
        "remaining": None,
        "notices": {
            "missed": {"unseen": 0, "total": 0},
            "message": {"unseen": 0, "total": 0},
            "voicemail": {
                "new": 0,
                "old": 0,
                "urgent": 0,
                "known": False,
                "unseen": False,
                "number": "",
            },
        },
        "ringing": [],
        "calling": None,
        "page": "idle",
        "entry": None,
        "sound": {
            "on": True,
            "muted": False,
            "until": None,
            "remaining": None,
            "quiet_hours": False,
        },
        "replies": ["OK"],
        "lock": {"asks": False, "wrong": 0, "wait": 0},
        "colleagues": [],
        "schedule": None,
        "time_known": True,
        "hardware": {},
        "user": "100",
        "profile": "generic",
        "agent": "",
    }


def test_all_of_it_is_json() -> None:
    assert json.loads(json.dumps(public(QUIET))) == public(QUIET)


def test_a_call_that_rings_covers_page_and_line() -> None:
    call = Incoming(1, "101", "Anna", NOW)
    told = public(replace(QUIET, calls=(call,)))
    assert (told["page"], told["line"]) == ("ringing", "ringing")
    assert told["ringing"] == [{"number": "101", "name": "Anna"}]


def test_the_line_is_what_the_phone_s_hint_says() -> None:
    told = {hint: line(replace(QUIET, line_hint=hint)) for hint in Hint}
    assert told == {
        Hint.FREE: Line.FREE,
        Hint.RINGING: Line.RINGING,
        Hint.BUSY: Line.BUSY,
        Hint.AWAY: Line.UNKNOWN,
        Hint.UNKNOWN: Line.UNKNOWN,
    }


def test_a_line_that_is_busy_for_dnd_alone_tells_nothing_of_the_phone() -> None:
    grants = replace(GRANTS, profile=Profile("freepbx", line_in_dnd=False))
    busy = replace(chosen(Status.DND), grants=grants, line_hint=Hint.BUSY)
    assert line(busy) is Line.UNKNOWN
    assert line(replace(busy, line_hint=Hint.RINGING)) is Line.RINGING
    assert line(replace(busy, mirror=QUIET.mirror)) is Line.BUSY
    assert line(replace(busy, grants=GRANTS)) is Line.BUSY


def test_nothing_is_known_of_the_line_without_a_link() -> None:
    assert line(offline(QUIET)) is Line.UNKNOWN


def test_a_time_limit_is_told_in_the_users_zone() -> None:
    state = chosen(Status.DND, until=NOW + 1500)
    state = replace(state, clock=Clock(WALL - NOW, ROME))
    assert public(state)["until"] == "2026-10-14T16:55:00+02:00"


def test_what_remains_counts_from_the_moment_it_is_asked_for() -> None:
    state = chosen(Status.DND, until=NOW + 1500)
    assert public(state)["remaining"] == 1500
    assert public(state, NOW + 60.2)["remaining"] == 1440
    assert public(state, NOW + 9999)["remaining"] == 0


def test_a_time_limit_without_a_clock_has_only_what_remains() -> None:
    state = replace(chosen(Status.DND, until=NOW + 90), clock=Clock())
    told = public(state)
    assert (told["until"], told["remaining"], told["time_known"]) == (None, 90, False)


def test_a_divert_target_is_told_with_its_name() -> None:
    known, other = chosen(Status.DIVERTED, "101"), chosen(Status.DIVERTED, "555")
    assert public(known)["divert"] == {"target": "101", "name": "Reception", "warning": ""}
    assert public(other)["divert"] == {"target": "555", "name": "", "warning": ""}


def test_a_refusal_is_the_first_reason() -> None:
    state = replace(refused(Status.DIVERTED, "600 may not be"), link_reason="403 Forbidden")
    assert public(state)["mirror"] == {
        "state": "refused",
        "by": "pbx",
        "means": "answers",
        "reason": "600 may not be",
        "limit": "",
        "misfit": "",
    }


def test_a_lost_link_is_the_second_reason() -> None:
    assert reason(offline(QUIET, Link.REFUSED, "Wrong password")) == "Wrong password"


def test_what_cannot_be_read_back_is_the_third_reason() -> None:
    profile = replace(GRANTS.profile, switches={Status.DND: Switch("*78", "*79", "*76{user}")})
    blind = Mirror(switches=Switches({Status.DND: Setting(blind="404 Not Found")}), read_by=NOW - 1)
    state = replace(QUIET, grants=replace(GRANTS, profile=profile), mirror=blind)
    assert reason(state) == "The PBX does not show *76100: 404 Not Found"
    early = replace(state, mirror=Mirror(read_by=NOW + 1))
    assert reason(early) == "", "it may speak yet"


def test_calls_are_listed_newest_first_with_their_time() -> None:
    anna = CallEntry("101", "Anna", CallKind.DND, Stamp(NOW, WALL), count=3, unseen=2)
    old = CallEntry("", "", CallKind.MISSED, Stamp(None, None), unseen=0)
    state = replace(QUIET, missed=CallList((anna, old)))
    shared = {"number": "101", "name": "Anna", "kind": "dnd", "count": 3, "unseen": 2}
    unknown = {"number": "", "name": "", "kind": "missed", "count": 1, "unseen": 0}
    at = datetime.fromtimestamp(WALL, UTC).isoformat()
    assert calls(state) == [{**shared, "at": at}, {**unknown, "at": None}]


def test_messages_are_listed_with_what_was_seen() -> None:
    text = Text("101", "Anna", "Lunch?", Stamp(NOW, WALL), seen=True)
    [told] = messages(replace(QUIET, texts=TextList((text,))))
    assert told == {
        "number": "101",
        "name": "Anna",
        "text": "Lunch?",
        "at": "2026-10-14T14:30:00+00:00",
        "seen": True,
    }


def test_each_voicemail_box_is_told() -> None:
    boxes = (("100", Counts(2, 5, 1)), ("600", Counts(1, 0, 0)))
    told = voicemail(replace(QUIET, voicemail=Voicemail(boxes, waiting=True, known=True)))
    assert (told["new"], told["old"], told["urgent"], told["known"]) == (3, 5, 1, True)
    assert told["boxes"] == [
        {"account": "100", "new": 2, "old": 5, "urgent": 1},
        {"account": "600", "new": 1, "old": 0, "urgent": 0},
    ]


def test_to_be_logged_out_needs_no_excuse() -> None:
    out = replace(chosen(Status.LOGGED_OUT), link=Link.OFFLINE, link_reason="Logged out")
    assert mirror(out)["state"] == "confirmed"
    assert reason(out) == ""


def test_each_colleague_is_told() -> None:
    state = office(h101=Hint.FREE, h74101=Hint.BUSY, h102=Hint.FREE, h76102=Hint.BUSY)
    told = colleagues(replace(state, tell_free=frozenset({"102"})))
    shared = {"dnd": False, "absent": False, "diverted": False, "tell_when_free": False}
    reception = {"number": "101", "name": "Reception", "state": "free", "word": "free"}
    anna = {"number": "102", "name": "Anna", "state": "busy", "word": "do not disturb"}
    bruno = {"number": "103", "name": "Bruno", "state": "unknown", "word": "unknown"}
    assert told == [
        {**shared, **reception, "diverted": True},
        {**shared, **anna, "dnd": True, "tell_when_free": True},
        {**shared, **bruno},
    ]


def test_a_call_that_is_made_is_told_until_it_has_been_read() -> None:
    calling = Calling(7, "102", "Anna", NOW + 4, CallingStage.FAILED, reason="Anna is busy")
    told = public(replace(QUIET, calling=calling))
    assert told["page"] == "calling"
    assert told["calling"] == {
        "job": 7,
        "number": "102",
        "name": "Anna",
        "stage": "failed",
        "reason": "Anna is busy",
    }


def test_a_target_that_diverts_as_well_is_warned_of_while_asked_for_and_after() -> None:
    warning = "Anna diverts calls too: yours would be refused there"
    for state in (asked(Status.DIVERTED, "102"), chosen(Status.DIVERTED, "102")):
        assert divert(office(state, h74102=Hint.BUSY)) == {
            "target": "102",
            "name": "Anna",
            "warning": warning,
        }
        assert divert(office(state, h74102=Hint.FREE))["warning"] == ""


def test_a_profile_that_does_not_fit_is_told_with_its_reason() -> None:
    wrong = replace(QUIET, mirror=replace(QUIET.mirror, misfit="It does not fit"))
    told = mirror(wrong)
    assert (told["state"], told["reason"], told["misfit"]) == (
        "unknown",
        "It does not fit",
        "It does not fit",
    )


def test_the_schedule_s_next_change_is_told_by_the_clock_on_the_wall() -> None:
    changes = (
        Change((2, 3), 18 * 60, Status.DIVERTED, "Reception"),
        Change((4,), 8 * 60, Status.AVAILABLE),
    )
    state = replace(QUIET, grants=replace(OFFICE, schedule=changes))
    evening = {"status": "diverted", "target": "101", "name": "Reception"}
    assert schedule(state) == {"at": "2026-10-14T18:00:00", **evening}
    assert schedule(replace(state, now=NOW + 4 * 3600)) == {"at": "2026-10-15T18:00:00", **evening}
    morning = {"status": "available", "target": None, "name": None}
    assert schedule(replace(state, now=NOW + 28 * 3600)) == {
        "at": "2026-10-16T08:00:00",
        **morning,
    }
    assert schedule(replace(state, clock=Clock())) is None


def test_a_mute_is_told_with_its_end() -> None:
    told = public(replace(QUIET, mute=Mute(NOW + 90)), NOW + 30)["sound"]
    assert told == {
        "on": False,
        "muted": True,
        "until": "2026-10-14T14:31:30+00:00",
        "remaining": 60,
        "quiet_hours": False,
    }


def test_a_status_in_which_nothing_is_heard_is_not_a_mute() -> None:
    sound = public(chosen(Status.DND))["sound"]
    assert isinstance(sound, dict)
    assert (sound["on"], sound["muted"]) == (False, False)


def test_a_number_that_is_entered_is_told_and_of_a_pin_only_stars() -> None:
    view = View(Page.NUMBER, entry=Entry(Purpose.DIVERT, "+39"))
    assert public(replace(QUIET, view=view))["entry"] == {"purpose": "divert", "typed": "+39"}
    asked = View(Page.PIN, entry=Entry(Purpose.UNLOCK, "**"))
    assert public(replace(QUIET, view=asked))["entry"] == {"purpose": "unlock", "typed": "**"}


def test_the_lock_tells_how_long_it_waits() -> None:
    grants = replace(GRANTS, manners=Manners(pin_digits=4))
    locked = replace(chosen(Status.ABSENT), grants=grants, lock=Lock(3, NOW + 3.2))
    assert public(locked)["lock"] == {"asks": True, "wrong": 3, "wait": 4}
