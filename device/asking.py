"""Commands that ask a running panel, over HTTP."""

import argparse
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from device import command, places
from device import config as configs
from device.command import Do, FailedError, config_of, path_of, say, show
from device.control.client import Client
from device.core.calling import CONNECT_SECONDS, LIFT_SECONDS
from device.core.pages import WITHHELD
from device.core.words import BUTTONS, COLLEAGUE_BUTTONS, CallingStage, Status

DEFAULT_URL = "http://127.0.0.1:8780"

CALL_SECONDS = LIFT_SECONDS + CONNECT_SECONDS + 5
"In which a call is connected or has failed, and a little more."

UNDER_WAY = (CallingStage.LIFT, CallingStage.CONNECTING)

HOW = {
    "hint": "confirmed",
    "publish": "confirmed (as published; callers meet the panel's own answers)",
    "code": "confirmed (the PBX took the code, and cannot be asked)",
    "answers": "confirmed (by the panel's own answers)",
}


def add_all(commands: Any) -> None:
    """Let there be all of them."""
    _add_wishes(commands)
    _add_questions(commands)
    _add_people(commands)


def _add_wishes(commands: Any) -> None:
    status = _add(commands, "status", _status, "show or set the status")
    status.add_argument(
        "name", nargs="?", choices=[*map(str, Status)], metavar="NAME", help=", ".join(Status)
    )
    status.add_argument("--target", metavar="T", help="where to divert to: a name or a number")
    limit = status.add_mutually_exclusive_group()
    limit.add_argument("--for", dest="for_time", metavar="25m", help="for so long")
    limit.add_argument("--until", metavar="HH:MM", help="until this time")
    mute = _add(commands, "mute", _mute, "sound nothing; lamps and display go on")
    mute.add_argument("time", nargs="?", metavar="30m", help="for so long; else until --off")
    mute.add_argument("--off", action="store_true", help="sound again")
    press = _add(commands, "press", _press, "press a button")
    press.add_argument(
        "button",
        choices=[*map(str, BUTTONS), *COLLEAGUE_BUTTONS],
        metavar="BUTTON",
        help=f"{', '.join(BUTTONS)}; colleague-1 and so on",
    )
    press.add_argument("--hold", action="store_true", help="keep it down for a while")


def _add_questions(commands: Any) -> None:
    _add(commands, "calls", _calls, "list the calls that did not get through")
    _add(commands, "messages", _messages, "list the texts")
    _add(commands, "voicemail", _voicemail, "count the voicemail")
    _add(commands, "lamps", _lamps, "show what the lamps show")
    shot = _add(commands, "screen", _screen, "show what the OLED shows")
    shot.add_argument("--png", metavar="F", help="write it as a picture")


def _add_people(commands: Any) -> None:
    people = _add(commands, "colleagues", _colleagues, "show what the colleagues are doing")
    wait = people.add_mutually_exclusive_group()
    wait.add_argument("--tell", metavar="NAME", help="tell, once, when this one is free")
    wait.add_argument("--forget", metavar="NAME", help="do not tell any more")
    dial = _add(commands, "dial", _dial, "make a call on your own phone, and see it connected")
    dial.add_argument("number", nargs="?", metavar="NUMBER", help="or a colleague's name")
    dial.add_argument("--cancel", action="store_true", help="make no call any more")
    send = _add(commands, "send", _send, "send a text")
    send.add_argument("number")
    send.add_argument("text")


def _add(commands: Any, name: str, do: Do, about: str) -> Any:
    """A command that says which panel it asks."""
    added = command.add(commands, name, do, about)
    added.add_argument("--json", action="store_true", help="answer as JSON")
    added.add_argument("--url", help="the panel's address, where it is not the config's")
    added.add_argument("--token", default="", help="or in DESKPANEL_TOKEN")
    command.add_config(added)
    return added


# The panel that is asked


def client_of(options: argparse.Namespace) -> Client:
    """The one that the options name, or the config. Raises `FailedError` and `ConfigError`."""
    token = options.token or os.environ.get("DESKPANEL_TOKEN", "")
    if options.url:
        return Client(options.url.rstrip("/"), token)
    if options.config is None and places.config() is None:
        return Client(DEFAULT_URL, token)
    web = config_of(options).web
    if not web.listen:
        raise FailedError(f"{path_of(options)}: web.listen is off, so nothing can be asked")
    return client_at(web, token)


