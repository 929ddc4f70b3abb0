"""Which event a time expression dates: the one of its own clause, as the parse tells."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kg.annotate import source_span
from kg.lexicon import fold_lemma, operators, word_class
from kg.model import When
from kg.parse import Parse, parse_of
from kg.times.find import TimeExpression, find_times
from kg.times.grammar import numbers, times_table
from kg.times.resolve import Resolved, resolve_time

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.parse import Token

_VERBAL = frozenset({"VERB", "AUX"})
_WAYS = {"after": -1, "before": 1}
_MEANWHILE = frozenset({"as", "while", "when"})


def when_of(
    doc: Doc | Parse,
    trigger: int,
    published: date | str | None,
    *,
    times: Iterable[TimeExpression] | None = None,
) -> When | None:
    """Find when the event of a trigger happened, as far as its own clause says.

    Args:
        trigger: token of the verb or noun that tells the event.
        published: the article's day; None leaves relative expressions unresolved.
        times: the doc's expressions, if they are known already.

    Returns:
        None where the clause has no expression, or only ones that resolve to nothing.
    """
    parse = parse_of(doc)
    expressions = find_times(parse) if times is None else tuple(times)
    token = parse[trigger]
    sent = token.sent
    first = bisect_left(expressions, sent.start, key=lambda t: t.start)
    last = bisect_left(expressions, sent.end, key=lambda t: t.start)
    near = [(t, _dates(parse, t)) for t in expressions[first:last] if t.problem is None]
    for rung in _rungs(token) if near else ():
        dated = [t for t, words in near if rung.i in words]
        for expression in sorted(dated, key=lambda t: (abs(t.start - rung.i), t.start)):
            found = resolve_time(expression.text, published, future=_is_future(rung))
            if found is not None:
                return _when(parse, expression, found)
    return _apart(parse, token, published, expressions)


def _apart(
    doc: Parse, token: Token, published: date | str | None, expressions: tuple[TimeExpression, ...]
) -> When | None:
    """Date a clause by its distance from the one it hangs on ("on Tuesday, a day after B asked").

    Hours and minutes are the same day; weeks and more aren't meant to the day.
    """
    clause = next((t for t in _rungs(token) if t.pos_ in _VERBAL and t.dep_ == "advcl"), None)
    if clause is None or clause.head.i == clause.i:
        return None
    opening = doc[clause.left_edge.i : clause.i]
    mark = next(
        (t for t in opening if t.text.lower() in _WAYS and t.dep_ in {"mark", "prep"}), None
    )
    if mark is None or mark.i == opening[0].i:
        return None
    unit, before = doc[mark.i - 1].text.lower().removesuffix("s"), opening[0].text.lower()
    count = 0 if unit in {"hour", "minute"} else numbers().get(before)
    anchor = when_of(doc, clause.head.i, published, times=expressions)
    if count is None or unit not in {"hour", "minute", "day"} or anchor is None:
        return None
    try:
        day = date.fromisoformat(anchor.iso[:10]) + timedelta(days=_WAYS[mark.text.lower()] * count)
    except (ValueError, OverflowError):
        return None  # the other is dated to a month or year
    span = source_span(doc, opening[0].idx, mark.idx + len(mark.text))
    return When(text=span, iso=day.isoformat(), precision="day", basis=anchor.basis)


def _when(doc: Parse, expression: TimeExpression, found: Resolved) -> When:
    start = doc[expression.start].idx
    last = doc[expression.end - 1]
    iso, precision, basis = found
    span = source_span(doc, start, last.idx + len(last.text))
    return When(text=span, iso=iso, precision=precision, basis=basis)


def _rungs(token: Token) -> list[Token]:
    """List the words whose times hold for a trigger, nearest first.

    A noun shares its verb's time; a participle and a gerund share that of the clause they hang on
    ("in March by announcing the withdrawal"). A clause of its own, finite or with "to", does not.
    """
    found = [token]
    while len(found) < 6:
        above = _shares_time_with(token)
        if above is None:
            break
        token = above
        found.append(token)
    # "has killed hundreds and displaced millions since 2011"
    verb = next((rung for rung in found if rung.pos_ in _VERBAL), token)
    return found + [c for c in verb.children if c.dep_ == "conj" and _shares_adjuncts(c)]


def _shares_adjuncts(verb: Token) -> bool:
    """Tell a conjunct without subject or without auxiliary ("three were shot and ten injured on
    Monday"): what stands at its end holds for the first one too."""
    gapped = verb.tag_ == "VBN" and not any(c.dep_ in {"aux", "auxpass"} for c in verb.children)
    return gapped or not _has_subject(verb)


def _has_subject(verb: Token) -> bool:
    return any(child.dep_ in {"nsubj", "nsubjpass", "expl"} for child in verb.children)


def _shares_time_with(token: Token) -> Token | None:
    head = token.head
    if head.i == token.i:
        return None
    if token.pos_ not in _VERBAL:
        return None if token.dep_ in {"appos", "npadvmod"} else head
    if token.dep_ == "advcl" and _is_meanwhile(token):
        return head
    if _has_subject(token):
        return None
    if any(child.dep_ == "aux" and child.text.lower() == "to" for child in token.children):
        return None
    if token.dep_ in {"pcomp", "advcl", "prep"} and token.tag_ == "VBG":
        return head
    return head if token.dep_ == "conj" and head.pos_ in _VERBAL else None


def _is_meanwhile(clause: Token) -> bool:
    """Tell what happens at the same time ("were shot on Monday as police fought the crowd")."""
    past = clause.tag_ == "VBD" or any(
        c.dep_ in {"aux", "auxpass"} and c.tag_ == "VBD" for c in clause.children
    )
    return past and any(
        c.dep_ in {"mark", "advmod"} and c.text.lower() in _MEANWHILE for c in clause.lefts
    )


def _dates(doc: Parse, expression: TimeExpression) -> tuple[int, ...]:
    """Give the words that an expression modifies: where it hangs, and the verb above if so."""
    inside = range(expression.start, expression.end)
    roots = [doc[i] for i in inside if doc[i].head.i not in inside or doc[i].head.i == i]
    if not roots:
        return ()
    root = next((t for t in roots if t.dep_ != "punct"), roots[0])
    anchor = root.head
    found = [anchor.i]
    # "chairing the meeting on Tuesday" dates both; "condemned Tuesday's meeting" only the noun
    if root.dep_ in {"poss", "compound", "amod", "nummod", "nmod", "det"}:
        return (anchor.i,)
    while anchor.pos_ not in _VERBAL and anchor.head.i != anchor.i and root.i > anchor.i:
        anchor = anchor.head
        found.append(anchor.i)
    while (
        anchor.pos_ not in _VERBAL
        and anchor.head.i != anchor.i
        and anchor.pos_ in {"ADP", "ADV", "SCONJ"}
    ):
        anchor = anchor.head
        found.append(anchor.i)
    return tuple(found)


def _is_future(verb: Token) -> bool:
    """Tell whether a verb speaks of what is still to come, or hangs on one that makes it so."""
    tense = times_table()["tense"]
    for token in _verb_and_above(verb):
        for child in token.children:
            if child.dep_ == "aux" and child.text.lower() in tense["future"]:
                return True
            if child.dep_ == "aux" and child.text.lower() == "to" and _lies_ahead(token):
                return True
    return False


def _verb_and_above(verb: Token) -> list[Token]:
    found = [verb]
    while len(found) < 4 and verb.head.i != verb.i and verb.dep_ != "ccomp":
        if verb.pos_ in _VERBAL and verb.dep_ in {"ROOT", "relcl", "advcl", "ccomp"}:
            break
        verb = verb.head
        found.append(verb)
    return found


def _lies_ahead(verb: Token) -> bool:
    """Tell an infinitive that looks ahead; what somebody tried, managed or failed to do is past."""
    above = verb.head
    if verb.dep_ == "xcomp" and above.tag_ in {"VBD", "VBN"}:
        operator = operators().get((fold_lemma(above.lemma_), "v"))
        attempts = fold_lemma(above.lemma_) in word_class("ATTEMPT")
        if attempts or (operator is not None and operator.effect in {"=", "FAIL"}):
            return False
    return verb.dep_ in {"xcomp", "acl", "ccomp", "advcl"} or above.i == verb.i
