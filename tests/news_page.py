"""`News` of one article and one event, built by hand, in which nothing should run or be miscounted.

`page_news`: a page of HTML, with tags and character references in every place that offsets could
be counted wrong after. `hostile_news`: a text, a title, a publisher, names and a theme full of what
a page could take for markup, of signs that turn or break lines, and of 4-byte characters.
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
    Entity,
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
    words = ("Nor&shy;way", "pro&#112;osed", "Ice<wbr>land")
    return _telling(article, first, words, (NORWAY, ICELAND), "joint &lt;b&gt; patrols")


def _telling(
    article: Article,
    sentence: Span,
    words: tuple[str, str, str],
    who: tuple[Entity, Entity],
    said: str,
    theme: str | None = None,
) -> News:
    """One article that tells one event: who, what and whom in these words, each only once there."""

    def span(found: str) -> Span:
        start = article.text.index(found, sentence.start)
        return Span(start, start + len(found))

    actor, target = (
        Argument(
            mention=Mention(article_id=article.id, span=span(found), text=found, label="NAME"),
            entity=entity,
            rule="name",
        )
        for found, entity in zip(words[::2], who, strict=True)
    )
    trigger = span(words[1])
    says = Attribution(cue=trigger, speaker=actor, content=(span(said),))
    code = Code(event="AGREE", cameo="0312", rule="propose/obj")
    mention = EventMention(
        id=content_id(article.id, trigger.start, trigger.end, "propose"),
        article_id=article.id,
        sentence=sentence,
        trigger=trigger,
        action="propose",
        actors=(actor,),
        targets=(target,),
        attribution=says,
        theme=theme,
        code=code,
        confidence=0.9,
    )
    event = Event(
        id=content_id("event", mention.id),
        action="propose",
        code=code,
        actors=who[:1],
        targets=who[1:],
        mentions=(mention,),
        reasons=("first mention",),
        voices=(article.source.id,) if article.source else (),
    )
    reading = Reading(
        article=article, events=(mention,), links=(actor, target), attributions=(says,)
    )
    return News(readings=(reading,), events=(event,))


MARKUP = (
    "<script>alert(1)</script><img src=x onerror=alert(2)></title></style></textarea><!-- ]]> "
    "<a href=\"javascript:alert(3)\" onclick='alert(4)'>x</a> &lt;b&gt; &amp;lt; &#x27; {{parts}} "
    "\u202egnol\u202c \u2066x\u2069 \u05e9\u05dc\u05d5\u05dd \u2028\u2029 😀𝔘e\u0301 `${1}` =1+1"
)


def hostile_news() -> News:
    """One reading, one event; every string that a stranger could write is hostile."""
    told = f"The {MARKUP} kingdom 😀 proposed {MARKUP} to 𝔘land, {MARKUP}."
    text = f"{MARKUP}\n\n{told}\n\n{MARKUP}"
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    start = text.index(told)
    article = Article(
        id=digest[:16],
        name=MARKUP,
        text=text,
        path=f"news/{MARKUP}.txt",
        title=MARKUP,
        headline=Span(0, len(MARKUP)),
        source=Source(id="x", name=MARKUP),
        agency=MARKUP,
        dateline=MARKUP,
        published="2024-03-05",
        published_from="text",
        url="javascript:alert(5)",
        sha256=digest,
        body=(Span(start, start + len(told)),),
        skipped=(Skipped(span=Span(text.rindex(MARKUP), len(text)), reason=MARKUP),),
    )
    who = tuple(
        Entity(
            id=content_id("person", MARKUP, name),
            name=f"{name} {MARKUP}",
            kind="person",
            role=MARKUP,
        )
        for name in ("King", "Land")
    )
    words = ("kingdom 😀", "proposed", "𝔘land")
    return _telling(article, Span(start, start + len(told)), words, (who[0], who[1]), "😀", MARKUP)
