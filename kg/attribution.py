"""Who says so: cue, speaker and content of everything a text reports (component `kg_attribution`).

Two kinds of evidence are joined. Quotation marks are hard: what stands between them was said by
somebody, whatever the parser made of it. The parse is soft and tells the rest: which clause hangs
on which verb, noun or phrase of `reporting.tsv`, and who is its subject.

The order of work, in `find_attributions`:

1. paragraphs, and in each the stretches in quotation marks;
2. verbs: direct quotations beside the cue, clauses, infinitives, objects;
3. nouns ("a statement by X that ...") and phrases ("according to X");
4. what has no cue word: a name before a colon, a name behind a dash;
5. quotations still without speaker go to who spoke last, if they follow at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc, Token

from kg.annotate import paragraph_of, source_span
from kg.errors import LexiconError
from kg.lexicon import read_table, fold_lemma, gazetteer
from kg.model import Argument, Attribution, Mention, Span

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Cue",
    "Saying",
    "find_attributions",
    "make_attribution",
    "reporting",
    "sayings_about",
    "to_attribution",
]

Range = tuple[int, int]

STANCES = frozenset({"neutral", "positive", "negative", "denial"})
POS = frozenset({"v", "n", "phrase", "light", "carrier", "label"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A line of `reporting.tsv`.

    Attributes:
        words: folded lemmas, the main word first.
        content: how the content hangs on it, as the head of the table explains.
    """

    words: tuple[str, ...]
    pos: str
    stance: str
    content: frozenset[str]


@dataclass(frozen=True, slots=True)
class Saying:
    """One attribution, in token numbers of its `Doc`.

    Attributes:
        cue: the reporting words, ascending; a colon or dash where no word reports.
        verb: the main word of the cue.
        speaker: head of the speaker's noun phrase; None where nobody is named.
        source: the speaker's whole noun phrase.
        content: what is said, as half-open ranges, ascending and apart.
        link: how the content hangs on the cue: quote, clause, to, obj, obj-to, obj-as, obj-is,
            prep:of, sentence, label, ...
        quoted: some of the content stands in quotation marks.
        stance: of the speaker towards the content: neutral, positive, negative, denial.
        negated: the cue itself is negated ("did not say that ...").
        hypothetical: nobody has said it: "could say", "wants to show", "Do you think ...?".
        inner: the cue stands inside somebody's quotation.
    """

    cue: tuple[int, ...]
    verb: int
    speaker: int | None
    source: Range | None
    content: tuple[Range, ...]
    link: str
    quoted: bool = False
    stance: str = "neutral"
    negated: bool = False
    hypothetical: bool = False
    inner: bool = False

    @property
    def stated(self) -> bool:
        """The article itself tells that it was said, thought or wanted."""
        return not (self.inner or self.negated or self.hypothetical)

    @property
    def reported(self) -> bool:
        """The content is told as so by the speaker; not only wanted, judged or talked about."""
        return self.link in {"quote", "clause", "sentence", "label", "prep:of", "raised"}

    def covers(self, token: int) -> bool:
        """Tell whether a token stands in the content."""
        return any(start <= token < end for start, end in self.content)

    @property
    def length(self) -> int:
        """Tokens of the content."""
        return sum(end - start for start, end in self.content)


@dataclass(frozen=True, slots=True)
class _Quote:
    """A stretch in quotation marks, the marks included; `closed` is False if its end is missing."""

    start: int
    end: int
    paragraph: int
    closed: bool


# --- the table -----------------------------------------------------------------------------------


@cache
def reporting() -> Mapping[tuple[str, str], tuple[Cue, ...]]:
    """Load `reporting.tsv`: (folded first word, pos) -> cues, those of most words first.

    >>> reporting()["deny", "v"][0].stance
    'denial'
    """
    found: dict[tuple[str, str], list[Cue]] = {}
    for row, where in read_table("reporting.tsv", "cue pos stance content"):
        if row["pos"] not in POS or row["stance"] not in STANCES:
            raise LexiconError(f"{where}: no pos {row['pos']!r} or stance {row['stance']!r}")
        words = tuple(fold_lemma(word) for word in row["cue"].split())
        cue = Cue(words, row["pos"], row["stance"], frozenset(row["content"].split("|")))
        cues = found.setdefault((words[0], row["pos"]), [])
        if all(other.words != words for other in cues):
            cues.append(cue)
    return {key: tuple(sorted(cues, key=lambda c: -len(c.words))) for key, cues in found.items()}


def _lookup(token: Token, pos: str) -> tuple[Cue, tuple[int, ...]] | None:
    """Find the longest cue that starts at a token, and the tokens it takes."""
    for cue in reporting().get((fold_lemma(token.lemma_), pos), ()):
        taken = _rest_of_cue(token, cue.words[1:])
        if taken is not None:
            return cue, (token.i, *taken)
    return None


def _rest_of_cue(token: Token, words: tuple[str, ...]) -> tuple[int, ...] | None:
    """Find the further words of a cue among what hangs on its verb, in order and near."""
    taken: list[int] = []
    position = token.i
    for word in words:
        for other in token.doc[position + 1 : token.i + 7]:
            near = other.head.i == token.i or other.head.i in taken or other.i == position + 1
            if other.text.lower() == word and near:
                taken.append(other.i)
                position = other.i
                break
        else:
            return None
    return tuple(taken)


# --- paragraphs and quotation marks --------------------------------------------------------------

_OPENING = frozenset({"“", "``", "«", "„"})
_CLOSING = frozenset({"”", "»"})
_EITHER = frozenset({'"', "''"})
_FINAL = frozenset({".", "!", "?", "…", "..."})
_PAUSE = frozenset({",", ":", ";", "-", "--", "–", "—", "―"})
_DASHES = frozenset({"-", "--", "–", "—", "―"})
_MARKS = _OPENING | _CLOSING | _EITHER


