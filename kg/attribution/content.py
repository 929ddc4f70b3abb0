"""What is said: the clause, infinitive, object or phrase that hangs on a reporting verb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from kg.attribution.page import is_mark
from kg.attribution.speakers import (
    child_with,
    is_afterthought,
    is_passive,
    is_speech,
    nearest_subject,
)
from kg.attribution.table import Cue, CueMatch

if TYPE_CHECKING:
    from kg.parse import Token


class Content(NamedTuple):
    """What is said.

    Attributes:
        link: how it hangs on the cue, as in `Saying`; empty if nothing does.
        joined: words that join the cue ("accused them *of* ...").
    """

    link: str
    tokens: set[int]
    joined: tuple[int, ...] = ()


def extent(token: Token | None) -> set[int]:
    """Collect all from the first to the last word of a subtree."""
    return set() if token is None else set(range(token.left_edge.i, token.right_edge.i + 1))


def hanging_content(verb: Token, found: CueMatch, speaker: Token | None) -> Content:
    """Find what hangs on a verb by the parse."""
    contents = _contents(verb, found, speaker)
    return next((content for content in contents if content.tokens), Content("", set()))


def _contents(verb: Token, found: CueMatch, speaker: Token | None) -> Iterator[Content]:
    """Try each kind of content that a cue can have, the surest first."""
    kinds = found.cue.content
    if "clause" in kinds:
        yield Content("clause", _clause_tokens(verb, speaker))
    if "gerund" in kinds:
        yield Content("clause", extent(_gerund(verb)))
    if "obj-is" in kinds:
        yield Content("obj-is", _small_clause(verb))
    if "obj-as" in kinds:
        yield Content("obj-as", _object_as(verb))
    if "obj-to" in kinds:
        yield Content("obj-to", _object_infinitive(verb, found.words))
    if "to" in kinds:
        yield Content("to", extent(_infinitive(verb)))
    if "clause" in kinds and is_passive(verb):
        yield Content("raised", _raised(verb))
    if found.cue.prepositions:
        yield _behind_preposition(verb, found.cue.prepositions)
    if "obj" in kinds:
        yield _object_itself(verb, found, speaker)


def _behind_preposition(verb: Token, prepositions: frozenset[str]) -> Content:
    """Take what stands behind one of some prepositions that hang on a verb."""
    for preposition in _prepositions(verb):
        word = preposition.text.lower()
        if preposition.dep_ in {"prep", "dative"} and word in prepositions:
            behind = child_with(preposition, {"pobj", "pcomp"})
            if behind is not None:
                return Content(f"prep:{word}", extent(behind), (preposition.i,))
    return Content("", set())


def _prepositions(verb: Token) -> Iterator[Token]:
    """List what may be a preposition of a verb, the nearest first.

    One with a gerund counts wherever the parser hung it: "accused Moscow, an ally of Assad, of
    arming".
    """
    yield from (child for child in verb.children if child.dep_ in {"prep", "dative"})
    for token in verb.subtree:
        if token.i > verb.i and token.dep_ == "prep" and child_with(token, {"pcomp"}):
            yield token
    for goal in verb.children:
        if goal.dep_ in {"dobj", "dative", "nsubjpass"}:
            yield from (child for child in reversed(list(goal.children)) if child.i > verb.i)


def _object_itself(verb: Token, found: CueMatch, speaker: Token | None) -> Content:
    passive = is_passive(verb)
    goal = child_with(verb, {"nsubjpass"}) if passive else _object(verb, found.words)
    if goal is None or (passive and speaker is None):
        return Content("", set())
    told = "clause" in found.cue.content and _is_told(verb, goal, found.cue)
    return Content("clause" if told else "obj", extent(goal))


def _is_told(verb: Token, goal: Token, cue: Cue) -> bool:
    """Tell objects that stand for a clause: "denied the attack", but not "denied them entry".

    So does a "that" clause whose verb the parser took for a noun ("proposed that strikes target").
    """
    if goal.left_edge.text.lower() == "that" and goal.left_edge.i < goal.i:
        return True
    given = any(c.dep_ == "dative" or c.text.lower() == "to" for c in verb.children)
    return cue.stance == "denial" and not given


def _clause_tokens(verb: Token, speaker: Token | None) -> set[int]:
    """Collect the finite clause that hangs on a verb, or that the verb is thrust into."""
    clauses = [c for c in verb.children if c.dep_ == "ccomp" and not _is_small_clause(c)]
    behind = next((clause for clause in clauses if clause.i > verb.i), None)
    if behind is not None:
        return _behind(verb, _own_clause(behind))
    if clauses:
        return {t.i for t in clauses[-1].subtree} - _own_words(verb, speaker)
    return _thrust_in(verb)


def _behind(verb: Token, tokens: set[int]) -> set[int]:
    return {token for token in tokens if token > verb.i}


def _own_clause(clause: Token) -> set[int]:
    """Take a clause without what another speaker says after it: "..., and critics warned that"."""
    tokens = extent(clause)
    for child in clause.children:
        own = child.dep_ == "conj" and child_with(child, {"nsubj"}) is not None
        own = own and is_speech(child) and child_with(child, {"ccomp"}) is not None
        if own or is_afterthought(child):
            tokens -= set(range(child.left_edge.i, clause.right_edge.i + 1))
    return tokens


def _own_words(verb: Token, speaker: Token | None) -> set[int]:
    """Collect what belongs to the reporting itself: verb, auxiliaries, adverbs, speaker, hearer."""
    own = {verb.i}
    for child in verb.children:
        if child.dep_ in {"aux", "auxpass", "neg", "prt", "advmod", "dative", "npadvmod", "prep"}:
            own.update(t.i for t in child.subtree)
    if speaker is not None and speaker.head.i == verb.i != speaker.i:
        own.update(t.i for t in speaker.subtree)
    return own


def _is_small_clause(clause: Token) -> bool:
    """Tell infinitives with a subject ("urged them to leave") and bare predicates from clauses."""
    if clause.pos_ not in {"VERB", "AUX"}:
        return not any(child.dep_ in {"cop", "mark"} for child in clause.children)
    return _has_to(clause)


def _has_to(verb: Token) -> bool:
    return any(child.dep_ == "aux" and child.text.lower() == "to" for child in verb.children)


def _thrust_in(verb: Token) -> set[int]:
    """Take the clause around a parenthetical cue: "The base, he said, was empty"."""
    if verb.dep_ == "parataxis" and verb.head.pos_ in {"VERB", "AUX"}:
        inner = {t.i for t in verb.subtree}
        nearest = nearest_subject(verb)
        for child in verb.children:
            if child.dep_ == "nsubj" and nearest is not None and child.i != nearest.i:
                inner -= {t.i for t in child.subtree}
        return {t.i for t in verb.head.subtree} - inner
    return set()


def before_comma(verb: Token, speaker: Token | None) -> set[int]:
    """Take what stands before "..., officials said" at a sentence's end, whatever the parse."""
    left = verb.i if speaker is None or speaker.i > verb.i else speaker.left_edge.i
    if verb.doc[left - 1].text != ",":
        return set()
    sent = verb.sent
    if left - 1 <= sent.start:
        return set()
    if sum(not is_mark(token.text) for token in verb.doc[verb.i + 1 : sent.end]) > 8:
        return set()
    return set(range(sent.start, left - 1))


