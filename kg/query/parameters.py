r"""The parameters of a query: places in its text where a literal of the asker's is written.

Three comments make one, so that the file runs as it stands in any SPARQL 1.1 engine:

- ``VALUES ?variable { "default" }  # name: help``, or with a number: the literal is another one.
- ``#[name] pattern  # help``: the pattern is part of the query only where the parameter is set, and
  `$name` in it is its value in lower case. So an index finds what is asked for, where a filter that
  also lets everything pass would look at everything.
- ``LIMIT 1000  # limit: help``: how much of a long answer is given.

What a user types is spelt by the engine's own serialiser: it is never SPARQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import QueryError
from kg.query.rows import plain_text

__all__ = [
    "ALL",
    "Parameter",
    "bind_parameters",
    "find_parameters",
    "page_of",
    "tokens",
    "with_patterns",
]

ALL = "999999999"  # a limit that none reaches
# One alternative a kind of token; the order matters (a comment sign inside an IRI is no comment).
TOKEN = re.compile(
    r'(?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n\r]|\\.)*"|\'(?:[^\'\\\n\r]|\\.)*\')'
    r"|(?P<iri><[^<>\"{}|^`\x00-\x20]*>)"
    r"|(?P<comment>#[^\n\r]*)"
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<name>[\w.-]{0,99}:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\[^uU])*)"
    r"|(?P<word>@?\w+)",
    re.DOTALL,
)
# The parameter is called as the comment says, else as the variable.
VALUES = re.compile(
    r'VALUES\s+\?(?P<variable>\w+)\s*\{\s*(?P<term>"(?:[^"\\\n]|\\.)*"|\d+)\s*\}[ \t]*'
    r"(?:#[ \t]*(?P<told>\w+):[ \t]*(?P<help>[^\n]*))?"
)
LIMIT = re.compile(r"LIMIT\s+(?P<term>\d+)[ \t]*#[ \t]*(?P<told>limit):[ \t]*(?P<help>[^\n]*)")
OPTION = re.compile(r"#\[(?P<told>\w+)\][ \t]+(?P<pattern>.*?)(?:[ \t]+#[ \t]+(?P<help>.*))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a named query can be asked to narrow down.

    Attributes:
        default: taken where nothing is set; empty means that everything matches.
    """

    name: str
    default: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """Where a parameter stands.

    Attributes:
        default: the literal that stands there, as SPARQL; None where a pattern is left out.
    """

    parameter: Parameter
    start: int
    end: int
    default: str | None
    pattern: str = ""

    def filled(self, value: str) -> str:
        """Spell what stands there once the parameter is set."""
        name, old = self.parameter.name, self.default
        if old is not None:
            return _spelt(name, value, number=old.isdecimal())
        literal = _spelt(name, value.lower(), number=False)
        return re.sub(rf"\${name}\b", lambda _: literal, self.pattern)


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Give the strings, IRIs, comments, variables, names and words of a query, in order."""
    return TOKEN.finditer(text)


def find_parameters(text: str) -> tuple[Parameter, ...]:
    """Find what a query can be told, each once, in the order of the text.

    >>> [one.name for one in find_parameters('ASK { VALUES ?a { "" } } LIMIT 9  # limit: rows')]
    ['a', 'limit']
    """
    found: dict[str, Parameter] = {}
    for slot in _slots(text):
        found.setdefault(slot.parameter.name, slot.parameter)
    return tuple(found.values())


def with_patterns(text: str) -> str:
    """Give a query with all that stands in it for the case that a parameter is set."""
    optional = [slot.parameter.name for slot in _slots(text) if slot.default is None]
    return bind_parameters(text, dict.fromkeys(optional, "x"))


def page_of(text: str) -> tuple[str, int] | None:
    r"""Give the subselect whose rows a query's limit counts, with the limit.

    None where there is no limit, or it counts the rows of the whole answer.

    >>> page_of("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 9  # limit: rows\\n } ?s ?q ?v }")
    ('{ SELECT ?s { ?s ?p ?o } LIMIT 9 }', 9)
    """
    limit = next((slot for slot in _slots(text) if slot.parameter.name == "limit"), None)
    if limit is None or limit.default is None:
        return None
    hidden = ("string", "iri", "comment")
    blank = [token.span() for token in tokens(text) if any(token[kind] for kind in hidden)]
    signs = [
        at
        for at in range(limit.start)
        if text[at] in "{}" and not any(start <= at < end for start, end in blank)
    ]
    depth = 0
    for at in reversed(signs):
        depth += 1 if text[at] == "}" else -1
        if depth < 0:
            inside = text[at : limit.end]
            return (f"{inside} }}", int(limit.default)) if "SELECT" in inside[:40].upper() else None
    return None


def _slots(text: str) -> list[_Slot]:
    """Find the parameters' places; what stands in a string is none."""
    slots: list[_Slot] = []
    for token in tokens(text):
        at = token.start()
        if token["comment"] and (option := OPTION.fullmatch(text, at, token.end())):
            slots.append(_slot(option, None, option.span()))
        kind = {"VALUES": VALUES, "LIMIT": LIMIT}.get((token["word"] or "").upper())
        if kind is not None and (found := kind.match(text, at)):
            slots.append(_slot(found, found["term"], found.span("term")))
    return slots


def _slot(found: re.Match[str], default: str | None, at: tuple[int, int]) -> _Slot:
    groups = found.groupdict()
    name = groups["told"] or groups["variable"]
    parameter = Parameter(
        name=name, default=(default or "").strip('"'), help=(groups["help"] or "").strip()
    )
    return _Slot(
        parameter=parameter,
        start=at[0],
        end=at[1],
        default=default,
        pattern=groups.get("pattern") or "",
    )


def bind_parameters(text: str, parameters: Mapping[str, str], name: str = "the query") -> str:
    r"""Write the parameters' values into a query as literals.

    An empty value leaves a pattern out that stands there only for a value.

    Raises:
        QueryError: the query has no such parameter, or the value isn't of its type.

    >>> bind_parameters('ASK { VALUES ?a { "" } }', {"a": 'x" } . SERVICE'})
    'ASK { VALUES ?a { "x\\" } . SERVICE" } }'
    >>> bind_parameters("ASK {\n#[of] ?s ?p $of .  # whose\n}", {"of": "Me"})
    'ASK {\n?s ?p "me" .\n}'
    """
    slots = _slots(text)
    known = list(dict.fromkeys(slot.parameter.name for slot in slots))
    for parameter in parameters:
        if parameter not in known:
            has = f"it has {', '.join(known)}" if known else "it has none"
            raise QueryError(f"{name} has no parameter {parameter!r}; {has}")
    pieces, end = [], 0
    for slot in slots:
        value = parameters.get(slot.parameter.name)
        if value is not None and (value or slot.default is not None):
            pieces += [text[end : slot.start], slot.filled(value)]
            end = slot.end
    return "".join([*pieces, text[end:]])


def _spelt(name: str, value: str, *, number: bool) -> str:
    """Spell a value as a SPARQL literal, by the engine's own serialiser."""
    if number:
        if not re.fullmatch(r"[0-9]{1,9}", value):
            raise QueryError(f"{name}={plain_text(value)!r} is not a whole number")
        return str(int(value))
    try:
        return str(ox.Literal(value))
    except (UnicodeError, ValueError) as e:
        raise QueryError(f"{name}={value!r} is not Unicode text") from e
