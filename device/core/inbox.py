"""Texts and voicemail: what comes in, what goes out, and when the user is done with it."""

from dataclasses import replace

from device.core import calls, pages
from device.core.effects import SendText
from device.core.events import TextReceived, TextSent, TextWanted, VoicemailHeard
from device.core.notices import LONGEST_TEXT, CallList, Stamp, Text, TextList
from device.core.pages import pop_up
from device.core.state import Outcome, Sent, State
from device.core.words import Link, Notice, Page

KEPT_SENT = 10
"Texts of ours whose fate is remembered."


def text(state: State, event: TextReceived) -> Outcome:
    stamp = Stamp(state.now, state.clock.wall(state.now))
    new = Text(event.number, event.name, event.text[:LONGEST_TEXT], stamp)
    after = pages.keep_place(state, replace(state, texts=state.texts.add(new)), Page.MESSAGE)
    told = pop_up(after, Notice.MESSAGE, event.name or event.number or pages.WITHHELD, new.text)
    return told, calls.sound(state, Notice.MESSAGE)


def send(state: State, event: TextWanted) -> Outcome:
    job, online = state.jobs + 1, state.link is Link.ONLINE
    ours = Sent(job, event.to, event.text)
    after = replace(state, jobs=job, sent=(ours, *state.sent)[:KEPT_SENT])
    if not online:
        return sent(after, TextSent(event.at, job, ok=False, reason="There is no PBX")), ()
    return after, (SendText(job, event.to, event.text),)


def sent(state: State, event: TextSent) -> State:
    known = [s for s in state.sent if s.job == event.job]
    if not known:
        return state
    after = replace(known[0], ok=event.ok, reason=event.reason)
    ours = tuple(after if s.job == event.job else s for s in state.sent)
    state = replace(state, sent=ours)
    return state if event.ok else pop_up(state, None, "Text not sent", event.reason)


def voicemail(state: State, event: VoicemailHeard) -> Outcome:
    """More new ones than before, since we listened, are news."""
    before = state.voicemail
    after = replace(state, voicemail=before.heard(event.boxes, event.waiting))
    if not after.voicemail.unseen or (after.voicemail.new <= before.new and before.lit):
        return after, ()
    title = "Urgent voicemail" if after.voicemail.urgent > before.urgent else "New voicemail"
    told = pop_up(after, Notice.VOICEMAIL, title, f"{after.voicemail.new or 'some'} to hear")
    return told, calls.sound(state, Notice.VOICEMAIL)


def clear(state: State, notice: Notice) -> State:
    """Done with all of it. Voicemail stays at the PBX and is only counted as seen."""
    match notice:
        case Notice.MISSED:
            return replace(state, missed=CallList())
        case Notice.MESSAGE:
            return replace(state, texts=TextList())
        case Notice.VOICEMAIL:
            return pages.look(state, notice)