def _paragraphs(doc: Doc) -> list[Range]:
    """Cut a doc where its article has paragraphs, or a line ends where a sentence does."""
    cuts = {0, len(doc)}
    for token in doc:
        broken = token.text.isspace() and "\n" in token.text
        following = token.i + 1 < len(doc) and bool(doc[token.i + 1].is_sent_start)
        if broken and (token.text.count("\n") > 1 or token.is_sent_start or following):
            cuts |= {token.i, token.i + 1}
        if token.i and paragraph_of(token) != paragraph_of(doc[token.i - 1]):
            cuts.add(token.i)
    return [
        (start, end)
        for start, end in pairwise(sorted(cuts))
        if any(not token.text.isspace() for token in doc[start:end])
    ]


def _opens(doc: Doc, i: int, start: int) -> bool:
    """Tell by the blanks around it whether a quotation mark opens."""
    return (i == start or bool(doc[i - 1].whitespace_) or doc[i - 1].text.isspace()) and not doc[
        i
    ].whitespace_


def _quotes(doc: Doc, paragraphs: Iterable[Range]) -> list[_Quote]:
    """Pair the quotation marks of each paragraph."""
    found: list[_Quote] = []
    for number, (start, end) in enumerate(paragraphs):
        opened: int | None = None
        for i in range(start, end):
            text = doc[i].text
            if text not in _MARKS:
                continue
            if opened is None:
                if text in _OPENING or (text in _EITHER) or _opens(doc, i, start):
                    opened = i
            elif text in _OPENING:
                found.append(_Quote(opened, i, number, False))
                opened = i
            else:
                found.append(_Quote(opened, i + 1, number, True))
                opened = None
        if opened is not None and opened + 1 < end:
            found.append(_Quote(opened, end, number, False))
    return found


