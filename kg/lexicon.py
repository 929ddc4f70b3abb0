"""The tables of `ontology/`, typed and checked.

Each table is read once, on first use, and every broken line is reported as ``file:line``. What the
columns mean stands in `ontology/README.md`; nothing else in `kg` opens a table.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from kg.errors import LexiconError

__all__ = [
    "ONTOLOGY",
    "Composition",
    "Condition",
    "Operator",
    "PredicateLine",
    "Pronoun",
    "act_families",
    "carrying_verbs",
    "classes",
    "common_words",
    "compositions",
    "compound_words",
    "confidence_weights",
    "contexts",
    "fold_lemma",
    "given_names",
    "known_verbs",
    "opening_verbs",
    "operators",
    "predicates",
    "pronouns",
    "read_table",
    "several",
    "verb_forms",
    "word_class",
]

ONTOLOGY = Path(__file__).parent / "ontology"

PLOVER = frozenset(
    "AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST "
    "SANCTION MOBILIZE COERCE ASSAULT".split()
)
"""The sixteen event types of the PLOVER manual, version 2.0 (2023), section "Event types"."""

OTHER_TYPES = frozenset({"STATEMENT", "OTHER"})


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a predicate line: what a slot of the frame holds, or that it is empty.

    Attributes:
        slot: obj, subj, mod, comp, passive, active or "prep:with".
        words: folded lemmas or "@kind" tags of which one must be there; None: anything will do.
        absent: the slot must be empty.
    """

    slot: str
    words: frozenset[str] | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class PredicateLine:
    """A way to tell of an event, with its code; `predicate` is the folded key, `name` the word."""

    predicate: str
    name: str
    pos: str
    conditions: tuple[Condition, ...]
    actor: tuple[str, ...]
    target: tuple[str, ...]
    event: str
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    where: str

    @property
    def rule(self) -> str:
        """The name under which the line shows in outputs: ``reject/v``, with a + for one with
        conditions."""
        return f"{self.name}/{self.pos}" + ("+" if self.conditions else "")


@dataclass(frozen=True, slots=True)
class Operator:
    """A predicate that takes another event as complement.

    Attributes:
        control: who acts in the complement: subj, obj or none (it has its own subject).
        effect: name of a group in `composition.tsv`; "=" the complement's code is the whole's;
            None: it only colours its complement.
        modality: what its complement becomes; None leaves it as it is.
        negates: the complement did not happen.
    """

    predicate: str
    name: str
    pos: str
    control: str
    effect: str | None
    modality: str | None
    negates: bool


@dataclass(frozen=True, slots=True)
class Composition:
    """What an operator of one effect makes of a complement of certain types."""

    effect: str
    complements: frozenset[str] | None
    event: str
    mode: str | None
    cameo: str | None


@lru_cache(maxsize=65536)  # the same few thousand lemmas make up nearly all of any text
def fold_lemma(lemma: str) -> str:
    """Fold spelling variants of a lemma, so that tables need only one of them.

    Hyphens go, British endings become American. The outcome is a key, not a word.

    >>> fold_lemma("Co-operate"), fold_lemma("criticise") == fold_lemma("criticize")
    ('cooperate', True)
    """
    folded = lemma.lower().replace("-", "").replace("’", "'")
    folded = re.sub(r"is(e|ation|ing|ed)\b", r"iz\1", folded)
    folded = re.sub(r"our\b", "or", folded)
    return re.sub(r"ence\b", "ense", folded)


