"""What `deskpanel check` finds out about a PBX, asked by a phone that only seems to be one."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from device.checkup import NOBODY, Finding, Fitted, checkup
from device.cli import main
from device.config import Config, Web
from device.core.events import Event, HintHeard, HintLost, LinkChanged, PbxSeen
from device.core.profile import Colleague, Grants
from device.core.words import Hint, Link
from device.enquiry import Patience
from device.pbx.guess import NOWHERE
from device.pbx.profiles import PROFILES, changed
from device.sip.phone import Account, Phone, Presence
from device.sip.scripted import ScriptedPhone
from hw.specs import KeypadPins, KnobPins, OledSpec

AT_ONCE = Patience(0.0, 0.0)
"For a PBX that says nothing: nobody waits for it."

NOT_FOUND = "404 Not Found"


class Pbx(ScriptedPhone):
    """Takes the password, shows these hints, and answers for all others as it is told."""

    def __init__(self, agent: str, *hints: str, other: str = NOT_FOUND) -> None:
        super().__init__()
        self.agent, self.hints, self.other = agent, hints, other
        self.was_asked: list[Presence] = []
        self.nobody = ""
        "Shown as unavailable, as an Asterisk does with one who is not there, or was never."

    def be(self, presence: Presence) -> None:
        self.was_asked.append(presence)
        if not presence.watched:
            self.say(LinkChanged(0.0, Link.ONLINE))
            self.say(PbxSeen(0.0, self.agent))
        for number in presence.watched:
            self.say(self.answer_for(number))

    def answer_for(self, number: str) -> Event:
        if number in self.hints:
            hint = Hint.AWAY if number == self.nobody else Hint.FREE
            return HintHeard(0.0, number, hint)
        return HintLost(0.0, number, self.other)


class Stubborn(ScriptedPhone):
    """A PBX that says nothing but this."""

    def __init__(self, *events: Event) -> None:
        super().__init__()
        self.events = events

    def be(self, presence: Presence) -> None:
        super().be(presence)
        for event in self.events:
            self.say(event)


def config(profile: str = "freepbx", *, people: tuple[Colleague, ...] = ()) -> Config:
    grants = Grants("100", PROFILES[profile], colleagues=people)
    account = Account("pbx.example.com", "100", "hush")
    return Config(account, grants, (), OledSpec("none"), Web(""), Path("panel.sqlite"))


def maker(phone: Phone) -> Callable[[Account, Callable[[BaseException], None]], Phone]:
    return lambda *_: phone


def check(config: Config, phone: Phone) -> Mapping[str, Finding]:
    """The findings about the PBX, by what they are about; the last of several."""
    findings = list(checkup(config, maker(phone), AT_ONCE))
    return {f.what: f for f in findings if f.what != "oled"}


def test_a_pbx_of_the_configured_family_is_all_right() -> None:
    phone = Pbx("FPBX-16.0", "100", "*76100", "*740100")
    findings = check(config(), phone)
    assert all(finding.ok for finding in findings.values())
    assert findings["pbx"].text == "registered 100 at pbx.example.com over udp; it is FPBX-16.0"
    assert findings["profile"].text == "freepbx, as the PBX seems: it shows *76100"
    assert findings["hints"].text == "*740100, *76100, 100 can be read"


def test_the_check_dials_nothing_and_leaves_again() -> None:
    phone = Pbx("FPBX-16.0", "100", "*76100", "*740100")
    check(config(), phone)
    assert phone.asked == []
    assert not phone.opened
    assert [asked.registered for asked in phone.was_asked] == [True, True]
    assert phone.was_asked[1].watched >= {NOWHERE, "*76100", "*53100", "100"}


def test_another_family_is_named_with_what_to_do() -> None:
    finding = check(config(), Pbx("Asterisk PBX 22", "100", "*53100"))["profile"]
    assert not finding.ok
    assert "the PBX seems to be deskpanel: it shows *53100" in finding.text
    assert 'Set pbx.profile = "deskpanel"' in finding.text


def test_families_that_cannot_be_told_apart_are_both_named() -> None:
    finding = check(config(), Pbx("FreeSWITCH-mod_sofia/1.10"))["profile"]
    assert not finding.ok
    assert "freeswitch or fusionpbx" in finding.text
    assert check(config("fusionpbx"), Pbx("FreeSWITCH-mod_sofia/1.10"))["profile"].ok


def test_a_plain_asterisk_is_told_of_the_kit() -> None:
    finding = check(config("deskpanel"), Pbx("Asterisk PBX 22", "100"))["profile"]
    assert not finding.ok
    assert "image/pbx/asterisk" in finding.text


def test_a_pbx_that_shows_every_hint_is_known_by_its_name() -> None:
    everything = Pbx("FreeSWITCH-mod_sofia/1.10", NOWHERE, "100", "*76100", "*53100", "*740100")
    assert "freeswitch or fusionpbx" in check(config(), everything)["profile"].text


def test_nobody_is_blamed_for_a_pbx_that_nobody_knows() -> None:
    finding = check(config(), Pbx("Grandmother", "100", "*740100", other="403 Forbidden"))
    assert finding["profile"].ok
    assert "nothing tells" in finding["profile"].text


def test_answers_of_its_own_fit_every_pbx() -> None:
    finding = check(config("generic"), Pbx("Asterisk PBX 22", "100", "*76100"))["profile"]
    assert str(finding) == (
        'note profile: generic; more is possible with pbx.profile = "freepbx": the PBX shows *76100'
    )


def test_who_changed_the_codes_knows_better() -> None:
    own = config()
    profile = changed("freepbx", {"status": {"dnd": {"hint": ""}}})
    own = Config(
        own.account,
        Grants("100", profile),
        (),
        own.oled,
        own.web,
        own.store,
        changes=("status.dnd.hint",),
    )
    finding = check(own, Pbx("Asterisk PBX 22", "100"))["profile"]
    assert str(finding).startswith("note profile: freepbx, changed in the config; the PBX seems")
    assert "Set " not in finding.text


def test_a_hint_that_must_be_there_is_missed() -> None:
    findings = list(checkup(config(), maker(Pbx("FPBX-16", "100")), AT_ONCE))
    assert [str(f).partition(" (")[0] for f in findings if f.what == "hints"] == [
        "ok   hints: 100 can be read",
        "note hints: *740100 cannot be read",
        "BAD  hints: *76100 cannot be read",
    ]


def test_a_line_that_cannot_be_seen_is_no_fault() -> None:
    finding = check(config("generic"), Pbx("Asterisk PBX 22"))["hints"]
    assert finding.ok
    assert "what the user's phone does is not known" in finding.text


@pytest.mark.parametrize(("profile", "ok"), [("freepbx", False), ("generic", True)])
def test_a_pbx_without_subscriptions_can_show_nothing(profile: str, ok: bool) -> None:
    findings = check(config(profile), Pbx("FPBX-16", other="489 Bad Event"))
    text = "the PBX takes no subscriptions (489 Bad Event): nothing can be read back"
    assert findings["hints"] == Finding("hints", ok, text, note=ok)


def test_a_colleague_without_a_hint_is_named() -> None:
    people = (Colleague("Anna", "101"), Colleague("Ben", "102"))
    phone = Pbx("FPBX-16", "100", "*76100", "*740100", "101", "*76101", "*740101")
    findings = check(config(people=people), phone)
    assert "colleague Anna" not in findings
    assert findings["colleague Ben"].text.startswith(f"102 cannot be read ({NOT_FOUND})")


TYPO = (Colleague("Anna", "101"), Colleague("Typo", "199"))


def test_a_colleague_whose_number_is_nobody_s_is_asked_about_though_the_hint_speaks() -> None:
    """At a PBX that has hints for whole ranges, as our kit does."""
    phone = Pbx("Asterisk PBX 22", "100", "*53100", "101", "*53101", "199", "*53199", NOBODY)
    phone.nobody = "199"
    findings = check(config("deskpanel", people=TYPO), phone)
    assert "colleague Anna" not in findings
    assert str(findings["colleague Typo"]) == (
        "note colleague Typo: no phone is registered as 199 now: is that the right number?"
    )


def test_a_colleague_whose_phone_is_off_is_not_asked_about_where_a_hint_proves_them() -> None:
    phone = Pbx("FPBX-16", "100", "*76100", "*740100", "101", "199")
    phone.nobody = "199"
    assert "colleague Typo" not in check(config(people=TYPO), phone)


def test_a_colleague_who_publishes_to_be_away_is_away() -> None:
    phone = Pbx("kamailio", "100", "101", "199", NOBODY)
    phone.nobody = "199"
    assert "colleague Typo" not in check(config("presence", people=TYPO), phone)


def test_a_hint_that_never_speaks_is_not_waited_for() -> None:
    phone = Stubborn(LinkChanged(0.0, Link.ONLINE), HintHeard(0.0, "100", Hint.FREE))
    findings = check(config(), phone)
    assert "*76100 cannot be read (no answer)" in findings["hints"].text


def test_a_wrong_password_ends_the_check() -> None:
    phone = Stubborn(LinkChanged(0.0, Link.REFUSED, "403 Forbidden: wrong password?"))
    findings = check(config(), phone)
    assert findings.keys() == {"pbx"}
    assert findings["pbx"].text.endswith("over udp: 403 Forbidden: wrong password?")
    assert not phone.opened


def test_a_pbx_that_does_not_answer_is_told_in_its_own_words() -> None:
    connecting = LinkChanged(0.0, Link.CONNECTING)
    phone = Stubborn(connecting, LinkChanged(1.0, Link.OFFLINE, "No such host"))
    assert check(config(), phone)["pbx"].text.endswith(": No such host")
    assert check(config(), Stubborn(connecting))["pbx"].text.endswith(": no answer")


def test_a_fault_of_the_phone_is_not_hidden() -> None:
    def broken(_: Account, on_fault: Callable[[BaseException], None]) -> Phone:
        on_fault(ZeroDivisionError())
        return Stubborn()

    with pytest.raises(ZeroDivisionError):
        list(checkup(config(), broken, AT_ONCE))


@pytest.mark.parametrize(
    ("wrong", "counted"),
    [
        ({"profile": '"nope"'}, "1 of these needs a look"),
        ({"server": "3", "profile": '"nope"', "colour": '"red"'}, "3 of these need a look"),
    ],
)
def test_all_that_is_wrong_with_a_config_is_told_and_counted(
    wrong: dict[str, str], counted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = {"server": '"pbx"', "user": '"100"'} | wrong
    file = tmp_path / "deskpanel.toml"
    file.write_text("[pbx]\n" + "\n".join(f"{key} = {value}" for key, value in keys.items()))
    assert main(["check", "--config", str(file)]) == 1
    out, err = capsys.readouterr()
    told = out.splitlines()
    assert [line.rpartition("pbx.")[0] for line in told] == [
        f"BAD  config: {file}:{line}: "
        for line in sorted(1 + [*keys].index(key) + 1 for key in wrong)
    ]
    assert err == f"deskpanel: {counted}\n"


def test_a_knob_and_the_keys_of_a_keypad_are_counted_too() -> None:
    has = Fitted(("dnd",), knob=KnobPins(14, 15), keypad=KeypadPins((1, 2), (3, 4), ("12", "45")))
    assert str(has) == "1 button, 1 knob, 4 keys"
