"""The page as text: what it holds, that it asks for nothing, that nothing in it can break out."""

from __future__ import annotations

import base64
import gzip
import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from kg.errors import StoreError
from kg.model import News
from kg.rdf import to_quads, vocabulary_quads
from kg.store import Store, open_store
from kg.view import (
    PartsOnDemand,
    encode_part,
    outline,
    page_parts,
    payload,
    read_core,
    render_page,
    served_page,
    write_page,
)
from kg.view.graph import ONE_DRAWING, compose
from kg.view.groups import group_up
from kg.view.layout import FIRST_ACTORS, lay_out
from tests.news_page import hostile_news
from tests.news_sample import sample_news

BREAKOUT = "</script><script>alert(1)</script><!--\u2028&amp;"


def store_of(news: News, *, seed: int | None = None) -> Store:
    quads = list(to_quads(news))
    if seed is not None:
        random.Random(seed).shuffle(quads)
    store = open_store()
    store.load(quads)
    return store


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    return payload(store_of(sample_news()))


def named(shown: dict[str, Any], action: str) -> Any:
    return next(event for event in shown["events"] if event["action"] == action)


class PageParser(HTMLParser):
    """Collects what a browser would: tags with attributes, and the text of scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag in ("script", "style")
        if self.inside:
            self.blocks.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.blocks[-1][2].append(data)


def parsed(page: str) -> PageParser:
    parser = PageParser()
    parser.feed(page)
    parser.close()
    return parser


def contents(page: str, tag: str) -> list[tuple[dict[str, str | None], str]]:
    return [(given, "".join(text)) for name, given, text in parsed(page).blocks if name == tag]


def test_every_offset_cuts_the_words_it_stands_for(shown: dict[str, Any]) -> None:
    texts = {article["id"]: article["text"] for article in shown["articles"]}
    told = [(m["trigger"], texts[m["article"]]) for e in shown["events"] for m in e["mentions"]]
    words = {text[begin:end] for (begin, end), text in told}
    assert words == {"proposed", "rejected", "criticised", "expelled"}


def test_event_carries_who_what_whom_and_the_evidence(shown: dict[str, Any]) -> None:
    names = {entity["id"]: entity["name"] for entity in shown["entities"]}
    reject, proposal = named(shown, "reject"), named(shown, "propose")
    assert [names[iri] for iri in reject["actors"]] == ["Iceland"]
    assert [names[iri] for iri in reject["targets"]] == ["Norway"]
    assert (reject["type"], reject["mode"], reject["cameo"]) == ("REJECT", "assist", "1212")
    assert (reject["when"], reject["basis"]) == ("2024-03-05", "relative")
    assert names[reject["place"]] == "Tromsø"
    assert reject["contexts"] == ["military"]
    assert reject["concerns"] == [proposal["id"]]
    assert reject["publishers"] == ["Fjord Gazette", "Northern Herald"]
    assert [mention["inferred"] for mention in reject["mentions"]] == [[], ["target"]]


def test_mention_says_who_says_so(shown: dict[str, Any]) -> None:
    (mention,) = named(shown, "criticise")["mentions"]
    names = {entity["id"]: entity["name"] for entity in shown["entities"]}
    assert names[mention["speaker"]["entity"]] == "Katrin Jonsdottir"
    assert mention["quoted"]


def test_who_denies_an_event_does_not_tell_it(shown: dict[str, Any]) -> None:
    expel = named(shown, "expel")
    assert expel["publishers"] == ["Fjord Gazette"]
    assert expel["against"] == ["Northern Herald"]


def test_contradiction_points_at_both_tellings(shown: dict[str, Any]) -> None:
    (pair,) = shown["contradictions"]
    expel = named(shown, "expel")
    ends = [pair["left"], pair["right"]]
    assert {end["event"] for end in ends} == {expel["id"]}
    modalities = {expel["mentions"][end["mention"]]["modality"] for end in ends}
    assert modalities == {"asserted", "denied"}


def test_boilerplate_and_headline_are_marked(shown: dict[str, Any]) -> None:
    herald = next(article for article in shown["articles"] if article["name"] == "herald")
    (begin, end, reason) = herald["skipped"][0]
    assert (herald["text"][begin:end], reason) == ("Subscribe <b>now</b> & save!", "newsletter")
    begin, end = herald["headline"]
    assert herald["text"][begin:end] == herald["title"]
    assert herald["file"] == "herald.txt"


def test_quad_class_comes_from_the_vocabulary() -> None:
    store = store_of(sample_news())
    store.load(vocabulary_quads())
    quads = {event["type"]: event["quad"] for event in payload(store)["events"]}
    assert quads == {"AGREE": 1, "REJECT": 3, "ACCUSE": 3, "SANCTION": 4}


def test_same_store_gives_the_same_bytes_in_whatever_order_it_was_filled() -> None:
    pages = {render_page(store_of(sample_news(), seed=seed)) for seed in (1, 2, 3)}
    assert len(pages) == 1


def test_page_asks_the_network_for_nothing() -> None:
    page = render_page(store_of(sample_news()))
    addresses = [
        value
        for _, attributes in parsed(page).tags
        for name, value in attributes.items()
        if name in ("src", "href", "action", "poster", "data") or name.startswith("on")
    ]
    assert all(value and value.startswith(("#", "data:")) for value in addresses)
    (style,) = [text for _, text in contents(page, "style")]
    assert "url(" not in style
    assert "@import" not in style


def test_policy_names_the_page_own_scripts_and_nothing_else() -> None:
    page = render_page(store_of(sample_news()))
    policy = next(
        attributes["content"] or ""
        for tag, attributes in parsed(page).tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}
    assert "connect-src" not in rules
    scripts = [text for attributes, text in contents(page, "script") if "type" not in attributes]
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == [f"'sha256-{digest}'" for digest in hashes]
    assert not any("unsafe" in word for words in rules.values() for word in words)


def test_hostile_title_stays_inside_its_block() -> None:
    news = sample_news()
    first, *rest = news.readings
    hostile = replace(first, article=replace(first.article, title=BREAKOUT))
    store = store_of(replace(news, readings=(hostile, *rest)))
    page = render_page(store, title="<b>{{parts}}</b>")
    parts = page_parts(store)
    blocks = {a["data-part"]: text for a, text in contents(page, "script") if "data-part" in a}
    unpacked = {name: gzip.decompress(base64.b64decode(text)) for name, text in blocks.items()}
    assert unpacked == {name: encode_part(part) for name, part in parts.items()}
    assert BREAKOUT in parts["core"]["articles"]["title"]
    assert BREAKOUT not in page
    assert "<h1>&lt;b&gt;{{parts}}&lt;/b&gt;</h1>" in page


def test_page_is_written_whole_in_utf8_with_plain_line_ends(tmp_path: Path) -> None:
    target = tmp_path / "made" / "graph.html"
    written = write_page(store_of(sample_news()), target)
    page = written.read_bytes()
    assert written == target
    assert b"\r" not in page
    assert [file.name for file in target.parent.iterdir()] == ["graph.html"]
    assert len(page) < 1_000_000


def test_empty_store_leaves_the_old_page_alone(tmp_path: Path) -> None:
    target = tmp_path / "graph.html"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(StoreError, match="kg build"):
        write_page(open_store(), target)
    assert target.read_text(encoding="utf-8") == "old"


def entity(name: str, **more: str | None) -> dict[str, Any]:
    plain = {"kind": "country", "kindLabel": "country", "country": None, "countryName": None}
    return {"id": name, "name": name, "role": None, **plain, **more}


def event(place: int, actors: Sequence[str], targets: Sequence[str], **more: Any) -> dict[str, Any]:
    plain = {"action": "praise", "type": "SUPPORT", "quad": 1, "negated": False}
    ends = {"actors": list(actors), "targets": list(targets)}
    return {"id": str(place), "modality": "asserted", **plain, **ends, **more}


def test_graph_keeps_parallel_and_reverse_edges() -> None:
    events = [event(1, "A", "B"), event(2, "A", "B"), event(3, "B", "A")]
    edges = compose([], [entity("A"), entity("B")], events)["graph"]["edges"]
    assert [(edge["from"], edge["to"]) for edge in edges] == [("A", "B"), ("A", "B"), ("B", "A")]
    assert all(edge["arrows"] == "to" for edge in edges)


def test_conjuncts_are_joined_pair_by_pair() -> None:
    edges = compose([], [entity(name) for name in "ABCD"], [event(1, "AB", "CD")])["graph"]["edges"]
    assert [edge["from"] + edge["to"] for edge in edges] == ["AC", "AD", "BC", "BD"]


@pytest.mark.parametrize(
    ("more", "dashed", "label"),
    [
        ({}, False, "praise"),
        ({"negated": True}, True, "not praise"),
        ({"modality": "denied"}, True, "praise"),
        ({"modality": "proposed"}, True, "praise"),
    ],
)
def test_only_what_is_stated_as_fact_gets_a_solid_line(
    more: dict[str, Any], dashed: bool, label: str
) -> None:
    (edge,) = compose([], [entity("A"), entity("B")], [event(1, "A", "B", **more)])["graph"][
        "edges"
    ]
    assert (edge["dashes"], edge["label"]) == (dashed, label)


def test_first_view_holds_the_busiest_actors_alone() -> None:
    crowd = [f"N{number:02}" for number in range(40)]
    events = [event(number, ["Hub"], [name]) for number, name in enumerate(crowd)]
    page = compose([], [entity(name) for name in ("Hub", *crowd)], events)
    assert len(page["graph"]["nodes"]) == 41
    assert page["first"][0] == "Hub"
    assert len(page["first"]) == FIRST_ACTORS


def test_labels_of_the_first_view_do_not_cover_each_other() -> None:
    labels = {f"k{number}": f"Ministry number {number}" for number in range(FIRST_ACTORS)}
    links = [("k0", key) for key in labels if key != "k0"] + [("k0", "k1")] * 5
    places = lay_out(labels, links)
    for (x, y), (u, v) in combinations(places.values(), 2):
        assert abs(x - u) > 150 or abs(y - v) > 55


def test_layout_of_nothing_and_of_strangers() -> None:
    assert lay_out({}, []) == {}
    assert len(set(lay_out({"a": "A", "b": "B", "c": "C"}, []).values())) == 3


def test_parts_hold_what_the_payload_holds(shown: dict[str, Any]) -> None:
    parts = page_parts(store_of(sample_news()))
    core, texts = parts["core"], parts["texts-0"]["articles"]
    assert list(parts) == ["core", "namings", "tellings-0", "texts-0"]
    assert [core["base"] + local for local in core["events"]["id"]] == [
        event["id"] for event in shown["events"]
    ]
    for event, told in zip(shown["events"], parts["tellings-0"]["events"], strict=True):
        assert [telling["trigger"] for telling in told] == [m["trigger"] for m in event["mentions"]]
        for telling in told:
            begin, end = telling["sentence"]
            assert texts[telling["article"]]["text"][begin:end].strip()
    assert [text["text"] for text in texts] == [article["text"] for article in shown["articles"]]


def test_each_part_on_demand_is_the_part_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("TELLINGS", 2), ("TEXTS", 100)):  # so that there are chunks of a few
        monkeypatch.setattr(f"kg.view.parts.{name}", size)
    for news in (sample_news(), hostile_news()):
        store = store_of(news)
        store.load(vocabulary_quads())
        whole, done = page_parts(store), list[float]()
        core = read_core(store, done.append)
        assert done == sorted(done)
        assert encode_part(core) == encode_part(whole.pop("core"))
        demanded = PartsOnDemand(store, outline(core))
        assert {"namings", "tellings-0", "texts-0"} <= whole.keys()
        for name, part in whole.items():
            assert encode_part(demanded.make(name) or {}) == encode_part(part), name
        beyond = [
            f"{kind}-{number}" for kind in ("tellings", "texts") for number in (99, "00", "٣")
        ]
        assert [demanded.make(name) for name in (*beyond, "tellings-", "Core", "")] == [None] * 9


def test_links_cut_names_out_of_the_text_of_their_article(shown: dict[str, Any]) -> None:
    parts = page_parts(store_of(sample_news()))
    names = parts["core"]["entities"]["name"]
    herald = next(a for a in parts["texts-0"]["articles"] if a["text"].startswith("🚢"))
    cut = {(herald["text"][begin:end], names[entity]) for begin, end, entity in herald["links"]}
    assert ("Tromsø", "Tromsø") in cut
    namings = parts["namings"]
    roles = namings.pop("roles")
    assert "Reykjavik" in namings["name"]
    assert {"Iceland", "Reykjavik"} <= set(roles["words"])
    assert [len({len(column) for column in table.values()}) for table in (namings, roles)] == [1, 1]


def test_served_page_holds_no_part_and_asks_its_own_server_alone() -> None:
    page = served_page("/parts/")
    assert not [a for a, _ in contents(page, "script") if "data-part" in a]
    assert "connect-src 'self'" in page
    assert 'data-served="/parts/"' in page


def test_large_graph_has_groups_that_share_out_its_actors() -> None:
    crowd = [f"N{number:03}" for number in range(ONE_DRAWING + 20)]
    events = [event(n, [f"N{n % 5:03}"], [name]) for n, name in enumerate(crowd) if n >= 5]
    graph = compose([], [entity(name) for name in crowd], events)["graph"]
    members = [member for group in graph["groups"] for member in group["members"]]
    assert sorted(members) == crowd
    assert len(graph["near"]) == FIRST_ACTORS
    assert len(set(graph["far"].values())) == len(crowd)


def test_groups_stand_apart_and_follow_from_the_links_alone() -> None:
    links = [(hub, 10 + 10 * hub + leaf) for hub in range(10) for leaf in range(10)]
    groups = group_up(110, links)
    assert groups == group_up(110, reversed(links))
    for one, other in combinations(groups, 2):
        apart = (
            (one.centre[0] - other.centre[0]) ** 2 + (one.centre[1] - other.centre[1]) ** 2
        ) ** 0.5
        assert apart >= one.radius + other.radius - 2
