"""The words of a telling: its trigger, the name of the action, its theme."""

from __future__ import annotations

from collections.abc import Sequence

from kg.events.frames import Frames
from kg.lexicon import fold_lemma, word_class
from kg.parse import Parse

__all__ = ["action_of", "theme_of", "trigger_of", "trimmed"]

TRIGGER_CHARACTERS = (
    40  # a light verb and its noun further apart than this are not shown as one trigger
)


def action_of(frames: Frames, head: int) -> str:
    """Name an act by its lemmas, with particle, preposition or the noun that a light verb
    carries."""
    token = frames.doc[head]
    words = [token.lemma_.lower()]
    clause = frames.grammar.clause(head)
    words += [frames.doc[i].lower_ for i in clause.particles]
    if clause.pos == "v":
        rest = frames.verb_key(clause).split()[len(words) :]
        words += rest
    words += [
        noun
        for noun in (frames.doc[i].lemma_.lower() for i in clause.objects)
        if f"{words[0]} {noun}" in word_class("LIGHTVERB") and noun not in words  # "took part in"
    ]
    if head in frames.light:
        noun = frames.light[head]
        if frames.doc[noun].lemma_.lower() not in words:
            words.append(frames.doc[noun].lemma_.lower())
    return " ".join(words)


def trigger_of(frames: Frames, head: int, core: int) -> tuple[int, int]:
    """Give the token range that shows an act, particle and carried noun included if near."""
    clause = frames.grammar.clause(head)
    tokens = [head, *(i for i in clause.particles if i - head <= 3)]
    if clause.pos == "v":
        for word in frames.verb_key(clause).split()[len(clause.particles) + 1 :]:
            following = max(tokens) + 1
            if following < len(frames.doc) and fold_lemma(frames.doc[following].lemma_) == word:
                tokens.append(following)
    if core != head and core > head:
        shown = frames.doc.text_of(head, core + 1)
        if (
            len(shown) <= TRIGGER_CHARACTERS
            and frames.doc[core].sent.start == frames.doc[head].sent.start
        ):
            tokens.append(core)
    return min(tokens), max(tokens) + 1


def theme_of(frames: Frames, head: int, core: int, target: Sequence[int]) -> tuple[int, int] | None:
    """Find what is proposed, said, built or signed: the governed clause, or an object that is
    no target."""
    clause = frames.grammar.clause(head)
    below = [i for link, i in clause.complements if link != "purpose"]
    things = [i for i in clause.objects if i not in target]
    if core != head and core in things:
        things = [core]
    for start in [
        *below,
        *things,
        *(i for _, _, i in clause.obliques if i == frames.complements.get(head)),
    ]:
        subtree = [t.i for t in frames.doc[start].subtree]
        if head in subtree or not subtree:
            continue
        return trimmed(frames.doc, min(subtree), max(subtree) + 1)
    if clause.pos == "n":
        for prep, _, i in clause.obliques:
            if prep in {"for", "on", "about", "of"} and i not in target:
                subtree = [t.i for t in frames.doc[i].subtree]
                return trimmed(frames.doc, min(subtree), max(subtree) + 1)
    return None


def trimmed(doc: Parse, start: int, end: int) -> tuple[int, int] | None:
    """Leave punctuation and what only opens a clause out of a token range; None if nothing is
    left."""
    while start < end and (
        doc[start].is_punct or doc[start].lower_ in {"that", "to", ","} or doc[start].is_space
    ):
        start += 1
    while end > start and (doc[end - 1].is_punct or doc[end - 1].is_space):
        end -= 1
    return (start, end) if start < end else None
