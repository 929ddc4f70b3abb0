"""One article, read: every stage in order, and the records that come out of them.

The stages, each a pure function on the parsed document:

0. lemmas and parses that the model gets wrong are mended (`repair`);
1. sayings: who says what (`attribution`);
2. links: which mentions name the same thing (`coreference`);
3. entities: what every mention names (`entities`);
4. tellings: who did what to whom, coded (`events`, `coding`);
5. times: when, as far as the clause says (`times`);
6. records with offsets into the article's own text.
"""

from __future__ import annotations

import gc
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate import source_span
from kg.attribution import Saying, find_attributions, sayings_about, to_attribution
from kg.confidence import confidence_of
from kg.coreference import Link, covering, find_links
from kg.denials import answered
from kg.entities import Entities, resolve_entities
from kg.events import Telling, find_events, is_presupposed, same_act
from kg.lexicon import fold_lemma, word_class
from kg.mentions import Nominal, nominals_of, to_mention
from kg.model import (
    Argument,
    Article,
    Attribution,
    EventMention,
    Mention,
    Modality,
    Reading,
    Span,
    When,
    content_id,
)
from kg.parse import Parse, read_parse
from kg.repair import mend_lemmas, mend_parse
from kg.times import TimeExpression, find_times, when_of

__all__ = ["make_events", "read_out", "uncollected"]


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold Python's cyclic garbage collector off.

    While articles are parsed, read and grouped nearly all that is made is kept, and every
    collection would walk it, spaCy and the tables: a quarter of the time.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@uncollected()
def read_out(article: Article, doc: Doc) -> Reading:
    """Read all events, entities and attributions out of one parsed article."""
    mend_lemmas(doc)
    mend_parse(doc)
    with read_parse(doc) as parse:
        return _read(article, parse)


def _read(article: Article, parse: Parse) -> Reading:
    sayings = find_attributions(parse)
    links = find_links(parse, sayings)
    named = resolve_entities(parse, links, article.published, article.dateline)
    times = find_times(parse)
    scene = _Scene(article, parse, sayings, named, times)
    scene.antecedents = {head: link for head, link in links.items() if link.rule != "pronoun:side"}
    events: list[EventMention] = []
    let_go: Counter[str] = Counter(
        skipped.reason for skipped in article.skipped if skipped.reason != "markup"
    )
    for telling in find_events(parse, sayings, let_go):
        event = scene.event(telling)
        if event is None:
            let_go["event without a known actor or target"] += 1
        else:
            events.append(event)
    for expression in times:
        if expression.problem is not None:
            let_go[f"impossible date {expression.text!r}"] += 1
    return Reading(
        article=article,
        events=scene.joined(events),
        links=scene.links(),
        attributions=tuple(scene.attribution(saying) for saying in sayings if saying.stated),
        let_go=tuple(sorted(let_go.items())),
    )