def client_at(web: configs.Web, token: str = "") -> Client:
    """The one on this machine that a config is about."""
    host, _, port = web.listen.rpartition(":")
    here = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)
    return Client(f"http://{here}:{port}", token or web.token)


# The commands


def _status(options: argparse.Namespace) -> None:
    client = client_of(options)
    if options.name is None:
        if options.target or options.for_time or options.until:
            options.usage("--target, --for and --until go with a status")
        panel = client.get("/api/panel")
        return show(options, panel, _panel_lines(panel))
    wish = {"status": options.name, "by": "cli", "target": options.target}
    wish |= {"for": options.for_time, "until": options.until}
    client.post("/api/status", {k: v for k, v in wish.items() if v})
    panel = client.settled("/api/panel", lambda p: p["mirror"]["state"] == "pending")
    show(options, panel, _panel_lines(panel))
    if panel["mirror"]["state"] != "confirmed":
        raise FailedError(panel["mirror"]["reason"] or f"{options.name} is not confirmed yet")
    return None


def _panel_lines(panel: dict[str, Any]) -> list[str]:
    mirror, divert = panel["mirror"], panel["divert"]["target"]
    name = panel["divert"]["name"]
    where = f" to {name or divert}" if divert else ""
    until = f" until {panel['until']}" if panel["until"] else ""
    why = f" ({mirror['reason']})" if mirror["reason"] else ""
    missed, texts = panel["notices"]["missed"], panel["notices"]["message"]
    box = panel["notices"]["voicemail"]
    waiting = (
        f"missed {missed['unseen']} unseen of {missed['total']}",
        f"messages {texts['unseen']} unseen of {texts['total']}",
        f"voicemail {box['new']} new, {box['old']} old",
    )
    how = HOW[mirror["means"]] if mirror["state"] == "confirmed" else mirror["state"]
    return [
        f"{panel['status']}{where}{until}, {how}{why}",
        f"line {panel['line']}, link {panel['link']}",
        ", ".join(waiting),
        *_remarks(panel),
    ]


def _remarks(panel: dict[str, Any]) -> list[str]:
    """What a glance should not miss, where there is any of it."""
    warning, misfit, then = panel["divert"]["warning"], panel["mirror"]["misfit"], panel["schedule"]
    lines = [f"warning: {warning}"] if warning else []
    if misfit and misfit != panel["mirror"]["reason"]:
        lines.append(f"warning: {misfit}")
    if panel["mirror"]["limit"]:
        lines.append(f"note: {panel['mirror']['limit']}")
    if then:
        where = f" to {then['name'] or then['target']}" if then["target"] else ""
        lines.append(f"next {then['status']}{where}, {then['at'].replace('T', ' ')[:16]}")
    return lines


def _mute(options: argparse.Namespace) -> None:
    if options.off and options.time:
        options.usage("expected either a time or --off")
    client, wish = client_of(options), {"for": options.time} if options.time else {}
    panel = client.delete("/api/mute") if options.off else client.post("/api/mute", wish)
    show(options, panel["sound"], [_sound_line(panel["sound"])])


def _sound_line(sound: dict[str, Any]) -> str:
    if sound["muted"]:
        left = sound["remaining"]
        return "muted" if left is None else f"muted for {-(-left // 60)} min"
    return "sound is on" if sound["on"] else "not muted, and quiet by the hour or the status"


def _calls(options: argparse.Namespace) -> None:
    calls = client_of(options).get("/api/calls")
    lines = [f"{c['at'] or 'time unknown':25} {_who(c)}{_fold(c)} {c['kind']}" for c in calls]
    show(options, calls, lines or ["no calls"])


def _messages(options: argparse.Namespace) -> None:
    texts = client_of(options).get("/api/messages")
    lines = [f"{t['at'] or 'time unknown':25} {_who(t)}: {_plain(t['text'])}" for t in texts]
    show(options, texts, lines or ["no messages"])


def _who(entry: dict[str, Any]) -> str:
    name, number = _plain(entry["name"]), _plain(entry["number"]) or WITHHELD
    return f"{name} ({number})" if name else str(number)


def _plain(text: str) -> str:
    """Without what a terminal would obey, on one line: it came from outside."""
    return "".join(c if c.isprintable() else " " for c in text)