class _Page:
    """What is looked up again and again while one doc is read."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.paragraphs = _paragraphs(doc)
        self.quotes = _quotes(doc, self.paragraphs)
        self.paragraph_of = [-1] * len(doc)
        for number, (start, end) in enumerate(self.paragraphs):
            self.paragraph_of[start:end] = [number] * (end - start)
        self.quote_of = [-1] * len(doc)
        for number, quote in enumerate(self.quotes):
            self.quote_of[quote.start : quote.end] = [number] * (quote.end - quote.start)
        self.quote_starts = [quote.start for quote in self.quotes]
        self.by_paragraph: dict[int, list[int]] = {}
        for number, quote in enumerate(self.quotes):
            self.by_paragraph.setdefault(quote.paragraph, []).append(number)

    def starts_sentence(self, quote: _Quote) -> bool:
        """Tell whether a quotation begins where a sentence can."""
        start = self.paragraphs[quote.paragraph][0]
        if quote.start <= start:
            return True
        before = self.doc[quote.start - 1]
        return before.text in _FINAL or before.text in {":"} or before.text in _MARKS

    def direct(self, quote: _Quote) -> bool:
        """Tell whether a quotation is of whole sentences: begins like one, ends like one."""
        inner = self.doc[quote.start + 1]
        last = self.doc[quote.end - 2] if quote.closed else self.doc[quote.end - 1]
        begins = inner.text[:1].isupper() or not inner.text[:1].isalpha()
        return begins and quote.end - quote.start > 3 and (_is_mark(last) or not quote.closed)


# --- speakers ------------------------------------------------------------------------------------

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})


def _child(token: Token, deps: frozenset[str] | set[str]) -> Token | None:
    return next((child for child in token.children if child.dep_ in deps), None)


def _is_passive(token: Token) -> bool:
    if any(child.dep_ in {"auxpass", "nsubjpass"} for child in token.children):
        return True
    return token.dep_ == "acl" and token.tag_ == "VBN"


def _agent(token: Token) -> Token | None:
    """Find who acts in a passive: "by X"."""
    for child in token.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.text.lower() == "by"):
            found = _child(child, {"pobj"})
            if found is not None:
                return found
    return None


_RELATIVE = frozenset({"WP", "WDT"})


def _antecedent(token: Token) -> Token:
    """Follow a relative pronoun to the noun its clause modifies."""
    if token.tag_ in _RELATIVE or (token.text.lower() == "that" and token.pos_ == "PRON"):
        clause = next((up for up in token.ancestors if up.dep_ == "relcl"), None)
        if clause is not None:
            return clause.head
    return token


def _nearest_subject(verb: Token) -> Token | None:
    """Find the subject; the nearer of two, as parsers give to "Arnor, Venn said, left"."""
    own = [child for child in verb.children if child.dep_ == "nsubj"]
    return min(own, key=lambda child: abs(child.i - verb.i), default=None)


def _subject(verb: Token, depth: int = 0) -> Token | None:
    """Find who does what a verb says, through conjunction, participle and infinitive."""
    own = _nearest_subject(verb)
    if own is not None:
        return _antecedent(own)
    if depth > 4:
        return None
    head = verb.head
    if depth == 0 and _is_afterthought(verb):
        while head.dep_ == "ccomp" and head.head.i < head.i and _is_speech(head.head):
            head = head.head
        return _upper_subject(verb, head, depth)
    if verb.dep_ in {"conj", "advcl", "xcomp", "dep", "prep", "pcomp"} and head.i != verb.i:
        if head.pos_ in {"VERB", "AUX"}:
            return _upper_subject(verb, head, depth)
        return _subject(head, depth + 1) if head.pos_ in {"ADP", "SCONJ", "ADJ"} else None
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return head
    if verb.dep_ == "ccomp" and verb.tag_ == "VBG" and head.pos_ in {"VERB", "AUX"}:
        return _upper_subject(verb, head, depth)
    return None


def _upper_subject(verb: Token, head: Token, depth: int) -> Token | None:
    """Find the subject that a clause without one shares with the clause above."""
    if verb.dep_ == "xcomp":
        found = _lookup(head, "v")
        goal = _child(head, {"dobj"})
        if found is not None and goal is not None and "obj-to" in found[0].content:
            return goal
    if _is_passive(head):
        passive = _child(head, {"nsubjpass"})
        return _antecedent(passive) if passive is not None else _subject(head, depth + 1)
    return _subject(head, depth + 1)


def _speaker_of_verb(verb: Token) -> Token | None:
    if _is_passive(verb) and not _child(verb, {"nsubj"}):
        return _agent(verb)
    return _subject(verb)


def _phrase(head: Token, fence: Iterable[int]) -> Range:
    """Take the noun phrase of a head: its subtree, as far as it stays clear of `fence`."""
    closed = set(fence)
    start = end = head.i
    subtree = {token.i for token in head.subtree}
    while start - 1 in subtree and start - 1 not in closed:
        start -= 1
    while end + 1 in subtree and end + 1 not in closed:
        end += 1
    if end > head.i and head.doc[end].tag_ == "POS":
        end -= 1
    return _strip(head.doc, start, end + 1)


def _strip(doc: Doc, start: int, end: int) -> Range:
    """Drop pauses and blanks from both ends of a range, and a full stop from its end."""
    while start < end and (doc[start].text.isspace() or doc[start].text in _PAUSE):
        start += 1
    while start < end and (doc[end - 1].text.isspace() or doc[end - 1].text in _PAUSE | {"."}):
        end -= 1
    return start, end


# --- content -------------------------------------------------------------------------------------


def _ranges(doc: Doc, tokens: Iterable[int]) -> tuple[Range, ...]:
    """Group token numbers to ranges without pauses at their ends; gaps of blanks are closed."""
    found: list[Range] = []
    for i in sorted(set(tokens)):
        if found and (found[-1][1] == i):
            found[-1] = (found[-1][0], i + 1)
        else:
            found.append((i, i + 1))
    stripped = [_strip(doc, start, end) for start, end in found]
    return tuple((a, b) for a, b in stripped if any(not _is_mark(doc[i]) for i in range(a, b)))


def _is_mark(token: Token) -> bool:
    """Tell punctuation from words; by its text, since a bare vocab knows no flags."""
    return not any(character.isalnum() for character in token.text)


def _span_of(token: Token) -> range:
    return range(token.left_edge.i, token.right_edge.i + 1)


def _own_words(verb: Token, speaker: Token | None) -> set[int]:
    """Collect what belongs to the reporting itself: verb, auxiliaries, adverbs, speaker, hearer."""
    own = {verb.i}
    for child in verb.children:
        if child.dep_ in {"aux", "auxpass", "neg", "prt", "advmod", "dative", "npadvmod", "prep"}:
            own.update(t.i for t in child.subtree)
    if speaker is not None and speaker.i in {t.i for t in verb.children}:
        own.update(t.i for t in speaker.subtree)
    return own


def _clause_tokens(verb: Token, speaker: Token | None) -> set[int]:
    """Collect the finite clause that hangs on a verb, or that the verb is thrust into."""
    clauses = [c for c in verb.children if c.dep_ == "ccomp" and not _is_small_clause(c)]
    behind = next((clause for clause in clauses if clause.i > verb.i), None)
    if behind is not None:
        return _own_clause(behind) - set(range(verb.i + 1))
    if clauses:
        return {t.i for t in clauses[-1].subtree} - _own_words(verb, speaker)
    return _thrust_in(verb)


def _own_clause(clause: Token) -> set[int]:
    """Take a clause without what another speaker says after it: "..., and critics warned that"."""
    tokens = set(_span_of(clause))
    for child in clause.children:
        own = child.dep_ == "conj" and _child(child, {"nsubj"}) is not None
        own = own and _is_speech(child) and _child(child, {"ccomp"}) is not None
        if own or _is_afterthought(child):
            tokens -= set(range(child.left_edge.i, clause.right_edge.i + 1))
    return tokens


def _is_afterthought(verb: Token) -> bool:
    """Tell ", saying ..." behind a clause; its subject is the main clause's."""
    if verb.dep_ not in {"advcl", "conj"} or verb.tag_ != "VBG" or not _is_speech(verb):
        return False
    return verb.i > verb.head.i and verb.doc[verb.left_edge.i - 1].text in _PAUSE


def _is_small_clause(clause: Token) -> bool:
    """Tell infinitives with a subject ("urged them to leave") and bare predicates from clauses."""
    if clause.pos_ not in {"VERB", "AUX"}:
        return not any(child.dep_ in {"cop", "mark"} for child in clause.children)
    return any(child.dep_ == "aux" and child.text.lower() == "to" for child in clause.children)


def _thrust_in(verb: Token) -> set[int]:
    """Take the clause around a parenthetical cue: "The base, he said, was empty"."""
    if verb.dep_ == "parataxis" and verb.head.pos_ in {"VERB", "AUX"}:
        inner = {t.i for t in verb.subtree}
        nearest = _nearest_subject(verb)
        for child in verb.children:
            if child.dep_ == "nsubj" and nearest is not None and child.i != nearest.i:
                inner -= {t.i for t in child.subtree}
        return {t.i for t in verb.head.subtree} - inner
    return set()


def _before_comma(verb: Token, speaker: Token | None) -> set[int]:
    """Take what stands before "..., officials said" at a sentence's end, whatever the parse."""
    left = verb.i if speaker is None or speaker.i > verb.i else speaker.left_edge.i
    sent = verb.sent
    if left - 1 <= sent.start or verb.doc[left - 1].text not in {","}:
        return set()
    after = [t for t in verb.doc[verb.i + 1 : sent.end] if not _is_mark(t) and not t.text.isspace()]
    if len(after) > 8:
        return set()
    return set(range(sent.start, left - 1))