class _Scene:
    """What the stages found, while records are made of it."""

    def __init__(
        self,
        article: Article,
        doc: Parse,
        sayings: Sequence[Saying],
        named: Entities,
        times: Sequence[TimeExpression],
    ) -> None:
        self.article = article
        self.doc = doc
        self.sayings = sayings
        self.named = named
        self.times = times
        self.covering = covering(sayings)
        self.nominals = nominals_of(doc)
        self.antecedents: Mapping[int, Link] = {}
        self.mentions: dict[int, Mention] = {}
        self.labels = {(n.start, n.end): n.label for n in self.nominals.values()}
        self.attributions: dict[object, Attribution] = {}
        self.ids: dict[int, str] = {}
        self.about: dict[str, int] = {}

    def span(self, start: int, end: int) -> Span:
        """Give the place of a token range in the article's own text."""
        return source_span(self.doc, *self.doc.chars_of(start, end))

    def mention(self, nominal: Nominal) -> Mention:
        """Give the record of a nominal; one however often it plays a part."""
        found = self.mentions.get(nominal.head)
        if found is None:
            found = to_mention(self.doc, nominal, self.article.id, self.article.text)
            self.mentions[nominal.head] = found
        return found

    def arguments(self, head: int, owners: Sequence[int] = ()) -> tuple[Argument, ...]:
        """Make the arguments that a nominal stands for: one an entity ("the two countries": two).

        Args:
            owners: heads of the names that a thing belongs to; they, not the thing, play the part.
        """
        nominal = self.nominals.get(head)
        if nominal is None:
            return ()
        mention = self.mention(nominal)
        if owners:
            named = [n for owner in owners for n in self.named.get(owner, ())]
            return tuple(
                Argument(mention=mention, entity=n.entity, rule=f"owner:{n.rule}") for n in named
            )
        return tuple(
            Argument(mention=mention, entity=named.entity, rule=named.rule)
            for named in self.named.get(head, ())
        )

    def _filled(
        self, heads: Sequence[int], owned: Mapping[int, tuple[int, ...]], *, stated: bool
    ) -> tuple[Argument, ...]:
        found: dict[str, Argument] = {}
        for head in heads:
            for argument in self._shown(head) or self.arguments(head, owned.get(head, ())):
                assert argument.entity is not None
                kept = argument if stated else replace(argument, mention=None, rule="inherited")
                found.setdefault(argument.entity.id, kept)
        return tuple(found.values())

    def _shown(self, head: int) -> tuple[Argument, ...]:
        """Show a pronoun by its antecedents where they stand in the same sentence.

        "The rebels said they would leave": those who leave are "the rebels", not "they".
        """
        nominal, link = self.nominals.get(head), self.antecedents.get(head)
        if nominal is None or nominal.label != "PRONOUN" or link is None:
            return ()
        sentence = self.doc[head].sent.start
        found: list[Argument] = []
        for other in link.antecedents:
            antecedent = self.nominals.get(other)
            near = self.doc[other].sent.start == sentence
            if antecedent is None or antecedent.label == "PRONOUN" or not near:
                return ()
            found += (replace(argument, rule=link.rule) for argument in self.arguments(other))
        return tuple(found)

    def event(self, telling: Telling) -> EventMention | None:
        """Make the record of a telling; None where nobody is known in it."""
        owned = dict(telling.owned)
        actors = self._filled(telling.actors, owned, stated="actor" not in telling.inferred)
        targets = self._filled(telling.targets, owned, stated=True)
        mine = {argument.entity.id for argument in actors if argument.entity}
        targets = tuple(a for a in targets if a.entity and a.entity.id not in mine)
        if not targets and owned:  # "Suran blockaded Suranese ports": the things themselves
            targets = self._filled([h for h in telling.targets if h in owned], {}, stated=True)
        if not actors and not targets:
            return None
        inferred = self._inferred(telling, actors, targets)
        around = sayings_about(self.covering.get(telling.head, ()), telling.head)
        near = [s for s in around if s.verb != telling.head and not self._is_writer(s, telling)]
        trigger = self.span(*telling.trigger)
        theme = self.span(*telling.theme) if telling.theme is not None else None
        event = EventMention(
            id=self._id(telling, trigger, actors, targets),
            article_id=self.article.id,
            sentence=self._sentence(telling.head),
            trigger=trigger,
            action=telling.action,
            actors=actors,
            targets=targets,
            theme=self._text(theme) if theme is not None else None,
            negated=telling.negated,
            modality=self._modality(telling, near),
            attribution=self.attribution(near[0]) if near else None,
            when=self._when(telling),
            place=self._place(telling),
            code=telling.code,
            inferred=inferred,
            frame=telling.frame,
        )
        event = replace(event, confidence=confidence_of(event, self._text(trigger)))
        self.ids[telling.head] = event.id
        if telling.concerns is not None:
            self.about[event.id] = telling.concerns
        return event

    def _inferred(
        self, telling: Telling, actors: Sequence[Argument], targets: Sequence[Argument]
    ) -> tuple[str, ...]:
        """Name what the text doesn't state: roles filled in, and states that were guessed."""
        inferred = {*telling.inferred}
        for role, heads in (("actor", telling.actors), ("target", telling.targets)):
            if any(named.guessed for head in heads for named in self.named.get(head, ())):
                inferred.add(f"{role}.country")
        kept = {"actor": actors, "target": targets}
        return tuple(sorted(inferred - {role for role, filled in kept.items() if not filled}))

    def _id(
        self,
        telling: Telling,
        trigger: Span,
        actors: Sequence[Argument],
        targets: Sequence[Argument],
    ) -> str:
        acting = [a.entity.id for a in actors if a.entity]
        acted_on = [a.entity.id for a in targets if a.entity]
        where = (self.article.id, trigger.start, trigger.end, telling.action)
        return content_id(*where, *acting, "->", *acted_on)

    def joined(self, events: Sequence[EventMention]) -> tuple[EventMention, ...]:
        """Give the events in order of place, each with the id of the one that it is about.

        What is denied is about the act that its doer was accused of.
        """
        kept = {event.id: event for event in events}
        for event_id, head in self.about.items():
            other = self.ids.get(head)
            if other is not None and other != event_id and event_id in kept:
                kept[event_id] = replace(kept[event_id], concerns=other)
        in_order = sorted(kept.values(), key=lambda e: (e.trigger, e.id))
        answers = {denied: told for denied, told in answered(in_order) if denied not in self.about}
        return tuple(replace(e, concerns=answers[e.id]) if e.id in answers else e for e in in_order)

    def _sentence(self, head: int) -> Span:
        sentence = self.doc[head].sent
        start, end = sentence.start, sentence.end
        while end > start + 1 and self.doc[end - 1].is_space:
            end -= 1
        return self.span(start, end)

    def _text(self, span: Span) -> str:
        return self.article.words(span)

    def _modality(self, telling: Telling, sayings: Sequence[Saying]) -> Modality:
        denied = any(
            saying.stance == "denial"
            and not saying.negated
            and saying.link in {"clause", "quote", "prep:of"}
            for saying in sayings[:1]
        ) or any(self._dismissed(saying) for saying in sayings[:1])
        if telling.modality != "asserted":
            return telling.modality
        if not denied:
            return "possible" if self._unconfirmed(telling, sayings) else "asserted"
        granted = is_presupposed(self.doc[telling.head], self.doc[sayings[0].verb])
        return "asserted" if granted else "denied"

    def _unconfirmed(self, telling: Telling, sayings: Sequence[Saying]) -> bool:
        """Tell what somebody does not say ("has not confirmed that it shot the jet down")."""
        return any(
            saying.negated
            and saying.link == "clause"
            and saying.stance != "denial"
            and not is_presupposed(self.doc[telling.head], self.doc[saying.verb])
            for saying in sayings[:1]
        )

    def _dismissed(self, claim: Saying) -> bool:
        """Tell a claim that somebody denies as a whole ("Iran dismissed claims that it
        attacked")."""
        return any(
            outer.stance == "denial" and outer.link == "obj" and not outer.negated
            for outer in self.covering.get(claim.verb, ())
        )

    def attribution(self, saying: Saying) -> Attribution:
        """Give the record of a saying, its speaker resolved; one for all that it tells."""
        place = (saying.cue, saying.content)
        known = self.attributions.get(place)
        if known is None:
            speakers = self.arguments(saying.speaker) if saying.speaker is not None else ()
            known = self.attributions[place] = to_attribution(
                self.doc,
                saying,
                self.article.id,
                text=self.article.text,
                speaker=speakers[0] if speakers else None,
                labels=self.labels,
            )
        return known

    def _is_writer(self, saying: Saying, telling: Telling) -> bool:
        """Tell the paper's or programme's own voice: its words, or its reporter's in a transcript
        ("REPORTER: ...")."""
        named = self.doc[saying.speaker].lower_ if saying.speaker is not None else ""
        labelled = saying.link == "label" and named in word_class("REPORTERLABEL")
        return labelled or self._writer_on(saying, telling)

    def _writer_on(self, saying: Saying, telling: Telling) -> bool:
        """Tell the writer's own words about what was said: "he proposed ..., a proposal they
        rejected"."""
        token = self.doc[telling.head]
        for above in (token, *token.ancestors):
            if not saying.covers(above.i):
                return False
            if (
                above.pos_ == "NOUN"
                and above.i > saying.cue[-1]
                and same_act(above, self.doc[saying.verb])
            ):
                return True
        return False

    def _when(self, telling: Telling) -> When | None:
        """Date an event; an event noun under another verb only by what stands in its own phrase."""
        times: Sequence[TimeExpression] = self.times
        token = self.doc[telling.head]
        speech_act = fold_lemma(token.lemma_) in word_class("OFFER")
        if token.pos_ == "NOUN" and speech_act and token.dep_ in {"dobj", "appos", "attr"}:
            left, right = token.left_edge.i, token.right_edge.i
            first = bisect_left(times, left, key=_start)
            last = bisect_right(times, right, key=_start)
            times = [t for t in times[first:last] if t.end <= right + 1]
        return when_of(self.doc, telling.head, self.article.published, times=times)

    def _place(self, telling: Telling) -> Argument | None:
        """Find where it happened: a place behind "in", "at" or "near" in the event's own clause."""
        for start in {telling.head, telling.trigger[0]}:
            for child in self.doc[start].children:
                if child.dep_ != "prep" or child.lower_ not in {
                    "in",
                    "at",
                    "near",
                    "outside",
                    "inside",
                    "across",
                }:
                    continue
                for spot in child.children:
                    if (
                        spot.dep_ == "pobj"
                        and self._is_place(self.nominals.get(spot.i))
                        and spot.i not in (*telling.actors, *telling.targets)
                    ):
                        found = self.arguments(spot.i)
                        if found:
                            return found[0]
        return None

    def _is_place(self, nominal: Nominal | None) -> bool:
        if nominal is None:
            return False
        if nominal.entries:
            return nominal.entries[0].entity.kind in {"country", "place", "region"}
        return nominal.entity_label in {"GPE", "LOC", "FAC"}

    def links(self) -> tuple[Argument, ...]:
        """Give every resolved mention of a thing with a name or a part, in order of place."""
        found = [argument for head, _ in self.named.parties() for argument in self.arguments(head)]
        return tuple(sorted(found, key=_place))


def _place(argument: Argument) -> tuple[int, int, str]:
    """Give what the arguments that a text states are sorted by."""
    if argument.mention is None or argument.entity is None:
        return 0, 0, ""
    return argument.mention.span.start, argument.mention.span.end, argument.entity.id


def _start(expression: TimeExpression) -> int:
    return expression.start


@Language.factory(
    "kg_events", assigns=["doc._.events"], requires=["doc.ents", "token.dep", "token.lemma"]
)
def make_events(nlp: Language, name: str) -> EventReader:
    """Make the component `kg_events`; after it ``doc._.events`` holds event mentions."""
    return EventReader()


class EventReader:
    """The spaCy component around `read_out`: a text of its own, without file or date."""

    def __init__(self) -> None:
        if not Doc.has_extension("events"):
            Doc.set_extension("events", default=())

    def __call__(self, doc: Doc) -> Doc:
        """Read the events of a document; offsets are those of ``doc.text``."""
        article = Article(id=content_id("text", doc.text), name="text", text=doc.text)
        doc._.events = read_out(article, doc).events
        return doc
