"""How an act is meant: negated, proposed, planned, possible, conditional, by construction."""

from __future__ import annotations

from kg.clauses import is_negated, is_passive
from kg.events.frames import VERBS, Frames
from kg.lexicon import Operator, fold_lemma, operators, word_class
from kg.model import Modality
from kg.parse import Token

__all__ = ["is_presupposed", "polarity_of"]

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

TEMPORAL = frozenset({"after", "before", "when", "since", "while", "until"})

INVERTING = frozenset({"should", "had", "were"})

# operators whose complement is told as so or not, whatever becomes of the operator itself
FACTIVE = frozenset({"ACCUSE", "CRITICIZE", "CONVICT", "DENY"})


def polarity_of(frames: Frames, head: int, depth: int = 0) -> tuple[Modality, bool]:
    """Tell how a clause is meant and whether what stands over it denies it: (modality, negated)."""
    carrier = frames.host(head)
    clause = frames.grammar.clause(carrier)
    negated = clause.negated or (carrier != head and frames.grammar.clause(head).negated)
    found: Modality = "asserted"
    for auxiliary in clause.auxiliaries:
        found = MODALS.get(auxiliary, found)
    token = frames.doc[carrier]
    if any(c.dep_ == "mark" and c.lower_ in {"if", "unless", "whether"} for c in token.children):
        found = "conditional"
    if (
        _is_awaited(frames, token)
        or _is_inverted(token)
        or (found == "planned" and _has_condition(frames, carrier))
    ):
        found = "conditional"
    governed = frames.governed.get(carrier) or frames.governed.get(head)
    if (
        governed is not None
        and governed[0].effect in {"REFUSE", "CANCEL"}
        and fold_lemma(token.lemma_) in word_class("OFFER")
    ):
        governed = None  # the proposal that was rejected was made
    if governed is not None and depth < 4:
        return _under(frames, governed, found, negated, depth)
    if found == "asserted" and (
        any(c.lower_ in word_class("HEDGE") for c in token.children) or _is_hearsay(frames, token)
    ):
        found = "possible"
    if found != "asserted":
        return found, negated
    if token.pos_ == "NOUN" and token.dep_ == "dobj" and token.head.pos_ in VERBS:
        negated = negated or is_negated(token.head)  # "has not announced a boycott"
    if _is_refuted(frames, token):
        return "denied", negated
    if token.dep_ in {"advcl", "acl"} and _has_to(token):
        return "planned", negated  # purpose and content infinitives tell what is meant to happen
    shares = token.dep_ == "conj" and token.head.pos_ in VERBS and token.head.i in frames.governed
    if shares and depth < 4:
        found = polarity_of(frames, token.head.i, depth + 1)[0]
    return found, negated


def _under(
    frames: Frames, governed: tuple[Operator, int], own: Modality, negated: bool, depth: int
) -> tuple[Modality, bool]:
    """Tell what the operator over an act makes of its modality and polarity."""
    operator, governor = governed
    above, above_negated = polarity_of(frames, governor, depth + 1)
    found = own
    if operator.modality is not None:
        # checked against Modality on load
        found = operator.modality  # type: ignore[assignment]
    elif own == "asserted" and operator.effect not in FACTIVE:
        found = above
    if above == "denied":
        found = "denied"  # "denies ordering the raid": neither was the order given nor the raid
    negated ^= operator.negates
    if above_negated and operator.negates and operator.effect in {"REFUSE", "FORBID"}:
        return ("possible" if found == "asserted" else found), False  # "did not rule out going"
    if above_negated and operator.effect not in FACTIVE:
        negated = not negated  # "did not agree to withdraw"
    return found, negated


def _is_awaited(frames: Frames, verb: Token) -> bool:
    """Tell an act that a refusal waits for ("will not leave until the law is withdrawn")."""
    above = verb.head
    return (
        verb.dep_ == "advcl"
        and any(c.dep_ == "mark" and c.lower_ in {"until", "till", "before"} for c in verb.children)
        and above.pos_ in VERBS
        and frames.grammar.clause(above.i).negated
        and bool(set(frames.grammar.clause(above.i).auxiliaries) & MODALS.keys())
    )


def _is_inverted(verb: Token) -> bool:
    """Tell a condition by inversion ("Should the army attack", "Had they known")."""
    if verb.dep_ not in {"advcl", "ccomp"} or verb.i > verb.head.i:
        return False
    first = verb.left_edge
    return (
        first.lower_ in INVERTING
        and first.head.i == verb.i
        and first.dep_ in {"aux", "auxpass"}
        and any(c.dep_ in {"nsubj", "nsubjpass"} and c.i > first.i for c in verb.children)
    )


def _has_condition(frames: Frames, head: int) -> bool:
    """Tell what would be done on a condition ("would leave if they were asked")."""
    if "would" not in frames.grammar.clause(head).auxiliaries:
        return False
    return any(
        c.dep_ == "advcl"
        and (_is_inverted(c) or any(m.dep_ == "mark" and m.lower_ == "if" for m in c.children))
        for c in frames.doc[head].children
    )


def _is_hearsay(frames: Frames, verb: Token) -> bool:
    """Tell what somebody "is thought" or "is said" to have done."""
    above = verb.head
    return (
        verb.dep_ == "xcomp"
        and above.pos_ in VERBS
        and fold_lemma(above.lemma_) in word_class("OPINE")
        and is_passive(above)
    )


def _has_to(verb: Token) -> bool:
    return any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children)


def is_presupposed(token: Token, denied: Token) -> bool:
    """Tell what a denial takes for granted, as what it denies can't be told without it.

    Relative and temporal clauses, and what something is said to be linked to, hold whether the
    denied clause is true or not ("denied that the arrests were linked to the attack, in which
    two died"; "denied firing after they fled"). Source: Levinson 1983, 4.2 (presupposition
    triggers).

    Args:
        denied: the verb of denial.
    """
    while token.head.i not in {token.i, denied.i}:
        above = token.head
        if token.dep_ == "relcl":
            return True
        if token.dep_ == "advcl" and any(
            c.dep_ == "mark" and c.lower_ in TEMPORAL for c in token.children
        ):
            return True
        if above.dep_ == "prep" and fold_lemma(above.head.lemma_) in word_class("LINKED"):
            return True
        token = above
    return False


def _is_refuted(frames: Frames, verb: Token) -> bool:
    """Tell the content of a claim that is rejected ("rejected accusations that it interfered")."""
    noun = verb.head
    if verb.dep_ not in {"acl", "ccomp", "relcl", "pcomp"} or noun.pos_ != "NOUN":
        return False
    if fold_lemma(noun.lemma_) not in word_class("CLAIM"):
        return False
    if noun.dep_ not in {"dobj", "nsubjpass"}:  # "its claim that they fled was rejected"
        return False
    operator = operators().get((fold_lemma(noun.head.lemma_), "v"))
    return operator is not None and operator.effect in {"REFUSE", "DENY"}
