"""Actor and agent dictionaries of PETRARCH and CAMEO coders, read as entities and agent nouns.

An actor file (`*.actors.txt`) has a name a paragraph, blanks written as underscores, synonyms
behind ``+`` and codes in brackets, some of them for a time only::

    EXAMPLE_MINISTER_ [ARNGOV >20100101]
    +A._MINISTER_
            [ARNELI <20100101]

An agent file (`*.agents.txt`) has a noun a line, its plural in braces where it isn't regular, and
the code that it adds: ``WATCHMAN {WATCHMEN} [~COP]``. Words between ``!`` stand for a list given
above them: ``!PERSON! = MAN, MEN``.

Source: TABARI and PETRARCH2 dictionary formats, Schrodt (2014), "PETRARCH: Python Engine for Text
Resolution And Related Coding Hierarchy", section "Dictionaries". These dictionaries have grown over
decades; a line that can't be read is passed over and named, the others go on.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from kg.gazetteer import SECTORS, AgentLine, EntityLine
from kg.lexicon import ONTOLOGY

__all__ = ["Dictionary", "is_actor_line", "is_agent_line", "read_actors", "read_agents"]

CENTURY = 30  # "970101" is of 1997 and "120101" of 2012: no such file codes days before 1930
_CODE = re.compile(
    r"\[\s*(?P<code>[A-Z]{3,30})\s*"
    r"(?:(?P<sign>[<>])\s*(?P<one>[\d.]+)|(?P<since>[\d.]+)\s*-\s*(?P<until>[\d.]+))?\s*\]"
)
_BRACKET = re.compile(r"\[[^\]]*\]?")
_AGENT = re.compile(
    r"(?P<noun>[^\[{]+?)\s*(?:\{(?P<plural>[^}]*)\})?\s*"
    r"\[(?:~(?P<code>[A-Z]{3,})|(?P<front>[A-Z]{3,})~)\]"
)
_MACRO = re.compile(r"!(?P<name>[A-Z]+)!\s*=\s*(?P<words>.+)")
_ARABIC = re.compile(r"(?<![^\s-])(Al|El|An|Ar|As|Ad|Ul)-")


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What a dictionary file says.

    Attributes:
        lines: an entity for each code of each name, the names' order kept.
        passed_over: a message with the line's number for everything that can't be read.
    """

    lines: tuple[EntityLine, ...] = ()
    agents: tuple[AgentLine, ...] = ()
    passed_over: tuple[str, ...] = ()


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    with (ONTOLOGY / "petrarch.toml").open("rb") as file:
        table: dict[str, dict[str, str]] = tomllib.load(file)
    return table


def is_actor_line(text: str) -> bool:
    """Tell whether a file's first lines read like an actor dictionary."""
    return _CODE.search(text) is not None


def is_agent_line(text: str) -> bool:
    """Tell whether a file's first lines read like an agent dictionary."""
    return _AGENT.search(text) is not None or _MACRO.search(text) is not None


