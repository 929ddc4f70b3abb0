"""The record of a saying in token numbers, and the way from it to an `Attribution`."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import TYPE_CHECKING, TypeAlias

from kg.annotate import source_span
from kg.model import Argument, Attribution, Mention, Span, working_record

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.parse import Parse

Range: TypeAlias = tuple[int, int]


@working_record
class Saying:
    """One attribution, in token numbers of its `Doc`.

    Attributes:
        cue: the reporting words, ascending; a colon or dash where no word reports.
        verb: the main word of the cue.
        speaker: head of the speaker's noun phrase; None where nobody is named.
        source: the speaker's whole noun phrase.
        content: what is said, as half-open ranges, ascending and apart.
        link: how the content hangs on the cue: quote, clause, to, obj, obj-to, obj-as, obj-is,
            prep:of, sentence, label, ...
        quoted: some of the content stands in quotation marks.
        stance: of the speaker towards the content: neutral, positive, negative, denial.
        negated: the cue itself is negated ("did not say that ...").
        hypothetical: nobody has said it: "could say", "wants to show", "Do you think ...?".
        inner: the cue stands inside somebody's quotation.
    """

    cue: tuple[int, ...]
    verb: int
    speaker: int | None
    source: Range | None
    content: tuple[Range, ...]
    link: str
    quoted: bool = False
    stance: str = "neutral"
    negated: bool = False
    hypothetical: bool = False
    inner: bool = False

    @property
    def stated(self) -> bool:
        """The article itself tells that it was said, thought or wanted."""
        return not (self.inner or self.negated or self.hypothetical)

    @property
    def reported(self) -> bool:
        """The content is told as so by the speaker; not only wanted, judged or talked about."""
        return self.link in {"quote", "clause", "sentence", "label", "prep:of", "raised"}

    def covers(self, token: int) -> bool:
        """Tell whether a token stands in the content."""
        return any(start <= token < end for start, end in self.content)

    @property
    def length(self) -> int:
        """Tokens of the content."""
        return sum(end - start for start, end in self.content)


def sayings_about(sayings: Iterable[Saying], token: int) -> tuple[Saying, ...]:
    """Find who vouches for a token: the nearest speaker first, then who reports that one.

    What is only wanted, judged or named ("wants to leave", "rejected the plan") nobody vouches for.

    >>> inner = Saying((4,), 4, 3, (3, 4), ((5, 9),), "clause")
    >>> outer = Saying((1,), 1, 0, (0, 1), ((2, 9),), "clause")
    >>> [saying.speaker for saying in sayings_about([outer, inner], 6)]
    [3, 0]
    """
    around = [s for s in sayings if s.reported and s.covers(token) and token not in s.cue]
    return tuple(sorted(around, key=lambda saying: (saying.length, saying.verb)))


def to_attribution(
    doc: Doc | Parse,
    saying: Saying,
    article_id: str = "",
    *,
    text: str | None = None,
    speaker: Argument | None = None,
    labels: MutableMapping[Range, str] | None = None,
) -> Attribution:
    """Make the record of a saying, with offsets into the article's text.

    Args:
        text: the article's text, from which the speaker's words are cut, title and all; None
            keeps the mention in `speaker`, if there is one.
        speaker: who it is, where coreference and entities know.
        labels: of the mentions known by their tokens; what is new is added.
    """
    if saying.source is not None and (speaker is None or text is not None):
        mention = _mention(doc, saying.source, article_id, text, {} if labels is None else labels)
        known = speaker or Argument(mention=None, rule="speaker")
        speaker = Argument(mention=mention, entity=known.entity, rule=known.rule)
    cue = _chars(doc, (saying.cue[0], saying.cue[-1] + 1))
    content = tuple(_chars(doc, part) for part in saying.content)
    return Attribution(
        cue=cue, speaker=speaker, content=content, quoted=saying.quoted, stance=saying.stance
    )


def _mention(
    doc: Doc | Parse,
    source: Range,
    article_id: str,
    text: str | None,
    labels: MutableMapping[Range, str],
) -> Mention:
    """Make the mention of a speaker's noun phrase; one stretch has one label, whoever asks."""
    head = next((t for t in doc[source[0] : source[1]] if t.head.i not in range(*source)), None)
    pos = head.pos_ if head is not None else ""
    span = _chars(doc, source)
    label = labels.setdefault(source, {"PROPN": "NAME", "PRON": "PRONOUN"}.get(pos, "NOMINAL"))
    start, end = _char_range(doc, source)
    words = doc.text[start:end] if text is None else text[span.start : span.end]
    return Mention(article_id=article_id, span=span, text=words, label=label)


def _char_range(doc: Doc | Parse, tokens: Range) -> Range:
    last = doc[tokens[1] - 1]
    return doc[tokens[0]].idx, last.idx + len(last.text)


def _chars(doc: Doc | Parse, tokens: Range) -> Span:
    return source_span(doc, *_char_range(doc, tokens))