def _infinitive(verb: Token) -> Token | None:
    for child in verb.children:
        to = any(c.dep_ == "aux" and c.text.lower() == "to" for c in child.children)
        if child.dep_ == "xcomp" and child.i > verb.i and to:
            return child
    return None


def _object(verb: Token, cue: tuple[int, ...]) -> Token | None:
    """Find the object of a verb, or of the last preposition of a cue of several words."""
    last = verb.doc[cue[-1]]
    if last.i != verb.i:
        found = _child(last, {"pobj", "pcomp"})
        if found is not None:
            return found
    found = _child(verb, {"dobj"})
    return found if found is not None and found.i > verb.i else None


def _prepositional(token: Token, prepositions: frozenset[str]) -> tuple[int, Token] | None:
    """Find what stands behind one of some prepositions that hang on a token.

    A gerund behind it counts wherever the parser hung it: "accused Moscow, an ally of Assad, of
    arming".
    """
    near = [child for child in token.children if child.dep_ in {"prep", "dative"}]
    gerunds = [
        t for t in token.subtree if t.i > token.i and t.dep_ == "prep" and _child(t, {"pcomp"})
    ]
    goals = [child for child in token.children if child.dep_ in {"dobj", "dative", "nsubjpass"}]
    loose = [
        child for goal in goals for child in reversed(list(goal.children)) if child.i > token.i
    ]
    for child in (*near, *gerunds, *loose):
        if child.dep_ in {"prep", "dative"} and child.text.lower() in prepositions:
            found = _child(child, {"pobj", "pcomp"})
            if found is not None:
                return child.i, found
    return None


def _small_clause(verb: Token) -> set[int]:
    """Take object and predicate: "called him a liar", "urged them to leave"."""
    for child in verb.children:
        if child.dep_ == "ccomp" and _is_small_clause(child) and child.i > verb.i:
            return set(_span_of(child)) - set(range(verb.i + 1))
    goal = _child(verb, {"dobj"})
    predicate = _child(verb, {"oprd"})
    if goal is not None and predicate is not None and goal.i > verb.i:
        return set(range(goal.left_edge.i, predicate.right_edge.i + 1))
    return set()


def _object_infinitive(verb: Token, cue: tuple[int, ...]) -> set[int]:
    """Take object and infinitive: "called on the parties to stop"."""
    whole = _small_clause(verb)
    if whole:
        return whole
    goal = _object(verb, cue)
    infinitive = _infinitive(verb)
    if infinitive is None or goal is None:
        return set(_span_of(infinitive)) if infinitive is not None and _is_passive(verb) else set()
    return set(range(min(goal.left_edge.i, infinitive.left_edge.i), infinitive.right_edge.i + 1))


def _object_as(verb: Token) -> set[int]:
    """Take object and "as" phrase: "described it as a mistake"."""
    goal = _child(verb, {"dobj"} if not _is_passive(verb) else {"nsubjpass"})
    for holder in (verb, goal):
        if holder is None:
            continue
        phrase = next(
            (c for c in holder.children if c.dep_ == "prep" and c.text.lower() == "as"), None
        )
        if phrase is not None:
            first = goal.left_edge.i if goal is not None and goal.i > verb.i else phrase.i
            return set(range(first, phrase.right_edge.i + 1))
    return set()


def _soft_content(
    verb: Token, cue: Cue, words: tuple[int, ...], speaker: Token | None
) -> tuple[str, set[int], tuple[int, ...]]:
    """Find what hangs on a verb by the parse: link, tokens, and words that join the cue."""
    kinds = cue.content
    passive = _is_passive(verb)
    if "clause" in kinds:
        clause = _clause_tokens(verb, speaker)
        if clause:
            return "clause", clause, ()
    finders: tuple[tuple[str, Callable[[], set[int]]], ...] = (
        ("obj-is", lambda: _small_clause(verb)),
        ("obj-as", lambda: _object_as(verb)),
        ("obj-to", lambda: _object_infinitive(verb, words)),
        ("to", lambda: _span_set(_infinitive(verb))),
    )
    for kind, finder in finders:
        if kind in kinds:
            tokens = finder()
            if tokens:
                return kind, tokens, ()
    if passive and "clause" in kinds and _infinitive(verb) is not None:
        return "raised", _raised(verb), ()
    prepositions = frozenset(kind[5:] for kind in kinds if kind.startswith("prep:"))
    behind = _prepositional(verb, prepositions) if prepositions else None
    if behind is not None:
        word, found = behind
        return f"prep:{verb.doc[word].text.lower()}", _span_set(found), (word,)
    if "obj" in kinds:
        goal = _child(verb, {"nsubjpass"}) if passive else _object(verb, words)
        if goal is not None and not (passive and speaker is None):
            told = "clause" in kinds and _is_told(verb, goal, cue)
            return "clause" if told else "obj", _span_set(goal), ()
    return "", set(), ()


def _is_told(verb: Token, goal: Token, cue: Cue) -> bool:
    """Tell objects that stand for a clause: "denied the attack", but not "denied them entry".

    So does a "that" clause whose verb the parser took for a noun ("proposed that strikes target").
    """
    if goal.left_edge.text.lower() == "that" and goal.left_edge.i < goal.i:
        return True
    given = any(c.dep_ == "dative" or c.text.lower() == "to" for c in verb.children)
    return cue.stance == "denial" and not given


def _span_set(token: Token | None) -> set[int]:
    return set() if token is None else set(_span_of(token))


def _raised(verb: Token) -> set[int]:
    """Take subject and infinitive: "the army is said to have left"."""
    infinitive = _infinitive(verb)
    subject = _child(verb, {"nsubjpass"})
    return _span_set(infinitive) | _span_set(subject)