def read_table(name: str, columns: str) -> Iterator[tuple[dict[str, str], str]]:
    """Read the rows of a table as dicts with every column present, and each row's ``file:line``."""
    path = ONTOLOGY / name
    expected = columns.split()
    try:
        with path.open(encoding="utf-8", newline="") as table:
            reader = csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
            header: list[str] | None = None
            for cells in reader:
                if not cells or cells[0].startswith("#") or not any(cells):
                    continue
                where = f"{path.name}:{reader.line_num}"
                if header is None:
                    header = cells
                    if header != expected:
                        raise LexiconError(f"{where}: header is {header}, expected {expected}")
                    continue
                if len(cells) > len(header):
                    raise LexiconError(f"{where}: {len(cells)} cells, the header has {len(header)}")
                cells += [""] * (len(header) - len(cells))
                yield dict(zip(header, map(str.strip, cells), strict=True)), where
    except OSError as error:
        raise LexiconError(
            f"{path.name}: can't be read ({error.strerror}); reinstall newskg"
        ) from error


def _refuse_second(found: Container[object], key: object, where: str) -> None:
    """See that no line silently takes the place of an earlier one."""
    if key in found:
        name = " ".join(key) if isinstance(key, tuple) else key
        raise LexiconError(f"{where}: {name!r} has a line already; make one of the two")


