"""What a predication means in PLOVER and CAMEO: composition before lookup.

A `Frame` is matched against the lexicon: first as an operator over its complement ("refuse to
co-operate" is a REJECT, "threaten to attack" a THREATEN whose mode is the content of the threat),
then by its own lines, the most specific first. Every code carries the name of the rule that fired.
Pure functions on records; no spaCy.

Source: PLOVER manual, draft 2.0 (2023), sections on event types and modes; CAMEO codebook 1.1b3
for the digits.
"""

from __future__ import annotations

from dataclasses import replace

from kg.lexicon import (
    Composition,
    Condition,
    Operator,
    PredicateLine,
    compositions,
    contexts,
    operators,
    predicates,
    word_class,
)
from kg.model import Code, Frame, working_record

__all__ = ["Coded", "code_frame", "composed", "future_code", "matching_line"]

NEEDS_CONTENT = frozenset({"PERMIT", "CEASE", "CANCEL", "FAIL"})
FRIENDLY = frozenset({"AGREE", "AID", "CONSULT", "RETREAT", "CONCEDE", "COOPERATE", "SUPPORT"})
POLITICAL_KINDS = frozenset({"@country", "@igo", "@ngo", "@armed_group"})
MAX_DEPTH = 6


@working_record
class Coded:
    """A code and where its line says that the two parts stand.

    Attributes:
        actor, target: slots of `predicates.*.tsv`; empty for the usual ones.
        operator: the operator that governs, None for a plain predicate.
    """

    code: Code
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    operator: Operator | None = None


def code_frame(frame: Frame, depth: int = 0) -> Coded | None:
    """Code a predication, or return None where the lexicon knows nothing of it.

    >>> code_frame(Frame(predicate="sleep", pos="v")) is None
    True
    """
    if depth > MAX_DEPTH:
        return None
    coded = _code(frame, depth)
    if coded is not None and coded.code.event != "ASSAULT" and _is_strife(frame):
        return None  # "the crisis threatens exports": nobody does it to anybody
    if coded is None or coded.code.event == "PROTEST" or frame.predicate in word_class("PUBLICACT"):
        return coded  # whoever marches, marches in public
    abroad = coded.code.event != "CONSULT"  # a band that tours Japan consults nobody
    return None if _is_private(frame, POLITICAL_KINDS if abroad else frozenset()) else coded


def _code(frame: Frame, depth: int) -> Coded | None:
    operator = operators().get((frame.predicate, frame.pos))
    if (
        operator is not None
        and operator.effect
        and frame.complement is not None
        and not _own_sense(frame)
    ):
        over = _compose(operator, frame, depth)
        if over is not None:
            return over
        own = frame.complement.subjects == frame.subjects
        if operator.effect == "REFUSE" and own and _is_remark(frame.complement):
            return None  # "declined to comment"
    inner = code_frame(frame.complement, depth + 1) if frame.complement is not None else None
    line = matching_line(frame, inner.code.event if inner is not None else None)
    if line is None:
        bare, particle, _ = frame.predicate.partition(" ")
        if (
            particle and frame.pos == "v" and operator is None
        ):  # "call in" without a line of its own is still a "call"
            return code_frame(replace(frame, predicate=bare), depth + 1)
        return None
    code = Code(
        event=line.event, mode=line.mode, cameo=line.cameo,
        contexts=tuple(sorted({*line.contexts, *_contexts_of(frame)})), rule=line.rule,
    )  # fmt: skip
    return Coded(code, line.actor, line.target)


def _is_remark(frame: Frame) -> bool:
    """Tell a mere utterance ("to comment on it") from an answer to somebody."""
    answering = any(prep == "to" for prep, _ in frame.obliques)
    return frame.predicate in word_class("REMARK") and not answering


def _is_private(frame: Frame, kinds: frozenset[str]) -> bool:
    """Tell an act of nature, markets, sport, stage or home from one between political parties.

    `kinds` are the tags of parties that make it public.

    "Shares rallied", "the coach praised his players"; but "the singer accused the police".
    """
    subjects = set(frame.subjects)
    if subjects & word_class("UNPOLITICAL"):
        return True
    if not subjects or not subjects & word_class("PRIVATE") or subjects & word_class("PUBLIC"):
        return False
    about = {*frame.objects, *frame.modifiers, *(lemma for _, lemma in frame.obliques)}
    inner = frame.complement
    while inner is not None:
        about |= {inner.predicate, *inner.objects, *(lemma for _, lemma in inner.obliques)}
        inner = inner.complement
    return not about & (word_class("PUBLIC") | kinds)


def _is_strife(frame: Frame) -> bool:
    return frame.pos == "v" and not word_class("STRIFE").isdisjoint(frame.subjects)


def _own_sense(frame: Frame) -> bool:
    """Tell whether a line for just such an object says more than the operator ("suspend aid")."""
    if frame.link in {"xcomp", "ccomp", "acl"} or (
        frame.link == "prep:of" and frame.complement and frame.complement.pos == "v"
    ):
        return False
    if frame.complement is not None and frame.complement.complement is not None:
        return False  # "rejected a call for joint strikes": what was called for says the most
    line = matching_line(frame, None)
    return line is not None and any(c.slot == "obj" and c.words for c in line.conditions)


