from __future__ import annotations

import itertools
import random
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import StoreError
from kg.model import (
    Argument,
    Article,
    Attribution,
    Code,
    Contradiction,
    Copy,
    Entity,
    Event,
    EventMention,
    Mention,
    News,
    Reading,
    Skipped,
    Source,
    Span,
    When,
    content_id,
)
from kg.rdf import (
    DEFAULT_BASE,
    Names,
    SharedQuads,
    Whole,
    article_quads,
    canonical_quads,
    from_quads,
    prefixes,
    to_quads,
    vocabulary_quads,
    write_trig,
    write_turtle,
)
from kg.rdf.lists import days_of, event_list_statements
from kg.rdf.publishers import Publishers
from tests.news_sample import ICELAND, MINISTER, NORWAY, sample_news

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
KG = prefixes()["kg"]


def triples(quads: Any) -> set[tuple[str, str, str]]:
    return {(quad.subject.value, quad.predicate.value, quad.object.value) for quad in quads}


def action_triples(quads: Any) -> set[tuple[str, str, str]]:
    """The plain triples, their names without namespace."""
    return {
        (s.rpartition("/")[2], p.rpartition("/")[2], o.rpartition("/")[2])
        for s, p, o in triples(quads)
        if p.startswith(prefixes()["action"])
    }


# --- hypothesis-made records ---

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
MODALITIES = ("asserted", "proposed", "planned", "possible", "conditional", "denied")
ISO = st.sampled_from(["2016-05-20", "2016-W21", "2016-05", "2016", "2015-09-30/..", "2016-21"])


@st.composite
def entities(draw: Any) -> Entity:
    kind = draw(st.sampled_from(["country", "person", "igo", "place", "thing"]))
    name = draw(NAME)
    country = "XAA" if kind == "country" else draw(st.none() | st.just("NOR"))
    return Entity(
        id=content_id(kind, country, name),
        name=name,
        kind=kind,
        country=country,
        sector=draw(st.sampled_from([None, "GOV", "MIL"])),
        role=draw(st.none() | TEXT),
        same_as=tuple(draw(st.sets(st.sampled_from(["urn:q:1", "urn:q:2"])).map(sorted))),
    )


class Maker:
    """Draws the parts of one reading so that they fit one another."""

    def __init__(self, draw: Any, article: Article, pool: list[Entity]) -> None:
        self.draw, self.article, self.pool = draw, article, pool

    def span(self) -> Span:
        size = len(self.article.text)
        start = self.draw(st.integers(0, size))
        return Span(start, self.draw(st.integers(start, size)))

    def spans(self) -> tuple[Span, ...]:
        return tuple(sorted({self.span() for _ in range(self.draw(st.integers(0, 2)))}))

    def argument(self) -> Argument:
        mention = None
        if self.draw(st.booleans()):
            span = self.span()
            label = ("NAME", "ADJECTIVE", "NOMINAL", "PRONOUN")[(span.start + span.end) % 4]
            text = self.article.text[span.start : span.end]
            mention = Mention(article_id=self.article.id, span=span, text=text, label=label)
        entity = self.draw(st.sampled_from([None, *self.pool]))
        return Argument(mention=mention, entity=entity, rule=self.draw(TEXT))

    def arguments(self) -> tuple[Argument, ...]:
        return tuple(self.argument() for _ in range(self.draw(st.integers(0, 2))))

    def attribution(self) -> Attribution:
        return Attribution(
            cue=self.span(),
            speaker=self.argument() if self.draw(st.booleans()) else None,
            content=self.spans(),
            quoted=self.draw(st.booleans()),
            stance=self.draw(st.sampled_from(["neutral", "denial"])),
        )

    def code(self) -> Code:
        return Code(
            event=self.draw(st.sampled_from(["AGREE", "OTHER", "X-Y"])),
            mode=self.draw(st.none() | NAME),
            contexts=tuple(sorted(self.draw(st.sets(NAME | st.just("a_b"), max_size=2)))),
            cameo=self.draw(st.sampled_from([None, "03", "0312"])),
            rule=self.draw(TEXT),
        )

    def when(self) -> When:
        return When(
            text=self.span() if self.draw(st.booleans()) else None,
            iso=self.draw(ISO | TEXT),
            precision=self.draw(st.sampled_from(["day", "month", "interval"])),
            basis=self.draw(st.sampled_from(["explicit", "publication"])),
        )

    def maybe(self, make: Any) -> Any:
        return make() if self.draw(st.booleans()) else None

    def event(self, number: int) -> EventMention:
        return EventMention(
            id=f"{self.article.id}-{number}",
            article_id=self.article.id,
            sentence=self.span(),
            trigger=self.span(),
            action=self.draw(NAME),
            actors=self.arguments(),
            targets=self.arguments(),
            theme=self.draw(st.none() | TEXT),
            negated=self.draw(st.booleans()),
            modality=self.draw(st.sampled_from(MODALITIES)),
            attribution=self.maybe(self.attribution),
            when=self.maybe(self.when),
            place=self.maybe(self.argument),
            code=self.maybe(self.code),
            confidence=self.draw(st.floats(0, 1)),
            inferred=tuple(sorted(self.draw(st.sets(st.sampled_from(["actor", "target"]))))),
            concerns=self.draw(st.none() | NAME),
        )

    def reading(self) -> Reading:
        skipped = {span: self.draw(TEXT) for span in self.spans()}
        article = replace(
            self.article,
            headline=self.maybe(self.span),
            body=self.spans(),
            skipped=tuple(Skipped(span=span, reason=skipped[span]) for span in sorted(skipped)),
        )
        return Reading(
            article=article,
            events=tuple(self.event(n) for n in range(self.draw(st.integers(0, 2)))),
            links=self.arguments(),
            attributions=tuple(self.attribution() for _ in range(self.draw(st.integers(0, 2)))),
            let_go=tuple(self.draw(st.lists(st.tuples(TEXT, st.integers(0, 9)), max_size=2))),
        )


