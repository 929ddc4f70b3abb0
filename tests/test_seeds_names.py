"""Everybody and everything that the two seed articles name, read off them by hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from spacy.language import Language

from kg.annotate import annotate_all
from kg.attribution import find_attributions
from kg.coreference import find_links
from kg.entities import Named, resolve_entities
from kg.mentions import nominals_of, to_mention
from kg.model import Entity
from kg.parse import parse_of
from kg.read import Unreadable, read_articles

pytestmark = pytest.mark.model

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
GULF, PRESS = "000", "002"

# what the article says | the thing | kind | country | sector; "-" is none
NAMES = {
    GULF: """\
Pentagon | United States Department of Defense | organisation | USA | MIL
Moscow | Russia | country | RUS | -
Syria | Syria | country | SYR | -
Syrian | Syria | country | SYR | -
Osmaniye | Osmaniye | place | TUR | -
Turkey | Turkey | country | TUR | -
Russia | Russia | country | RUS | -
US | United States | country | USA | -
jihadists | jihadists | group | - | REB
International Syria Support Group | International Syria Support Group | igo | - | -
Russian air force | Russian air force | organisation | RUS | MIL
coalition | coalition | organisation | - | MIL
Russian defence minister | Sergei Shoigu | person | RUS | GOV
Sergei Shoigu | Sergei Shoigu | person | RUS | GOV
Shoigu | Sergei Shoigu | person | RUS | GOV
Jabhat al-Nusra | Jabhat al-Nusra | armed_group | - | REB
Washington | United States | country | USA | -
armed units | armed units | group | - | UAF
leadership of the Syrian Arab Republic | Syrian government | organisation | SYR | GOV
Syrian Arab Republic | Syria | country | SYR | -
Navy | American navy | organisation | USA | MIL
Jeff Davis | Jeff Davis | person | USA | MIL
Davis | Jeff Davis | person | USA | MIL
US military | United States Armed Forces | organisation | USA | MIL
Russians | Russia | country | RUS | -
Assad regime | Syrian government | organisation | SYR | GOV
Assad | Bashar al-Assad | person | SYR | GOV
ISIL | Islamic State | armed_group | - | REB
Islamic State | Islamic State | armed_group | - | REB
Islamic State jihadist group | Islamic State | armed_group | - | REB
United States | United States | country | USA | -
The West | the West | region | - | -
Syrian president | Bashar al-Assad | person | SYR | GOV
Bashar al-Assad | Bashar al-Assad | person | SYR | GOV
regime | Syrian government | organisation | SYR | GOV
US coalition | American coalition | organisation | USA | MIL
Vladimir Putin | Vladimir Putin | person | RUS | GOV
Russian troops | Russian troops | organisation | RUS | MIL
Baghdad | Baghdad | place | IRQ | -
Steve Warren | Steve Warren | person | USA | MIL
Palmyra | Palmyra | place | SYR | -
Syrian forces | Syrian forces | organisation | SYR | MIL
Islamic State jihadists | Islamic State | armed_group | - | REB
special forces | Russian special forces | organisation | RUS | MIL
Russian defence ministry | Russian defence ministry | organisation | RUS | GOV""",
    PRESS: """\
