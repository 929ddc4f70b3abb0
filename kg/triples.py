"""Open triples: every clause as a predicate and its arguments, in the text's own words, uncoded.

One line a clause reading. The predicate is the verb group with its auxiliaries, negation,
particles, the infinitives it governs and, where no object stands before it, the preposition of its
first phrase ("was born in", "is scheduled to visit"). The arguments are whole phrases: relative
clauses, appositions and parentheses inside them are trimmed, they make lines of their own.

Source: open information extraction (Banko et al. 2007); what an extraction should hold follows the
guidelines of CaRB (Bhardwaj et al. 2019): complete, asserted, informative, atomic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from spacy.tokens import Doc

from kg.annotate import paragraph_of, source_span
from kg.clauses import SUBJECTS, Grammar, is_finite
from kg.model import Article, Span, Triple
from kg.parse import Parse, Token, parse_of
from kg.repair import mend_lemmas, mend_parse

__all__ = ["CONFIDENCE", "find_triples"]

VERBAL = frozenset({"VERB", "AUX"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
RELATIVE = frozenset({"WDT", "WP"})
GROUP = frozenset({"aux", "auxpass", "neg", "prt"})
ENDING = frozenset(".?!…")
CLOSING = frozenset("\"'”’»)]")
CONDITIONS = frozenset({"if", "unless", "whether"})
OBJECTS = frozenset({"dobj", "attr", "oprd", "dative"})

CONFIDENCE = {
    "main": 0.9,
    "relative": 0.75,
    "reduced": 0.65,
    "participle": 0.6,
    "reported": 0.6,
    "adverbial": 0.7,
    "apposition": 0.55,
    "existential": 0.45,
    "conditional": 0.35,
}
"""How sure it is that a sentence tells a kind of clause as so: main clauses are, conditions not."""


@dataclass(slots=True)
class _Clause:
    """A verb group and what stands around it, as token indices, while it is put together.

    Attributes:
        added: a copula that the sentence leaves out ("Chirac, the president").
    """

    predicate: list[int] = field(default_factory=list)
    arguments: list[list[int]] = field(default_factory=list)
    added: str = ""


class _Part(NamedTuple):
    """What stands beside a verb.

    Attributes:
        kind: object, phrase, stranded (a preposition without its noun), clause, adverb, or fronted
            for what stands before the subject.
        lead: the preposition or adjective that goes on the predicate if it comes first.
    """

    kind: str
    lead: list[int]
    rest: list[int]


def find_triples(article: Article, doc: Doc) -> tuple[Triple, ...]:
    """Find the open triples of one parsed article, in order of its text."""
    mend_lemmas(doc)
    mend_parse(doc)
    parse = parse_of(doc)
    sentences = _sentences(parse)
    reader = _Reader(parse)
    found: dict[tuple[Span, str, tuple[str, ...]], Triple] = {}
    for token in parse:
        for kind, clause in reader.read(token):
            span = _place(article, parse, *sentences[token.i])
            predicate = clause.added or _written(article, parse, clause.predicate)
            arguments = tuple(_written(article, parse, tokens) for tokens in clause.arguments)
            made = Triple(
                sentence=span, predicate=predicate, kind=kind, confidence=CONFIDENCE[kind],
                arguments=tuple(argument for argument in arguments if argument),
            )  # fmt: skip
            if predicate and len(made.arguments) > 1:
                found.setdefault((span, predicate, made.arguments), made)
    return tuple(found.values())


def _written(article: Article, parse: Parse, tokens: Sequence[int]) -> str:
    """Give tokens as the article writes them, with one blank where others stand between."""
    runs: list[list[int]] = []
    for i in tokens:
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    parts = []
    for run in runs:
        span = source_span(parse, *parse.chars_of(run[0], run[-1] + 1))
        parts.append(article.text[span.start : span.end])
    return " ".join(" ".join(parts).split())


def _place(article: Article, parse: Parse, start: int, end: int) -> Span:
    """Give the place of a sentence, with the dateline before it ("PARIS, May 3 - Prices fell")."""
    span = source_span(parse, *parse.chars_of(start, end))
    for skipped in article.skipped:
        between = article.text[skipped.span.end : span.start]
        if skipped.reason == "dateline" and not between.strip() and skipped.span.end <= span.start:
            return Span(skipped.span.start, span.end)
    return span


def _sentences(parse: Parse) -> list[tuple[int, int]]:
    """Give for each token its sentence: the parser's, where a mark that ends one stands between.

    A sentence goes on to a full stop, question or exclamation mark, or the paragraph's end.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for sentence in parse.sents:
        last = sentence.end - 1
        while last > start and (parse[last].is_space or parse[last].text in CLOSING):
            last -= 1
        following = parse[sentence.end] if sentence.end < len(parse) else None
        goes_on = following is not None and paragraph_of(following) == paragraph_of(parse[start])
        if goes_on and parse[last].text[-1:] not in ENDING:
            continue
        found += [(start, sentence.end)] * (sentence.end - start)
        start = sentence.end
    return found