@st.composite
def articles(draw: Any, number: int) -> Article:
    return Article(
        id=f"{number}{draw(NAME)}",
        name=draw(TEXT),
        text=draw(TEXT),
        path=draw(st.none() | TEXT),
        record=draw(st.none() | st.integers(0, 9)),
        title=draw(st.none() | TEXT),
        source=draw(st.sampled_from([None, Source(id="a b", name="A"), Source(id="é/", name="E")])),
        agency=draw(st.none() | TEXT),
        dateline=draw(st.none() | TEXT),
        published=draw(
            st.sampled_from([None, "2016-05-20", "2016-05-20T23:40", "May", "2016-02-30"])
        ),
        published_from=draw(st.none() | st.just("text")),
        url=draw(st.none() | TEXT),
        sha256=draw(TEXT),
        encoding=draw(TEXT),
        language=draw(TEXT),
    )


@st.composite
def news(draw: Any) -> News:
    pool = draw(st.lists(entities(), max_size=3, unique_by=lambda entity: entity.id))
    readings = [
        Maker(draw, draw(articles(number)), pool).reading()
        for number in range(draw(st.integers(0, 2)))
    ]
    told = [mention for reading in readings for mention in reading.events]
    events = []
    for number, mention in enumerate(told):
        if mention.code:
            event = Event(
                id=f"e{number}",
                action=mention.action,
                code=mention.code,
                actors=tuple(draw(st.lists(st.sampled_from(pool), max_size=2))) if pool else (),
                place=draw(st.sampled_from([None, *pool])),
                when=mention.when,
                negated=mention.negated,
                modality=mention.modality,
                concerns=tuple(sorted(draw(st.sets(NAME, max_size=2)))),
                mentions=(mention,),
                reasons=(draw(TEXT),),
            )
            events.append(event)
    clash = [Contradiction(left=a.id, right=b.id, reason="r") for a, b in itertools.pairwise(told)]
    return News(
        readings=tuple(sorted(readings, key=lambda reading: reading.article.id)),
        events=tuple(sorted(events, key=lambda event: event.id)),
        contradictions=tuple(sorted(clash, key=lambda c: (c.left, c.right))),
    )


def evidence(told: News) -> list[Any]:
    """What equality of events and codes leaves out."""
    mentions = [mention for reading in told.readings for mention in reading.events]
    return [
        [(event.mentions, event.reasons, event.code.rule) for event in told.events],
        [mention.code and mention.code.rule for mention in mentions],
    ]


