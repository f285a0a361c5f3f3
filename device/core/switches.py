"""What is known of the statuses that the PBX keeps, and where it comes from.

A switch with a hint stands as the hint says. One without stands as the last code left it, and in
doubt while nobody can say: its code was under way when the link was lost, its answer never came, or
the link was away, when somebody else may have changed it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from device.core.profile import Grants, Switch
from device.core.words import Hint, Means, Status


@dataclass(frozen=True, slots=True)
class Goal:
    """How one switch should stand."""

    status: Status
    on: bool
    target: str = ""
    "Number that calls are diverted to, where the switch wants one."


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of one switch."""

    heard: bool | None = None
    "The hint's last word; None before it spoke."
    blind: str = ""
    "Why the hint cannot be seen."
    said: bool | None = False
    "What the last code left; None while that is in doubt. Off until we hear or do otherwise."
    target: str = ""
    "The divert target that the last code set."


@dataclass(frozen=True, slots=True)
class Switches:
    """All of them. Those never heard of are off."""

    settings: dict[Status, Setting] = field(default_factory=dict)

    def __getitem__(self, status: Status) -> Setting:
        return self.settings.get(status, Setting())

    def stands(self, grants: Grants, status: Status) -> bool | None:
        """How the PBX has this switch, by the best evidence there is; None: nobody knows."""
        setting = self[status]
        return setting.heard if self.readable(grants, status) else setting.said

    def agrees(self, grants: Grants, goal: Goal) -> bool:
        """The switch stands as it should, and with the right target."""
        if self.stands(grants, goal.status) is not goal.on:
            return False
        return not goal.on or goal.target in ("", self[goal.status].target)

    def readable(self, grants: Grants, status: Status) -> bool:
        """A hint tells of this switch, or will."""
        return bool(grants.profile.switches[status].hint) and not self[status].blind

    def told_by_note(self, grants: Grants) -> bool:
        """A hint has a note that the profile knows, which no other PBX has by chance."""
        switches = grants.profile.switches
        return any(switches[s].note and self[s].heard for s in switches)

    def contradicts(self, grants: Grants, goal: Goal) -> bool:
        """The hint says the opposite of what the goal wants."""
        heard = self[goal.status].heard
        return self.readable(grants, goal.status) and heard is (not goal.on)

    def unread(self, grants: Grants) -> bool:
        """Some hint has not spoken yet."""
        return any(
            self.readable(grants, s) and self[s].heard is None for s in grants.profile.switches
        )

    def unseen(self, grants: Grants) -> bool:
        """A hint that must be there does not speak."""
        switches = grants.profile.switches
        return any(self._needs_hint(grants, s) and self[s].heard is None for s in switches)

    def trouble(self, grants: Grants) -> str:
        """Why they do not stand as a choice asks, in a sentence."""
        for status, switch in grants.profile.switches.items():
            setting = self[status]
            if not self._needs_hint(grants, status):
                if setting.said is None:
                    return f"Nobody knows how the PBX has {status}: press to be sure"
            elif setting.heard is None:
                why = setting.blind or "no answer"
                return f"The PBX does not show {_hint(switch, grants)}: {why}"
        return self._otherwise(grants)

    def means(self, grants: Grants, status: Status) -> Means:
        """How well the PBX can confirm a status; to be available is that no switch is set."""
        switches, status = grants.profile.switches, grants.profile.kept_as(status)
        asked = [status] if status in switches else list(switches)
        if not asked or (status not in switches and status is not Status.AVAILABLE):
            return Means.ANSWERS
        published = switches[asked[0]].published is not None
        if not all(self.readable(grants, s) for s in asked):
            return Means.ANSWERS if published else Means.CODE
        return Means.PUBLISH if published else Means.HINT

    def that_are_on(self, grants: Grants) -> list[Status]:
        """The switches that are on at the PBX."""
        return [s for s in grants.profile.switches if self.stands(grants, s)]

    # What is learned

    def heard(self, grants: Grants, number: str, hint: Hint, note: str) -> "Switches":
        """A hint spoke, of every status that it tells of."""
        settings = dict(self.settings)
        for status in _told_by(grants, number):
            before, on = self[status], grants.profile.switches[status].told_by(hint, note)
            # Set by nobody here, so to a target that nobody here knows.
            target = "" if on and before.said is False else before.target
            settings[status] = Setting(heard=on, said=on, target=target)
        return Switches(settings)

    def lost(self, grants: Grants, number: str, reason: str) -> "Switches":
        """A hint can be seen no longer; what it said last is the best that is left."""
        why, lost = reason or "no answer", dict(self.settings)
        for status in _told_by(grants, number):
            # A publication runs out by itself: seen no longer, it may stand no longer.
            published = grants.profile.switches[status].published is not None
            said = None if published else self[status].said
            lost[status] = replace(self[status], heard=None, blind=why, said=said)
        return Switches(lost)

    def forget_hints(self, kept: Status) -> "Switches":
        """The link is new: hints speak anew, and the one status we set without a hint may be gone.

        Others may have cleared it meanwhile, so `kept` is in doubt until a hint tells, or a press.
        """
        fresh = {s: replace(v, heard=None, blind="") for s, v in self.settings.items()}
        if fresh.get(kept, Setting()).said:
            fresh[kept] = replace(fresh[kept], said=None)
        return Switches(fresh)

    def doubt(self, status: Status) -> "Switches":
        """A code for this switch is under way, or was lost: its target is as doubtful."""
        return self._with(status, replace(self[status], said=None, target=""))

    def unpublished(self, grants: Grants, reason: str) -> "Switches":
        """The PBX takes no publications, so that a hint has nothing to tell of."""
        switches = grants.profile.switches
        blind = {s: Setting(blind=reason) for s, w in switches.items() if w.published}
        return Switches(self.settings | blind)

    def doubt_unreadable(self, grants: Grants) -> "Switches":
        """Somebody wants to be sure: what no hint tells of may have been changed elsewhere."""
        unsure = [s for s in grants.profile.switches if not self.readable(grants, s)]
        return Switches(self.settings | {s: replace(self[s], said=None) for s in unsure})

    def restore(self, status: Status, before: Setting) -> "Switches":
        """The code was turned down: all is as it was, but for what a hint said meanwhile."""
        kept = replace(self[status], said=before.said, target=before.target)
        return self._with(status, kept)

    def carried_out(self, grants: Grants, goal: Goal) -> "Switches":
        """The PBX did what the goal's code asks; one that keeps one status has ended the others."""
        ended = [s for s in grants.profile.switches if grants.profile.selector and goal.on]
        settings = self.settings | {s: replace(self[s], said=False) for s in ended}
        done = replace(self[goal.status], said=goal.on, target=goal.target)
        return Switches(settings | {goal.status: done})

    def lasting(self) -> "Switches":
        """What is still worth something after a restart."""
        return Switches(
            {s: Setting(said=v.said, target=v.target) for s, v in self.settings.items()}
        )

    def _otherwise(self, grants: Grants) -> str:
        """What the PBX has instead of what was chosen."""
        on = self.that_are_on(grants)
        if len(on) > 1:
            return f"The PBX has {' and '.join(on)} set at once: press one to be sure"
        if on:
            return f"The PBX has {on[0]} set: press to be sure"
        if any(self.readable(grants, s) for s in grants.profile.switches):
            return "The PBX shows a status that the profile does not know"
        return "Nobody knows what the PBX has set: press to be sure"

    def _needs_hint(self, grants: Grants, status: Status) -> bool:
        switch = grants.profile.switches[status]
        may_miss = switch.optional or switch.published
        return bool(switch.hint) and not (may_miss and self[status].blind)

    def _with(self, status: Status, setting: Setting) -> "Switches":
        return Switches(self.settings | {status: setting})


def _told_by(grants: Grants, number: str) -> Iterator[Status]:
    for status, switch in grants.profile.switches.items():
        if _hint(switch, grants) == number:
            yield status


def _hint(switch: Switch, grants: Grants) -> str:
    return switch.hint.format(user=grants.user)
