"""The demo PBX is of whatever family is asked for."""

import pytest

from device.core.profile import Profile, Switch
from device.core.words import Hint, Status
from device.demo.moods import opposite
from device.demo.pbx import DemoPbx
from device.demo.people import Being
from device.demo.plan import Deed, Plan
from device.demo.settings import Settings
from device.pbx.presence import read
from device.pbx.profiles import PROFILES
from tests.demo.peer import Peer, at, changed

NUMBER = "0612345678"

FAMILIES = sorted(PROFILES)
KIT = PROFILES["deskpanel"]

SETTABLE = [
    (name, status)
    for name in FAMILIES
    for status, switch in PROFILES[name].switches.items()
    if switch.on and status is not Status.AVAILABLE
]

MEETS = {
    Status.DND: ("busy", "busy: do not disturb"),
    Status.ABSENT: ("unreachable", "unreachable: absent"),
    Status.DIVERTED: ("diverted", "diverted to 101"),
    Status.LOGGED_OUT: ("ringing", "ringing"),
    Status.AVAILABLE: ("ringing", "ringing"),
}


def on(profile: Profile, status: Status) -> str:
    return profile.switches[status].on.format(target="101", user="100")


def off(profile: Profile, status: Status) -> str:
    """What ends a status: its own code, or that for being available."""
    return profile.switches[status].off or profile.switches[Status.AVAILABLE].on


def meets(pbx: DemoPbx) -> tuple[str, str]:
    """What somebody meets who calls now."""
    pbx.call(NUMBER)
    told = pbx.snapshot()["calls"][-1]
    return told["state"], told["detail"]


@pytest.mark.parametrize(("name", "status"), SETTABLE)
def test_what_a_family_keeps_is_what_callers_meet(name: str, status: Status) -> None:
    profile = PROFILES[name]

    @at(profile)
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        assert await panel.dial(on(profile, status)) == 200
        await changed(pbx, lambda seen: seen["statuses"] == [status])
        assert meets(pbx) == MEETS[status]
        assert await panel.dial(off(profile, status)) == 200
        await changed(pbx, lambda seen: seen["statuses"] == [])
        assert meets(pbx) == MEETS[Status.AVAILABLE]

    body()


@pytest.mark.parametrize(
    ("name", "status"), [(n, s) for n, s in SETTABLE if PROFILES[n].switches[s].hint]
)
def test_a_hint_says_what_its_profile_expects(name: str, status: Status) -> None:
    profile = PROFILES[name]
    switch = profile.switches[status]

    @at(profile)
    async def body(pbx: DemoPbx, panel: Peer) -> None:
        await panel.watch(switch.hint.format(user="100"))
        assert not fits(switch, (await panel.asked("NOTIFY")).body)
        pbx.dial_on_desk_phone(on(profile, status))
        assert fits(switch, (await panel.asked("NOTIFY", 2)).body)
        pbx.dial_on_desk_phone(off(profile, status))
        assert not fits(switch, (await panel.asked("NOTIFY", 3)).body)

    body()


def fits(switch: Switch, body: bytes) -> bool:
    """The document says that the status is set, as `Switch.note` has it."""
    found = read(body.decode())
    assert found is not None
    return found[1] == switch.note if switch.note else found[0] is Hint.BUSY


@at(KIT)
async def test_with_a_selector_one_status_ends_the_other(pbx: DemoPbx, panel: Peer) -> None:
    for code, status in (("*511", "dnd"), ("*513101", "diverted"), ("*512", "absent")):
        assert await panel.dial(code) == 200
        await changed(pbx, lambda seen, status=status: seen["statuses"] == [status])  # type: ignore[misc]


@at(PROFILES["freepbx"])
async def test_without_a_selector_dnd_goes_before_a_divert(pbx: DemoPbx, panel: Peer) -> None:
    pbx.dial_on_desk_phone("*72101")
    assert await panel.dial("*78") == 200

    await changed(pbx, lambda seen: seen["statuses"] == ["diverted", "dnd"])
    assert meets(pbx) == MEETS[Status.DND]