# --- there and back ---


def test_sample_comes_back_from_its_quads() -> None:
    told = sample_news()
    back = from_quads(to_quads(told, model="m"))
    assert back == told
    assert evidence(back) == evidence(told)


@given(news())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_records_come_back_from_their_quads(told: News) -> None:
    back = from_quads(to_quads(told))
    assert back == told
    assert evidence(back) == evidence(told)


@given(news())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_quads_pass_store_and_files_unchanged(tmp_path_factory: Any, told: News) -> None:
    quads = set(to_quads(told))
    store = ox.Store()
    store.extend(quads)
    assert set(store) == quads
    folder = tmp_path_factory.mktemp("quads")
    write_trig(quads, folder / "g.trig")
    write_turtle(quads, folder / "g.ttl")
    assert set(ox.parse(path=str(folder / "g.trig"))) == quads
    assert {q.triple for q in ox.parse(path=str(folder / "g.ttl"))} == {q.triple for q in quads}


def test_records_survive_the_vocabulary_beside_them() -> None:
    told = sample_news()
    assert from_quads([*vocabulary_quads(), *to_quads(told)]) == told


def test_article_keeps_its_own_reading_of_an_entity() -> None:
    told = sample_news()
    promoted = replace(MINISTER, role="Prime Minister of Iceland", sector=None)
    first, second = told.readings
    link = replace(second.links[0], entity=promoted)
    changed = replace(told, readings=(first, replace(second, links=(link, *second.links[1:]))))
    back = from_quads(to_quads(changed))
    assert back == changed


def test_article_may_have_several_records_of_an_entity() -> None:
    told = sample_news()
    herald = next(r for r in told.readings if r.article.name == "herald")
    bare = replace(MINISTER, role=None)
    link = next(link for link in herald.links if link.entity == MINISTER)
    links = (*herald.links, replace(link, entity=bare, rule="surname"))
    changed = replace(herald, links=links)
    readings = tuple(changed if r is herald else r for r in told.readings)
    assert from_quads(to_quads(replace(told, readings=readings))).readings == readings


def test_codes_are_concepts_of_the_vocabulary() -> None:
    known = {quad.subject.value for quad in vocabulary_quads()}  # type: ignore[union-attr]
    reading = sample_news().readings[0]
    contexts = ("human_rights", "political_institutions")
    code = Code(event="REJECT", mode="assist", contexts=contexts, cameo="1212")
    event = replace(reading.events[0], code=code)
    written = triples(article_quads(replace(reading, events=(event,))))
    used = {o for s, p, o in written if o.startswith((prefixes()["plover"], prefixes()["cameo"]))}
    assert len(used) == 6
    assert used <= known


def test_entity_spelt_in_two_cases_is_one_node() -> None:
    told = sample_news()
    shouted = replace(MINISTER, name=MINISTER.name.upper())
    assert Names().entity(shouted) == Names().entity(MINISTER)
    gazette = next(r for r in told.readings if r.article.name == "gazette")
    link = replace(gazette.links[0], entity=shouted)
    changed = replace(gazette, links=(link, *gazette.links[1:]))
    readings = tuple(changed if r is gazette else r for r in told.readings)
    quads = list(to_quads(replace(told, readings=readings)))
    node = Names().entity(MINISTER).value
    labels = [o for s, p, o in triples(quads) if s == node and p.endswith("#label")]
    assert labels == [MINISTER.name]
    assert from_quads(quads).readings == readings


def test_strange_graph_is_refused_in_one_line() -> None:
    quads = [q for q in to_quads(sample_news()) if q.predicate.value != f"{KG}trigger"]
    with pytest.raises(StoreError, match="build it anew") as caught:
        from_quads(quads)
    assert "\n" not in str(caught.value)


# --- what is written ---


def test_only_what_the_article_asserts_is_a_plain_triple() -> None:
    written = action_triples(to_quads(sample_news()))
    assert ("Norway", "propose", "Iceland") in written
    assert ("Iceland", "reject", "Norway") in written
    # The minister says it; only the gazette asserts the expulsion, the herald has it denied.
    assert not [t for t in written if t[1] == "criticise"]
    herald = next(r for r in sample_news().readings if r.article.name == "herald")
    assert not [t for t in action_triples(article_quads(herald)) if t[1] == "expel"]


