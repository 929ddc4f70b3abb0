"""Which stretches of a text name something that can act, be acted on, speak or be a place.

A `Nominal` is a mention on the level of tokens: one a head. Names come from the document's
entities (our gazetteer first, the model's recogniser for what it doesn't know), everything else
from the parse: noun phrases by their head noun, personal and possessive pronouns, adjectives of
countries.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate import source_span
from kg.curation import files_of, gazetteer_of
from kg.gazetteer import AgentLine, NameEntry
from kg.lexicon import fold_lemma, given_names, predicates, pronouns, word_class
from kg.model import Mention, Span, working_record
from kg.parse import Parse, Phrase, Token, once_a_token, parse_of
from kg.spelling import known_spelling

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Nominal",
    "agent_noun",
    "find_mentions",
    "is_opposed",
    "make_mentions",
    "nominals_of",
    "to_mention",
]

COMPOSED = frozenset({"ORG", "GPE", "PERSON"})
NAME_LABELS = frozenset("PERSON NORP FAC ORG GPE LOC PRODUCT EVENT LAW WORK_OF_ART".split())
DEEPEST = 12  # arcs between a modifier and its noun
LONGEST = 60  # tokens of an "of" phrase that is shown with its noun
ACRONYM = 4
"""Letters from which an acronym may be written like a name."""
BODIES = frozenset({"igo", "ngo", "armed_group", "organisation"})
PLACING = frozenset("in at near from across".split())
PRENOMINAL = frozenset("compound amod nmod nummod poss quantmod advmod det predet punct".split())
WITHIN = PRENOMINAL | {"case", "conj", "cc", "hmod"}
NOUNS = frozenset({"NOUN", "PROPN"})
SUBSTITUTES = frozenset("ADJ NUM VERB DET PRON".split())
FILLING = NOUNS | SUBSTITUTES
ARGUMENTS = frozenset("nsubj nsubjpass dobj pobj".split())


@working_record
class Nominal:
    """A mention by its tokens.

    Attributes:
        head: index of the head token.
        start, end: half-open token range that is shown; titles and determiners left out of names.
        label: NAME, ADJECTIVE, NOMINAL or PRONOUN.
        entity_label: label of the named entity that the head lies in ("GPE"), "" if none.
        entries: what the gazetteer knows under this name; empty for unknown names.
        agent: the line of `agents.tsv` for the head noun; None for other nouns.
    """

    head: int
    start: int
    end: int
    label: str
    entity_label: str = ""
    entries: tuple[NameEntry, ...] = ()
    agent: AgentLine | None = None


@once_a_token
def agent_noun(token: Token) -> AgentLine | None:
    """Find the agent noun that a token heads, the longest compound first ("foreign minister")."""
    gazetteer = gazetteer_of(token.doc)
    lemma, text = fold_lemma(token.lemma_), fold_lemma(token.text)
    one = text.removesuffix("s") if token.tag_ == "NNPS" else lemma
    singular = _singular(text)
    if gazetteer.agent_heads.isdisjoint((lemma, text, one, singular)):
        return None  # what most words are, found out at once
    if lemma in word_class("MEASURE") and _is_before_of(token):
        return None  # "thousands of dollars" are no people; "thousands" by itself are
    table = gazetteer.agents
    before = _modifiers_before(token)
    lemmas = [fold_lemma(word.lemma_) for word in before]
    written = [fold_lemma(word.text) for word in before]  # the lemma of "lower house" is "low"
    for skip in range(len(before)):
        line = table.get(" ".join([*lemmas[skip:], lemma]))
        line = line or table.get(" ".join([*written[skip:], lemma]))
        if line is not None:
            return line
    return table.get(lemma) or table.get(text) or table.get(one) or table.get(singular)


def _is_before_of(token: Token) -> bool:
    return token.i + 1 < len(token.doc) and token.nbor(1).lower_ == "of"


def _modifiers_before(noun: Token) -> list[Token]:
    """List the words among the three before a noun that belong to it."""
    found: list[Token] = []
    for neighbour in reversed(noun.doc[max(noun.i - 3, 0) : noun.i]):
        if neighbour.is_punct:
            continue
        if neighbour.head is not noun and neighbour.head.head is not noun:
            break
        if not noun.is_title and _is_inside_name(neighbour):
            break
        found.insert(0, neighbour)
    return found


def _is_inside_name(word: Token) -> bool:
    """Tell a word behind others of its name: it forms no compound of its own with what follows.

    "Norlandic Union leaders" lead the Norlandic Union, not a union.
    """
    if word.i == 0 or not word.is_title or word.ent_type_ not in COMPOSED:
        return False
    before = word.nbor(-1)
    return before.is_title and before.ent_type_ == word.ent_type_


def _singular(word: str) -> str:
    """Undo plurals in -en that the model leaves ("schoolchildren", "assemblymen")."""
    if word.endswith("children"):
        return word.removesuffix("ren")
    return f"{word[:-2]}an" if word.endswith("men") else word


def _left_edge(head: Token, *, keep_determiner: bool = False) -> int:
    """Walk left over the modifiers that stand directly before a head noun."""
    edge = head.i
    while edge > 0:
        before = head.doc[edge - 1]
        ancestor = before
        for _ in range(DEEPEST):
            outside = ancestor.dep_ not in WITHIN
            if ancestor is head or outside or ancestor.head is ancestor:
                break
            ancestor = ancestor.head
        if ancestor is not head or before.sent is not head.sent:
            break
        edge -= 1
    while edge < head.i and not keep_determiner and _is_edge_word(head.doc[edge]):
        edge += 1
    return edge


def _is_edge_word(token: Token) -> bool:
    return (
        token.dep_ in {"det", "predet", "punct", "cc", "case"}
        or token.is_punct
        or token.pos_ in {"DET", "PUNCT"}
    )


def _right_edge(head: Token, agent: AgentLine | None) -> int:
    """Take in what says whose body or office it is ("leadership of the republic"), or which
    people or things are meant ("people in Darfur")."""
    for child in head.rights:
        if child.left_edge.i != head.i + 1:
            break
        if child.dep_ == "prep" and child.lower_ == "of":
            owners = [t for t in child.children if t.dep_ == "pobj"]
            near = owners and owners[0].right_edge.i - head.i < LONGEST
            if agent and near and owners[0].pos_ in {"PROPN", "NOUN"} and not _takes_of(head):
                return _phrase_end(owners[0])
        moved = head.dep_ in {"dobj", "pobj", "nsubjpass"}
        if moved and child.lower_ == "from" and fold_lemma(head.lemma_) in word_class("FORCE"):
            continue  # "withdrew its troops from Suran": where they leave
        place = _place_right_behind(child)
        if place is not None:
            return _phrase_end(place)
    return head.i + 1


def _place_right_behind(modifier: Token) -> Token | None:
    """Find the place in a restrictive modifier ("in Darfur", "now living in camps")."""
    phrase: Token | None = modifier
    if modifier.dep_ == "acl" and modifier.tag_ in {"VBG", "VBN"}:
        dwelling = modifier.lemma_ in word_class("DWELL")
        behind = (c for c in modifier.rights if dwelling and c.i == modifier.i + 1)
        phrase = next(behind, None)
    if phrase is None or phrase.dep_ != "prep" or phrase.lower_ not in PLACING:
        return None
    places = [t for t in phrase.children if t.dep_ == "pobj"]
    if len(places) != 1 or places[0].pos_ not in {"PROPN", "NOUN"}:
        return None
    return places[0] if _may_be_place(places[0]) else None


def _may_be_place(noun: Token) -> bool:
    """Tell a place from an occasion, a time or a manner ("in a raid", "in May", "in revenge")."""
    lemma = fold_lemma(noun.lemma_)
    if noun.ent_type_ in {"DATE", "TIME"} or (lemma, "n") in predicates():
        return False
    bare = noun.tag_ == "NN" and not any(c.i < noun.i for c in noun.children)
    return not bare and lemma not in word_class("CONTENT")


def _phrase_end(noun: Token) -> int:
    return max(t.i for t in noun.subtree if not _in_clause(t, noun)) + 1


def _takes_of(noun: Token) -> bool:
    """Tell the object of a verb that itself takes "of" ("accused managers of bad faith")."""
    return noun.dep_ == "dobj" and fold_lemma(noun.head.lemma_) in word_class("OFVERB")


def _in_clause(token: Token, top: Token) -> bool:
    while token.i != top.i:
        if token.dep_ in {"relcl", "acl", "prep", "punct", "appos", "conj", "cc"}:
            return True
        token = token.head
    return False


def _name(span: Phrase) -> Nominal:
    entries = _entries(span)
    adjective = bool(entries) and entries[0].form == "adjective"
    head = _head_of(span)
    person = not entries and span.label_ != "PERSON" and _is_person(span)
    modifies = head.dep_ in {"amod", "compound", "nmod"} and head.head.i >= span.end
    label = "ADJECTIVE" if adjective and (head.pos_ == "ADJ" or modifies) else "NAME"
    return Nominal(
        head.i,
        span.start,
        span.end,
        label,
        "PERSON" if person else "ORG" if _is_no_person(span) else span.label_,
        entries,
        agent_noun(head) if not entries else None,
    )


def _head_of(name: Phrase) -> Token:
    """Find the head of a name; where the parse has cut it in two, its last noun, no article."""
    root = name.root
    if root.pos_ in {"PROPN", "NOUN", "ADJ"}:
        return root
    inside = range(name.start, name.end)
    tops = [t for t in name if t.head.i not in inside and t.pos_ in {"PROPN", "NOUN"}]
    return tops[-1] if tops else root


def _is_person(name: Phrase) -> bool:
    """Tell a person's name that the recogniser took for another: by a given name or a title.

    "Renata Couto" begins with a given name, "Mayor Prado" stands behind an office.
    """
    words = [token for token in name if token.dep_ != "case"]
    if not words or any(not token.is_title or token.pos_ != "PROPN" for token in words):
        return False
    if fold_lemma(words[-1].text) in word_class("NOPERSON") or agent_noun(words[-1]) is not None:
        return False
    if 2 <= len(words) <= 4 and words[0].text in given_names():
        return True
    before = name.doc[name.start - 1] if name.start > 0 else None
    if before is None or before.dep_ != "compound" or before.head.i != name.root.i:
        return False
    title = agent_noun(before)
    return title is not None and title.title


def _is_no_person(name: Phrase) -> bool:
    """Tell a body's name that the recogniser took for a person's: nobody is called
    "Anti-Corruption" or "Commission"."""
    if name.label_ != "PERSON" or len(name) < 2:
        return False
    words = [token.lower_ for token in name]
    whole = name.root
    if whole.dep_ == "appos" and whole.head.dep_ != "compound":
        agent = agent_noun(whole.head)
        if agent is not None and agent.kind == "organisation":
            return True  # "the company, Costruzioni Adda"
    cause = any(word in word_class("ATTITUDE") and after == "-" for word, after in pairwise(words))
    return cause or fold_lemma(name[-1].text) in word_class("BODYWORD")


def _unmarked_person(head: Token) -> Phrase | None:
    """Find a person's name that the recogniser didn't mark at all."""
    if head.pos_ != "PROPN":
        return None
    start = head.i
    while (
        start > 0
        and head.doc[start - 1].dep_ == "compound"
        and (
            head.doc[start - 1].head.i == head.i
            and head.doc[start - 1].pos_ == "PROPN"
            and agent_noun(head.doc[start - 1]) is None
        )
    ):
        start -= 1
    name = Phrase(head.doc, start, head.i + 1)
    return name if _is_person(name) else None


def _entries(span: Phrase) -> tuple[NameEntry, ...]:
    table = gazetteer_of(span.doc).names
    text = " ".join(token.text for token in span)
    titled = (_title_case(span, table),) if span.text.isupper() else ()
    for spelling in (span.text, text, span.text.removesuffix("'s"), *titled):
        for candidate in (spelling, spelling.removeprefix("the ").removeprefix("The ")):
            if candidate in table:
                return table[candidate]
    if len(span) == 1 and span.label_ in {"ORG", "GPE"} and span.text.istitle():
        acronym = table.get(span.text.upper(), ()) if len(span.text) >= ACRONYM else ()
        if acronym and acronym[0].entity.kind in BODIES:
            return acronym  # British papers write "Untac", "Nato"
    if len(span) > 1 or span.label_ not in {"GPE", "NORP"}:
        return ()
    meant = known_spelling(span.text, files_of(span.doc))
    return table[meant] if meant is not None else ()


def _title_case(name: Phrase, table: Mapping[str, tuple[NameEntry, ...]]) -> str:
    """Write a name of a headline in capitals as a text has it: "US CONGRESS" as "US Congress"."""
    words = [token.text if token.text in table else token.text.title() for token in name]
    return " ".join(words).replace(" '", "'").replace(" - ", "-")


def _is_nominal(token: Token) -> bool:
    if token.lemma_ == "old" and any(child.dep_ == "det" for child in token.children):
        return token.dep_ != "amod"  # "the 54-year-old"
    if token.pos_ in NOUNS:
        fills = token.dep_ not in {"compound", "nmod"} or agent_noun(token) is not None
    else:
        # "the wounded", "two were killed", "those": other words that fill a noun's place
        other = token.pos_ in SUBSTITUTES and token.dep_ in ARGUMENTS
        fills = other and token.tag_ not in {"WP", "WDT"}
    return fills and (token.ent_type_ not in {"DATE", "TIME"} or agent_noun(token) is not None)


def _ends_title(token: Token) -> bool:
    """Tell the end of a title from a nominal of its own ("Secretary of State Kerry")."""
    if token.dep_ != "pobj" or token.head.lower_ != "of" or not token.is_title:
        return False
    office = token.head.head
    if not office.is_title:
        return False
    agent = agent_noun(office)
    unnamed = not token.ent_type_ or agent_noun(token) is not None
    return agent is not None and agent.title and unnamed


def _is_inside_noun(name: Phrase) -> bool:
    """Tell a piece of a title that was taken for a name: "Defense" of "Defense Minister", "State"
    of "Secretary of State"."""
    last = name[-1]
    if last.dep_ == "pobj" and last.head.lower_ == "of":
        office = last.head.head
        agent = agent_noun(office)
        titled = office.is_title and agent is not None and agent.title
        return len(name) == 1 and titled and agent_noun(last) is not None
    if name.end >= len(name.doc):
        return False
    behind = name.doc[name.end]
    words = fold_lemma(" ".join((last.text, behind.text)))
    agent = gazetteer_of(name.doc).agents.get(words)
    return behind.is_title and agent is not None and agent.kind == "person"


def find_mentions(doc: Doc | Parse) -> tuple[Nominal, ...]:
    """Find every nominal of a parsed document, in order of their heads, one a head."""
    parse = parse_of(doc)
    found: dict[int, Nominal] = {}
    inside: set[int] = set()
    for span in parse.ents:
        if span.label_ in NAME_LABELS:
            nominal = _name(_without_owner(span))
            if not nominal.entries and (span.text.islower() or _is_inside_noun(span)):
                continue  # the recogniser takes a "turkey" on the table for a state now and then
            found[nominal.head] = nominal
            inside.update(range(nominal.start, nominal.end))
            shared = _sharing_head(parse, nominal)
            if shared is not None:
                found[shared.head] = shared
    for token in parse:
        if token.pos_ not in FILLING and token.lemma_ != "old":
            continue
        if token.i in found or token.i in inside:
            continue
        if token.pos_ in {"PRON", "DET"} and token.lower_ in pronouns():
            found[token.i] = Nominal(token.i, token.i, token.i + 1, "PRONOUN")
        elif _is_nominal(token) and not _ends_title(token):
            agent = agent_noun(token)
            name = _unmarked_person(token) if agent is None else None
            if name is not None:
                found[token.i] = Nominal(token.i, name.start, name.end, "NAME", "PERSON")
                continue
            found[token.i] = Nominal(
                token.i, _left_edge(token), _right_edge(token, agent), "NOMINAL", agent=agent
            )
    return tuple(found[head] for head in sorted(found))


def _without_owner(name: Phrase) -> Phrase:
    """Leave out a possessive pronoun that the recogniser took into a name ("Its Senate")."""
    if name[0].tag_ != "PRP$" or len(name) == 1:
        return name
    return Phrase(name.doc, name.start + 1, name.end, name.label_)


def _sharing_head(doc: Parse, name: Nominal) -> Nominal | None:
    """Find the name that shares its last word with the one behind it ("North and South Korea")."""
    at = name.start - 2
    if not name.entries or at < 0 or name.end - name.start != 2 or doc[at + 1].dep_ != "cc":
        return None
    first, whole = doc[at], doc[name.end - 1]
    entries = gazetteer_of(doc).names.get(f"{first.text} {whole.text}", ())
    if not entries or first.text in gazetteer_of(doc).names:
        return None
    return Nominal(at, at, at + 1, name.label, name.entity_label, entries)


def is_opposed(doc: Parse, nominal: Nominal) -> bool:
    """Tell a name behind a prefix of attitude: "anti-Syria groups" are not Syria's.

    "Former Soviet states" are no longer Soviet; "a former Norlandic minister" is a Norlander.
    """
    before = {token.lower_ for token in doc[max(0, nominal.start - 2) : nominal.start]}
    found = before & word_class("ATTITUDE")
    if not found <= word_class("BYGONE"):
        return True
    agent = agent_noun(doc[nominal.head].head) if found else None
    return bool(found) and (agent is None or agent.kind != "person")


def nominals_of(doc: Doc | Parse) -> Mapping[int, Nominal]:
    """Give the document's nominals by their head, found now if no component has found them yet."""
    known: tuple[Nominal, ...] | None = doc.user_data.get("kg_mentions")
    if known is None:
        known = doc.user_data["kg_mentions"] = find_mentions(doc)
    return {nominal.head: nominal for nominal in known}


