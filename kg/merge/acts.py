"""Which words tell the same act: a noun and its verb, synonyms, one act seen from two ends."""

from __future__ import annotations

from functools import cache, lru_cache

from kg.lexicon import act_families, fold_lemma, predicates, word_class

__all__ = ["act_of", "families_of", "is_offer"]

# Endings of event nouns and what their verbs end in: arriv-al, accus-ation, agree-ment, defen-ce.
# Source: Quirk et al. 1985, A Comprehensive Grammar of the English Language, App. I.45-56.
_NOUN_ENDINGS = (
    ("ation", "e"),
    ("ation", ""),
    ("ication", "y"),
    ("ition", "e"),
    ("ssion", "t"),
    ("sion", "d"),
    ("sion", "de"),
    ("ion", "e"),
    ("ion", ""),
    ("al", "e"),
    ("al", ""),
    ("ment", ""),
    ("ance", ""),
    ("ance", "e"),
    ("ense", ""),  # `fold_lemma` has made -ence of it
    ("ure", "e"),
    ("ure", ""),
    ("ing", ""),
    ("ing", "e"),
    ("ense", "d"),
    ("y", ""),
    ("ery", ""),
    ("er", "e"),
    ("er", ""),
)


@lru_cache(maxsize=65536)  # the same few thousand actions make up nearly all of any news
def act_of(action: str) -> str:
    """Reduce an action to the verb of what is done: light verbs and nominalisation undone.

    >>> act_of("make proposal") == act_of("propose") == act_of("proposal")
    True
    """
    words = [fold_lemma(word) for word in action.split()]
    for light in (2, 1):
        if len(words) > light and " ".join(words[:light]) in word_class("LIGHTVERB"):
            noun = _verb_of(" ".join(words[light:]))
            if (noun, "v") in predicates() or (noun, "n") in predicates():
                return noun
    return _verb_of(words[0]) if len(words) == 1 else " ".join(words)


def _verb_of(noun: str) -> str:
    """Find the verb that an event noun is made from, if the lexicon has it."""
    if (noun, "v") in predicates():
        return noun
    doubled = noun[:-4] if noun.endswith("ing") and noun[-5:-4] == noun[-4:-3] else ""
    stems = [noun[: -len(end)] + instead for end, instead in _NOUN_ENDINGS if noun.endswith(end)]
    return next((v for v in (*stems, doubled) if len(v) > 2 and (v, "v") in predicates()), noun)


@lru_cache(maxsize=65536)
@lru_cache(maxsize=65536)
def families_of(action: str) -> tuple[frozenset[str], frozenset[str]]:
    """Name the families of acts that an action tells of: as the doer's act, as the sufferer's.

    >>> bool(families_of("kill")[0] & families_of("die")[1])
    True
    """
    folded = " ".join(fold_lemma(word) for word in action.split())
    known, act = act_families(), act_of(action)
    done, borne = known.get(folded) or known.get(act) or (frozenset(), frozenset())
    return done | {act}, borne


def is_offer(action: str) -> bool:
    """Tell whether the act is an offer, which another paper calls a call, a plan, a request."""
    return act_of(action) in _offers()


@cache
def _offers() -> frozenset[str]:
    return frozenset(act_of(word) for word in word_class("OFFER"))