@pytest.mark.parametrize(
    "change", [{"negated": True}, {"modality": "possible"}, {"modality": "planned"}]
)
def test_claim_is_not_written_as_a_fact(change: dict[str, Any]) -> None:
    reading = sample_news().readings[1]
    assert action_triples(article_quads(reading))
    claims = tuple(replace(event, **change) for event in reading.events)
    assert not action_triples(article_quads(replace(reading, events=claims)))


@pytest.mark.parametrize(
    ("negated", "modality", "expected"),
    [
        (False, "asserted", {"positive", "certain", "non-future"}),
        (True, "asserted", {"negative", "certain", "non-future"}),
        (False, "denied", {"negative", "certain", "non-future"}),
        (True, "denied", {"positive", "certain", "non-future"}),
        (False, "planned", {"positive", "probable", "future"}),
        (False, "conditional", {"positive", "possible", "underspecified"}),
    ],
)
def test_factuality(negated: bool, modality: Any, expected: set[str]) -> None:
    reading = sample_news().readings[1]
    event = replace(reading.events[0], negated=negated, modality=modality)
    written = triples(article_quads(replace(reading, events=(event,))))
    fact = prefixes()["fact"]
    assert {o.removeprefix(fact) for s, p, o in written if o.startswith(fact)} == expected


def test_attribution_is_to_the_speaker_or_else_to_the_publisher() -> None:
    names, attributed = Names(), prefixes()["grasp"] + "wasAttributedTo"
    told = {s: o for s, p, o in triples(to_quads(sample_news())) if p == attributed}
    by_action = {
        (reading.article.name, event.action): told[names.event_mention(event.id).value]
        for reading in sample_news().readings
        for event in reading.events
    }
    assert by_action["herald", "propose"] == names.source("northern-herald").value
    assert by_action["herald", "criticise"] == names.entity(MINISTER).value
    assert by_action["herald", "expel"] == names.entity(ICELAND).value
    assert by_action["gazette", "expel"] == names.source("fjord-gazette").value


def test_article_graph_describes_nothing_shared() -> None:
    """A triple in two graphs is counted twice by Oxigraph's union: only action triples may be."""
    told = sample_news()
    graphs = [article_quads(reading) for reading in told.readings] + [canonical_quads(told)]
    seen: set[tuple[str, str, str]] = set()
    for graph in graphs:
        written = triples(graph)
        shared = {t for t in written & seen if not t[1].startswith(prefixes()["action"])}
        assert not shared
        seen |= written


def test_event_counts_its_publishers() -> None:
    counts = {o for s, p, o in triples(canonical_quads(sample_news())) if p == f"{KG}sourceCount"}
    assert counts == {"1", "2"}
    unsigned = replace(
        sample_news(),
        readings=tuple(
            replace(r, article=replace(r.article, source=None)) for r in sample_news().readings
        ),
        events=tuple(replace(e, voices=()) for e in sample_news().events),
    )
    unknown = {o for s, p, o in triples(canonical_quads(unsigned)) if p == f"{KG}sourceCount"}
    assert unknown == {"1"}  # two texts of nobody known may be one paper's


def test_names_of_publishers_do_not_depend_on_the_order_of_articles() -> None:
    """A paper is spelt in two ways, and of one voice the event's own articles say nothing."""
    spellings = {"a": "The Post", "b": "THE POST", "c": "Herald", "d": "HERALD"}
    told = {id_: Source(id=name.casefold(), name=name) for id_, name in spellings.items()}
    first = sample_news().readings[0].events[0]
    mentions = tuple(replace(first, article_id=id_) for id_ in "ab")
    event = replace(sample_news().events[0], mentions=mentions, voices=("the post", "herald"))
    found = set()
    for sources in itertools.permutations(told.items()):
        for order in (mentions, mentions[::-1]):
            event = replace(event, mentions=order)
            statements = event_list_statements(Names().event("x"), event, Publishers(dict(sources)))
            found |= {o.value for _, p, o in statements if p.value == f"{KG}sourceNames"}
    assert found == {"HERALD; THE POST"}