# --- quotations beside a cue ---------------------------------------------------------------------


def _between(page: _Page, start: int, end: int) -> list[Token]:
    return [page.doc[i] for i in range(start, end) if not page.doc[i].text.isspace()]


def _quote_before(page: _Page, verb: Token) -> int | None:
    """Find the quotation that ends just before a cue: '"...", the minister said'."""
    number = bisect_right(page.quote_starts, verb.i) - 1
    if number < 0 or page.quotes[number].paragraph != page.paragraph_of[verb.i]:
        return None
    quote = page.quotes[number]
    gap = _between(page, quote.end, verb.i)
    if len(gap) > 40 or any(token.text in _FINAL | {":", ";"} for token in gap):
        return None
    last = page.doc[quote.end - 2]
    paused = last.text in _FINAL | _PAUSE or (bool(gap) and gap[0].text in _PAUSE)
    if not paused or (last.text == "." and not (gap == [] or gap[0].text[:1].islower())):
        return None
    if any(_is_speech(token) for token in gap):
        return None
    if not page.direct(quote) and any(c.dep_ == "ccomp" and c.i > verb.i for c in verb.children):
        return None
    return number


def _is_speech(token: Token) -> bool:
    """Tell whether a token is a verb that can carry a direct quotation."""
    if token.pos_ not in {"VERB", "AUX"}:
        return False
    found = _lookup(token, "v")
    return found is not None and "quote" in found[0].content


def _quote_after(page: _Page, verb: Token) -> int | None:
    """Find the quotation that a cue opens: 'the minister said: "..."'."""
    number = bisect_right(page.quote_starts, verb.i)
    if number >= len(page.quotes) or page.quotes[number].paragraph != page.paragraph_of[verb.i]:
        return _quote_in_next_paragraph(page, verb)
    quote = page.quotes[number]
    gap = _between(page, verb.i + 1, quote.start)
    if len(gap) > 25 or any(token.text in _FINAL for token in gap):
        return None
    if any(_is_speech(token) for token in gap):
        return None
    if not (gap and gap[-1].text in {",", ":"}) and not page.direct(quote):
        return None
    finite = any(t.tag_ in {"VBD", "VBZ", "VBP", "MD"} and t.dep_ != "relcl" for t in gap)
    return None if finite else number


def _quote_in_next_paragraph(page: _Page, verb: Token) -> int | None:
    """Find the quotation in the paragraph after one that ends with a cue and a colon."""
    here = page.paragraph_of[verb.i]
    end = page.paragraphs[here][1]
    if end - verb.i > 27 or here + 1 >= len(page.paragraphs):
        return None
    last = _between(page, verb.i + 1, end)
    if not last or last[-1].text != ":":
        return None
    following = page.by_paragraph.get(here + 1, ())
    start = page.paragraphs[here + 1][0]
    return following[0] if following and page.quotes[following[0]].start == start else None


def _inverted_speaker(page: _Page, verb: Token, before: int | None) -> Token | None:
    """Find the speaker beside a cue by place alone: '"...," said Davis', '"...," Davis said'."""
    doc = page.doc
    for i in range(verb.i + 1, min(verb.i + 8, len(doc))):
        token = doc[i]
        if _is_mark(token) or token.text.isspace() or token.pos_ in {"VERB", "ADP", "SCONJ"}:
            break
        if token.pos_ in {"PROPN", "NOUN", "PRON"} and token.dep_ != "compound":
            return token
    if before is None:
        return None
    inner = _between(page, page.quotes[before].end, verb.i)
    return next((t for t in reversed(inner) if t.pos_ in {"PROPN", "NOUN", "PRON"}), None)


# --- verbs ---------------------------------------------------------------------------------------


def _verb_saying(page: _Page, verb: Token, claimed: dict[int, int]) -> Saying | None:
    found = _lookup(verb, "v")
    if found is None:
        return None
    cue, words = found
    speaker = _speaker_of_verb(verb)
    quotes = _claim(page, verb, cue, claimed)
    before = next((n for n in quotes if page.quotes[n].start < verb.i), None)
    if quotes and (speaker is None or page.quote_of[speaker.i] >= 0):
        speaker = _inverted_speaker(page, verb, before)
    tokens: set[int] = set()
    for number in quotes:
        tokens |= _with_lead(page, page.quotes[number], verb, speaker)
    link = "quote"
    extra: tuple[int, ...] = ()
    if not tokens:
        link, soft, extra = _soft_content(verb, cue, words, speaker)
        if "obj-is" in cue.content and link in {"", "obj", "obj-is"}:
            soft |= _quoted_predicate(page, verb)
            link = "obj-is" if soft and not link else link
        if not soft and "clause" in cue.content:
            link, soft = "clause", _before_comma(verb, speaker)
        tokens = _complete_quotes(page, soft, verb)
    return _saying(page, verb, (*words, *extra), speaker, tokens, link, cue.stance)


def _quoted_predicate(page: _Page, verb: Token) -> set[int]:
    """Take an object and the quotation right behind it: 'called the raid "reckless"'."""
    goal = _child(verb, {"dobj"})
    if goal is None or goal.i < verb.i:
        return set()
    behind = bisect_right(page.quote_starts, goal.i)
    if behind >= len(page.quotes):
        return set()
    quote = page.quotes[behind]
    if quote.start - goal.right_edge.i > 3 or quote.paragraph != page.paragraph_of[verb.i]:
        return set()
    return set(range(goal.left_edge.i, quote.end))


def _claim(page: _Page, verb: Token, cue: Cue, claimed: dict[int, int]) -> list[int]:
    """Take the quotations beside a cue that nobody has taken yet."""
    if "quote" not in cue.content or page.quote_of[verb.i] >= 0:
        return []
    sides = (_quote_before(page, verb), _quote_after(page, verb))
    numbers = [n for n in sides if n is not None and n not in claimed]
    for number in numbers:
        claimed[number] = verb.i
    return numbers