class _Reader:
    """Reads the clauses of one document."""

    def __init__(self, parse: Parse) -> None:
        self.doc = parse
        self.grammar = Grammar(parse)

    def read(self, token: Token) -> Iterator[tuple[str, _Clause]]:
        """Give the clause readings that a token heads, each with its kind."""
        if token.pos_ in VERBAL:
            kind = self._kind(token)
            if kind is not None:
                for clause in self._clauses(token):
                    yield kind, clause
        elif token.dep_ == "appos" and self._is_equation(token):
            whole = [self._phrase(token.head), self._phrase(token)]
            yield "apposition", _Clause(arguments=whole, added="is")

    # -- which clauses

    def _kind(self, verb: Token) -> str | None:
        """Tell what kind of clause a verb heads; None for what its governor or nobody tells."""
        if verb.dep_ == "conj" and verb.head.pos_ in VERBAL and verb.head.i != verb.i:
            own = any(c.dep_ in SUBJECTS for c in verb.children)
            kind = self._kind(verb.head)
            return "main" if kind is None and own and is_finite(verb) else kind
        if any(c.dep_ == "expl" for c in verb.children):
            return "existential"
        if any(c.dep_ in {"mark", "advmod"} and c.lower_ in CONDITIONS for c in verb.children):
            return "conditional"
        finite = is_finite(verb) or any(c.dep_ in SUBJECTS for c in verb.children)
        if verb.dep_ in {"ROOT", "parataxis", "dep"}:
            return "main"
        if verb.dep_ == "relcl":
            return "relative"
        if verb.dep_ == "acl":
            return None if self._is_infinitive(verb) else "reported" if finite else "reduced"
        if verb.dep_ == "ccomp":
            return ("main" if self._is_beside(verb) else "reported") if finite else None
        if verb.dep_ == "advcl" and not self._is_infinitive(verb):
            return "adverbial" if finite else "participle"
        return None

    def _is_beside(self, verb: Token) -> bool:
        """Tell a clause that the parser hung on its neighbour ("Rain fell; rivers rose")."""
        between = self.doc[min(verb.i, verb.head.i) : max(verb.i, verb.head.i)]
        return any(t.text == ";" for t in between)

    @staticmethod
    def _is_infinitive(verb: Token) -> bool:
        return any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)

    def _is_equation(self, noun: Token) -> bool:
        """Tell an apposition that says who somebody is ("Chirac, the president", "his wife
        Ann")."""
        head = noun.head
        if noun.pos_ not in {"NOUN", "PROPN"} or head.pos_ not in {"NOUN", "PROPN"}:
            return False
        if {noun.ent_type_, head.ent_type_} & {"DATE", "TIME", "CARDINAL", "PERCENT", "MONEY"}:
            return False
        if any(
            c.dep_ in {"conj", "appos"} and c.i != noun.i for c in (*noun.children, *head.children)
        ):
            return False  # a list
        between = self.doc[head.i + 1 : noun.i]
        owned = any(c.dep_ == "poss" for c in (*head.children, *noun.children))
        placed = noun.ent_type_ == head.ent_type_ == "GPE"  # "Austin, Texas"
        return not placed and (owned or any(t.text in {",", "-", "—"} for t in between))

    # -- what they hold

    def _clauses(self, verb: Token) -> Iterator[_Clause]:
        """Put a verb's readings together: one for it, or one for each infinitive it leads to."""
        subject = self._subject(verb)
        for group, leaf in self._leaves(verb, self._shared(verb)):
            clause = _Clause(predicate=group)
            self._fill(clause, self._completed(leaf, self._parts(leaf, set(group))))
            if subject:
                clause.arguments.insert(0, subject)
                yield clause

    @staticmethod
    def _fill(clause: _Clause, parts: Sequence[_Part]) -> None:
        """Add the arguments behind a predicate; its first phrase gives the preposition to it."""
        behind = [part for part in parts if part.kind != "fronted"]
        if len(behind) > 1:
            behind = [part for part in behind if part.kind != "adverb"] or behind[:1]
        if behind and behind[0].kind == "phrase":
            clause.predicate += behind[0].lead
            behind[0] = _Part("object", [], behind[0].rest)
        fronted = [part for part in parts if part.kind == "fronted"]
        clause.arguments += [sorted([*part.lead, *part.rest]) for part in [*behind, *fronted]]

    def _completed(self, verb: Token, parts: list[_Part]) -> list[_Part]:
        """Put the antecedent of a relative clause into the place where the clause misses it."""
        clause = verb
        while clause.dep_ in {"xcomp", "conj", "ccomp"} and clause.head.pos_ in VERBAL:
            if clause.head.i == clause.i:
                break
            clause = clause.head
        if clause.dep_ != "relcl":
            return [part for part in parts if part.kind != "stranded"]
        missing = self._antecedent(clause)
        stranded = [part for part in parts if part.kind == "stranded"]
        if stranded:  # "the city in which he was born", "the city he was born in"
            parts = [part for part in parts if part.kind != "stranded"]
            at = sum(part.kind == "object" for part in parts)
            return [*parts[:at], _Part("phrase", stranded[0].lead, missing), *parts[at:]]
        if any(c.lower_ == "where" for c in verb.children):
            return [*parts, _Part("object", [], missing)]
        gap = self.grammar.subjects.gap(verb) is not None
        if gap and not any(part.kind == "object" for part in parts):
            return [_Part("object", [], missing), *parts]
        return parts

    def _subject(self, verb: Token) -> list[int]:
        """Give the phrase of the grammatical subject, its own, shared, or the antecedent."""
        clause = verb
        while clause.dep_ == "conj" and clause.head.i != clause.i and clause.head.pos_ in VERBAL:
            clause = clause.head
        if clause.dep_ == "acl":
            return self._antecedent(clause)
        heads = self.grammar.subjects.of(verb.i)
        if not heads:
            expletive = [c for c in verb.children if c.dep_ == "expl"]
            return [c.i for c in expletive]
        first = self.doc[heads[0]]
        if first.pos_ in VERBAL and first.dep_ not in {"csubj", "csubjpass"}:
            return []
        if clause.dep_ == "relcl" and clause.head.i == first.i:
            return self._antecedent(clause)
        return self._phrase(first)

    def _antecedent(self, clause: Token) -> list[int]:
        """Give what a relative or reduced clause hangs on, without it and what follows."""
        kept = self._phrase(clause.head)
        return self._tidied([i for i in kept if i < clause.left_edge.i])

    def _shared(self, verb: Token) -> list[int]:
        """Give the auxiliaries that a conjoined participle takes from the first ("was tried and
        jailed")."""
        if verb.dep_ != "conj" or verb.head.pos_ not in VERBAL or is_finite(verb):
            return []
        if any(c.dep_ in {"aux", "auxpass", *SUBJECTS} for c in verb.children):
            return []
        first = verb.head
        same = {"VBN": {"VBN"}, "VBG": {"VBG"}, "VB": {"VB"}}.get(verb.tag_, set())
        if first.tag_ not in same:
            return []
        passive = any(c.dep_ == "auxpass" for c in first.children)
        if passive and any(c.dep_ == "dobj" for c in verb.children):
            return []  # "was born in Sur and studied law": a past tense
        return [
            *self._shared(first),
            *(c.i for c in first.children if c.dep_ in {"aux", "auxpass"}),
        ]

    def _leaves(self, verb: Token, before: list[int]) -> Iterator[tuple[list[int], Token]]:
        """Follow a verb down the infinitives and gerunds that its subject does as well.

        "is scheduled to visit", "refused to go or to pay": the group of each last verb, and it.
        """
        group = [*before, *self._group(verb)]
        below = self._led_to(verb)
        if below is None:
            yield group, verb
            return
        carrier, lower = below
        for one in [lower, *(c for c in lower.children if c.dep_ == "conj" and c.pos_ in VERBAL)]:
            if one.i != lower.i and (
                is_finite(one) or any(c.dep_ in SUBJECTS for c in one.children)
            ):
                continue
            to = [c.i for c in lower.children if c.dep_ == "aux" and c.lower_ == "to"]
            shared = [] if one.i == lower.i or self._is_infinitive(one) else to
            yield from self._leaves(one, [*group, *carrier, *shared])

    def _led_to(self, verb: Token) -> tuple[list[int], Token] | None:
        """Find the infinitive or gerund that goes on the predicate, and the words between."""
        behind = [c for c in verb.children if c.i > verb.i]
        if any(c.dep_ in {"dobj", "dative", "attr"} for c in behind):
            return None
        for child in behind:
            lower = [c for c in child.children if c.dep_ == "xcomp" and self._is_infinitive(c)]
            if child.dep_ == "acomp" and lower:  # "is able to pay"
                return [*self._before(child), child.i], lower[0]
            own = any(c.dep_ in SUBJECTS for c in child.children) or child.tag_ == "VBN"
            if child.dep_ == "xcomp" and child.pos_ in VERBAL and not own:
                return [], child
        return None

    def _group(self, verb: Token) -> list[int]:
        """Give a verb with its auxiliaries, negation, particles and the adverbs inside."""
        found = [c.i for c in verb.children if c.dep_ in GROUP]
        found.append(verb.i)
        first = min(found)
        subject = [c.i for c in verb.children if c.dep_ in SUBJECTS and c.i > first]
        inside = [
            c.i
            for c in verb.children
            if c.dep_ == "advmod" and first < c.i < verb.i and c.tag_ != "WRB" and not subject
        ]
        return sorted([*found, *inside])

    def _parts(self, verb: Token, group: set[int]) -> list[_Part]:
        """List what stands around a verb, in order."""
        found: list[_Part] = []
        for child in verb.children:
            if child.i in group or child.pos_ == "PUNCT" or child.lower_ == "according":
                continue
            part = self._part(child, verb)
            if part is None:
                continue
            if child.i > verb.i or part.kind == "stranded" or child.dep_ == "ccomp":
                found.append(part)
            elif child.dep_ in {"prep", "npadvmod"}:
                found.append(part._replace(kind="fronted"))
        other = self.grammar.shares_with(verb) if not found else None
        return found if other is None else self._parts(self.doc[other.head], set())

    def _part(self, child: Token, verb: Token) -> _Part | None:
        behind = child.i > verb.i
        if child.dep_ in OBJECTS and child.pos_ != "ADP":
            return None if child.tag_ in RELATIVE else _Part("object", [], self._phrase(child))
        if child.dep_ == "acomp":
            return self._predicative(child)
        if child.dep_ in {"prep", "agent", "dative"}:
            return self._prepositional(child)
        if child.dep_ == "npadvmod":
            return _Part("object", [], self._phrase(child))
        if child.dep_ in {"ccomp", "xcomp"} and not self._is_beside(child):
            return _Part("clause", [], self._clause_words(child))
        if child.dep_ == "advcl" and behind and self._is_infinitive(child):
            return _Part("clause", [], self._clause_words(child))
        if child.dep_ == "advmod" and behind:
            words = self._phrase(child)
            return _Part("adverb" if len(words) == 1 else "object", [], words)
        return None

    def _predicative(self, adjective: Token) -> _Part:
        """Read "is similar to it": the adjective leads, as a preposition does."""
        own = [*self._before(adjective), adjective.i]
        for child in adjective.children:
            if child.i < adjective.i:
                continue
            part = self._prepositional(child) if child.dep_ == "prep" else None
            if part is not None and part.rest:
                return _Part("phrase", [*own, *part.lead], part.rest)
            if child.dep_ in {"ccomp", "xcomp"}:
                return _Part("phrase", own, self._clause_words(child))
        return _Part("object", [], self._phrase(adjective))

    @staticmethod
    def _before(word: Token) -> list[int]:
        """Give the adverbs before an adjective or preposition ("very", "shortly")."""
        return [c.i for c in word.children if c.dep_ == "advmod" and c.i < word.i]

    def _prepositional(self, preposition: Token) -> _Part:
        """Read a prepositional phrase as its preposition ("out of") and what stands behind it."""
        lead = [*self._before(preposition), preposition.i]
        for child in preposition.children:
            if child.i < preposition.i:
                continue
            if child.dep_ == "pobj" and child.tag_ not in RELATIVE:
                return _Part("phrase", lead, self._phrase(child))
            if child.dep_ == "prep" or (child.dep_ == "pcomp" and child.pos_ == "ADP"):
                if child.children:
                    inner = self._prepositional(child)
                    return inner._replace(lead=[*lead, *inner.lead])
                lead.append(child.i)  # "because of the frost"
            elif child.dep_ == "pcomp":
                return _Part("phrase", lead, self._clause_words(child))
        return _Part("stranded", lead, [])

    # -- phrases

    def _phrase(self, head: Token) -> list[int]:
        """Give a phrase without the clauses, appositions and parentheses inside it."""
        kept: list[int] = []
        waiting = [head]
        while waiting:
            token = waiting.pop()
            kept.append(token.i)
            waiting += [c for c in token.children if not self._is_trimmed(c, token)]
        return self._tidied(kept)

    def _is_trimmed(self, child: Token, token: Token) -> bool:
        """Tell what a phrase says besides: relative clauses, appositions, brackets."""
        if child.dep_ in {"relcl", "advcl", "parataxis"} and child.pos_ in VERBAL:
            return True
        edge = child.left_edge
        before = edge.text if edge.is_punct else self.doc[edge.i - 1].text if edge.i else ""
        if child.dep_ == "appos":
            return before in {",", "(", "-", "—", ":", "["}
        if child.dep_ in {"acl", "prep"} and child.i > token.i:
            return before in {",", "(", "—"}
        if child.dep_ == "conj" and child.pos_ in VERBAL and token.pos_ not in VERBAL:
            return any(c.dep_ in SUBJECTS for c in child.children)
        return before in {"(", "["} or child.dep_ in {"mark", "intj"}

    def _clause_words(self, verb: Token) -> list[int]:
        """Give a subordinate clause whole, without what opens it ("that")."""
        words = [t.i for t in verb.subtree]
        mark = next((c.i for c in verb.children if c.dep_ == "mark" and c.lower_ == "that"), None)
        return self._tidied([i for i in words if i != mark])

    def _tidied(self, words: Iterable[int]) -> list[int]:
        """Put words in order; marks at the edges or left alone by what was trimmed go."""
        kept = set(words)
        for i in sorted(kept):
            token = self.doc[i]
            if token.is_space or (token.pos_ == "PUNCT" and not {i - 1, i + 1} <= kept):
                quote = token.text in {'"', "'", "``", "''", "-", "%"}
                if not (quote and kept & {i - 1, i + 1}):
                    kept.discard(i)
        found = sorted(kept)
        while found and self.doc[found[-1]].pos_ == "PUNCT" and self._is_edge(found[-1], kept):
            kept.discard(found.pop())
        while found and self.doc[found[0]].pos_ == "PUNCT" and self._is_edge(found[0], kept):
            kept.discard(found.pop(0))
        return found

    def _is_edge(self, i: int, kept: set[int]) -> bool:
        """Tell a mark at the edge of a phrase that has no fellow inside it."""
        fellows = {'"': '"', "''": "``", "``": "''", ")": "(", "(": ")", "]": "[", "[": "]"}
        fellow = fellows.get(self.doc[i].text)
        return fellow is None or not any(self.doc[j].text == fellow for j in kept if j != i)
