"""The rules of entity resolution in their order, over all nominals of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from weakref import proxy

from spacy.tokens import Doc

from kg.clauses import noun_obliques
from kg.coreference import Link
from kg.curation import files_of
from kg.entities.context import STATE_SECTORS, Context
from kg.entities.descriptions import Describer
from kg.entities.records import Named, entity_of_line, make_entity
from kg.entities.setting import PLACED, Setting
from kg.entities.titles import Affiliation, Title, name_without_title, title_of
from kg.gazetteer import EntityLine, Office, states_described
from kg.lexicon import fold_lemma, word_class
from kg.mentions import Nominal
from kg.parse import Parse, Token, parse_of
from kg.spelling import known_holder, known_person

__all__ = ["Entities", "resolve_entities"]

FORM_RULES = {"name": "name", "people": "demonym", "adjective": "demonym", "seat": "metonym"}
NAMING = ("PLACENOUN", "STATENOUN", "GROUPNOUN", "MEASURE")  # nouns that can mean what a name does
DEEPEST = 12  # links and owners that are followed from one mention
ALLIES = frozenset({"country", "igo", "armed_group", "organisation"})
WHERE = frozenset("in at near outside inside around across".split())
DEALING = frozenset({"against", "on", "with", "to", "from"})
LED = frozenset({"organisation", "igo", "ngo", "armed_group", "company", "media"})
COUNTED = frozenset({"person", "group", "organisation", "armed_group"})
LABEL_KINDS = {
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "group",
    "PERSON": "person",
}


SHORT_NAMES = frozenset({"name:surname", "name:given"})


def resolve_entities(
    doc: Doc | Parse,
    links: Mapping[int, Link],
    published: str | None = None,
    dateline: str | None = None,
) -> Entities:
    """Resolve the nominals of a document.

    Args:
        links: of `kg.coreference.find_links`.
        published: ISO date that decides who held an office; None takes the table's first.
        dateline: place that the article was filed from; its state is the article's home.

    Returns:
        Heads with their entities; empty where nothing is named ("it" without antecedent).
    """
    context = Context(parse_of(doc), published)
    # "Clinton" for the Peter Clinton of the text lends nobody a president's state
    short = frozenset(head for head, link in links.items() if link.rule in SHORT_NAMES)
    return Entities(context, Setting(context, dateline, short), links)


class Entities(Mapping[int, tuple[Named, ...]]):
    """The entities of a document's nominals, by head; mere things are looked into when asked for.

    Half of all nominals are nouns for things ("a hammer"), and hardly one of them plays a part.
    """

    def __init__(self, context: Context, setting: Setting, links: Mapping[int, Link]) -> None:
        self.context = context
        self.doc = context.doc
        self.setting = setting
        self.links = links
        self.describer = Describer(context, setting, proxy(self))  # no cycle to be collected
        self.known: dict[int, tuple[Named, ...]] = {}
        for head, nominal in context.nominals.items():
            if not self._is_thing(nominal):
                self.resolve(head)

    def __getitem__(self, head: int) -> tuple[Named, ...]:
        if head not in self.context.nominals:
            raise KeyError(head)
        return self.resolve(head)

    def __iter__(self) -> Iterator[int]:
        return iter(self.context.nominals)

    def __len__(self) -> int:
        return len(self.context.nominals)

    def parties(self) -> Iterator[tuple[int, tuple[Named, ...]]]:
        """Give the heads that name more than things, and what they name."""
        for head, named in self.known.items():
            if any(one.entity.kind != "thing" for one in named):
                yield head, named

    def resolve(self, head: int, depth: int = 0) -> tuple[Named, ...]:
        """Resolve a nominal; the depth is that of the search that asks for it."""
        nominal = self.context.nominals.get(head)
        if nominal is not None and head not in self.known:
            self.known[head] = ()  # a cycle of links ends here
            if depth < DEEPEST:
                self.known[head] = self._resolve(nominal, depth)
        return self.known.get(head, ())

    def _resolve(self, nominal: Nominal, depth: int) -> tuple[Named, ...]:
        link = self.links.get(nominal.head)
        if link is not None:
            return self._linked(nominal, link, depth)
        if self._is_thing(nominal):
            return (self._thing(nominal, depth),)
        if nominal.label == "PRONOUN":
            return ()
        if nominal.entries:
            if not self._is_namesake(nominal):
                return (self._listed(nominal),)
            nominal = self.context.described(nominal)
        if nominal.entity_label == "PERSON":
            return (self._person(nominal),)
        place = self._place_beside(nominal, depth) or self._own_state(nominal, depth)
        place = place or self._counted(nominal, depth)
        if place:
            return place
        if self._takes_up_state(nominal):
            line = self.context.country(self._state_meant(nominal))
            return (Named(entity_of_line(line), "definite:state"),) if line is not None else ()
        head = self.doc[nominal.head]
        if nominal.agent is not None or self.context.is_in(head, "GROUPNOUN"):
            member = self.describer.member(nominal, depth)
            if member:
                return member
        if nominal.agent is not None:
            return self._related(nominal, depth) or self.describer.describe(nominal, depth)
        if nominal.entity_label:
            return (self._unlisted(nominal),)
        return (self._thing(nominal, depth),)

    def _is_thing(self, nominal: Nominal) -> bool:
        """Tell a noun by which nobody and no place can be meant, whatever stands around it."""
        if nominal.label != "NOMINAL" or nominal.entity_label or nominal.agent is not None:
            return False
        lemma = fold_lemma(self.doc[nominal.head].lemma_)
        return lemma not in word_class(*NAMING) and nominal.head not in self.links

    def _linked(self, nominal: Nominal, link: Link, depth: int) -> tuple[Named, ...]:
        found = [named for head in link.antecedents for named in self.resolve(head, depth + 1)]
        if link.rule == "pronoun:side":
            found = [self._side(named) for named in found]
        unique = {named.entity.id: Named(named.entity, link.rule, named.guessed) for named in found}
        return tuple(unique.values())

    def _side(self, named: Named) -> Named:
        """ "We" in a spokesman's mouth is the state he speaks for."""
        country = self.context.country(named.entity.country)
        if named.entity.kind in {"person", "organisation"} and country is not None:
            return Named(entity_of_line(country), named.rule)
        return named

    # -- names

    def _is_namesake(self, nominal: Nominal) -> bool:
        """Tell the "Senate", the "Supreme Court" of the state where a text is at home that never
        names the one whose is known by that name alone.

        Not where it deals with that state: "the Senate approved sanctions against Suran".
        """
        home, states = self.setting.home, self.context.states
        if home is None and len(states) == 1:
            home = min(states)
        if nominal.head not in self.context.generic or home is None:
            return False
        sentence = self.doc[nominal.head].sent
        for token in self.doc[sentence.start : sentence.end]:
            line = self.context.line(self.context.nominals.get(token.i))
            if line is not None and line.kind == "country" and line.country == home:
                behind = token.dep_ == "pobj" and token.head.lower_ in DEALING
                if behind or token.dep_ == "dobj":
                    return False
        return True

    def _listed(self, nominal: Nominal) -> Named:
        entry = self.context.entry(nominal.entries)
        line = entry.entity
        head = self.doc[nominal.head]
        if self.context.is_ethnic(nominal):
            return self._ethnic(nominal, head)
        if entry.form == "people" and any(
            child.dep_ == "nummod" or child.lower_ in word_class("SOME") for child in head.children
        ):
            return Named(make_entity(head.text, "group", line.country, "CVL"), "demonym:people")
        if entry.form == "people" and head.tag_ in {"NN", "NNP"} and _has_article(head):
            return Named(make_entity(head.text, "person", line.country, "CVL"), "demonym:people")
        if entry.form == "adjective" and self._is_language(head):
            return Named(make_entity(f"{head.text} language", "thing", None, None), "language")
        many = line.kind == "group" and head.tag_ in {"NNPS", "NNS"}
        if (entry.form == "people" and line.kind != "person") or (many and not line.country):
            part = self._part_of_people(head, line.sector)
            if part is not None:
                return part
        if line.kind == "person":
            return self._known_person(nominal, line)
        if entry.form == "seat" and line.kind == "country" and self._is_where(nominal, head):
            name = self.doc.text_of(nominal.start, nominal.end)
            return Named(make_entity(name, "place", line.country, None), "name")
        branch = self._branch(head, line) if entry.form == "name" else None
        return branch or Named(entity_of_line(line), FORM_RULES[entry.form])

    def _is_where(self, nominal: Nominal, head: Token) -> bool:
        """Tell a capital that only says where from its state: "in Vienna", "the Vienna talks",
        "Baghdad-based"."""
        if head.dep_ == "pobj" and head.head.lower_ in WHERE:
            return True
        held = self.context.is_in(head.head, "TALKS", "FACILITY", "AREA")
        if held and head.dep_ in {"compound", "nmod"}:
            return True
        behind = [token.lower_ for token in self.doc[nominal.end : nominal.end + 2]]
        return behind == ["-", "based"]

    def _branch(self, head: Token, line: EntityLine) -> Named | None:
        """Name the body of one state that shares its name with another's: "Belarus's KGB", "the
        Italian Red Cross"."""
        if line.kind not in {"organisation", "ngo"}:
            return None
        for child in head.lefts:
            nominal = self.context.nominals.get(child.i)
            owner = self._owner(nominal)
            beside = child.dep_ == "poss" or (child.dep_ in {"amod", "compound"})
            if not beside or nominal is None or owner is None or owner.kind != "country":
                continue
            adjective = self.context.gazetteer.adjectives.get(owner.country or "")
            if owner.country not in {None, line.country} and adjective:
                own = self.context.nominals[head.i]
                said = self.doc.text_of(own.start, own.end)
                common = said.lower() in self.context.gazetteer.agents  # "the Nigerian Senate"
                branch = said.lower() if common else line.name
                name = f"{adjective} {branch if line.country else said}"
                entity = make_entity(name, "organisation", owner.country, line.sector)
                return Named(entity, "description")
        return None

    def _owner(self, nominal: Nominal | None) -> EntityLine | None:
        """Give the line of a possessor; of a pronoun, that of the one state it takes up."""
        if nominal is None or nominal.label != "PRONOUN":
            return self.context.line(nominal)
        found = self.resolve(nominal.head, 1)
        states = [n.entity.country for n in found if n.entity.kind == "country"]
        return self.context.country(states[0]) if len(states) == len(found) == 1 else None

    @staticmethod
    def _is_language(head: Token) -> bool:
        """Tell what is spoken or written from who speaks it ("in Polish", "speaks Arabic", "Polish
        is spoken")."""
        if head.dep_ == "nsubjpass" and head.tag_ in {"NNP", "NN", "JJ"}:
            spoken = head.head.lemma_ in {"speak", "teach", "learn"}
            return spoken and not any(c.dep_ in {"det", "poss"} for c in head.children)
        if head.tag_ not in {"NNP", "NN", "JJ"} or head.dep_ not in {"pobj", "dobj", "conj"}:
            return False
        above = head.head if head.dep_ != "conj" else head.head.head
        if head.dep_ == "conj" and head.head.dep_ not in {"pobj", "dobj"}:
            return False
        bare = not any(child.dep_ in {"det", "poss", "amod"} for child in head.children)
        return bare and (above.lower_ in {"in", "into"} or above.lemma_ in word_class("SPEAKVERB"))

    def _part_of_people(self, head: Token, sector: str | None) -> Named | None:
        """Name the part of a people that lives in a state ("Iraqi Kurds", "Bosnian Croats")."""
        for child in head.lefts:
            line = self.context.line(self.context.nominals.get(child.i))
            if child.dep_ in {"amod", "compound"} and line is not None and line.kind == "country":
                adjective = self.context.gazetteer.adjectives.get(line.country or "", child.text)
                name = f"{adjective} {head.text}"
                return Named(
                    make_entity(name, "group", line.country, sector or "CVL"), "description"
                )
        return None

    def _known_person(self, nominal: Nominal, line: EntityLine, rule: str = "name") -> Named:
        """Make the entity of a person of the table, with the role that text or day gives."""
        title = self._title(nominal)
        return Named(entity_of_line(line, title.role or self._held(line)), rule)

    def _held(self, line: EntityLine) -> str | None:
        """Give the office that a person held on the article's day."""
        if self.context.day is None:
            return None
        for term in self.context.gazetteer.surnames.get(line.name.split()[-1], ()):
            if term.holder.identity == line.identity and term.holds_on(self.context.day):
                return term.titles[0]
        return None

    def _ethnic(self, nominal: Nominal, head: Token) -> Named:
        place = self.setting.places.get(head.sent.start)
        state = place.state if place else None
        entity = make_entity(f"ethnic {head.text.removeprefix('ethnic ')}", "group", state, "CVL")
        return Named(entity, "ethnic", place is not None)

    def _title(self, nominal: Nominal) -> Title:
        return title_of(self.context, nominal, self._affiliation)

    def _affiliation(self, head: Token) -> Affiliation:
        theirs = self.describer.affiliation(head)
        return theirs.state, theirs.sector, theirs.stateless

    def _person(self, nominal: Nominal) -> Named:
        title = self._title(nominal)
        name = name_without_title(self.context, nominal)
        held = self._by_office(name, title)
        if held is not None:
            return Named(entity_of_line(held, title.role), "name:office")
        meant = known_person(name, title.country, files_of(self.doc))
        if meant is not None:
            return self._known_person(nominal, meant, "name:spelling")
        country = title.country
        serves = title.sector in STATE_SECTORS | {"ELI"}
        guessed = country is None and serves and not title.stateless
        if guessed:
            country = self.setting.around(nominal)
        entity = make_entity(name, "person", country, title.sector, role=title.role)
        rule = "name:title" if title.role else "name:ner"
        return Named(entity, rule, guessed and country is not None)

    def _by_office(self, name: str, title: Title) -> EntityLine | None:
        """Find the holder of an office by office and surname ("President Mwanawasa").

        Who held it on the article's day goes before who ever did; of two neither is taken.
        """
        role = (title.role or "").lower()
        terms = [
            term
            for term in self.context.gazetteer.surnames.get(name, ())
            if any(word in role for word in term.titles)
            and title.country in {None, term.holder.country}
        ]
        then = [term for term in terms if self.context.day and term.holds_on(self.context.day)]
        found = _holders(then) or _holders(terms)
        if found or not role:
            return found[0] if len(found) == 1 else None
        meant = known_holder(name, role, self.context.day, files_of(self.doc))
        here = meant is not None and title.country in {None, meant.country}
        return meant if here and not title.stateless else None

    def _unlisted(self, nominal: Nominal) -> Named:
        text = self.doc.text_of(nominal.start, nominal.end)
        name = text.removeprefix("the ").removeprefix("The ").removesuffix("'s").strip()
        head = self.doc[nominal.head]
        organised = nominal.entity_label == "ORG"
        country = self.describer.state_in_name(head) if organised else self._state_behind(head)
        kind = LABEL_KINDS.get(nominal.entity_label, "thing")
        return Named(make_entity(name, kind, country, None), "name:ner")

    def _state_behind(self, head: Token) -> str | None:
        """Read the state off the name behind a place: "Osmaniye, Turkey", "Gori in Georgia"."""
        if head.ent_type_ not in {"GPE", "LOC", "FAC"}:
            return None
        for child in head.rights:
            near = [child] if child.dep_ in {"appos", "npadvmod", "conj"} else []
            if child.dep_ == "prep" and child.lower_ == "in":
                near += [c for c in child.children if c.dep_ == "pobj"]
            for other in near:
                comma = self.doc[other.i - 1].text == "," or child is not other
                line = self.context.line(self.context.nominals.get(other.i))
                if comma and line is not None and line.kind in PLACED and line.country:
                    alone = not any(c.dep_ in {"cc", "conj"} for c in other.children)
                    if child.dep_ != "conj" or (alone and other.dep_ != "conj"):
                        return line.country
        return None

    # -- descriptions

    def _related(self, nominal: Nominal, depth: int) -> tuple[Named, ...]:
        """Name who stands in a relation to a state: "Iran's ally Syria" is Syria, "Iran's ally"
        nobody yet."""
        head = self.doc[nominal.head]
        if not self.context.is_in(head, "OTHERSIDE"):
            return ()
        for child in head.children:
            if child.dep_ == "appos" and child.i in self.context.nominals:
                found = self.resolve(child.i, depth + 1)
                if any(named.entity.kind in ALLIES for named in found):
                    return tuple(Named(n.entity, "apposition", n.guessed) for n in found)
        theirs = self.describer.affiliation(head, depth)
        if theirs.states:
            return ()
        meant = self._other_state(head, depth)
        if meant is not None:
            return (Named(entity_of_line(meant), "definite:state"),)
        start = nominal.start + (self.doc[nominal.start].pos_ == "DET")
        name = self.doc.text_of(start, nominal.end)
        return (Named(make_entity(name, "group", None, None), "description"),)

    def _other_state(self, head: Token, depth: int) -> EntityLine | None:
        """Take "its neighbour" for the one other state that the sentence has named before."""
        owners = [c.i for c in head.children if c.dep_ == "poss" and c.tag_ == "PRP$"]
        own = {n.entity.country for i in owners for n in self.resolve(i, depth + 1)}
        if head.tag_ != "NN" or len(own) != 1 or None in own:
            return None
        lines = (
            self.context.line(self.context.nominals.get(i))
            for i in range(head.sent.start, head.i)
            if self.doc[i].dep_ in {"nsubj", "dobj", "pobj", "nsubjpass"}
        )
        states = {x.country: x for x in lines if x is not None and x.kind == "country"}
        others = [line for state, line in states.items() if state not in own]
        return others[0] if len(others) == 1 else None

    def _place_beside(self, nominal: Nominal, depth: int) -> tuple[Named, ...]:
        """Take the name behind a noun of place for what the noun means ("the capital Kabul")."""
        head = self.doc[nominal.head]
        if nominal.entity_label or not self.context.is_in(head, "PLACENOUN"):
            return ()
        for child in head.children:
            line = self.context.line(self.context.nominals.get(child.i))
            if child.dep_ == "appos" and line is not None and line.kind in PLACED:
                found = self.resolve(child.i, depth + 1)
                return tuple(Named(n.entity, "apposition", n.guessed) for n in found)
        return ()

    def _own_state(self, nominal: Nominal, depth: int) -> tuple[Named, ...]:
        """Take "our country", "his homeland" for the state that the owner is of."""
        head = self.doc[nominal.head]
        if head.tag_ != "NN" or not self.context.is_in(head, "STATENOUN"):
            return ()
        for child in head.lefts:
            nearby = fold_lemma(child.lemma_) in word_class("OTHERWORD", "OTHERSIDE")
            if nearby:
                return ()
            owner = self.context.nominals.get(child.i)
            if child.dep_ == "poss" and owner is not None and owner.label == "PRONOUN":
                states = {n.entity.country for n in self.resolve(child.i, depth + 1)}
                line = self.context.country(states.pop()) if len(states) == 1 else None
                return (Named(entity_of_line(line), "possessor"),) if line is not None else ()
        return ()

    def _counted(self, nominal: Nominal, depth: int) -> tuple[Named, ...]:
        """Take a measure of people for the people ("hundreds of militants"): a pseudo-partitive."""
        head = self.doc[nominal.head]
        if nominal.agent is not None or not self.context.is_in(head, "MEASURE"):
            return ()
        goals = [i for prep, _, i in noun_obliques(head) if prep == "of"]
        known = [i for i in goals if i in self.context.nominals and i > head.i]
        found = [named for i in known for named in self.resolve(i, depth + 1)]
        acting = [named for named in found if named.entity.kind in COUNTED]
        return tuple({named.entity.id: named for named in acting}.values())

    def _takes_up_state(self, nominal: Nominal) -> bool:
        head = self.doc[nominal.head]
        one = nominal.label == "NOMINAL" and head.tag_ == "NN"
        if not one or not self.context.is_in(head, "STATENOUN"):
            return False
        return self.describer.is_definite(nominal) and not self.describer.affiliation(head).states

    def _state_meant(self, nominal: Nominal) -> str | None:
        """Find the state that "the country" takes up: the last; for "the capital" the home's."""
        if self.context.is_in(self.doc[nominal.head], "CAPITAL"):
            return self.setting.before(nominal)
        if self.doc[nominal.head].left_edge.lower_ == "this" and self.setting.home is not None:
            return self.setting.home  # "this country has waited too long"
        meant = states_described([t.lower_ for t in self.doc[nominal.start : nominal.head + 1]])
        if meant is None:
            return self.setting.last_state.get(nominal.head, (None, 0))[0]
        home = self.setting.home
        return home if home in meant else self.setting.last_among(nominal.head, meant)

    def _thing(self, nominal: Nominal, depth: int) -> Named:
        head = self.doc[nominal.head]
        if head.tag_ == "NN" and self.context.is_in(head, "HEADNOUN"):
            for prep, _, i in noun_obliques(head):
                body = next((n.entity for n in self.resolve(i, depth + 1)), None)
                if prep == "of" and body is not None and body.kind in LED:
                    name = f"{body.name} {head.lower_}"
                    entity = make_entity(name, "person", body.country, body.sector)
                    return Named(entity, "description")
        strife = self.context.is_in(head, "STRIFE") or self.context.is_in(head, "CALAMITY")
        state = None if strife else self.describer.affiliation(head, depth).state
        start = next((t.i for t in self.doc[nominal.start : head.i] if t.pos_ != "DET"), head.i)
        name = self.doc.text_of(start, nominal.end)
        return Named(make_entity(name, "thing", state, None), "description")


def _has_article(noun: Token) -> bool:
    """Tell one of a people ("a Swede") from the people."""
    return any(child.lower_ in {"a", "an"} for child in noun.lefts)


def _holders(terms: list[Office]) -> tuple[EntityLine, ...]:
    return tuple({term.holder.identity: term.holder for term in terms}.values())
