"""Named queries and free ones: find, bind, check, run.

A named query is one file of `queries/`. Its first comment line is its help; for its parameters see
`kg.query.parameters`. Only questions are run: updates and SERVICE, which would call other machines,
are refused.
"""

from __future__ import annotations

import bisect
import difflib
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.errors import QueryError
from kg.query.parameters import (
    ALL,
    Parameter,
    bind_parameters,
    find_parameters,
    page_of,
    tokens,
    with_patterns,
)
from kg.query.rows import Rows, Triples, plain_value
from kg.rdf import DEFAULT_BASE, prefixes

if TYPE_CHECKING:
    from kg.store import Store

__all__ = [
    "NamedQuery",
    "check_read_only",
    "dataset_graphs",
    "find_base",
    "named_queries",
    "parse_query",
    "queries_page",
    "readable_error",
    "run_query",
]

QUERIES = Path(__file__).parent.parent / "queries"
SUFFIXES = (".rq", ".sparql")

# `SERVICE` glued to what stands beside it still calls out ("1SERVICE<iri>{}", "SERVICE:name{}":
# Oxigraph's grammar asks for no blank), so it is looked for in the raw text, not in tokens; only a
# variable and a prefixed name can hold the word without meaning it.
SERVICE = re.compile(r"[?$:][A-Za-z0-9_]+|(?P<service>service)", re.IGNORECASE)
SILENT = re.compile(r"silent", re.IGNORECASE)
ENDPOINT = re.compile(r"[<?$]|[\w.%\\-]{0,99}:")
ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
QUESTIONS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedQuery:
    """A query that stands in `queries/` under its name."""

    name: str
    help: str
    parameters: tuple[Parameter, ...]
    text: str = field(repr=False)


PAGE_HEAD = """\
# Named queries

`kg query NAME --set parameter=value --format table|csv|tsv|json|ttl`

A name is matched in any case (`russia`). A country's ISO 3166-1 alpha-3 code (`RUS`) stands for the
country and for everybody who belongs to it. What is typed is always text, never SPARQL.

CSV is for spreadsheets: text that a spreadsheet would run as a formula (it begins with `=`, `+`,
`-`, `@`, a tab or a line break) gets a single quote before it. TSV and JSON follow SPARQL 1.1, are
for programs, and exact.

A table is a page: most queries show the first thousand (`limit`). CSV, TSV and JSON are whole,
unless `--set limit=` says otherwise.

`kg query FILE.rq` and `kg query 'SELECT ...'` take SPARQL 1.1 with the usual prefixes known. In a
query of one's own, `VALUES ?name { "default" }` makes a parameter that `--set name=value` sets; a
comment `#[name] PATTERN  # help` is a pattern for when it is set, with `$name` for the value in
lower case; and `LIMIT 1000  # limit: help` is where a page of the answer ends. Updates and
`SERVICE` are refused. In code: `kg.query.run_query(store, NAME, {"actor": "RUS"})`.
"""


