"""Which family a PBX is of, by what it calls itself and by the hints it shows."""

from collections.abc import Collection
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


def _longest(profile: Profile, agent: str) -> int:
    fits = [len(word) for word in profile.agents if word.lower() in agent.lower()]
    return max(fits, default=0)
