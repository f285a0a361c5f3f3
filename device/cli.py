"""The command line. Exit code 0: done; 1: refused or failed, with one line on stderr; 2: usage."""

import argparse
import asyncio
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from device import checks, walk
from device import config as configs
from device.checkup import checkup
from device.control.client import Client, ClientError
from device.core.calling import CONNECT_SECONDS, LIFT_SECONDS
from device.core.pages import WITHHELD
from device.core.words import BUTTONS, COLLEAGUE_BUTTONS, CallingStage, Status
from device.journal import load, replay
from device.pbx import sheet
from device.pbx.profiles import PROFILES
from device.sip.missing import SipMissing
from device.store import StoreError
from device.tables import ConfigError
from device.terminal import Terminal
from device.views.lamps import lamps
from device.views.paint import paint
from device.views.screen import screen

CONFIG_HELP = f"instead of {configs.PLACES[0]} or {configs.PLACES[1]}"

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


class FailedError(Exception):
    """The command could not be done; the message is for stderr."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command, and return its exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        do: Callable[[argparse.Namespace], None] = options.do
        do(options)
    except ConfigError as error:
        return _fail(error.complaints)
    except (FailedError, ClientError, StoreError, SipMissing, OSError) as error:
        return _fail([str(error)])
    except KeyboardInterrupt:
        return 130  # as a shell reports SIGINT
    return 0


def _fail(lines: "list[str] | tuple[str, ...]") -> int:
    for line in lines:
        print(f"deskpanel: {line}", file=sys.stderr)  # noqa: T201
    return 1


def _say(text: str = "") -> None:
    print(text, flush=True)  # noqa: T201 - whoever reads a pipe is to read it now


# Commands that run a panel


def _run(options: argparse.Namespace) -> None:
    from device import wiring  # pulls in everything, which a small question does not need

    asyncio.run(wiring.run(_config(options)))


def _demo(options: argparse.Namespace) -> None:
    from device import wiring

    try:
        listen = checks.listening(options.listen)
    except ValueError as error:
        raise FailedError(f"--listen: {error}") from error
    if not checks.is_loopback(listen):
        raise FailedError("--listen: the demo is for this machine only: 127.0.0.1 or [::1]")
    logging.getLogger("deskpanel").setLevel(logging.WARNING)  # it says itself what matters
    asyncio.run(
        wiring.demo(listen, browser=not options.no_browser, say=_say, profile=options.profile)
    )


def _check(options: argparse.Namespace) -> None:
    config = _config(options)
    _say(f"ok   config: {_config_path(options)}")
    for remark in config.remarks:
        _say(f"note config: {remark}")
    if options.hardware:
        _walk(config)
        return
    faults = 0
    for finding in checkup(config):
        _say(str(finding))
        faults += not finding.ok
    if faults:
        raise FailedError(f"{faults} of these need a look")


def _walk(config: configs.Config) -> None:
    """Through what is fitted, with the user."""
    if config.web.listen and _answers(_client_of(config.web)):
        raise FailedError(f"This panel is running. {walk.BUSY}")
    findings = list(walk.Walk(config, Terminal()).findings())
    _say()
    _say("\n".join(walk.table(findings)) or "nothing is fitted")
    if faults := sum(not finding.ok for finding in findings):
        raise FailedError(f"{faults} of {len(findings)} are not right")


def _answers(client: Client) -> bool:
    """Somebody is there, if only to refuse."""
    try:
        client.get("/api/panel")
    except ClientError as error:
        return error.__cause__ is None  # else it is why nobody could be asked
    return True


# Commands that ask a running panel


def _status(options: argparse.Namespace) -> None:
    client = _client(options)
    if options.name is None:
        if options.target or options.for_time or options.until:
            options.usage("--target, --for and --until go with a status")
        panel = client.get("/api/panel")
        return _show(options, panel, _panel_lines(panel))
    wish = {"status": options.name, "by": "cli", "target": options.target}
    wish |= {"for": options.for_time, "until": options.until}
    client.post("/api/status", {k: v for k, v in wish.items() if v})
    panel = client.settled("/api/panel", lambda p: p["mirror"]["state"] == "pending")
    _show(options, panel, _panel_lines(panel))
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
    client, wish = _client(options), {"for": options.time} if options.time else {}
    panel = client.delete("/api/mute") if options.off else client.post("/api/mute", wish)
    _show(options, panel["sound"], [_sound_line(panel["sound"])])


def _sound_line(sound: dict[str, Any]) -> str:
    if sound["muted"]:
        left = sound["remaining"]
        return "muted" if left is None else f"muted for {-(-left // 60)} min"
    return "sound is on" if sound["on"] else "not muted, and quiet by the hour or the status"


def _calls(options: argparse.Namespace) -> None:
    calls = _client(options).get("/api/calls")
    lines = [f"{c['at'] or 'time unknown':25} {_who(c)}{_fold(c)} {c['kind']}" for c in calls]
    _show(options, calls, lines or ["no calls"])


def _messages(options: argparse.Namespace) -> None:
    texts = _client(options).get("/api/messages")
    lines = [f"{t['at'] or 'time unknown':25} {_who(t)}: {_plain(t['text'])}" for t in texts]
    _show(options, texts, lines or ["no messages"])


def _who(entry: dict[str, Any]) -> str:
    name, number = _plain(entry["name"]), _plain(entry["number"]) or WITHHELD
    return f"{name} ({number})" if name else str(number)


def _plain(text: str) -> str:
    """Without what a terminal would obey, on one line: it came from outside."""
    return "".join(c if c.isprintable() else " " for c in text)


def _fold(call: dict[str, Any]) -> str:
    return f" x{call['count']}" if call["count"] > 1 else ""


def _voicemail(options: argparse.Namespace) -> None:
    box = _client(options).get("/api/panel")["notices"]["voicemail"]
    known = "" if box["known"] else " (not known at the moment)"
    _show(options, box, [f"{box['new']} new, {box['old']} old, {box['urgent']} urgent{known}"])


def _send(options: argparse.Namespace) -> None:
    client, wish = _client(options), {"to": options.number, "text": options.text}
    job = client.post("/api/messages", wish)["job"]
    text = _of_job(client.settled("/api/sent", lambda s: _of_job(s, job)["ok"] is None), job)
    if not text["ok"]:
        raise FailedError(f"Not sent: {text['reason'] or 'no answer yet'}")
    _show(options, text, ["sent"])


def _of_job(sent: list[dict[str, Any]], job: int) -> dict[str, Any]:
    return next((s for s in sent if s["job"] == job), {"ok": False, "reason": "forgotten"})


def _colleagues(options: argparse.Namespace) -> None:
    client, who = _client(options), options.tell or options.forget
    if who:
        path = f"/api/colleagues/{quote(who, safe='')}/tell"
        person = client.post(path, {}) if options.tell else client.delete(path)
        _show(options, person, [_person(person)])
        return
    people = client.get("/api/colleagues")
    _show(options, people, [_person(p) for p in people] or ["no colleagues"])


def _person(person: dict[str, Any]) -> str:
    marks = {"diverts": person["diverted"], "you will be told": person["tell_when_free"]}
    told = ", ".join([person["word"], *(mark for mark, on in marks.items() if on)])
    return f"{person['number']:6} {_plain(person['name']):20} {told}"


def _dial(options: argparse.Namespace) -> None:
    """Make a call, and see it connected. To stop waiting is to stop calling."""
    if options.cancel == (options.number is not None):
        options.usage("expected either a number or a name, or --cancel")
    client = _client(options)
    if options.cancel:
        _show(options, client.delete("/api/dial"), ["no call is being made"])
        return
    calling = client.post("/api/dial", {"number": options.number})["calling"]
    try:
        if not options.json:
            _say(f"Lift your phone to talk to {_who(calling)}")
        calling = _outcome(client, calling["job"])
    except KeyboardInterrupt:
        client.delete("/api/dial")
        raise
    _show(options, calling, [f"connected to {_who(calling)}"])


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
    panel = _client(options).post("/api/press", wish)
    _show(options, panel, _panel_lines(panel))


def _screen(options: argparse.Namespace) -> None:
    """As a picture, or as text; there is nothing in it that JSON would tell better."""
    picture = _client(options).fetch("GET", "/api/screen.png")
    if options.png:
        Path(options.png).write_bytes(picture)
    else:
        _say(_as_blocks(picture))


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
    shown = _client(options).get("/api/panel")["lamps"]
    _show(options, shown, [f"{n:11} {g['colour']:6} {g['pattern']}" for n, g in shown.items()])


# Commands that need no panel


def _profiles(options: argparse.Namespace) -> None:
    if options.name:
        profile = PROFILES[options.name]
        return _show(options, sheet.as_json(profile), sheet.in_full(profile))
    every = {name: sheet.as_json(profile) for name, profile in PROFILES.items()}
    return _show(options, every, sheet.overview(PROFILES))


def _replay(options: argparse.Namespace) -> None:
    try:
        begin, events = load(Path(options.file).read_text(encoding="utf-8"))
    except ValueError as error:
        raise FailedError(f"{options.file}: {error}") from error
    states = list(replay(begin, events))
    if options.gif:
        pictures = [paint(s) for s in dict.fromkeys(screen(state) for state in states)]
        pictures[0].save(options.gif, save_all=True, append_images=pictures[1:], duration=800)
    last = states[-1]
    _say(f"{len(events)} events, {last.mirror.choice.status}, {last.link}")
    for name, glow in lamps(last).items():
        _say(f"{name:11} {glow.colour:6} {glow.pattern}")


# Helpers


def _show(options: argparse.Namespace, value: object, lines: list[str]) -> None:
    if options.json:
        _say(json.dumps(value, indent=2))
    else:
        _say("\n".join(lines))


def _client(options: argparse.Namespace) -> Client:
    token = options.token or os.environ.get("DESKPANEL_TOKEN", "")
    if options.url:
        return Client(options.url.rstrip("/"), token)
    if options.config is None and configs.find() is None:
        return Client(DEFAULT_URL, token)
    web = _config(options).web
    if not web.listen:
        raise FailedError(f"{_config_path(options)}: web.listen is off, so nothing can be asked")
    return _client_of(web, token)


def _client_of(web: configs.Web, token: str = "") -> Client:
    host, _, port = web.listen.rpartition(":")
    here = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)
    return Client(f"http://{here}:{port}", token or web.token)


def _config_path(options: argparse.Namespace) -> Path:
    path: Path | None = options.config or configs.find()
    if path is None:
        places = " or ".join(map(str, configs.PLACES))
        raise FailedError(f"No config: write {places}, or name one with --config")
    return path


def _config(options: argparse.Namespace) -> configs.Config:
    return configs.load(_config_path(options), configs.state_directory())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deskpanel", description="A panel that stands beside a desk phone."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _running(commands)
    _asking(commands)
    return parser


def _running(commands: Any) -> None:
    run = _command(commands, "run", _run, "run the panel")
    check = _command(commands, "check", _check, "look at config, hardware and PBX")
    for command in (run, check):
        command.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)
    check.add_argument(
        "--hardware", action="store_true", help="go through lamps, buttons and display with you"
    )
    demo = _command(commands, "demo", _demo, "try the panel, without hardware or PBX")
    demo.add_argument(
        "--profile", choices=PROFILES, default="freepbx", metavar="NAME", help=", ".join(PROFILES)
    )
    demo.add_argument("--no-browser", action="store_true", help="only print the address")
    demo.add_argument("--listen", default="127.0.0.1:8780", metavar="ADDRESS:PORT")
    profiles = _command(commands, "profiles", _profiles, "list the families of PBX, or show one")
    profiles.add_argument(
        "name", nargs="?", choices=PROFILES, metavar="NAME", help=", ".join(PROFILES)
    )
    profiles.add_argument("--json", action="store_true")
    again = _command(commands, "replay", _replay, "live a journal again")
    again.add_argument("file")
    again.add_argument("--gif", metavar="F", help="write the screens as a moving picture")


def _asking(commands: Any) -> None:
    status = _ask(commands, "status", _status, "show or set the status")
    status.add_argument(
        "name", nargs="?", choices=[*map(str, Status)], metavar="NAME", help=", ".join(Status)
    )
    status.set_defaults(usage=status.error)
    status.add_argument("--target", metavar="T", help="where to divert to: a name or a number")
    limit = status.add_mutually_exclusive_group()
    limit.add_argument("--for", dest="for_time", metavar="25m", help="for so long")
    limit.add_argument("--until", metavar="HH:MM", help="until this time")
    mute = _ask(commands, "mute", _mute, "sound nothing; lamps and display go on")
    mute.add_argument("time", nargs="?", metavar="30m", help="for so long; else until --off")
    mute.add_argument("--off", action="store_true", help="sound again")
    mute.set_defaults(usage=mute.error)
    _ask(commands, "calls", _calls, "list the calls that did not get through")
    _ask(commands, "messages", _messages, "list the texts")
    _ask(commands, "voicemail", _voicemail, "count the voicemail")
    send = _ask(commands, "send", _send, "send a text")
    send.add_argument("number")
    send.add_argument("text")
    people = _ask(commands, "colleagues", _colleagues, "show what the colleagues are doing")
    wait = people.add_mutually_exclusive_group()
    wait.add_argument("--tell", metavar="NAME", help="tell, once, when this one is free")
    wait.add_argument("--forget", metavar="NAME", help="do not tell any more")
    dial = _ask(commands, "dial", _dial, "make a call on your own phone, and see it connected")
    dial.add_argument("number", nargs="?", metavar="NUMBER", help="or a colleague's name")
    dial.add_argument("--cancel", action="store_true", help="make no call any more")
    dial.set_defaults(usage=dial.error)
    press = _ask(commands, "press", _press, "press a button")
    press.add_argument(
        "button",
        choices=[*map(str, BUTTONS), *COLLEAGUE_BUTTONS],
        metavar="BUTTON",
        help=f"{', '.join(BUTTONS)}; colleague-1 and so on",
    )
    press.add_argument("--hold", action="store_true", help="keep it down for a while")
    shot = _ask(commands, "screen", _screen, "show what the OLED shows")
    shot.add_argument("--png", metavar="F", help="write it as a picture")
    _ask(commands, "lamps", _lamps, "show what the lamps show")


def _ask(commands: Any, name: str, do: Callable[[Any], None], about: str) -> Any:
    """A command for a running panel."""
    command = _command(commands, name, do, about)
    command.add_argument("--json", action="store_true", help="answer as JSON")
    command.add_argument("--url", help="the panel's address, where it is not the config's")
    command.add_argument("--token", default="", help="or in DESKPANEL_TOKEN")
    command.add_argument("--config", type=Path, metavar="F", help=CONFIG_HELP)
    return command


def _command(commands: Any, name: str, do: Callable[[Any], None], about: str) -> Any:
    command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    command.set_defaults(do=do)
    return command