@functools.cache
def named_queries() -> tuple[NamedQuery, ...]:
    """Read the named queries, sorted by name."""
    return tuple(
        parse_query(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(QUERIES.glob("*.rq"))
    )


def parse_query(name: str, text: str) -> NamedQuery:
    r"""Read a query's help and parameters out of its text.

    >>> text = '# Who acts.\nSELECT * {\n  VALUES ?actor { "" }  # actor: a name\n}'
    >>> query = parse_query("q", text)
    >>> query.help, query.parameters[0].help
    ('Who acts.', 'a name')
    """
    first = text.split("\n", 1)[0]
    return NamedQuery(
        name=name,
        help=first.lstrip("# ").strip() if first.startswith("#") else "",
        parameters=find_parameters(text),
        text=text,
    )


def check_read_only(sparql: str) -> str:
    """Tell which form of question a query is: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        QueryError: it is an update, or asks another endpoint.

    >>> check_read_only("# about SERVICE\\nASK { ?service ?p 'SERVICE' }")
    'ASK'
    """
    decoded = ESCAPED.sub(lambda escape: _decoded(escape[1] or escape[2]), sparql)
    if _calls_out(sparql) or _calls_out(decoded):
        raise QueryError("SERVICE is refused: a query asks this store and no other machine")
    for token in tokens(sparql):
        word = (token["word"] or "").upper()
        if word in UPDATES:
            raise QueryError(f"{word} is refused: a query only reads; see `kg add` and `kg remove`")
        if word in QUESTIONS:
            return word
    raise QueryError(f"no query: it has none of {', '.join(QUESTIONS)}")


def dataset_graphs(sparql: str) -> list[str]:
    """Tell which graphs a query's FROM and FROM NAMED ask for; a name nobody declared stays so.

    >>> dataset_graphs("PREFIX g: <urn:g/> SELECT * FROM <urn:a> FROM NAMED g:b { ?s ?p 'FROM' }")
    ['urn:a', 'urn:g/b']
    """
    graphs: list[str] = []
    declared, before = dict[str, str](), ["", ""]
    for token in tokens(sparql):
        if token["comment"]:
            continue
        if token["iri"] and before[0] == "PREFIX":
            declared[before[1]] = token["iri"][1:-1]
        asked = before[1] == "FROM" or before == ["FROM", "NAMED"]
        if asked and (token["iri"] or token["name"]):
            prefix, _, local = (token["name"] or "").partition(":")
            iri = declared.get(f"{prefix}:", f"{prefix}:") + local
            graphs.append(token["iri"][1:-1] if token["iri"] else iri)
        before = [before[1], token["name"] or (token["word"] or "").upper()]
    return graphs


def _decoded(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 else ""


def _calls_out(sparql: str) -> bool:
    """Tell whether SERVICE stands anywhere before something that could name an endpoint."""
    line_ends = [*(match.start() for match in re.finditer(r"[\n\r]", sparql)), len(sparql)]
    # For each line, from the last: where the first code at or after its start is.
    code_from = [len(sparql)]
    for number in range(len(line_ends) - 1, -1, -1):
        start = line_ends[number - 1] + 1 if number else 0
        first = _code_in_line(sparql, start, line_ends[number])
        code_from.append(code_from[-1] if first is None else first)
    code_from.reverse()

    def skip(start: int) -> int:
        number = bisect.bisect_left(line_ends, start)
        if number == len(line_ends):
            return len(sparql)
        first = _code_in_line(sparql, start, line_ends[number])
        return code_from[number + 1] if first is None else first

    for match in SERVICE.finditer(sparql):
        if match["service"]:
            at = skip(match.end())
            silent = SILENT.match(sparql, at)
            if ENDPOINT.match(sparql, skip(silent.end()) if silent else at):
                return True
    return False


def _code_in_line(sparql: str, start: int, end: int) -> int | None:
    """Find the first character in a line that is neither blank nor comment."""
    while start < end and sparql[start] in " \t\x0b\x0c":
        start += 1
    return None if start >= end or sparql[start] == "#" else start


def run_query(
    store: Store,
    name_or_sparql: str | Path,
    parameters: Mapping[str, str] | None = None,
    *,
    paged: bool = False,
) -> Rows | Triples | bool:
    """Run a named query, a query file or SPARQL text; the usual prefixes are known.

    Args:
        name_or_sparql: a name of `named_queries`, a path that ends in .rq or .sparql, or the text.
        parameters: name -> value; taken as text, never as SPARQL.
        paged: keep to the limit that the query itself has for a reader, where `parameters` sets
            none; else the answer is whole.

    Returns:
        Rows of a SELECT, triples of a CONSTRUCT or DESCRIBE, the truth of an ASK. Without ORDER BY
        of its own the order is that of the rows' text.

    Raises:
        QueryError: no such query or parameter, no SPARQL, or not only a question.
    """
    name, text = _find_query(name_or_sparql)
    check_read_only(with_patterns(text))
    sparql = bind_parameters(text, parameters or {}, name)
    if not paged and "limit" not in (parameters or {}) and not _is_whole(store, sparql):
        sparql = bind_parameters(sparql, {"limit": ALL}, name)
    answer = _ask(store, sparql)
    if isinstance(answer, ox.QuerySolutions):
        return _rows(answer, ordered=_ordered(sparql))
    if isinstance(answer, ox.QueryTriples):
        return Triples(triples=tuple(sorted(set(answer), key=str)))
    return bool(answer)


def _is_whole(store: Store, sparql: str) -> bool:
    """Tell whether all that fits goes onto the page that a query gives.

    It is worth the look: of a page Oxigraph asks row by row, of everything it reads everything.
    """
    page = page_of(sparql)
    if page is None:
        return not any(known.name == "limit" for known in find_parameters(sparql))
    inside, limit = page
    words = (token for token in tokens(sparql) if (token["word"] or "").upper() in QUESTIONS)
    declared = sparql[: next(words).start()]
    one_more = f"{inside.removesuffix(f'{limit} }}')}{limit + 1} }}"
    answer = _ask(store, f"{declared} SELECT (COUNT(*) AS ?n) {{ {one_more} }}")
    (row,) = cast("ox.QuerySolutions", answer)
    return int(cast("ox.Literal", row["n"]).value) <= limit


def _find_query(name_or_sparql: str | Path) -> tuple[str, str]:
    """Give the name to tell errors by, and the query's text."""
    asked = str(name_or_sparql)
    if isinstance(name_or_sparql, Path) or (asked.endswith(SUFFIXES) and "{" not in asked):
        try:
            return asked, Path(asked).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeError, ValueError) as e:
            raise QueryError(f"{asked}: the query file can't be read: {e}") from e
    if re.fullmatch(r"[\w-]+", asked):
        by_name = {query.name: query.text for query in named_queries()}
        if asked not in by_name:
            raise QueryError(_unknown_name(asked, by_name))
        return asked, by_name[asked]
    return "the query", asked


def _unknown_name(asked: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(asked.lower(), sorted(known), n=3, cutoff=0.4)
    close += [name for name in sorted(known) if asked.lower() in name and name not in close]
    listed = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}"
    return f"no query is called {asked!r}; {listed}"


def _ordered(sparql: str) -> bool:
    return any((token["word"] or "").upper() == "ORDER" for token in tokens(sparql))


def _ask(store: Store, sparql: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
    try:
        return store.query(_with_prefixes(sparql, find_base(store)))
    except (SyntaxError, ValueError) as e:
        raise QueryError(f"not SPARQL: {readable_error(_own_line(str(e)))}") from e


def find_base(store: Store) -> str:
    """Tell the base of the store's IRIs by any article in it; the default where there is none."""
    articles = "SELECT ?a { ?a a <https://schema.org/NewsArticle> } LIMIT 1"
    answer = store.query(articles)
    assert isinstance(answer, ox.QuerySolutions)
    bases = [row["a"].value.rpartition("article/")[0] for row in answer]
    return bases[0] if bases and bases[0] else DEFAULT_BASE


def _with_prefixes(sparql: str, base: str) -> str:
    """Declare the usual prefixes, on one line before the text; its own declarations win."""
    known = prefixes(base)
    return " ".join(f"PREFIX {name}: <{iri}>" for name, iri in known.items()) + "\n" + sparql


def _own_line(message: str) -> str:
    """Count lines of a parser's message as the asker does, without the prefixes' line."""
    return re.sub(r"\bat (\d+):", lambda m: f"at {max(int(m[1]) - 1, 1)}:", message)


def readable_error(message: str) -> str:
    """Make a parser's message readable: what it says in words, else what could stand there.

    The letters that a name or a number could begin with fill half a page; they are left out.

    >>> readable_error("error at 1:9: expected one of \\"<\\", FILTER, ['A' ..= 'Z' | '0'..='9']")
    'error at 1:9: expected one of <, FILTER, or a name or number'
    >>> readable_error("error at 1:22: expected one of Prefix not found, ['%'], [':']")
    'error at 1:22: Prefix not found'
    """
    line = " ".join(message.split())
    where, expected, signs = line.partition("expected ")
    if not expected:
        return line[:300]
    found = [sign.strip() for sign in _EXPECTED.findall(signs.removeprefix("one of "))]
    said = [sign for sign in found if " " in sign and sign[0].isalpha()]
    if said:
        return f"{where}{said[0]}"[:300]
    names = any(sign.startswith("[") and ".." in sign for sign in found)
    plain = [sign.strip('"') for sign in found if not sign.startswith("[")]
    if len(plain) > _READ:
        plain = [sign for sign in plain if sign.isalpha()] + ["or a sign"]
    plain += ["or a name or number"] if names else []
    one_of = "one of " if len(plain) > 1 else ""
    return f"{where}expected {one_of}{', '.join(plain) or 'something else'}"[:300]


_READ = 8  # signs that anybody reads
# A sign in quotation marks, a class of characters, or words.
_EXPECTED = re.compile(r""""(?:[^"\\]|\\.)*"|\[(?:'[^']*'|[^\]'])*\]|[^,"\[\s][^,"\[]*""")


def _rows(answer: ox.QuerySolutions, *, ordered: bool) -> Rows:
    columns = tuple(variable.value for variable in answer.variables)
    terms = [tuple(solution[column] for column in columns) for solution in answer]
    if not ordered:
        terms.sort(key=lambda row: tuple("" if term is None else str(term) for term in row))
    return Rows(
        columns=columns,
        rows=tuple(tuple(plain_value(term) for term in row) for row in terms),
        terms=tuple(terms),
    )


def queries_page() -> str:
    """Write the page that lists the named queries, as Markdown."""
    lines = [PAGE_HEAD.rstrip()]
    for query in named_queries():
        lines += ["", f"## {query.name}", "", query.help, ""]
        lines += [_parameter_line(parameter) for parameter in query.parameters]
        if not query.parameters:
            lines.append("No parameters.")
    return "\n".join(lines) + "\n"


def _parameter_line(parameter: Parameter) -> str:
    default = f" (default `{parameter.default}`)" if parameter.default else ""
    return f"- `{parameter.name}`: {parameter.help}{default}"
