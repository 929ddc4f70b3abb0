"""One reading to the quads of its article's named graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from kg.model import (
    Argument,
    Article,
    Attribution,
    Code,
    Entity,
    EventMention,
    Mention,
    Reading,
    Span,
    When,
    content_id,
)
from kg.rdf.lists import names_asked, order_key
from kg.rdf.terms import (
    CAMEO_NAMESPACE,
    DEFAULT_BASE,
    HAS_ACTOR,
    ROLES,
    TYPE,
    Names,
    Statement,
    concept,
    date_literal,
    described,
    literal_of,
    local_name,
    term,
    typed_literal,
)

__all__ = ["article_quads"]

_CONTEXT = 32  # characters before and behind a quote, as the annotation tools of the web keep

# GRaSP's certainty and time for each modality; polarity comes from negation and denial.
_FACTUALITY = {
    "asserted": ("fact:certain", "fact:non-future"),
    "denied": ("fact:certain", "fact:non-future"),
    "planned": ("fact:probable", "fact:future"),
    "proposed": ("fact:underspecified", "fact:future"),
    "possible": ("fact:possible", "fact:underspecified"),
    "conditional": ("fact:possible", "fact:underspecified"),
}


@dataclass(frozen=True, slots=True)
class _Page:
    """What every statement on one article needs: the article, the names, its entities' records.

    Attributes:
        records: each record of an entity that isn't told by the entity's id alone, with its node;
            the fullest record of an entity has the first.
    """

    article: Article
    names: Names
    records: dict[Entity, NamedNode]

    @property
    def id(self) -> str:
        return self.article.id

    def span(self, span: Span) -> NamedNode:
        return self.names.span(self.article.id, span)

    def part(self, name: str) -> NamedNode:
        return self.names.part(self.article.id, name)


def article_quads(reading: Reading, base: str = DEFAULT_BASE) -> Iterator[Quad]:
    """Turn one reading into the quads of its article's named graph.

    What articles share (entities, publishers, times, actions) is only referred to here; see
    `canonical_quads`.
    """
    names = Names(base)
    graph = names.article_graph(reading.article.id)
    page = _Page(article=reading.article, names=names, records=_entity_records(reading, names))
    seen: set[Statement] = set()
    for statement in _reading_statements(reading, page):
        if statement not in seen:
            seen.add(statement)
            yield Quad(*statement, graph)


def _reading_statements(reading: Reading, page: _Page) -> Iterator[Statement]:
    yield from _article_statements(page.article, page.names)
    yield from _text_statements(page)
    yield from _span_statements(reading, page)
    for index, link in enumerate(reading.links):
        node = page.part(f"link={index}")
        yield node, TYPE, term("kg:Link")
        yield from _argument_statements(node, link, page)
        if link.mention and link.entity:
            yield page.span(link.mention.span), term("gaf:denotes"), page.names.entity(link.entity)
    for index, attribution in enumerate(reading.attributions):
        yield _speech(attribution, page), term("kg:indexInArticle"), Literal(index)
    for attribution in _attributions(reading):
        yield from _speech_statements(attribution, page)
    for index, event in enumerate(reading.events):
        yield page.names.event_mention(event.id), term("kg:indexInArticle"), Literal(index)
        yield from _mention_statements(event, page)
    yield from _record_statements(page)
    for index, (reason, count) in enumerate(reading.let_go):
        node = page.part(f"let-go={index}")
        yield page.names.article(page.id), term("kg:letGo"), node
        yield node, TYPE, term("kg:LetGo")
        yield node, term("kg:reason"), Literal(reason)
        yield node, term("kg:count"), Literal(count)


def _article_statements(article: Article, names: Names) -> Iterator[Statement]:
    node, file = names.article(article.id), names.part(article.id, "file")
    published = date_literal(article.published) if article.published is not None else None
    url = typed_literal(article.url, "anyURI") if article.url is not None else None
    source = names.source(article.source.id) if article.source else None
    yield from described(node, TYPE, term("schema:NewsArticle"), term("prov:Entity"))
    yield from described(node, term("kg:id"), Literal(article.id))
    yield from described(node, term("rdfs:label"), Literal(article.name))
    yield from described(node, term("schema:headline"), literal_of(article.title))
    yield from described(node, term("schema:publisher"), source)
    yield from described(node, term("schema:datePublished"), published)
    byline = "; ".join(article.authors) or None
    yield from described(node, term("kg:byline"), literal_of(byline))
    yield from described(node, term("kg:warning"), *map(Literal, article.warnings))
    yield from described(node, term("kg:publishedFrom"), literal_of(article.published_from))
    yield from described(node, term("schema:url"), url)
    yield from described(node, term("schema:inLanguage"), Literal(article.language))
    yield from described(node, term("kg:agency"), literal_of(article.agency))
    yield from described(node, term("kg:dateline"), literal_of(article.dateline))
    yield from described(node, term("schema:encoding"), file)
    yield from described(file, TYPE, term("schema:MediaObject"))
    yield from described(file, term("schema:contentUrl"), literal_of(article.path))
    yield from described(file, term("schema:sha256"), Literal(article.sha256))
    yield from described(file, term("kg:charset"), Literal(article.encoding))
    yield from described(file, term("kg:record"), literal_of(article.record))


def _text_statements(page: _Page) -> Iterator[Statement]:
    article, text = page.article, page.part("text")
    yield text, TYPE, term("nif:Context")
    yield text, term("nif:sourceUrl"), page.names.article(page.id)
    yield text, term("nif:beginIndex"), Literal(0)
    yield text, term("nif:endIndex"), Literal(len(article.text))
    yield text, term("nif:isString"), Literal(article.text)
    if article.headline:
        yield text, term("kg:headline"), page.span(article.headline)
    yield from described(text, term("kg:paragraph"), *map(page.span, article.body))
    for skipped in article.skipped:
        yield text, term("kg:skipped"), page.span(skipped.span)
        yield page.span(skipped.span), term("kg:skipReason"), Literal(skipped.reason)
    for markup in article.markup:
        yield text, term("kg:markup"), page.span(markup.span)
        yield page.span(markup.span), term("kg:shown"), Literal(markup.shown)


def _span_statements(reading: Reading, page: _Page) -> Iterator[Statement]:
    """Describe every span once; all but paragraphs and skipped ones carry their characters."""
    article, context = page.article, page.part("text")
    quoted = _quoted_spans(reading)
    for mention in _namings(reading):
        yield page.span(mention.span), TYPE, term("gaf:Mention")
        yield page.span(mention.span), term("kg:mentionLabel"), Literal(mention.label)
    unquoted = {*article.body, *(skipped.span for skipped in article.skipped)}
    unquoted |= {markup.span for markup in article.markup}
    for span in sorted(quoted | unquoted):
        node = page.span(span)
        yield node, TYPE, term("nif:RFC5147String")
        yield node, term("nif:referenceContext"), context
        yield node, term("nif:beginIndex"), Literal(span.start)
        yield node, term("nif:endIndex"), Literal(span.end)
        if span in quoted:
            yield node, term("nif:anchorOf"), Literal(article.text[span.start : span.end])
            yield from _quote_statements(node, span, article)


def _quote_statements(node: NamedNode, span: Span, article: Article) -> Iterator[Statement]:
    """What a reader of the page sees there and around it, if markup stands in between."""
    exact = article.words(span)
    if exact == article.text[span.start : span.end]:
        return
    around = next((unit for unit in article.body if span.within(unit)), span)
    prefix = article.words(Span(around.start, span.start))[-_CONTEXT:]
    suffix = article.words(Span(span.end, around.end))[:_CONTEXT]
    quote = NamedNode(f"{node.value};quote")
    yield node, term("oa:hasSelector"), quote
    yield quote, TYPE, term("oa:TextQuoteSelector")
    yield quote, term("oa:exact"), Literal(exact)
    yield quote, term("oa:prefix"), Literal(prefix)
    yield quote, term("oa:suffix"), Literal(suffix)


def all_arguments(reading: Reading) -> Iterator[Argument]:
    """Every argument of a reading: links, roles, places, speakers."""
    yield from reading.links
    for event in reading.events:
        yield from (*event.actors, *event.targets)
        if event.place:
            yield event.place
    for attribution in _attributions(reading):
        if attribution.speaker:
            yield attribution.speaker


def _attributions(reading: Reading) -> list[Attribution]:
    """Every attribution once, those of the reading first."""
    of_events = (event.attribution for event in reading.events if event.attribution)
    return list(dict.fromkeys((*reading.attributions, *of_events)))


def _namings(reading: Reading) -> Iterator[Mention]:
    return (argument.mention for argument in all_arguments(reading) if argument.mention)


def _quoted_spans(reading: Reading) -> set[Span]:
    spans = {mention.span for mention in _namings(reading)}
    for event in reading.events:
        spans |= {event.sentence, event.trigger}
        if event.when and event.when.text:
            spans.add(event.when.text)
    for attribution in _attributions(reading):
        spans |= {attribution.cue, *attribution.content}
    if reading.article.headline:
        spans.add(reading.article.headline)
    return spans


def _argument_statements(node: NamedNode, argument: Argument, page: _Page) -> Iterator[Statement]:
    """What fills a part: the naming, the entity, the rule; the rule is always there, even empty."""
    if argument.mention:
        yield node, term("kg:mention"), page.span(argument.mention.span)
    if argument.entity:
        yield node, term("kg:entity"), page.names.entity(argument.entity)
        record = page.records.get(argument.entity)
        if record is not None and not record.value.endswith(_FIRST_RECORD):
            yield node, term("kg:readAs"), record
    yield node, term("kg:linkRule"), Literal(argument.rule)


def _speech(attribution: Attribution, page: _Page) -> NamedNode:
    return page.part(f"speech={content_id(attribution)}")


def _speech_statements(attribution: Attribution, page: _Page) -> Iterator[Statement]:
    node = _speech(attribution, page)
    yield node, TYPE, term("kg:Speech")
    yield node, term("kg:article"), page.names.article(page.id)
    yield node, term("kg:cue"), page.span(attribution.cue)
    yield from described(node, term("kg:content"), *map(page.span, attribution.content))
    yield node, term("kg:quoted"), Literal(attribution.quoted)
    yield node, term("kg:stance"), Literal(attribution.stance)
    yield node, term("kg:speechOrder"), Literal(order_key(page.article.published, page.id))
    if attribution.speaker:
        yield from described(node, term("kg:speakerName"), literal_of(_name_of(attribution)))
        keys = names_asked(attribution.speaker.entity, _name_of(attribution))
        yield from described(node, term("kg:speakerKey"), *map(Literal, keys))
        speaker = NamedNode(f"{node.value};speaker")
        yield node, term("kg:speaker"), speaker
        yield speaker, TYPE, term("kg:Argument")
        yield from _argument_statements(speaker, attribution.speaker, page)


def _name_of(attribution: Attribution) -> str | None:
    """Whom a list names as speaker: the entity, else the words that the text has."""
    speaker = attribution.speaker
    if speaker is None:
        return None
    words = speaker.mention.text if speaker.mention else None
    return speaker.entity.name if speaker.entity else words


def fullness(entity: Entity) -> tuple[int, bool, str]:
    """Order the records of one entity by how much they know, then by how they spell its name."""
    known = (entity.country, entity.sector, entity.role, *entity.same_as)
    cased = not (entity.name.islower() or entity.name.isupper())
    return sum(value is not None for value in known), cased, repr(entity)


_FIRST_RECORD = ";0"


def _entity_records(reading: Reading, names: Names) -> dict[Entity, NamedNode]:
    """What this one article says an entity is: the canonical description is of all articles.

    A country whose sector and role nobody told is all said by its id.
    """
    ordered: defaultdict[str, list[Entity]] = defaultdict(list)
    entities = {argument.entity for argument in all_arguments(reading) if argument.entity}
    for entity in sorted(entities, key=fullness, reverse=True):
        ordered[entity.id].append(entity)
    return {
        entity: names.part(reading.article.id, f"entity={local_name(entity.id)};{index}")
        for records in ordered.values()
        for index, entity in enumerate(records)
        if len(records) > 1
        or entity.kind != "country"
        or (entity.sector, entity.role) != (None, None)
    }


def _record_statements(page: _Page) -> Iterator[Statement]:
    for entity, node in page.records.items():
        yield node, TYPE, term("kg:EntityInArticle")
        yield node, term("kg:entity"), page.names.entity(entity)
        yield node, term("kg:readName"), Literal(entity.name)
        yield from described(node, term("kg:readSector"), concept("sector", entity.sector))
        yield from described(node, term("kg:readRole"), literal_of(entity.role))


def code_statements(node: NamedNode, code: Code) -> Iterator[Statement]:
    event = cast(NamedNode, concept("", code.event))
    cameo = (
        NamedNode(CAMEO_NAMESPACE + quote(code.cameo, safe="")) if code.cameo is not None else None
    )
    yield from described(node, term("kg:eventType"), event)
    yield from described(node, term("kg:cameo"), cameo)
    yield from described(node, term("sem:eventType"), event, cameo)
    yield from described(node, term("kg:mode"), concept(code.event, code.mode))
    for context in code.contexts:
        yield from described(node, term("kg:context"), concept("context", context))
    yield from described(node, term("kg:codeRule"), Literal(code.rule))


def _mention_statements(event: EventMention, page: _Page) -> Iterator[Statement]:
    names = page.names
    node = names.event_mention(event.id)
    yield from described(node, TYPE, term("kg:EventMention"), term("gaf:Mention"))
    yield from described(node, TYPE, term("rdf:Statement"))
    yield from described(node, term("kg:id"), Literal(event.id))
    yield from described(node, term("kg:article"), names.article(page.id))
    yield from described(node, term("kg:sentence"), page.span(event.sentence))
    yield from described(node, term("kg:trigger"), page.span(event.trigger))
    yield from described(node, term("kg:action"), names.action(event.action))
    yield from described(node, term("kg:theme"), literal_of(event.theme))
    yield from described(node, term("kg:negated"), Literal(event.negated))
    yield from described(node, term("kg:modality"), Literal(event.modality))
    yield from described(node, term("kg:confidence"), Literal(float(event.confidence)))
    yield from described(node, term("kg:inferred"), *map(Literal, event.inferred))
    if event.concerns is not None:
        yield from described(node, term("kg:concerns"), names.event_mention(event.concerns))
    if event.when:
        yield from when_statements(node, event.when, page.id, names)
    if event.code:
        yield from code_statements(node, event.code)
    yield from _role_statements(node, event, page)
    yield from _triple_statements(node, event, names)
    yield from _perspective_statements(node, event, page)


def when_statements(
    node: NamedNode, when: When, article_id: str, names: Names
) -> Iterator[Statement]:
    yield node, term("sem:hasTime"), names.when(when)
    if when.text:
        yield node, term("kg:timeExpression"), names.span(article_id, when.text)


def _role_statements(node: NamedNode, event: EventMention, page: _Page) -> Iterator[Statement]:
    place = (event.place,) if event.place else ()
    for role, arguments in (("actor", event.actors), ("target", event.targets), ("place", place)):
        for index, argument in enumerate(arguments):
            part = NamedNode(f"{node.value}#{role}={index}")
            yield node, term("kg:argument"), part
            yield part, TYPE, term("kg:Argument")
            yield part, term("kg:role"), ROLES[role]
            yield from _argument_statements(part, argument, page)
            if argument.entity:
                yield from part_taken(node, role, page.names.entity(argument.entity))


def part_taken(node: NamedNode, role: str, entity: NamedNode) -> Iterator[Statement]:
    """The short way from event to entity, with `sem:hasActor` written out: no engine infers."""
    yield node, ROLES[role], entity
    if role != "place":
        yield node, HAS_ACTOR, entity


def _triple_statements(node: NamedNode, event: EventMention, names: Names) -> Iterator[Statement]:
    """Who, what, whom by reification; and as a plain triple if the article itself asserts it."""
    action = names.action(event.action)
    subjects = [names.entity(actor.entity) for actor in event.actors if actor.entity]
    objects = [names.entity(target.entity) for target in event.targets if target.entity]
    yield from described(node, term("rdf:subject"), *subjects)
    yield from described(node, term("rdf:predicate"), action)
    yield from described(node, term("rdf:object"), *objects)
    if event.modality == "asserted" and not event.negated and event.attribution is None:
        for subject in subjects:
            yield from described(subject, action, *objects)


def _perspective_statements(
    node: NamedNode, event: EventMention, page: _Page
) -> Iterator[Statement]:
    """Who says it (the speaker, else the publisher) and how sure, in GRaSP's terms."""
    perspective = NamedNode(f"{node.value}#attribution")
    speaker: NamedNode | None = None
    if event.attribution is None:
        publisher = page.article.source
        speaker = page.names.source(publisher.id) if publisher else None
    elif event.attribution.speaker and event.attribution.speaker.entity:
        speaker = page.names.entity(event.attribution.speaker.entity)
    certainty, tense = _FACTUALITY[event.modality]
    # "denied that it had not paid" claims the payment: two negatives make a positive.
    negative = event.negated != (event.modality == "denied")
    polarity = "fact:negative" if negative else "fact:positive"
    yield from described(node, term("grasp:wasAttributedTo"), speaker)
    yield node, term("grasp:hasAttribution"), perspective
    yield perspective, TYPE, term("grasp:Attribution")
    for value in (polarity, certainty, tense):
        yield perspective, term("rdf:value"), term(value)
    if event.attribution:
        speech = _speech(event.attribution, page)
        yield from described(node, term("kg:speakerName"), literal_of(_name_of(event.attribution)))
        yield perspective, term("kg:speech"), speech
