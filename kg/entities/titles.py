"""What stands around a person's name: title before it, apposition behind it.

"Pentagon spokesman Navy Captain Jeff Davis": role, state and sector are read off the title.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from kg.entities.context import Context
from kg.lexicon import word_class
from kg.mentions import Nominal, agent_noun
from kg.parse import Token

__all__ = ["Title", "name_without_title", "title_of"]

WINDOW = 9  # tokens before a name in which its title stands

Affiliation = tuple[str | None, str | None, bool]
"""State, sector of the body named, and whether a body of no state is named."""


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says of who bears it.

    Attributes:
        role: the title in the text's words.
        stateless: a body of no state is named in it ("UN envoy"), so no state is to be guessed.
    """

    role: str | None = None
    country: str | None = None
    sector: str | None = None
    stateless: bool = False


def title_of(
    context: Context, nominal: Nominal, affiliation: Callable[[Token], Affiliation]
) -> Title:
    """Read the title of a named person.

    Args:
        affiliation: finds the state and body that a noun phrase names.
    """
    found = _before(context, nominal)
    if found.role is None:
        found = _beside(context, nominal, affiliation)
    elif found.country is None and not found.stateless:  # "their commander, General Venn"
        found = replace(found, country=_beside(context, nominal, affiliation).country)
    if found.role is not None and found.country is None and not found.stateless:
        found = replace(found, country=_of_place(context, context.doc[nominal.head]))
    if found.role is not None and _is_over(found.role):
        found = replace(found, sector="ELI")
    return found


def _of_place(context: Context, head: Token) -> str | None:
    """Find the state in "of" behind a name ("Governor Jay Inslee of Washington state")."""
    for child in head.rights:
        if child.dep_ == "prep" and child.lower_ == "of":
            for place in child.children:
                line = context.line(context.nominals.get(place.i))
                if line is not None and line.country:
                    return line.country
    return None


def _is_over(role: str) -> bool:
    """Tell a title that its bearer has no more ("former president", "ex-minister")."""
    words = role.lower().replace("-", " ").split()
    return any(word in word_class("BYGONE") for word in words)


def name_without_title(context: Context, nominal: Nominal) -> str:
    """Give a person's name as the recogniser marked it, less titles ("Gen", "Mr") and "'s"."""
    start = nominal.start
    while start < nominal.head:
        word = context.doc[start].lower_.strip(".")
        agent = agent_noun(context.doc[start])
        if word not in word_class("HONORIFIC") and (agent is None or not agent.title):
            break
        start += 1
    return context.doc.text_of(start, nominal.end).removesuffix("'s").strip()


def _beside(
    context: Context, nominal: Nominal, affiliation: Callable[[Token], Affiliation]
) -> Title:
    """Read the apposition behind a name, or the noun that the name stands behind."""
    head = context.doc[nominal.head]
    near = [child for child in head.children if child.dep_ == "appos"]
    if head.dep_ == "appos":
        near.append(head.head)
    for other in near:
        agent = agent_noun(other)
        if agent is not None:
            country, sector, stateless = affiliation(other)
            words = [t for t in other.subtree if t.i <= other.i]
            kept = [t for t in words if t.pos_ != "DET" and not t.is_punct]
            role = "".join(t.text + t.whitespace_ for t in kept).strip()
            return Title(role or None, country, sector or agent.sector, stateless)
    return Title()


def _before(context: Context, nominal: Nominal) -> Title:
    """Read the words before a name, as far as they can be a title."""
    doc, first = context.doc, nominal.start
    while first > max(0, nominal.start - WINDOW) and _belongs(doc[first - 1], doc[nominal.start]):
        first -= 1
    window = list(doc[first : nominal.start])
    agents = [agent for token in window if (agent := agent_noun(token)) and agent.kind == "person"]
    if not agents:
        return Title()
    country = sector = None
    stateless = False
    for token in window:
        nominal_here = context.nominals.get(token.i)
        line = context.line(nominal_here)
        if nominal_here is None or line is None:
            continue
        before = doc[nominal_here.start - 1] if nominal_here.start > 0 else None
        if before is not None and before.lower_ in word_class("FIELDPREP"):
            continue
        country = country or line.country
        stateless |= line.kind in {"igo", "ngo"}
        if line.kind != "country":
            sector = sector or line.sector
    said = "".join(t.text + t.whitespace_ for t in window if t.lower_ != "the" or t.i > first)
    own = next((agent.sector for agent in agents if agent.sector != "UNK"), agents[0].sector)
    return Title(
        " ".join(said.split()) or None, country, sector or own, stateless and country is None
    )


def _belongs(token: Token, name: Token) -> bool:
    """Tell whether a token before a name can be part of its title."""
    if token.sent.start != name.sent.start or (token.is_punct and token.text != "-"):
        return False
    small = token.lower_ in {"of", "for", "to", "the", "special", "-", "'s"}
    return token.pos_ in {"NOUN", "PROPN", "ADJ"} or small or bool(token.is_title)