def _fold(call: dict[str, Any]) -> str:
    return f" x{call['count']}" if call["count"] > 1 else ""


def _voicemail(options: argparse.Namespace) -> None:
    box = client_of(options).get("/api/panel")["notices"]["voicemail"]
    known = "" if box["known"] else " (not known at the moment)"
    show(options, box, [f"{box['new']} new, {box['old']} old, {box['urgent']} urgent{known}"])


def _send(options: argparse.Namespace) -> None:
    client, wish = client_of(options), {"to": options.number, "text": options.text}
    job = client.post("/api/messages", wish)["job"]
    text = _of_job(client.settled("/api/sent", lambda s: _of_job(s, job)["ok"] is None), job)
    if not text["ok"]:
        raise FailedError(f"Not sent: {text['reason'] or 'no answer yet'}")
    show(options, text, ["sent"])


def _of_job(sent: list[dict[str, Any]], job: int) -> dict[str, Any]:
    return next((s for s in sent if s["job"] == job), {"ok": False, "reason": "forgotten"})


def _colleagues(options: argparse.Namespace) -> None:
    client, who = client_of(options), options.tell or options.forget
    if who:
        path = f"/api/colleagues/{quote(who, safe='')}/tell"
        person = client.post(path, {}) if options.tell else client.delete(path)
        show(options, person, [_person(person)])
        return
    people = client.get("/api/colleagues")
    show(options, people, [_person(p) for p in people] or ["no colleagues"])


def _person(person: dict[str, Any]) -> str:
    marks = {"diverts": person["diverted"], "you will be told": person["tell_when_free"]}
    told = ", ".join([person["word"], *(mark for mark, on in marks.items() if on)])
    return f"{person['number']:6} {_plain(person['name']):20} {told}"


def _dial(options: argparse.Namespace) -> None:
    """Make a call, and see it connected. To stop waiting is to stop calling."""
    if options.cancel == (options.number is not None):
        options.usage("expected either a number or a name, or --cancel")
    client = client_of(options)
    if options.cancel:
        show(options, client.delete("/api/dial"), ["no call is being made"])
        return
    calling = client.post("/api/dial", {"number": options.number})["calling"]
    try:
        if not options.json:
            say(f"Lift your phone to talk to {_who(calling)}")
        calling = _outcome(client, calling["job"])
    except KeyboardInterrupt:
        client.delete("/api/dial")
        raise
    show(options, calling, [f"connected to {_who(calling)}"])


def _outcome(client: Client, job: int) -> dict[str, Any]:
    """The call, connected. Raises `FailedError` with the reason where it is not."""

    def on_its_way(panel: Any) -> bool:
        calling = panel["calling"]
        return bool(calling) and calling["job"] == job and calling["stage"] in UNDER_WAY

    calling: dict[str, Any] | None
    calling = client.settled("/api/panel", on_its_way, CALL_SECONDS)["calling"]
    if calling is None or calling["job"] != job:
        raise FailedError("The call was cancelled")
    if calling["stage"] != CallingStage.CONNECTED:
        raise FailedError(calling["reason"] or "Nothing is known of the call yet")
    return calling


def _press(options: argparse.Namespace) -> None:
    wish = {"button": options.button, "hold": options.hold}
    panel = client_of(options).post("/api/press", wish)
    show(options, panel, _panel_lines(panel))


def _screen(options: argparse.Namespace) -> None:
    """As a picture, or as text; there is nothing in it that JSON would tell better."""
    picture = client_of(options).fetch("GET", "/api/screen.png")
    if options.png:
        Path(options.png).write_bytes(picture)
    else:
        say(_as_blocks(picture))


def _as_blocks(picture: bytes) -> str:
    """Two rows of pixels to a line of text."""
    import io

    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("1")
    width, height = image.size
    lit = [[bool(image.getpixel((x, y))) for x in range(width)] for y in range(height)] + [
        [False] * width
    ]
    pairs = zip(lit[0:height:2], lit[1 : height + 1 : 2], strict=False)
    return "\n".join("".join(" ▄▀█"[2 * a + b] for a, b in zip(*p, strict=True)) for p in pairs)


def _lamps(options: argparse.Namespace) -> None:
    shown = client_of(options).get("/api/panel")["lamps"]
    show(options, shown, [f"{n:11} {g['colour']:6} {g['pattern']}" for n, g in shown.items()])
