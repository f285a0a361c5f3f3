"""Which family a PBX is of, by what it calls itself and by the hints it shows."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from device.core.profile import Profile
from device.pbx.profiles import PROFILES

NOWHERE = "no-such-hint"
"A hint that no PBX has. One that shows it would show any, and its hints prove nothing."


@dataclass(frozen=True, slots=True)
class Guess:
    families: tuple[str, ...] = ()
    "Those that fit, best first; several where nothing tells them apart. Empty: nobody knows."
    why: str = ""
    "What it was known by, to be said after `it`."


def probes(user: str) -> frozenset[str]:
    """The hints whose being there, or not, tells families apart."""
    return frozenset((NOWHERE, *(h for p in PROFILES.values() for h in marks(p, user))))


def marks(profile: Profile, user: str) -> frozenset[str]:
    """The hints that each PBX of this family shows, and others hardly."""
    told = {s.hint for s in profile.switches.values() if s.hint and not s.optional}
    return frozenset(hint.format(user=user) for hint in told - {profile.line, "{user}"})


def strangers(profile: Profile) -> tuple[tuple[str, str], ...]:
    """Words by which families with other codes are known, each with its family: `Grants.strangers`.

    A PBX that calls itself by one of them, and by none of ours (`Profile.agents`), would take our
    codes for something else. What is ours as well, or part of ours, is not among them; nor is the
    name of a family without codes: an Asterisk may have any dialplan, and there may be any PBX
    behind a Kamailio. Nobody is a stranger to a profile without codes, or with others than its
    family's: who changes codes knows the PBX better than we.
    """
    if not _has_codes(profile) or profile.switches != PROFILES[profile.name].switches:
        return ()
    others = [p for p in PROFILES.values() if p.name != profile.name and _has_codes(p)]
    known = [(word, p.name) for p in others for word in p.agents]
    return tuple(k for k in known if not any(_names(ours, [k[0]]) for ours in profile.agents))


def suggest(agent: str, heard: Collection[str], user: str) -> Guess:
    """The families that fit what the PBX calls itself, and the hints of this user it shows.

    Hints weigh more: a name can be set, and an Asterisk has the same one whatever its dialplan.
    """
    if proven := _by_hints(heard, user):
        shown = " and ".join(sorted(h for n in proven for h in marks(PROFILES[n], user)))
        return Guess(proven, f"shows {shown}")
    if named := _by_agent(agent):
        return Guess(named, f"calls itself {agent!r}")
    return Guess()


def _by_hints(heard: Collection[str], user: str) -> tuple[str, ...]:
    if NOWHERE in heard:
        return ()
    wanted = {name: marks(profile, user) for name, profile in PROFILES.items()}
    return tuple(name for name, hints in wanted.items() if hints and hints <= set(heard))


def _by_agent(agent: str) -> tuple[str, ...]:
    """The longest word decides; families that have it both cannot be told apart."""
    fits = {name: _longest(profile, agent) for name, profile in PROFILES.items()}
    best = max(fits.values())
    return tuple(name for name, length in fits.items() if length == best > 0)


def _has_codes(profile: Profile) -> bool:
    return any(switch.on for switch in profile.switches.values())


def _names(agent: str, words: Iterable[str]) -> bool:
    """One of the words stands in it, in any case."""
    return any(word.lower() in agent.lower() for word in words)


def _longest(profile: Profile, agent: str) -> int:
    fits = [len(word) for word in profile.agents if _names(agent, [word])]
    return max(fits, default=0)
