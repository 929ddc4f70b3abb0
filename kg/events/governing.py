"""What an operator makes of the act that it governs: one telling with it, or two."""

from __future__ import annotations

from kg.clauses import is_finite
from kg.coding import code_frame
from kg.lexicon import Operator
from kg.model import Frame
from kg.parse import Token

__all__ = ["binds", "joins", "tells_for"]

BINDING = frozenset({"AGREE", "THREATEN"})


def tells_for(operator: Operator, frame: Frame) -> bool:
    """Tell whether the operator tells its complement's event, so that the two are one."""
    coded = code_frame(frame)
    if coded is None or frame.complement is None:
        return False
    inner = code_frame(frame.complement)
    ordered = operator.effect == "ORDER" and inner is not None
    if coded.code.event == "THREATEN" and operator.effect in {"THREATEN", "VOW"}:
        return True  # the content of a threat is its mode
    if coded.code.event == "MOBILIZE" and operator.effect == "PREPARE":
        return True
    return operator.effect == "=" or (
        ordered and inner is not None and inner.code.event == coded.code.event
    )


def binds(operator: Operator, frame: Frame) -> bool:
    """Tell whether a commitment tells what is committed to ("agreed to withdraw" is one).

    Mode and digits of its code say what for. Who promises support supports already: two.
    """
    coded = code_frame(frame) if operator.effect == "COMMIT" else None
    if coded is None or coded.code.event not in BINDING or frame.complement is None:
        return False
    inner = code_frame(frame.complement)
    return inner is None or inner.code.event != "SUPPORT"


def joins(conjunct: Token, first: Token) -> bool:
    """Tell whether a conjunct stands under the same operator: it has no subject and no tense.

    In "plans to lease jets and signed a pact" the finite verb belongs further up.
    """
    if any(c.dep_ in {"nsubj", "nsubjpass"} for c in conjunct.children):
        return False
    return not (is_finite(conjunct) and not is_finite(first))
