"""Who published which article, and what to call each publisher."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.model import Source

__all__ = ["Publishers"]


class Publishers:
    """The publishers of articles as these are seen, in whatever order.

    A paper may be spelt in two ways; of two spellings the first in order counts.

    >>> post, loud = Source(id="post", name="The Post"), Source(id="post", name="THE POST")
    >>> publishers = Publishers({"b": post, "a": loud})
    >>> publishers.name("post"), publishers.names_in(["b", "c"])
    ('THE POST', {'post': 'The Post'})
    """

    def __init__(self, by_article: Mapping[str, Source] | None = None) -> None:
        self._by_article: dict[str, Source] = {}
        self._names: dict[str, str] = {}
        for article_id, source in (by_article or {}).items():
            self.see(article_id, source)

    def see(self, article_id: str, source: Source) -> None:
        """Note who published an article."""
        self._by_article[article_id] = source
        self.note(source)

    def note(self, source: Source) -> None:
        """Note a publisher, whatever it published."""
        known = self._names.get(source.id, source.name)
        self._names[source.id] = min(source.name, known)

    def ids_in(self, articles: Iterable[str]) -> set[str]:
        """The publishers of some articles, as far as they are known."""
        return {self._by_article[id_].id for id_ in articles if id_ in self._by_article}

    def names_in(self, articles: Iterable[str]) -> dict[str, str]:
        """What some articles call their publishers."""
        names: dict[str, str] = {}
        for id_ in articles:
            source = self._by_article.get(id_)
            if source is not None:
                names[source.id] = min(source.name, names.get(source.id, source.name))
        return names

    def name(self, publisher: str) -> str | None:
        """What articles call a publisher."""
        return self._names.get(publisher)