def _compose(operator: Operator, frame: Frame, depth: int) -> Coded | None:
    assert frame.complement is not None
    inner = code_frame(frame.complement, depth + 1)
    if operator.effect == "=":
        if inner is None:
            return None
        code = Code(
            event=inner.code.event, mode=inner.code.mode, contexts=inner.code.contexts,
            cameo=inner.code.cameo, rule=f"{operator.name}>{inner.code.rule}",
        )  # fmt: skip
        return Coded(code, inner.actor, inner.target, operator)
    effect = operator.effect or ""
    if effect == "CEASE" and frame.link == "prep:from" and frame.objects:
        effect = "FORBID"  # "stopped them from leaving"
    if inner is None and (effect in NEEDS_CONTENT or operator.pos == "a"):
        return None  # "stopped smiling", "ready to sing": nothing political is told
    if effect == "REFUSE" and inner is None and frame.complement.predicate in word_class("REMARK"):
        return None  # "declined to comment" refuses no deed
    unnamed = frame.complement.negated and frame.complement.voice == "passive"
    if effect == "REQUEST" and unnamed and frame.complement.predicate in word_class("REMARK"):
        return None  # "asked not to be named": the ways of sources with reporters
    if effect in {"COMMIT", "VOW"} and frame.complement.negated and inner is not None:
        # "vowed not to return the jets" refuses, "vowed not to attack" gives way
        friendly = inner.code.event in FRIENDLY
        effect, inner = ("REFUSE", inner) if friendly else ("COMMIT", None)
    if effect == "ORDER" and _asks_another(frame.complement, inner):
        effect = "REQUEST"  # "ordered B to leave" asks B; "ordered B's arrest" is the arrest
    if effect == "CEASE" and any(prep == "by" for prep, _ in frame.complement.obliques):
        effect = "FORBID"  # "stopped a march by students": others' acts are prevented
    kind = inner.code.event if inner is not None else None
    if effect == "REFUSE":
        kind = _content_type(frame.complement, depth + 1) or kind
    made = composed(effect, kind)
    if made is None:
        return None
    if made.event == "=" and inner is not None:
        same = replace(inner.code, rule=f"{operator.name}:{effect}>{inner.code.rule}")
        return Coded(same, operator=operator)
    below = inner.code.contexts if inner is not None else ()
    rule = f"{operator.name}:{operator.effect}"
    code = Code(
        event=made.event, mode=made.mode, cameo=made.cameo,
        contexts=tuple(sorted({*below, *_contexts_of(frame)})),
        rule=f"{rule}>{inner.code.rule}" if inner is not None else rule,
    )  # fmt: skip
    return Coded(code, operator=operator)


def _asks_another(ordered: Frame, inner: Coded | None) -> bool:
    """Tell an order that asks somebody to act from one that is the act ("ordered the arrest").

    "Ordered the paper to stop printing" restricts the paper: who is told to hold still is coerced.
    """
    if ordered.pos != "v" or ordered.voice != "active":
        return False
    return inner is None or inner.code.mode not in {"restrict", "censor"}


def _content_type(offer: Frame, depth: int) -> str | None:
    """Find what an offer or call is for: who rejects "a plan for joint strikes" refuses the
    strikes."""
    if offer.pos != "n" or offer.complement is None:
        return None
    content = code_frame(offer.complement, depth + 1)
    return content.code.event if content is not None else None


def composed(effect: str, complement: str | None) -> Composition | None:
    """Find the first line of `composition.tsv` for an effect that takes such a complement."""
    for line in compositions().get(effect, ()):
        if line.complements is None or complement in line.complements:
            return line
    return None


def future_code(code: Code) -> Code:
    """Code a thing that "will" be done: a friendly act is a commitment, a hostile one a threat.

    Source: PLOVER manual, "Auxiliary modes": where a single type says it, that type is used.
    """
    made = composed("FUTURE", code.event)
    if made is None:
        return code
    return Code(
        event=made.event, mode=made.mode, cameo=made.cameo, contexts=code.contexts,
        rule=f"will:FUTURE>{code.rule}",
    )  # fmt: skip


def matching_line(frame: Frame, complement: str | None) -> PredicateLine | None:
    """Find the line of the lexicon that fits a frame, the one with the most conditions first."""
    fillers: dict[str, frozenset[str]] = {}
    for line in predicates().get((frame.predicate, frame.pos), ()):
        for condition in line.conditions:
            if not _holds(condition, frame, complement, fillers):
                break
        else:
            return line
    return None


def _holds(
    condition: Condition, frame: Frame, complement: str | None, known: dict[str, frozenset[str]]
) -> bool:
    slot = condition.slot
    if slot in {"passive", "active"}:
        return (frame.voice == slot) != condition.absent
    if slot == "comp":
        there = complement is not None if condition.words is None else complement in condition.words
        return there != condition.absent
    if slot not in known:
        known[slot] = _fillers(frame, slot)
    fillers = known[slot]
    if slot == "obj" and not fillers and condition.words is not None:
        fillers = _particle_object(frame)
    there = bool(fillers) if condition.words is None else not fillers.isdisjoint(condition.words)
    return there != condition.absent


def _fillers(frame: Frame, slot: str) -> frozenset[str]:
    if slot == "obj":
        return frozenset(frame.objects)
    if slot == "subj":
        return frozenset(frame.subjects)
    if slot == "mod":
        return frozenset(frame.modifiers)
    if slot.startswith("prep:"):
        wanted = {part[5:] for part in slot.split("|")}
        return frozenset(lemma for prep, lemma in frame.obliques if prep in wanted)
    return frozenset()


def _particle_object(frame: Frame) -> frozenset[str]:
    """Give the object of a particle read as a preposition ("handed in his resignation")."""
    _, _, particle = frame.predicate.rpartition(" ")
    if frame.pos != "v" or particle == frame.predicate:
        return frozenset()
    return frozenset(lemma for prep, lemma in frame.obliques if prep == particle)


def _contexts_of(frame: Frame) -> frozenset[str]:
    """Collect the PLOVER contexts that a predication's own words point to."""
    words = [frame.predicate, *frame.modifiers, *frame.objects]
    words += [lemma for _, lemma in frame.obliques]
    table = contexts()
    return frozenset(context for word in words for context in table.get(word, ()))