def several(cell: str) -> tuple[str, ...]:
    """Give the values of a cell, which stand with ``|`` between them.

    >>> several("Arnorian| Arnorians ")
    ('Arnorian', 'Arnorians')
    """
    if "|" not in cell:
        return (cell.strip(),) if cell else ()
    return tuple(part for part in map(str.strip, cell.split("|")) if part)


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A form of a personal pronoun.

    Attributes:
        number: "sg" or "pl".
        gender: "m", "f" or "n"; None where the form shows none.
        uses: personal, possessive, reflexive.
    """

    form: str
    person: int
    number: str
    gender: str | None
    uses: frozenset[str]


@cache
def pronouns() -> Mapping[str, Pronoun]:
    """Load `pronouns.tsv`: form -> its line.

    >>> pronouns()["herself"].gender
    'f'
    """
    found: dict[str, Pronoun] = {}
    for row, where in read_table("pronouns.tsv", "pronoun person number gender use"):
        if row["person"] not in {"1", "2", "3"} or row["number"] not in {"sg", "pl"}:
            raise LexiconError(f"{where}: person is 1, 2 or 3, number sg or pl")
        _refuse_second(found, row["pronoun"], where)
        uses = frozenset(several(row["use"]))
        line = Pronoun(
            row["pronoun"], int(row["person"]), row["number"], row["gender"] or None, uses
        )
        found[line.form] = line
    return found


@cache
def given_names() -> Mapping[str, str]:
    """Load `given_names.tsv`: given name -> "f" or "m".

    >>> given_names()["Helena"], given_names().get("Robin")
    ('f', None)
    """
    found: dict[str, str] = {}
    for row, where in read_table("given_names.tsv", "gender names"):
        if row["gender"] not in {"f", "m"}:
            raise LexiconError(f"{where}: gender is f or m, not {row['gender']!r}")
        for name in several(row["names"]):
            if found.setdefault(name, row["gender"]) != row["gender"]:
                raise LexiconError(f"{where}: {name} is borne by both genders; leave it out")
    return found


@cache
def confidence_weights() -> Mapping[str, float]:
    """Load `confidence.tsv`: what is known of a telling -> log-odds that it adds.

    >>> confidence_weights()["noun"] < 0
    True
    """
    found: dict[str, float] = {}
    for row, where in read_table("confidence.tsv", "fact weight seen source"):
        _refuse_second(found, row["fact"], where)
        try:
            found[row["fact"]] = float(row["weight"])
        except ValueError:
            raise LexiconError(f"{where}: {row['weight']!r} is no number of log-odds") from None
    return found


@cache
def classes() -> Mapping[str, frozenset[str]]:
    """Load `classes.tsv`: name in capitals -> folded nouns; lines of one name add up."""
    found: dict[str, frozenset[str]] = {}
    for row, where in read_table("classes.tsv", "class words"):
        if not row["class"].isupper():
            raise LexiconError(f"{where}: a class is named in capitals, not {row['class']!r}")
        words = frozenset(fold_lemma(word) for word in several(row["words"]))
        found[row["class"]] = found.get(row["class"], frozenset()) | words
    return found


@cache
def word_class(name: str, *others: str) -> frozenset[str]:
    """Look up a class of `classes.tsv` by its name, or several united.

    Raises:
        LexiconError: there is no such class.
    """
    if others:
        return word_class(name).union(*map(word_class, others))
    try:
        return classes()[name]
    except KeyError:
        raise LexiconError(f"classes.tsv: no class {name}; add a line for it") from None


@cache
def common_words() -> frozenset[str]:
    """Load the commonest words of English news, in lower case, as they stand in texts."""
    lines = (ONTOLOGY / "common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


ACTOR_KINDS = frozenset(
    "country region organisation igo ngo armed_group person group media company".split()
)
_SLOT = re.compile(
    r"(-?)(obj|subj|mod|comp|passive|active|prep:[a-z]+(?:\|prep:[a-z]+)*)(?:=(.+))?"
)


def _condition(text: str, where: str) -> Condition:
    match = _SLOT.fullmatch(text)
    if match is None:
        raise LexiconError(f"{where}: can't read the condition {text!r}; see ontology/README.md")
    minus, slot, values = match.groups()
    if values is None:
        return Condition(slot, None, bool(minus))
    words: set[str] = set()
    for value in values.split("|"):
        if value == "@actor":
            words |= {f"@{kind}" for kind in ACTOR_KINDS}
        elif value.startswith("@") or slot == "comp":
            words.add(value)
        elif value.isupper():
            if value not in classes():
                raise LexiconError(f"{where}: no class {value} in classes.tsv")
            words |= classes()[value]
        else:
            words.add(fold_lemma(value.replace("_", " ")))
    return Condition(slot, frozenset(words), bool(minus))


def _predicate(row: dict[str, str], where: str) -> PredicateLine:
    if row["pos"] not in {"v", "n", "a"}:
        raise LexiconError(f"{where}: pos {row['pos']!r} is none of v, n, a")
    if row["event"] not in PLOVER | OTHER_TYPES:
        raise LexiconError(f"{where}: {row['event']!r} is no event type")
    if row["cameo"] and not re.fullmatch(r"(0[1-9]|1\d|20)\d{0,2}", row["cameo"]):
        raise LexiconError(f"{where}: {row['cameo']!r} is no CAMEO code")
    return PredicateLine(
        fold_lemma(row["predicate"]),
        row["predicate"],
        row["pos"],
        tuple(_condition(text, where) for text in row["when"].split()),
        several(row["actor"]),
        several(row["target"]),
        row["event"],
        row["mode"] or None,
        several(row["contexts"]),
        row["cameo"] or None,
        where,
    )


@cache
def predicates() -> Mapping[tuple[str, str], tuple[PredicateLine, ...]]:
    """Load `predicates.*.tsv`: (folded first word and particle, pos) -> lines, most specific
    first."""
    columns = "predicate pos when actor target event mode contexts cameo example"
    found: dict[tuple[str, str], list[PredicateLine]] = {}
    for path in sorted(ONTOLOGY.glob("predicates.*.tsv")):
        for row, where in read_table(path.name, columns):
            line = _predicate(row, where)
            found.setdefault((line.predicate, line.pos), []).append(line)
    return {key: tuple(sorted(lines, key=_breadth)) for key, lines in found.items()}


@cache
def compound_words() -> frozenset[str]:
    """Collect the conditions' words that are written as two ("aid worker")."""
    return frozenset(
        word
        for lines in predicates().values()
        for line in lines
        for condition in line.conditions
        for word in condition.words or ()
        if " " in word
    )


def _breadth(line: PredicateLine) -> tuple[int, int]:
    """Order lines from the narrowest: more conditions first, then fewer words that satisfy them."""
    return -len(line.conditions), sum(len(c.words) for c in line.conditions if c.words)