def _with_lead(page: _Page, quote: _Quote, verb: Token, speaker: Token | None) -> set[int]:
    """Widen a quotation by what its sentence has before it: 'It was "over," he said'."""
    tokens = set(range(quote.start, quote.end))
    if quote.start > verb.i or page.starts_sentence(quote):
        return tokens
    start = max(page.paragraphs[quote.paragraph][0], page.doc[quote.start].sent.start)
    back = quote.start
    while back > start and page.doc[back - 1].text not in _FINAL | _MARKS:
        back -= 1
    lead = set(range(back, quote.start))
    if speaker is not None and speaker.i in lead:
        return tokens
    return tokens | lead


def _complete_quotes(page: _Page, tokens: set[int], verb: Token) -> set[int]:
    """Bring quotations that the parse cut in two wholly inside, unless the cue stands in them."""
    whole = set(tokens)
    for number in sorted({page.quote_of[i] for i in tokens} - {-1}):
        quote = page.quotes[number]
        inside = sum(1 for i in range(quote.start, quote.end) if i in tokens)
        if page.quote_of[verb.i] == number:
            whole &= set(range(quote.start + 1, quote.end - 1 if quote.closed else quote.end))
        elif 2 * inside >= quote.end - quote.start:
            whole |= set(range(quote.start, quote.end))
    return whole


def _saying(
    page: _Page,
    verb: Token,
    cue: tuple[int, ...],
    speaker: Token | None,
    tokens: set[int],
    link: str,
    stance: str,
) -> Saying | None:
    """Build the record; None if nothing is left to be said."""
    source = None
    if speaker is not None:
        if speaker.i in tokens and link != "raised":
            speaker = None
        else:
            own = next(
                (t for t in verb.children if t.dep_ == "nsubj" and t.tag_ in _RELATIVE), None
            )
            source = _phrase(own or speaker, {*cue, *tokens})
    if source is not None:
        tokens = tokens - set(range(*source))
    ranges = _ranges(page.doc, tokens - set(cue))
    if not ranges:
        return None
    inner = page.quote_of[verb.i] >= 0
    if inner and (speaker is None or speaker.text.lower() in _OWN_VOICE):
        return None
    head = _name_behind(speaker) if speaker is not None else None
    return Saying(
        cue=cue,
        verb=verb.i,
        speaker=head,
        source=source,
        content=ranges,
        link=link,
        quoted=not inner and any(page.quote_of[i] >= 0 for a, b in ranges for i in range(a, b)),
        stance=stance,
        negated=any(child.dep_ == "neg" for child in verb.children),
        hypothetical=verb.pos_ == "VERB" and link != "quote" and _is_hypothetical(verb),
        inner=inner,
    )


# "I think", "you know" inside a quotation name no other speaker than the quotation's own
_OWN_VOICE = frozenset({"i", "we", "you", "me", "us"})


def _is_hypothetical(verb: Token) -> bool:
    """Tell whether the report itself is only possible, wanted or asked for."""
    for child in verb.children:
        if child.dep_ == "aux" and child.tag_ == "MD" and child.text.lower() not in {"will", "'ll"}:
            return True
        if child.dep_ == "aux" and child.text.lower() == "to":
            return not _is_carried(verb)
    return verb.sent[-1].text == "?" and verb.dep_ == "ROOT"


def _is_carried(verb: Token) -> bool:
    """Tell whether an infinitive tells what is so: "went on to say", "appeared to suggest"."""
    head = verb.head
    return verb.dep_ in {"xcomp", "advcl"} and (fold_lemma(head.lemma_), "carrier") in reporting()


def _name_behind(speaker: Token) -> int:
    """Find whose words they are where a statement speaks: "a statement by the army said"."""
    if (fold_lemma(speaker.lemma_), "n") in reporting():
        author = _speaker_of_noun(speaker)
        if author is not None:
            return author.i
    return speaker.i


# --- nouns and phrases ---------------------------------------------------------------------------


def _noun_saying(page: _Page, noun: Token) -> Saying | None:
    found = _lookup(noun, "n")
    if found is None:
        return None
    cue, words = found
    link, tokens = _noun_content(noun, cue)
    if not tokens:
        return None
    speaker = _speaker_of_noun(noun)
    return _saying(page, noun, words, speaker, tokens, link, cue.stance)


def _noun_content(noun: Token, cue: Cue) -> tuple[str, set[int]]:
    for child in noun.children:
        if child.i < noun.i or child.dep_ not in {"acl", "ccomp", "relcl"}:
            continue
        that = any(c.text.lower() == "that" and c.tag_ == "IN" for c in child.children)
        if that and "clause" in cue.content:
            return "clause", set(_span_of(child))
        to = any(c.text.lower() == "to" and c.dep_ == "aux" for c in child.children)
        if to and "to" in cue.content and _speaker_of_noun(noun) is not None:
            return "to", set(_span_of(child))
    prepositions = frozenset(kind[5:] for kind in cue.content if kind.startswith("prep:"))
    for child in noun.children:
        if child.dep_ == "prep" and child.text.lower() in prepositions:
            behind = _child(child, {"pobj", "pcomp"})
            if behind is not None and _speaker_of_noun(noun) is not None:
                return f"prep:{child.text.lower()}", set(_span_of(behind))
    return "", set()


def _speaker_of_noun(noun: Token) -> Token | None:
    owner = _child(noun, {"poss"})
    if owner is not None:
        return owner
    for child in noun.children:
        if child.dep_ in {"prep", "agent"} and child.text.lower() in {"by", "from"}:
            found = _child(child, {"pobj"})
            if found is not None:
                return found
    head = noun.head
    if noun.dep_ == "dobj" and (fold_lemma(head.lemma_), "light") in reporting():
        return _speaker_of_verb(head)
    return None


