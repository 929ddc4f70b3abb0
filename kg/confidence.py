"""How sure an event mention is: the share of tellings like it that held in annotated sentences.

What is known of a telling (its type, how it is put, which parts are told) gives the log-odds of
`confidence.tsv`, fitted on one half of annotated relations by `benchmarks/calibration.py`, which
holds the bands against the other half. So .6 means that about six of ten such tellings are right.

Source: logistic regression as in Platt (1999), "Probabilistic outputs for support vector
machines", over facts instead of a score.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from kg.lexicon import confidence_weights
from kg.model import EventMention

__all__ = ["confidence_of", "facts_of"]


def facts_of(event: EventMention, trigger: str) -> Iterator[str]:
    """List what tells how sure a mention is, by the names of `confidence.tsv`.

    Args:
        trigger: the text of the event's trigger.
    """
    yield "any"
    if event.code is None:
        return
    yield event.code.event
    rule = event.code.rule
    if event.modality != "asserted":
        yield event.modality
    composed = ":" in rule and not rule.startswith("reporting:")
    if composed:
        yield "operator"
    elif rule.removesuffix("+").endswith("/n"):
        yield "light verb" if " " in trigger else "noun"
    if rule.endswith("+"):
        yield "conditions"
    if not event.actors:
        yield "no actor"
    if not event.targets:
        yield "no target"
    else:
        entity = event.targets[0].entity
        if entity is None or entity.kind == "thing":
            yield "thing"
    for part in event.inferred:
        yield "guessed" if "." in part else "inferred"


def confidence_of(event: EventMention, trigger: str) -> float:
    """Give the share of tellings with the same facts that are right in all they tell."""
    weights = confidence_weights()
    logit = sum(weights.get(fact, 0.0) for fact in facts_of(event, trigger))
    return round(1 / (1 + math.exp(-logit)), 2)
