"""What a query answers: a table or a graph, and how people and programs read them."""

from __future__ import annotations

import csv
import functools
import html
import importlib
import io
import json
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg.errors import KGError, UsageError
from kg.rdf import prefixes

__all__ = ["Cell", "Rows", "Term", "Triples", "guard_cell", "plain_text", "plain_value"]

Cell: TypeAlias = str | int | float | bool | Decimal | None
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None

BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")
DIRECTIONS = re.compile(r"[\x80-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# A spreadsheet takes a cell that starts so for a formula (OWASP, "CSV Injection"), the full-width
# forms included.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

XSD = "http://www.w3.org/2001/XMLSchema#"
INTEGERS = frozenset(XSD + name for name in ("integer", "int", "long", "nonNegativeInteger"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The table that a SELECT gives.

    Attributes:
        rows: plain values (str, int, float, Decimal, bool); None where nothing is bound.
        terms: the same cells as RDF terms.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    terms: tuple[tuple[Term, ...], ...] = field(default=(), compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def to_dicts(self) -> list[dict[str, Cell]]:
        """Give each row as a dict from column to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def to_format(self, format: str) -> str:
        """Write the rows as "table", "csv", "tsv" or "json".

        Raises:
            UsageError: it is none of these.
        """
        writers = {
            "table": self.to_table,
            "csv": self.to_csv,
            "tsv": self.to_tsv,
            "json": self.to_json,
        }
        if format not in writers:
            raise UsageError(f"rows can't be written as {format!r}; take {', '.join(writers)}")
        return writers[format]()

    def to_table(self) -> str:
        """Draw the rows for people: IRIs shortened, control characters made visible."""
        lines = [[_shown(cell) for cell in row] for row in self.rows]
        widths = [_width(column) for column in self.columns]
        for line in lines:
            widths = [max(width, _width(cell)) for width, cell in zip(widths, line, strict=True)]
        drawn = [list(self.columns), ["-" * width for width in widths], *lines]
        return "".join(
            "  ".join(
                cell + " " * (width - _width(cell))
                for cell, width in zip(line, widths, strict=True)
            ).rstrip()
            + "\n"
            for line in drawn
        )

    def to_csv(self, *, guard: bool = True) -> str:
        """Write CSV for spreadsheets.

        Args:
            guard: put a single quote before text that a spreadsheet would run as a formula; TSV and
                JSON are for programs and always exact.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        for row in self.rows:
            writer.writerow([guard_cell(cell) if guard else _plain(cell) for cell in row])
        return out.getvalue()

    def to_tsv(self) -> str:
        """Write SPARQL 1.1 TSV: each cell an RDF term, tabs and line breaks escaped."""
        lines = ["\t".join("?" + column for column in self.columns)]
        lines += ["\t".join("" if t is None else str(t) for t in row) for row in self.terms]
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """Write SPARQL 1.1 Query Results JSON."""
        bindings = [
            {c: _json_term(t) for c, t in zip(self.columns, row, strict=True) if t is not None}
            for row in self.terms
        ]
        document = {"head": {"vars": list(self.columns)}, "results": {"bindings": bindings}}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    def to_pandas(self) -> Any:  # Any: pandas is an extra and brings no types of its own
        """Give the rows as a DataFrame.

        Raises:
            KGError: pandas isn't installed.
        """
        try:
            pandas = importlib.import_module("pandas")
        except ImportError as e:
            raise KGError("a DataFrame needs pandas: pip install pandas") from e
        return pandas.DataFrame.from_records(list(self.rows), columns=list(self.columns))

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(column)}</th>" for column in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(_shown(cell))}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Triples:
    """The graph that a CONSTRUCT or DESCRIBE gives, sorted."""

    triples: tuple[ox.Triple, ...]

    def __len__(self) -> int:
        return len(self.triples)

    def to_format(self, format: str) -> str:
        """Write the graph as "ttl", "nt" or, a row a triple, "csv", "tsv" or "json".

        "table" is Turtle too, which is what people read.

        Raises:
            UsageError: it is none of these.
        """
        if format in ("table", "ttl"):
            return self.to_turtle()
        if format == "nt":
            return self.to_ntriples()
        if format not in ("csv", "tsv", "json"):
            raise UsageError(
                f"a graph can't be written as {format!r}; take ttl, nt, csv, tsv, json"
            )
        return self.to_rows().to_format(format)

    def to_rows(self) -> Rows:
        """Give the graph as rows of subject, predicate and object."""
        terms = tuple((t.subject, t.predicate, t.object) for t in self.triples)
        rows = tuple(tuple(plain_value(term) for term in row) for row in terms)
        return Rows(columns=("subject", "predicate", "object"), rows=rows, terms=terms)

    def to_turtle(self) -> str:
        """Write the graph as Turtle."""
        written = ox.serialize(self.triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes())
        return (written or b"").decode("utf-8")

    def to_ntriples(self) -> str:
        """Write the graph as N-Triples, a line a triple."""
        return "".join(f"{triple} .\n" for triple in self.triples)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.to_turtle())}</pre>"


def guard_cell(cell: Cell) -> str:
    r"""Spell a value for a spreadsheet's CSV: text can't become a formula.

    >>> guard_cell('=HYPERLINK("x")'), guard_cell(-3), guard_cell("Russia")
    ('\'=HYPERLINK("x")', '-3', 'Russia')
    """
    text = _plain(cell)
    return "'" + text if isinstance(cell, str) and text.startswith(FORMULA) else text


def plain_text(text: str) -> str:
    r"""Make text safe for a terminal line: no line breaks, control or direction characters.

    >>> plain_text("a\nb\x1b[31mc")
    'a b␛[31mc'
    """
    return "".join(_visible(character) for character in BREAKS.sub(" ", text))


def _visible(character: str) -> str:
    if character == "\x7f":
        return "\u2421"
    if character < " ":
        return chr(0x2400 + ord(character))
    # Direction overrides would reorder the rest of the line; joiners (U+200D) make emoji and stay.
    return "\ufffd" if DIRECTIONS.match(character) else character


def _width(text: str) -> int:
    """Count the terminal columns that a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def _plain(cell: Cell) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)


def _shown(cell: Cell) -> str:
    text = _plain(cell)
    if isinstance(cell, str) and text.startswith(("http://", "https://")):
        for prefix, iri in _prefixes_longest_first():
            if text.startswith(iri) and re.fullmatch(r"[\w%.#=,-]+", text[len(iri) :]):
                return f"{prefix}:{text[len(iri) :]}"
    return plain_text(text)


@functools.cache
def _prefixes_longest_first() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(prefixes().items(), key=lambda pair: (-len(pair[1]), pair[0])))


def plain_value(term: Term) -> Cell:
    """Give the plain Python value of a term; what has none stays its text."""
    if term is None:
        return None
    if not isinstance(term, ox.Literal):
        return term.value if isinstance(term, ox.NamedNode) else str(term)
    try:
        if term.datatype.value in INTEGERS:
            return int(term.value)
        if term.datatype.value == XSD + "decimal":
            return Decimal(term.value)
        if term.datatype.value in (XSD + "double", XSD + "float"):
            return float(term.value)
    except (ValueError, ArithmeticError):
        return term.value
    if term.datatype.value == XSD + "boolean":
        return term.value in ("true", "1")
    return term.value


def _json_term(term: Term) -> dict[str, Any]:  # Any: the format nests for triple terms
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if not isinstance(term, ox.Literal):
        return {"type": "literal", "value": str(term)}
    shape = {"type": "literal", "value": term.value}
    if term.language:
        return {**shape, "xml:lang": term.language}
    return (
        shape
        if term.datatype.value == XSD + "string"
        else {**shape, "datatype": term.datatype.value}
    )
