"""Which mentions of a text name the same thing: names, pronouns, definite noun phrases.

Mentions are read in order. Each either joins a chain of earlier ones or starts its own:

- `names`: surnames, acronyms brought in with brackets, shortened names, titles and appositions;
- `pronouns`: who "he", "its" and "themselves" take up, by agreement, binding and salience;
- `definites`: "the group", "the two countries", "the former general";
- `features`: number, gender and kind of a mention; `binding`: what a pronoun can't take up;
- `discourse`: the chains and their salience; `finder`: the way through a document.

Every `Link` keeps the name of the rule that made it.
"""

from __future__ import annotations

from kg.coreference.finder import find_links, make_coreference
from kg.coreference.links import Link, covering

__all__ = ["Link", "covering", "find_links", "make_coreference"]