def test_each_pair_of_an_event_has_a_key_that_sparql_can_make() -> None:
    event = replace(sample_news().events[0], actors=(NORWAY, ICELAND), targets=(MINISTER,))
    statements = event_list_statements(Names().event("x"), event, Publishers())
    keys = {o.value for _, p, o in statements if p.value == f"{KG}pairKey"}
    target = Names().entity(MINISTER).value.rpartition("/")[2]
    hashed = 'SELECT (SUBSTR(SHA256("{} {}"), 1, 15) AS ?key) {{}}'
    made = {
        row["key"].value
        for actor in ("Norway", "Iceland")
        for row in ox.Store().query(hashed.format(actor, target))  # type: ignore[union-attr]
    }
    assert keys == made
    assert len(made) == 2


def test_a_copy_is_derived_from_its_original_and_comes_back() -> None:
    told = sample_news()
    first, second = (reading.article.id for reading in told.readings)
    copied = replace(
        told, copies=(Copy(article_id=first, original_id=second, reason="credited to NTB"),)
    )
    assert from_quads(to_quads(copied)) == copied
    derived = {(s, o) for s, p, o in triples(canonical_quads(copied)) if p.endswith("copyReason")}
    assert {o for _, o in derived} == {"credited to NTB"}


def test_order_of_articles_does_not_matter() -> None:
    told = sample_news()
    turned = replace(told, readings=tuple(reversed(told.readings)))
    assert set(to_quads(told)) == set(to_quads(turned))


def test_nothing_is_blank_and_no_text_gets_into_an_iri() -> None:
    evil = '"><script>alert(1)</script> ?x { } \n# <urn:x>'
    entity = Entity(id="0123456789abcdef", name=evil, kind="person", role=evil)
    reading = sample_news().readings[0]
    event = replace(
        reading.events[0],
        action=evil,
        theme=evil,
        actors=(Argument(mention=None, entity=entity, rule=evil),),
    )
    article = replace(reading.article, id=evil, name=evil, url=evil, path=evil)
    quads = list(to_quads(News(readings=(Reading(article=article, events=(event,)),))))
    for quad in quads:
        for node in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            assert not isinstance(node, ox.BlankNode)
            if isinstance(node, ox.NamedNode):
                assert not set(node.value) & set('<>"{} \n?')
    assert from_quads(quads).readings[0].events[0].action == evil


def test_base_moves_every_iri_but_the_vocabulary() -> None:
    quads = list(to_quads(sample_news(), "https://news.example/kg/"))
    own = [q.subject.value for q in quads if q.subject.value.startswith(DEFAULT_BASE)]  # type: ignore[union-attr]
    assert not own
    assert from_quads(quads) == sample_news()


def test_country_is_readable_and_others_are_told_apart() -> None:
    names = Names()
    assert names.entity(NORWAY).value.endswith("/entity/Norway")
    one = Entity(id="aaaaaaaa11", name="Georgia", kind="region")
    other = Entity(id="bbbbbbbb22", name="Georgia", kind="company")
    assert names.entity(one) != names.entity(other)


@pytest.mark.parametrize(
    ("iso", "first", "last"),
    [
        ("2016-05-20", "2016-05-20", "2016-05-20"),
        ("2016-05-20T23:40", "2016-05-20", "2016-05-20"),
        ("2016-W21", "2016-05-23", "2016-05-29"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2016-12", "2016-12-01", "2016-12-31"),
        ("2016", "2016-01-01", "2016-12-31"),
        ("2016-24", "2016-12-01", "2017-02-28"),
        ("2015-09-30/2016-01", "2015-09-30", "2016-01-31"),
        ("2015-09-30/..", "2015-09-30", "None"),
        ("../2016", "None", "2016-12-31"),
        ("2016-13", "None", "None"),
        ("soon", "None", "None"),
    ],
)
def test_days_of_a_time(iso: str, first: str, last: str) -> None:
    assert tuple(map(str, days_of(iso))) == (first, last)


# --- files ---


def test_files_are_the_same_bytes_in_whatever_order_quads_come(tmp_path: Path) -> None:
    quads = list(to_quads(sample_news()))
    shuffled = random.Random(7).sample(quads, len(quads))
    for write in (write_trig, write_turtle):
        write(quads, tmp_path / "one")
        write([*shuffled, *shuffled], tmp_path / "other")
        assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]