US | United States | country | USA | -
Russia | Russia | country | RUS | -
Syria | Syria | country | SYR | -
United States | United States | country | USA | -
Daesh terrorists | Islamic State | armed_group | - | REB
Daesh | Islamic State | armed_group | - | REB
Russians | Russia | country | RUS | -
Pentagon | United States Department of Defense | organisation | USA | MIL
Navy | American navy | organisation | USA | MIL
Jeff Davis | Jeff Davis | person | USA | MIL
reporters | reporters | group | - | JRN
(Bashar al-) Assad | Bashar al-Assad | person | SYR | GOV
ISIL | Islamic State | armed_group | - | REB
Syrian government | Syrian government | organisation | SYR | GOV
Russian Defense Minister | Sergei Shoigu | person | RUS | GOV
Sergei Shoigu | Sergei Shoigu | person | RUS | GOV
Jabhat al-Nusra | Jabhat al-Nusra | armed_group | - | REB
Moscow | Russia | country | RUS | -
Washington | United States | country | USA | -
Shoigu | Sergei Shoigu | person | RUS | GOV
convoys | convoys | organisation | - | MIL
leadership of the Syrian Arab Republic | Syrian government | organisation | SYR | GOV
Syrian Arab Republic | Syria | country | SYR | -
Davis | Jeff Davis | person | USA | MIL
Daesh militants | Islamic State | armed_group | - | REB
al-Nusra Front | Jabhat al-Nusra | armed_group | - | REB
Vienna | Vienna | place | AUT | -
Aleppo | Aleppo | place | SYR | -
top diplomats from 17 nations | top diplomats | group | - | GOV
US Secretary of State | John Kerry | person | USA | GOV
John Kerry | John Kerry | person | USA | GOV
Russian Foreign Minister | Sergei Lavrov | person | RUS | GOV
Sergei Lavrov | Sergei Lavrov | person | RUS | GOV
International Syria Support Group | International Syria Support Group | igo | - | -
ISSG | International Syria Support Group | igo | - | -
State Department | United States Department of State | organisation | USA | GOV
John Kirby | John Kirby | person | USA | GOV
Kirby | John Kirby | person | USA | GOV
Damascus | Syria | country | SYR | -
Saudi Arabia | Saudi Arabia | country | SAU | -
Turkey | Turkey | country | TUR | -
Qatar | Qatar | country | QAT | -
UN | United Nations | igo | - | -
Staffan de Mistura | Staffan de Mistura | person | - | GOV""",
}
SHARED = (
    "Russia|United States|Syria|Turkey|United States Department of Defense|American navy|"
    "Jeff Davis|Sergei Shoigu|Bashar al-Assad|Syrian government|Islamic State|Jabhat al-Nusra|"
    "International Syria Support Group"
)


@pytest.fixture(scope="module")
def named(nlp: Language) -> dict[str, dict[str, set[Entity]]]:
    """Map each article's stretches of text to what they were found to name."""
    return _named(nlp)


@cache
def _named(nlp: Language) -> dict[str, dict[str, set[Entity]]]:
    articles = [a for a in read_articles([str(SEEDS)]) if not isinstance(a, Unreadable)]
    found: dict[str, dict[str, set[Entity]]] = {}
    for article, doc in annotate_all(articles, nlp):
        parse = parse_of(doc)
        links = find_links(parse, find_attributions(parse))
        names: Mapping[int, tuple[Named, ...]] = resolve_entities(
            parse, links, article.published, article.dateline
        )
        here = found.setdefault(article.name[:3], {})
        for head, nominal in nominals_of(parse).items():
            mention = to_mention(parse, nominal, article.id, article.text)
            here.setdefault(mention.text, set()).update(one.entity for one in names[head])
    return found


@pytest.mark.parametrize("article", [GULF, PRESS])
def test_every_name_of_the_seeds_is_known(
    named: dict[str, dict[str, set[Entity]]], article: str
) -> None:
    wrong = []
    for row in NAMES[article].splitlines():
        text, *wanted = row.split(" | ")
        found = {
            (e.name, e.kind, e.country or "-", e.sector or "-")
            for e in named[article].get(text, set())
        }
        if found != {tuple(wanted)}:
            wrong.append(f"{text}: wants {wanted}, has {sorted(found)}")
    assert not wrong, "\n".join(wrong)


def test_the_seeds_share_their_entities(named: dict[str, dict[str, set[Entity]]]) -> None:
    ids = {
        article: {e.name: e.id for entities in texts.values() for e in entities}
        for article, texts in named.items()
    }
    for name in SHARED.split("|"):
        assert ids[GULF][name] == ids[PRESS][name], name


def test_a_fragment_of_a_title_is_no_name(named: dict[str, dict[str, set[Entity]]]) -> None:
    assert {"Defense", "State"} & named[PRESS].keys() == set()
