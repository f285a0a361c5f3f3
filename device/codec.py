"""Core values to JSON and back, for the store and the journal. cattrs reads the types, not us."""

import re
from typing import Any, TypeVar, get_args

from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.preconf.json import JsonConverter, make_converter
from cattrs.strategies import configure_tagged_union

from device.core import events
from device.core.room import Room

T = TypeVar("T")

EVENTS = tuple(
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, events.Event) and kind is not events.Event
)


def dumps(value: object, kind: Any = None) -> str:
    """A value as one line of JSON."""
    return _CONVERTER.dumps(value, unstructure_as=kind, separators=(",", ":"))


def loads(text: str | bytes, kind: type[T]) -> T:
    """The value that this JSON stands for. Raises `ValueError` in words."""
    try:
        return _CONVERTER.loads(text, kind)
    except Exception as error:
        # cattrs raises groups of whatever the constructors raised; none of it is our bug here.
        name = getattr(kind, "__name__", "event")
        raise ValueError(f"not a {name}: {type(error).__name__}") from error


def dump_event(event: events.Event) -> str:
    return dumps(event, _ANY_EVENT)


def load_event(text: str) -> events.Event:
    """Raises `ValueError`."""
    loaded: events.Event = loads(text, _ANY_EVENT)
    return loaded


def _converter() -> JsonConverter:
    made = make_converter()

    def is_pattern(kind: object) -> bool:
        return kind == re.Pattern[str]

    made.register_unstructure_hook_func(is_pattern, lambda pattern: pattern.pattern)
    made.register_structure_hook_func(is_pattern, lambda text, _: re.compile(text))
    # How a glass writes is no value; see `Room.written`.
    left_out = override(omit=True)
    made.register_unstructure_hook(Room, make_dict_unstructure_fn(Room, made, written=left_out))
    made.register_structure_hook(Room, make_dict_structure_fn(Room, made, written=left_out))
    configure_tagged_union(_ANY_EVENT, made, tag_name="is")
    return made


_ANY_EVENT: Any = EVENTS[0]
for _kind in EVENTS[1:]:
    _ANY_EVENT = _ANY_EVENT | _kind
assert set(get_args(_ANY_EVENT)) == set(EVENTS)
_CONVERTER = _converter()