def test_files_read_well(tmp_path: Path) -> None:
    write_turtle(to_quads(sample_news()), tmp_path / "g.ttl")
    written = (tmp_path / "g.ttl").read_text(encoding="utf-8")
    assert written.startswith("# Who did what to whom")
    assert "\nentity:Norway\n    a kg:Entity ,\n" in written
    assert "    action:propose entity:Iceland ;\n" in written
    assert "    kg:negated false ;\n" in written
    begins = [f"\n{kind}" for kind in ("<dataset>", "source:", "article:", "event:", "entity:")]
    assert begins == sorted(begins, key=written.index)
    spans = [int(begin) for begin in re.findall(r"(?m)^<article/[0-9a-f]+#char=(\d+)", written)]
    articles = len(sample_news().readings)
    assert len(spans) > 20
    assert sum(left > right for left, right in itertools.pairwise(spans)) < articles


@pytest.mark.parametrize(
    ("base", "local"),
    [
        ("https://news.example/kg/", "event-mention/1#actor=0"),
        ("https://news.example/kg/", "event/.."),
        ("https://news.example/kg/", "event//x"),
        ("https://news.example/kg/", "event/./x#y"),
        ("https://news.example/kg/", "a:b/c"),
        ("https://news.example/kg/", "article/1#char=007,08"),
        ("https://news.example/kg/", "article/1#char=12,3456789012"),
        ("https://news.example/kg/", ""),
        ("https://news.example/kg/", "?q"),
        ("https://news.example/kg#", "event/1"),
        ("urn:kg:", "event/1#actor=0"),
    ],
)
def test_what_stands_below_the_base_comes_back(tmp_path: Path, base: str, local: str) -> None:
    node = ox.NamedNode(base + local)
    quad = ox.Quad(node, ox.NamedNode(f"{base}p"), node, node)
    write_trig([quad], tmp_path / "g.trig", base)
    assert set(ox.parse(path=str(tmp_path / "g.trig"))) == {quad}


def test_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "g.ttl").write_text("old", encoding="utf-8")

    def broken() -> Iterator[ox.Quad]:
        yield from to_quads(sample_news())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_turtle(broken(), tmp_path / "g.ttl")
    assert [path.name for path in tmp_path.iterdir()] == ["g.ttl"]
    assert (tmp_path / "g.ttl").read_text(encoding="utf-8") == "old"


def test_rdflib_reads_the_same_quads(tmp_path: Path) -> None:
    import rdflib

    odd = '\x00\x01\x85\u2028\u2029\ufeff\r\n\t\\"\'\'\'"""🚢 \U0001f1f3\U0001f1f4 e\u0301 \x7f\x9f'
    reading = sample_news().readings[0]
    article = replace(reading.article, agency=odd, title=odd)
    quads = set(
        to_quads(
            replace(
                sample_news(),
                readings=(replace(reading, article=article), sample_news().readings[1]),
            )
        )
    )
    write_trig(quads, tmp_path / "g.trig")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset = rdflib.Dataset()
        dataset.parse(tmp_path / "g.trig")
        lines = dataset.serialize(format="nquads")
    assert set(ox.parse(lines, format=ox.RdfFormat.N_QUADS)) == quads


def test_what_several_see_of_a_graph_is_the_whole_of_it() -> None:
    news, shared = sample_news(), SharedQuads()
    shares: dict[int, SharedQuads] = {}
    for reading in news.readings:
        shared.see(reading)
        seen = SharedQuads()
        seen.see(reading)
        for key, share in seen.shares(3):
            shares[key] = shares[key].take(share) if key in shares else share
    assert len(shares) == 3
    apart = [quad for share in shares.values() for quad in share.rest()]
    assert sorted(map(str, apart)) == sorted(map(str, shared.rest()))
    assert sum((share.whole for share in shares.values()), Whole()) == shared.whole