@at(KIT)
async def test_absent_locks_the_users_phones_but_for_codes(pbx: DemoPbx, panel: Peer) -> None:
    pbx.dial_on_desk_phone("*512")
    assert [await panel.dial(number) for number in ("*55", NUMBER)] == [403, 403]

    assert await panel.dial("*510") == 200
    await changed(pbx, lambda seen: not seen["statuses"])


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_known_by_what_it_calls_itself(name: str) -> None:
    agents = PROFILES[name].agents

    @at(PROFILES[name])
    async def body(_: DemoPbx, panel: Peer) -> None:
        for method in ("OPTIONS", "REGISTER", "PUBLISH"):
            server = (await panel.ask(method, "100")).headers.get("Server")
            assert server == (f"{agents[0]} demo" if agents else None)

    body()


@at(opposite(PROFILES["freepbx"]))
async def test_at_the_opposite_family_a_code_does_the_contrary(pbx: DemoPbx, panel: Peer) -> None:
    await panel.watch("*76100")
    assert await panel.dial("*79") == 200
    await changed(pbx, lambda seen: seen["statuses"] == ["dnd"])
    assert await panel.dial("*78") == 200
    await changed(pbx, lambda seen: not seen["statuses"])

    last = read((await panel.asked("NOTIFY", 3)).body.decode())
    assert last == (Hint.AWAY, "Unavailable")


@at(KIT)
async def test_colleagues_of_a_family_have_its_hints_too(pbx: DemoPbx, panel: Peer) -> None:
    await panel.watch("*53101")
    for being in (Being.DIVERTED, Being.AWAY, Being.BUSY):
        pbx.let_colleague("101", being)
    await panel.watch("101")
    pbx.let_colleague("101", Being.RINGING)

    await panel.asked("NOTIFY", 6)
    notes = [read(n.body.decode()) for n in panel.requests("NOTIFY")]
    assert notes == [
        (Hint.FREE, "Ready"),
        (Hint.BUSY, "On hold"),
        (Hint.AWAY, "Unavailable"),
        (Hint.FREE, "Ready"),
        (Hint.BUSY, "On the phone"),
        (Hint.RINGING, "Ringing"),
    ]


def played(profile: Profile, *codes: str) -> Settings:
    """What is kept after these codes."""
    settings, plan = Settings(profile.selector), Plan(profile, "100")
    for code in codes:
        deed = plan.deed(code)
        assert deed
        settings = settings.after(deed)
    return settings


def test_a_code_without_a_target_is_the_better_match() -> None:
    switches = {
        Status.DIVERTED: Switch("*7{target}", "*73", ""),
        Status.DND: Switch("*78", "*79", ""),
    }
    plan = Plan(Profile("odd", switches), "100")

    assert plan.deed("*78") == Deed(Status.DND, True)
    assert plan.deed("*73") == Deed(Status.DIVERTED, False)
    assert plan.deed("*7101") == Deed(Status.DIVERTED, True, "101")
    assert plan.deed("*7") is None


def test_the_last_target_is_where_calls_go() -> None:
    freepbx = PROFILES["freepbx"]

    assert played(freepbx, "*72101", "*78", "*72102").forward == "102"
    assert played(freepbx, "*72101", "*73").forward == ""


def test_keys_of_a_desk_phone_are_named() -> None:
    keys = {key["code"]: key["name"] for key in Plan(PROFILES["freepbx"], "100").keys}
    assert keys == {"*78": "DND on", "*79": "DND off", "*73": "Divert off"}
    kit = {key["code"]: key["name"] for key in Plan(KIT, "100").keys}
    assert kit == {"*510": "Available", "*511": "DND", "*512": "Absent", "*514": "Logged out"}
