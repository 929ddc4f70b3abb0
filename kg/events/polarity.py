"""How an act is meant: negated, proposed, planned, possible, conditional, by construction."""

from __future__ import annotations

from kg.events.frames import VERBS, Frames
from kg.lexicon import fold_lemma, word_class
from kg.model import Modality

__all__ = ["polarity_of"]

MODALS: dict[str, Modality] = {
    "will": "planned",
    "shall": "planned",
    "'ll": "planned",
    "’ll": "planned",
    "would": "planned",
    "wo": "planned",
    "may": "possible",
    "might": "possible",
    "could": "possible",
    "can": "possible",
    "ca": "possible",
    "should": "proposed",
    "must": "proposed",
    "ought": "proposed",
}


def polarity_of(frames: Frames, head: int, depth: int = 0) -> tuple[Modality, bool]:
    """Tell how a clause is meant and whether what stands over it denies it: (modality, negated)."""
    carrier = frames.carrier.get(head, head)
    clause = frames.grammar.clause(carrier)
    negated = clause.negated or (carrier != head and frames.grammar.clause(head).negated)
    found: Modality = "asserted"
    for auxiliary in clause.auxiliaries:
        found = MODALS.get(auxiliary, found)
    token = frames.doc[carrier]
    if any(c.dep_ == "mark" and c.lower_ in {"if", "unless", "whether"} for c in token.children):
        found = "conditional"
    governed = frames.governed.get(carrier) or frames.governed.get(head)
    if (
        governed is not None
        and governed[0].effect in {"REFUSE", "CANCEL"}
        and fold_lemma(token.lemma_) in word_class("OFFER")
    ):
        governed = None  # the proposal that was rejected was made
    if governed is not None and depth < 4:
        operator, governor = governed
        above, above_negated = polarity_of(frames, governor, depth + 1)
        if operator.modality is not None:
            # checked against Modality on load
            found = operator.modality  # type: ignore[assignment]
        elif found == "asserted" and operator.effect != "ACCUSE":
            found = above
        negated ^= operator.negates
        if operator.effect in {"=", None} and above_negated:
            negated = True
    elif (
        found == "asserted"
        and token.dep_ in {"advcl", "acl"}
        and any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children)
    ):
        found = "planned"  # purpose and content infinitives tell what is meant to happen
    elif (
        found == "asserted"
        and token.dep_ == "conj"
        and token.head.pos_ in VERBS
        and depth < 4
        and token.head.i in frames.governed
    ):
        found = polarity_of(frames, token.head.i, depth + 1)[0]
    return found, negated