@cache
def operators() -> Mapping[tuple[str, str], Operator]:
    """Load `operators.tsv`: (folded predicate, pos) -> the operator."""
    found: dict[tuple[str, str], Operator] = {}
    columns = "predicate pos control effect modality polarity example"
    for row, where in read_table("operators.tsv", columns):
        if row["control"] not in {"subj", "obj", "none"}:
            raise LexiconError(f"{where}: control {row['control']!r} is none of subj, obj, none")
        key = (fold_lemma(row["predicate"]), row["pos"])
        _refuse_second(found, key, where)
        found[key] = Operator(
            key[0],
            row["predicate"],
            key[1],
            row["control"],
            row["effect"] or None,
            row["modality"] or None,
            row["polarity"] == "neg",
        )
    return found


@cache
def compositions() -> Mapping[str, tuple[Composition, ...]]:
    """Load `composition.tsv`: effect -> its lines in order; the first that fits holds."""
    found: dict[str, list[Composition]] = {}
    for row, where in read_table("composition.tsv", "effect complement event mode cameo example"):
        if row["event"] not in PLOVER | OTHER_TYPES | {"="}:
            raise LexiconError(f"{where}: {row['event']!r} is no event type")
        complements = None if row["complement"] == "*" else frozenset(several(row["complement"]))
        line = Composition(
            row["effect"], complements, row["event"], row["mode"] or None, row["cameo"] or None
        )
        found.setdefault(row["effect"], []).append(line)
    return {effect: tuple(lines) for effect, lines in found.items()}


@cache
def opening_verbs() -> frozenset[str]:
    """Collect the first words of the verbs that are written as several ("call" of "call off")."""
    keys = [key for key, pos in (*predicates(), *operators()) if pos == "v"]
    return frozenset(key.partition(" ")[0] for key in keys if " " in key)


@cache
def carrying_verbs() -> frozenset[str]:
    """Collect the verbs, or their first words, that may only carry an event noun ("take part")."""
    verbs = word_class("LIGHTVERB", "HAPPEN")
    return frozenset(verb.partition(" ")[0] for verb in verbs)


@cache
def contexts() -> Mapping[str, frozenset[str]]:
    """Load `contexts.tsv`: folded lemma -> the PLOVER contexts that it points to."""
    found: dict[str, frozenset[str]] = {}
    for row, _ in read_table("contexts.tsv", "context words"):
        for word in several(row["words"]):
            key = fold_lemma(word)
            found[key] = found.get(key, frozenset()) | {row["context"]}
    return found


@cache
def act_families() -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """Load `acts.tsv`: folded action -> the families of acts it tells of, from either end.

    Returns:
        For each action the families whose doer is its subject, and those whose sufferer is.
    """
    found: dict[str, tuple[set[str], set[str]]] = {}
    for row, where in read_table("acts.tsv", "act words undergone"):
        if not row["act"] or not row["words"]:
            raise LexiconError(f"{where}: a family of acts needs a name and words")
        for end, cell in enumerate((row["words"], row["undergone"])):
            for word in several(cell):
                folded = " ".join(fold_lemma(part) for part in word.split())
                found.setdefault(folded, (set(), set()))[end].add(row["act"])
    return {word: (frozenset(done), frozenset(borne)) for word, (done, borne) in found.items()}


@cache
def verb_forms() -> Mapping[str, str]:
    """Load `lemmas.tsv`: verb forms whose lemma the model gets wrong -> their lemma."""
    found: dict[str, str] = {}
    for row, where in read_table("lemmas.tsv", "form lemma"):
        _refuse_second(found, row["form"], where)
        found[row["form"]] = row["lemma"]
    return found


@cache
def known_verbs() -> frozenset[str]:
    """Give the first words of all verbs of the tables, folded."""
    keys = [key for key, pos in (*predicates(), *operators()) if pos == "v"]
    listed = {word for name in ("STATIVE", "LIGHTVERB") for word in word_class(name)}
    return frozenset(key.partition(" ")[0] for key in keys) | listed