def _significant(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines that say something, without their comments, and their numbers."""
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].rstrip()
        if said.strip() and not said.startswith(("<!--", "-->")):
            yield number, said


# --- actors -------------------------------------------------------------------------------------


def read_actors(text: str, name: str) -> Dictionary:
    """Read an actor dictionary.

    Args:
        name: of the file, for messages.

    >>> found = read_actors("ARNOR_LEAGUE_ [IGO]\\n+A.L._", "my.actors.txt")
    >>> found.lines[0].name, found.lines[0].kind, found.lines[0].names
    ('Arnor League', 'igo', ('ARNOR LEAGUE', 'A.L.'))
    """
    lines: list[EntityLine] = []
    passed_over: list[str] = []
    spellings: list[str] = []
    codes: list[EntityLine] = []
    for number, said in [*_significant(text), (0, "END")]:
        if not said.startswith(("+", " ", "\t", "[")):
            lines += _entities(spellings, codes)
            spellings, codes = [], []
        spelling = _BRACKET.sub("", said).strip().lstrip("+").strip()
        if spelling:
            spellings.append(spelling)
        for bracket in _BRACKET.findall(said):
            line = _coded(bracket)
            if line is None:
                passed_over.append(f"{name}:{number}: no code that can be read: {bracket}")
            else:
                codes.append(line)
    return Dictionary(lines=tuple(lines), passed_over=tuple(passed_over))


def _entities(spellings: list[str], codes: list[EntityLine]) -> Iterator[EntityLine]:
    """Put names and codes together; of one name with several codes the dated ones go first."""
    if not spellings:
        return
    written = [form for spelling in spellings for form in _written(spelling)]
    name, *others = dict.fromkeys(written)
    persons = any(code.since or code.until for code in codes)
    for code in sorted(codes, key=lambda code: not (code.since or code.until)):
        bodies = {"", "organisation", "igo", "ngo", "media", "company"}
        kind = "person" if persons and code.kind in bodies else code.kind
        yield replace(code, name=name, names=tuple(others), kind=kind)


def _written(spelling: str) -> Iterator[str]:
    """Give a name in the spellings in which texts have it: capitals only say nothing of them.

    >>> list(_written("ORDER_OF_ARNOR_")), list(_written("UN_"))
    (['Order of Arnor', 'ORDER OF ARNOR'], ['UN'])
    """
    words = spelling.replace("_", " ").split()
    if not words:
        return
    plain = " ".join(words)
    if len(words) > 1 or len(plain) > 3:  # "Us", "Un" are no names
        titled = [
            word.lower() if word.lower() in _codes()["small"] and number else _titled(word)
            for number, word in enumerate(words)
        ]
        yield _ARABIC.sub(lambda match: f"{match[1].lower()}-", " ".join(titled))
    yield plain.upper()


def _titled(word: str) -> str:
    """Write a word with a capital at its start and behind hyphens; initials stay as they are."""
    if "." in word:
        return word.upper()
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def _coded(bracket: str) -> EntityLine | None:
    match = _CODE.fullmatch(bracket.strip())
    if match is None or len(match["code"]) % 3:
        return None
    since = until = None
    if match["sign"]:
        day = _day(match["one"])
        since, until = (day, None) if match["sign"] == ">" else (None, day)
        if day is None:
            return None
    elif match["since"]:
        since, until = _day(match["since"]), _day(match["until"])
        if since is None or until is None or since > until:
            return None
    return _meaning(match["code"], since, until)


def _meaning(code: str, since: str | None, until: str | None) -> EntityLine:
    """Read a code: a state or a world of its own, then sectors, of which the first known counts.

    The kind stays empty where the code is a state's and nothing else.
    """
    codes = _codes()
    first, *rest = [code[at : at + 3] for at in range(0, len(code), 3)]
    sectors = [codes["press"].get(sector, sector) for sector in rest]
    known = [codes["sectors"].get(sector, sector) for sector in sectors]
    sector = next((sector for sector in known if sector in SECTORS), None)
    kind = codes["worlds"].get(first)
    if kind is not None:
        return EntityLine("", kind, None, sector, since, until)
    if first in SECTORS | codes["sectors"].keys() and not rest:
        sector, first = codes["sectors"].get(first, first), ""
    kind = codes["kinds"].get(sector or "", "organisation" if sector else "")
    return EntityLine("", kind, codes["states"].get(first, first) or None, sector, since, until)


def _day(digits: str) -> str | None:
    """Read a day written as 20010131 or 010131; dots stand for what is not known.

    >>> _day("20010131"), _day("970101"), _day("2004.."), _day("2004017")
    ('2001-01-31', '1997-01-01', '2004', None)
    """
    digits = digits.strip(".")
    months = len(digits) == 6 and digits[:2] in {"19", "20"} and 1 <= int(digits[4:]) <= 12
    if len(digits) == 6 and not months:
        digits = ("19" if int(digits[:2]) >= CENTURY else "20") + digits
    if len(digits) not in {4, 6, 8}:
        return None
    parts = [digits[:4], digits[4:6], digits[6:8]]
    kept = [part for part in parts if part]
    possible = len(kept) < 2 or 1 <= int(kept[1]) <= 12
    possible &= len(kept) < 3 or 1 <= int(kept[2]) <= 31
    return "-".join(kept) if possible else None


# --- agents -------------------------------------------------------------------------------------


def read_agents(text: str, name: str) -> Dictionary:
    """Read an agent dictionary.

    Args:
        name: of the file, for messages.

    >>> found = read_agents("WATCH!PERSON! [~COP]\\n!PERSON! = MAN, MEN", "my.agents.txt")
    >>> [(agent.noun, agent.sector) for agent in found.agents]
    [('watchman', 'COP'), ('watchmen', 'COP')]
    """
    said = list(_significant(text))
    macros = {
        match["name"]: [word.strip() for word in match["words"].split(",") if word.strip()]
        for _, line in said
        if (match := _MACRO.match(line.strip()))
    }
    press = {} if "[~JRN" in text else _codes()["press"]
    agents: list[AgentLine] = []
    passed_over: list[str] = []
    for number, line in said:
        if _MACRO.match(line.strip()):
            continue
        match = _AGENT.match(line.strip())
        if match is None:
            passed_over.append(f"{name}:{number}: no noun with a code: {line.strip()[:60]}")
            continue
        code = (match["code"] or match["front"])[:3]
        sector = _codes()["sectors"].get(press.get(code, code), press.get(code, code))
        if sector not in SECTORS:
            passed_over.append(f"{name}:{number}: no sector of PLOVER: {code}")
            continue
        forms = [match["noun"], *([match["plural"]] if match["plural"] else [])]
        nouns = [noun for form in forms for noun in _filled(form, macros)]
        agents += [AgentLine(noun, sector, "person", True) for noun in nouns]
    return Dictionary(agents=tuple(agents), passed_over=tuple(passed_over))


def _filled(form: str, macros: Mapping[str, Iterable[str]]) -> list[str]:
    """Put the words of a list for its name, and blanks for underscores."""
    for name, words in macros.items():
        if f"!{name}!" in form:
            return [noun for word in words for noun in _filled(form.replace(f"!{name}!", word), {})]
    return [" ".join(form.replace("_", " ").split()).lower()]