def _infinitive(verb: Token) -> Token | None:
    for child in verb.children:
        if child.dep_ == "xcomp" and child.i > verb.i and _has_to(child):
            return child
    return None


def _gerund(verb: Token) -> Token | None:
    """Find the gerund that some cues take: "denied having fired at the town"."""
    for child in verb.children:
        if child.dep_ != "xcomp" or child.i < verb.i or _has_to(child):
            continue
        perfect = any(c.dep_ == "aux" and c.text.lower() == "having" for c in child.children)
        if child.tag_ == "VBG" or perfect:
            return child
    return None


def _object(verb: Token, cue: tuple[int, ...]) -> Token | None:
    """Find the object of a verb, or of the last preposition of a cue of several words."""
    last = verb.doc[cue[-1]]
    if last.i != verb.i:
        found = child_with(last, {"pobj", "pcomp"})
        if found is not None:
            return found
    found = child_with(verb, {"dobj"})
    return found if found is not None and found.i > verb.i else None


def _small_clause(verb: Token) -> set[int]:
    """Take object and predicate: "called him a liar", "urged them to leave"."""
    for child in verb.children:
        if child.dep_ == "ccomp" and _is_small_clause(child) and child.i > verb.i:
            return _behind(verb, extent(child))
    goal = child_with(verb, {"dobj"})
    predicate = child_with(verb, {"oprd"})
    if goal is not None and predicate is not None and goal.i > verb.i:
        return set(range(goal.left_edge.i, predicate.right_edge.i + 1))
    return set()


def _object_infinitive(verb: Token, cue: tuple[int, ...]) -> set[int]:
    """Take object and infinitive: "called on the parties to stop"."""
    whole = _small_clause(verb)
    if whole:
        return whole
    goal = _object(verb, cue)
    infinitive = _infinitive(verb)
    if infinitive is None or goal is None:
        return extent(infinitive) if is_passive(verb) else set()
    return set(range(min(goal.left_edge.i, infinitive.left_edge.i), infinitive.right_edge.i + 1))


def _object_as(verb: Token) -> set[int]:
    """Take object and "as" phrase: "described it as a mistake"."""
    goal = child_with(verb, {"nsubjpass"} if is_passive(verb) else {"dobj"})
    for holder in (verb, goal):
        if holder is None:
            continue
        phrase = next(
            (c for c in holder.children if c.dep_ == "prep" and c.text.lower() == "as"), None
        )
        if phrase is not None:
            first = goal.left_edge.i if goal is not None and goal.i > verb.i else phrase.i
            return set(range(first, phrase.right_edge.i + 1))
    return set()


def _raised(verb: Token) -> set[int]:
    """Take subject and infinitive: "the army is said to have left"."""
    infinitive = _infinitive(verb)
    if infinitive is None:
        return set()
    return extent(infinitive) | extent(child_with(verb, {"nsubjpass"}))
