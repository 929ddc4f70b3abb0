"""What a mention names: gazetteer names, people with titles, bodies of states, described groups.

`resolve_entities` gives every nominal of a document its entity, with the rule that joined them.
Names are matched exactly before they are matched by spelling, by the article's own date; a body or
group without a name of its own gets one from its state or body and noun ("Syrian government",
"United Nations peacekeepers"), so that it is one thing across articles.

`records` makes entities; `context` is what all of them look at; `setting` says which states the
text is about; `titles` reads what stands around a person's name; `descriptions` names what has no
name; `spelling` finds names that are written a little otherwise; `resolver` puts them in order.
"""

from kg.entities.records import Named, entity_of_line
from kg.entities.resolver import Entities, resolve_entities

__all__ = ["Entities", "Named", "entity_of_line", "resolve_entities"]
