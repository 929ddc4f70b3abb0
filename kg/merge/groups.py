"""Which tellings are one happening: the fullest come first, and each joins what it fits best.

First every telling joins the event that most speaks for (easy-first clustering, as the sieves of
Raghunathan et al. 2010); then events that turned out alike are joined in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kg.merge.cores import Core, core_of
from kg.merge.evidence import ENOUGH, judge
from kg.merge.signature import Signature

__all__ = ["NEWEST", "fullness", "group_tellings"]

NEWEST = 64  # events of a block that are looked at, newest first: what keeps the cost linear
PASSES = 2

Key = tuple[bool | str, ...]


def group_tellings(
    signatures: Sequence[Signature], apart: Mapping[str, frozenset[str]] | None = None
) -> list[Core]:
    """Group tellings into events, in no order of meaning.

    Args:
        signatures: in the order of time and text.
        apart: for an id the ids that it must not be joined with.
    """
    ranked = sorted(signatures, key=lambda s: -fullness(s))
    cores = [core_of(signature) for signature in ranked]
    keys: list[list[Key]] = [
        [(signature.positive, *key) for key in signature.keys] for signature in ranked
    ]
    for number in range(PASSES):
        cores, keys = _pass(cores, keys, apart or {}, again=number > 0)
    return cores


def _pass(
    cores: Sequence[Core],
    keys: Sequence[list[Key]],
    apart: Mapping[str, frozenset[str]],
    *,
    again: bool,
) -> tuple[list[Core], list[list[Key]]]:
    """Let each join the one before it that most speaks for."""
    kept: list[Core] = []
    kept_keys: list[list[Key]] = []
    blocks: dict[Key, list[int]] = defaultdict(list)
    for core, own_keys in zip(cores, keys, strict=True):
        best = (0.0, -1, "")
        for number in sorted({n for key in own_keys for n in blocks[key][-NEWEST:]}):
            if again and len(core.tellings) == 1 == len(kept[number].tellings):
                continue  # judged before
            if apart and _refused(core, kept[number], apart):
                continue
            points, reason = judge(core, kept[number])
            if points >= ENOUGH and points > best[0]:
                best = (points, number, reason)
        _, number, reason = best
        if number < 0:
            number = len(kept)
            kept.append(core)
            kept_keys.append([])
        else:
            kept[number].take(core, reason)
        for key in own_keys:
            if number not in blocks[key][-NEWEST:]:
                blocks[key].append(number)
                kept_keys[number].append(key)
    return kept, [list(dict.fromkeys(keys)) for keys in kept_keys]


def _refused(left: Core, right: Core, apart: Mapping[str, frozenset[str]]) -> bool:
    theirs = {id_ for id_, _ in right.tellings}
    return any(apart.get(id_, frozenset()) & theirs for id_, _ in left.tellings)


def fullness(new: Signature) -> int:
    """Count what a telling says of who, whom and what, names before descriptions."""
    ends = [
        2 if any(p.is_name for p in end) else 1 if end else 0 for end in (new.actors, new.targets)
    ]
    return sum(ends) + bool(new.theme)
