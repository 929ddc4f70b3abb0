"""Who did what to whom: event mentions out of clauses and event nouns.

`find_events` looks at every token once. A verb, event noun or predicative adjective becomes a
`Telling` when the lexicon codes it, when it reports speech, or when somebody is seen doing
something that the lexicon has no type for. Roles are read off the parse by the slots of the
lexicon line that fired; what the text doesn't state and a rule filled in is named in `inferred`.

The path inside: `nouns`, `governing` -> `frames` -> `participants` -> `roles`, `polarity` ->
`openings` -> `parties` -> `finder`.
"""

from __future__ import annotations

from kg.events.finder import find_events
from kg.events.nouns import is_event_noun, same_act
from kg.events.polarity import is_presupposed
from kg.events.telling import Telling

__all__ = ["Telling", "find_events", "is_event_noun", "is_presupposed", "same_act"]
