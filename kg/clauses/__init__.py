"""Clauses with their deep roles: who acts and who is acted on, whatever shape the sentence gave it.

The parser's labels are grammatical (ClearNLP style); this room undoes what English does to them:
passives, relative and reduced relative clauses, control and raising ("agreed to postpone", "urged
B to release C"), shared subjects of conjoined verbs, gerunds behind prepositions. It knows no
codes and no names.

The path inside: `words` (what a word and its children tell) -> `subjects` -> `grammar`.
"""

from __future__ import annotations

from kg.clauses.grammar import Clause, Grammar
from kg.clauses.words import (
    SUBJECTS,
    compounded_agent,
    conjuncts,
    is_finite,
    is_negated,
    is_passive,
    noun_obliques,
)

__all__ = [
    "SUBJECTS",
    "Clause",
    "Grammar",
    "compounded_agent",
    "conjuncts",
    "is_finite",
    "is_negated",
    "is_passive",
    "noun_obliques",
]
