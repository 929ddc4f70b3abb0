"""A `News` of one page of HTML, built by hand: tags and character references in every place that
offsets could be counted wrong after, and what a page says about itself around the article.
"""

from __future__ import annotations

import hashlib
import html
import re

from kg.model import (
    Argument,
    Article,
    Attribution,
    Code,
    Event,
    EventMention,
    Markup,
    Mention,
    News,
    Reading,
    Skipped,
    Source,
    Span,
    content_id,
)
from tests.news_sample import ICELAND, NORWAY

TITLE = "<h1>Plan &amp; &lt;promise&gt; 🚢</h1>"
FIRST = (
    '<p>On Mon&shy;day&nbsp;<a href="/no"><b>Nor&shy;way</b></a>\n  <i>pro&#112;osed</i> '
    "&ldquo;joint &lt;b&gt; patrols&rdquo; to <em>Ice<wbr>land</em> &#x1F6A2;.</p>"
)
SECOND = "<p>It was a Mon&shy;day in caf&eacute;s.</p>"
PAGE_TEXT = (
    "<!DOCTYPE html><html><head><script>alert('head')</script></head><body>"
    '<nav><a href="javascript:alert(1)">Home</a></nav>'
    f"{TITLE}{FIRST}{SECOND}<footer onclick=alert(2)>&copy; Herald</footer></body></html>"
)
SEEN = "On Mon\u00adday Nor\u00adway proposed “joint <b> patrols” to Iceland 🚢."
TRIGGER = "proposed"


def _inner(outer: str) -> Span:
    start = PAGE_TEXT.index(outer)
    return Span(start + outer.index(">") + 1, start + outer.rindex("</"))


def _span(words: str) -> Span:
    start = PAGE_TEXT.index(words)
    return Span(start, start + len(words))


def _markup(*read: Span) -> tuple[Markup, ...]:
    return tuple(
        Markup(
            span=Span(part.start + found.start(), part.start + found.end()),
            shown="" if found[0].startswith("<") else html.unescape(found[0]),
        )
        for part in read
        for found in re.finditer(r"<[^>]*>|&#?\w+;", PAGE_TEXT[part.start : part.end])
    )


def page_news() -> News:
    """One reading, one event: Norway proposes to Iceland, words broken by tags."""
    title, first, second = map(_inner, (TITLE, FIRST, SECOND))
    digest = hashlib.sha256(PAGE_TEXT.encode("utf-8")).hexdigest()
    article = Article(
        id=digest[:16],
        name="page",
        text=PAGE_TEXT,
        path="news/page.html",
        title="Plan & <promise> 🚢",
        headline=title,
        source=Source(id="herald", name="Herald"),
        published="2024-03-05",
        published_from="meta",
        sha256=digest,
        body=(first, second),
        skipped=tuple(
            Skipped(span=Span(start, end), reason=reason)
            for start, end, reason in (
                (0, title.start, "navigation"),
                (title.end, first.start, "markup"),
                (first.end, second.start, "markup"),
                (second.end, len(PAGE_TEXT), "footer"),
            )
        ),
        markup=_markup(title, first, second),
    )
    actor, target = (
        Argument(
            mention=Mention(article_id=article.id, span=_span(words), text=words, label="NAME"),
            entity=entity,
            rule="name",
        )
        for words, entity in (("Nor&shy;way", NORWAY), ("Ice<wbr>land", ICELAND))
    )
    says = Attribution(
        cue=_span("pro&#112;osed"), speaker=actor, content=(_span("joint &lt;b&gt; patrols"),)
    )
    trigger = _span("pro&#112;osed")
    mention = EventMention(
        id=content_id(article.id, trigger.start, trigger.end, "propose"),
        article_id=article.id,
        sentence=first,
        trigger=trigger,
        action="propose",
        actors=(actor,),
        targets=(target,),
        attribution=says,
        code=Code(event="AGREE", cameo="0312", rule="propose/obj"),
        confidence=0.9,
    )
    event = Event(
        id=content_id("event", mention.id),
        action="propose",
        code=mention.code,  # type: ignore[arg-type]
        actors=(NORWAY,),
        targets=(ICELAND,),
        mentions=(mention,),
        reasons=("first mention",),
        voices=("herald",),
    )
    reading = Reading(
        article=article, events=(mention,), links=(actor, target), attributions=(says,)
    )
    return News(readings=(reading,), events=(event,))