def to_mention(doc: Doc | Parse, nominal: Nominal, article_id: str, text: str) -> Mention:
    """Turn a nominal into a record with offsets into the article's own `text`."""
    last = doc[nominal.end - 1]
    span = source_span(doc, doc[nominal.start].idx, last.idx + len(last.text))
    said = text[span.start : span.end]
    if ")" in said and "(" not in said and text[span.start - 1 : span.start] == "(":
        span = Span(start=span.start - 1, end=span.end)  # "(Bashar al-) Assad"
    return Mention(
        article_id=article_id, span=span, text=text[span.start : span.end], label=nominal.label
    )


@Language.factory("kg_mentions", assigns=["doc._.mentions"], requires=["doc.ents", "token.dep"])
def make_mentions(nlp: Language, name: str) -> MentionFinder:
    """Make the component `kg_mentions`; after it `doc._.mentions` holds the nominals."""
    return MentionFinder()


class MentionFinder:
    """The spaCy component around `find_mentions`."""

    def __init__(self) -> None:
        if not Doc.has_extension("mentions"):
            Doc.set_extension("mentions", getter=_mentions)

    def __call__(self, doc: Doc) -> Doc:
        """Find the document's nominals."""
        doc.user_data["kg_mentions"] = find_mentions(doc)
        return doc


def _mentions(doc: Doc) -> Iterator[Nominal]:
    return iter(nominals_of(doc).values())