def _phrase_saying(page: _Page, token: Token) -> Saying | None:
    for cue in reporting().get((token.text.lower(), "phrase"), ()):
        end = token.i + len(cue.words)
        if tuple(t.text.lower() for t in page.doc[token.i : end]) != cue.words or end >= len(
            page.doc
        ):
            continue
        speaker = _after_phrase(page.doc[end - 1], end)
        if speaker is None:
            continue
        words = tuple(range(token.i, end))
        tokens = _modified_clause(page, token, speaker)
        return _saying(page, token, words, speaker, tokens, "sentence", cue.stance)
    return None


def _after_phrase(last: Token, end: int) -> Token | None:
    found = _child(last, {"pobj"})
    if found is not None:
        return found
    token = last.doc[end]
    while (
        token.head.i > token.i
        and token.pos_ not in {"VERB", "AUX"}
        and token.head.left_edge.i >= end
    ):
        token = token.head
    return token if token.pos_ in {"NOUN", "PROPN", "PRON"} else None


def _modified_clause(page: _Page, token: Token, speaker: Token) -> set[int]:
    """Take the clause that a phrase modifies: the nearest above it with a subject, without it."""
    phrase = set(range(min(token.i, speaker.left_edge.i), speaker.right_edge.i + 1))
    clause = token.head
    while clause.head.i != clause.i and not _child(clause, {"nsubj", "nsubjpass", "expl"}):
        clause = clause.head
    tokens = {t.i for t in clause.subtree} - phrase
    if clause.i in phrase or not tokens:
        tokens = set(range(token.sent.start, token.sent.end)) - phrase
    return _complete_quotes(page, tokens, token)


# --- names with a colon or a dash ----------------------------------------------------------------


def _label_sayings(page: _Page, claimed: dict[int, int]) -> Iterator[Saying]:
    for number, (start, end) in enumerate(page.paragraphs):
        saying = _colon(page, number, start, end) or _signature(page, number, start, end)
        if saying is not None:
            for quote in page.by_paragraph.get(number, ()):
                if saying.covers(page.quotes[quote].start):
                    claimed.setdefault(quote, saying.verb)
            yield saying


def _colon(page: _Page, number: int, start: int, end: int) -> Saying | None:
    """Read "NAME: what NAME says", in headlines and transcripts, and "What is said: NAME"."""
    doc = page.doc
    if doc[start].text in _MARKS:
        start += 1
    colon = next((i for i in range(start, min(end, start + 8)) if doc[i].text == ":"), None)
    if colon is not None and colon > start and colon + 2 < end:
        lead = _between(page, start, colon)
        if _is_label(lead, number == 0):
            tokens = set(range(colon + 1, end))
            return _label(page, (start, colon), colon, tokens)
    if number == 0:
        last = next(
            (i for i in range(end - 1, max(start, end - 6), -1) if doc[i].text == ":"), None
        )
        if last is not None and last - start > 3 and _is_label(_between(page, last + 1, end), True):
            return _label(page, (last + 1, end), last, set(range(start, last)))
    return None


def _is_label(lead: list[Token], headline: bool) -> bool:
    """Tell whether some words before a colon name a speaker."""
    words = [token for token in lead if not _is_mark(token)]
    if (
        not words
        or len(words) > 5
        or any(t.pos_ in {"VERB", "AUX"} and t.text.islower() for t in words)
    ):
        return False
    if any(token.text in _MARKS for token in lead):
        return False
    if headline and (fold_lemma(words[-1].lemma_), "label") in reporting():
        return True
    if all(token.text.isupper() for token in words) and words[0].text.isalpha():
        return True
    named = " ".join(token.text for token in words) in gazetteer().names
    return headline and (named or all(token.pos_ == "PROPN" for token in words))


def _signature(page: _Page, number: int, start: int, end: int) -> Saying | None:
    """Read a quotation with a name behind a dash, as under a motto."""
    doc = page.doc
    inside = page.by_paragraph.get(number, ())
    if inside and page.quotes[inside[-1]].end < end:
        quote = page.quotes[inside[-1]]
        rest = _between(page, quote.end, end)
        if len(rest) > 1 and rest[0].text in _DASHES and _is_name(rest[1:]):
            tokens = set(range(quote.start, quote.end))
            return _label(page, (rest[1].i, end), rest[0].i, tokens)
    if doc[start].text in _DASHES and number > 0 and _is_name(_between(page, start + 1, end)):
        above = page.by_paragraph.get(number - 1, ())
        if above and page.quotes[above[-1]].end >= page.paragraphs[number - 1][1] - 1:
            quote = page.quotes[above[-1]]
            return _label(page, (start + 1, end), start, set(range(quote.start, quote.end)))
    return None


def _is_name(words: list[Token]) -> bool:
    capital = [t for t in words if t.text[:1].isupper()]
    return 0 < len(words) <= 12 and words[0].text[:1].isupper() and 2 * len(capital) >= len(words)


def _label(page: _Page, source: Range, mark: int, tokens: set[int]) -> Saying | None:
    source = _strip(page.doc, *source)
    ranges = _ranges(page.doc, tokens)
    if not ranges or source[0] >= source[1]:
        return None
    heads = [i for i in range(*source) if not source[0] <= page.doc[i].head.i < source[1]]
    nominal = [i for i in heads if page.doc[i].pos_ in {"NOUN", "PROPN"}] or [source[1] - 1]
    roots = [i for i in range(*source) if page.doc[i].head.i == i]
    speaker = (nominal or roots)[0]
    quoted = any(page.quote_of[i] >= 0 for start, end in ranges for i in range(start, end))
    return Saying((mark,), mark, speaker, source, ranges, "label", quoted)


