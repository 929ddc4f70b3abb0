"""Who did what to whom: one case file a construction, on the parse that stands there.

A case lists what is told: every event of a type but OTHER must be listed, or its trigger stand
under `allow` (it may be told too, nothing is asked of it). A case that lists nothing at all wants
no event of any type. Names are those of entities or the words of the mention; `negated` is false
and `modality` asserted unless said otherwise. `never` names entities that may act in no event.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kg.model import Argument, Article, EventMention, Reading, content_id
from kg.reading import read_out
from tests.parses import CASES, parsed

FOLDER = CASES / "events"
KEYS = {"why", "xfail", "sentence", "rows", "allow", "never", "events"}
EVENT_KEYS = {
    "trigger", "action", "actors", "targets", "event", "mode", "cameo", "negated", "modality",
    "theme", "place", "attributed_to",
}  # fmt: skip


def load(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        case = tomllib.load(file)
    given = {key for event in case.get("events", ()) for key in event}
    unknown = (case.keys() - KEYS) | (given - EVENT_KEYS)
    assert not unknown, f"{path.name}: no such keys: {sorted(unknown)}"
    return case


def cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        case = load(path)
        marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
        found.append(pytest.param(case, id=path.stem.replace("_", " "), marks=marks))
    return found


def read(case: Mapping[str, Any]) -> Reading:
    text = case["sentence"]
    article = Article(id=content_id("case", text), name="case", text=text, published="2016-05-20")
    return read_out(article, parsed(case["rows"], text))


def names(argument: Argument) -> set[str]:
    """Give what a case may call an argument: its entity's name, its words, its last word."""
    found = set()
    if argument.entity is not None:
        found.add(argument.entity.name)
    if argument.mention is not None:
        found |= {argument.mention.text, argument.mention.text.split()[-1]}
    return found


def parties(arguments: tuple[Argument, ...], expected: list[str]) -> list[str]:
    """Show arguments by the names that the case expects, where they fit, else by their entity's."""
    shown = []
    for argument in arguments:
        fitting = sorted(names(argument) & set(expected))
        shown.append(fitting[0] if fitting else argument.entity.name if argument.entity else "?")
    return sorted(shown)


def shown(event: EventMention, expected: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Give an event in the keys of the case that it is compared with."""
    assert event.code is not None
    speaker = event.attribution.speaker if event.attribution is not None else None
    whole = {
        "trigger": text[event.trigger.start : event.trigger.end],
        "action": event.action,
        "actors": parties(event.actors, expected.get("actors", [])),
        "targets": parties(event.targets, expected.get("targets", [])),
        "event": event.code.event,
        "mode": event.code.mode,
        "cameo": event.code.cameo,
        "negated": event.negated,
        "modality": event.modality,
        "theme": event.theme,
        "place": event.place.mention.text if event.place and event.place.mention else None,
        "attributed_to": speaker.entity.name if speaker is not None and speaker.entity else None,
    }
    return {key: whole[key] for key in whole if key in expected}


def compared(case: Mapping[str, Any], reading: Reading) -> tuple[list[Any], list[Any]]:
    """Give what the case expects and what was read, in the same keys."""
    text, allowed = case["sentence"], set(case.get("allow", ()))
    expected = [
        {"negated": False, "modality": "asserted", **event}
        | {side: sorted(event[side]) for side in ("actors", "targets") if side in event}
        for event in case.get("events", ())
    ]
    by_trigger = {event["trigger"]: event for event in expected}
    found = []
    for event in reading.events:
        assert event.code is not None
        trigger = text[event.trigger.start : event.trigger.end]
        if trigger in by_trigger:
            found.append(shown(event, by_trigger[trigger], text))
        elif trigger not in allowed and (event.code.event != "OTHER" or _strict(case)):
            sides = [parties(side, []) for side in (event.actors, event.targets)]
            found.append({"not expected": trigger, "event": event.code.event, "sides": sides})
    return expected, found


def _strict(case: Mapping[str, Any]) -> bool:
    return not (case.get("events") or case.get("allow") or case.get("never"))


@pytest.mark.parametrize("case", cases())
def test_events_are_told(case: dict[str, Any]) -> None:
    reading = read(case)
    expected, found = compared(case, reading)
    assert found == sorted(expected, key=lambda e: case["sentence"].index(e["trigger"])), case[
        "why"
    ]
    actors = {a.entity.name for event in reading.events for a in event.actors if a.entity}
    assert not actors & set(case.get("never", ()))
    for event in reading.events:
        for argument in (*event.actors, *event.targets):
            if argument.mention is not None:
                span = argument.mention.span
                assert case["sentence"][span.start : span.end] == argument.mention.text
    assert read(case) == reading, "a second reading is another"