# --- all of it -----------------------------------------------------------------------------------


def find_attributions(doc: Doc) -> tuple[Saying, ...]:
    """Find everything that a text reports somebody to say, think, want or judge.

    Needs parse, tags and lemmas. Sayings nest: a saying inside the content of another is said by
    its own speaker, as the outer one has it; `sayings_about` puts them in order.

    Returns:
        Sorted by cue.
    """
    if not len(doc):
        return ()
    page = _Page(doc)
    claimed: dict[int, int] = {}
    found = list(_label_sayings(page, claimed))
    for token in doc:
        saying: Saying | None = None
        if token.pos_ in {"VERB", "AUX"}:
            saying = _verb_saying(page, token, claimed)
        elif token.pos_ == "NOUN":
            saying = _noun_saying(page, token)
        if saying is None:
            saying = _phrase_saying(page, token)
        if saying is not None:
            found.append(saying)
    found.sort(key=lambda saying: (saying.verb, saying.cue))
    return tuple(_carry_on(page, found, claimed))


def _carry_on(page: _Page, found: list[Saying], claimed: dict[int, int]) -> list[Saying]:
    """Give quotations without a cue to who spoke last, in this paragraph or the one before."""
    grown = list(found)
    verbs = [saying.verb for saying in found]
    for number, quote in enumerate(page.quotes):
        if number in claimed or not page.starts_sentence(quote) or not page.direct(quote):
            continue
        at = _last_speaker(page, grown, bisect_left(verbs, quote.start), quote)
        if at is None:
            continue
        tokens = {i for a, b in grown[at].content for i in range(a, b)}
        tokens |= set(range(quote.start, quote.end))
        grown[at] = replace(grown[at], content=_ranges(page.doc, tokens), quoted=True)
    return grown


def _last_speaker(page: _Page, found: list[Saying], before: int, quote: _Quote) -> int | None:
    """Find the saying that a quotation without cue continues."""
    for at in range(before - 1, -1, -1):
        saying = found[at]
        if page.paragraph_of[quote.start] - page.paragraph_of[saying.verb] > 8:
            break
        last = max(saying.verb, saying.content[-1][1] - 1)
        if last >= quote.start or saying.link not in {"quote", "clause"} or saying.speaker is None:
            continue
        if page.quote_of[saying.verb] >= 0:
            continue
        gap = page.paragraph_of[quote.start] - page.paragraph_of[last]
        if gap == 0:
            return at
        opens = quote.start == page.paragraphs[quote.paragraph][0]
        return at if gap == 1 and opens and saying.quoted else None
    return None


def sayings_about(sayings: Iterable[Saying], token: int) -> tuple[Saying, ...]:
    """Find who vouches for a token: the nearest speaker first, then who reports that one.

    What is only wanted, judged or named ("wants to leave", "rejected the plan") nobody vouches for.

    >>> inner = Saying((4,), 4, 3, (3, 4), ((5, 9),), "clause")
    >>> outer = Saying((1,), 1, 0, (0, 1), ((2, 9),), "clause")
    >>> [saying.speaker for saying in sayings_about([outer, inner], 6)]
    [3, 0]
    """
    around = [s for s in sayings if s.reported and s.covers(token) and token not in s.cue]
    return tuple(sorted(around, key=lambda saying: (saying.length, saying.verb)))


def to_attribution(
    doc: Doc,
    saying: Saying,
    article_id: str = "",
    *,
    text: str | None = None,
    speaker: Argument | None = None,
) -> Attribution:
    """Make the record of a saying, with offsets into the article's text.

    Args:
        text: the article's text, from which the speaker's words are cut, title and all; None
            keeps the mention in `speaker`, if there is one.
        speaker: who it is, where coreference and entities know.
    """
    if saying.source is not None and (speaker is None or text is not None):
        mention = _mention(doc, saying.source, article_id, text)
        known = speaker or Argument(mention=None, rule="speaker")
        speaker = replace(known, mention=mention)
    cue = _chars(doc, (saying.cue[0], saying.cue[-1] + 1))
    content = tuple(_chars(doc, part) for part in saying.content)
    return Attribution(
        cue=cue, speaker=speaker, content=content, quoted=saying.quoted, stance=saying.stance
    )


def _mention(doc: Doc, source: Range, article_id: str, text: str | None) -> Mention:
    """Make the mention of a speaker's noun phrase."""
    head = next((t for t in doc[source[0] : source[1]] if t.head.i not in range(*source)), None)
    pos = head.pos_ if head is not None else ""
    span = _chars(doc, source)
    label = {"PROPN": "NAME", "PRON": "PRONOUN"}.get(pos, "NOMINAL")
    words = doc[slice(*source)].text if text is None else text[span.start : span.end]
    return Mention(article_id=article_id, span=span, text=words, label=label)


def _char_range(doc: Doc, tokens: Range) -> Range:
    last = doc[tokens[1] - 1]
    return doc[tokens[0]].idx, last.idx + len(last.text)


def _chars(doc: Doc, tokens: Range) -> Span:
    return source_span(doc, *_char_range(doc, tokens))


class _Component:
    """Puts the sayings of a doc into ``doc._.sayings``."""

    def __call__(self, doc: Doc) -> Doc:
        doc._.sayings = find_attributions(doc)
        return doc


@Language.factory(
    "kg_attribution",
    requires=["token.dep", "token.head", "token.lemma", "token.pos"],
    assigns=["doc._.sayings"],
)
def make_attribution(nlp: Language, name: str) -> _Component:
    """Make the spaCy component that fills ``doc._.sayings``."""
    if not Doc.has_extension("sayings"):
        Doc.set_extension("sayings", default=())
    return _Component()
