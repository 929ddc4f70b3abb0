"""How well and how fast pages of HTML are read: the saved pages of `tests/cases/pages`.

`python benchmarks/read_html.py [FOLDER]` prints the figures, a line for each page that is not read
right, and pages a second over the saved pages blown up to the size of real ones (scripts, styles
and menus, 100 kB). With a folder of saved pages, only their speed is measured.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kg.errors import ArticleError
from kg.read import decode, read_page
from tests.pages import Saved, saved_pages, scores, words

WANTED = 150
REAL_SIZE = 100_000


def judge(page: Saved) -> tuple[bool, bool, bool, bool, int, int, int]:
    """Read a page; tell whether title, date, publisher and authors are right, and the words."""
    try:
        article = read_page(decode(page.raw)[0])
    except ArticleError as error:
        print(f"{page.name}: {error}")
        return False, False, False, False, 0, 0, words(page.body).total()
    publisher = article.source.name if article.source else ""
    checks = (
        ("title", article.title or "", page.title),
        ("date", article.published or "", page.published),
        ("publisher", publisher, page.publisher),
        ("authors", "; ".join(article.authors), "; ".join(page.authors)),
    )
    right = [found.casefold() == wanted.casefold() for _, found, wanted in checks]
    for (what, found, wanted), well in zip(checks, right, strict=True):
        if not well:
            print(f"{page.name}: {what} is {found!r}, should be {wanted!r}")
    read, common, gold = scores(article, page)
    if common < 0.97 * gold or read - common > 0.03 * read:
        print(f"{page.name}: {read} words read, {common} of the story's {gold}")
        extra = words("\n".join(map(article.words, article.body))) - words(page.body)
        print("   extra:", " ".join(sorted(extra.elements()))[:200])
    return (right[0], right[1], right[2], right[3], read, common, gold)


def blown_up(raw: bytes) -> bytes:
    """Add to a page what real ones carry along: scripts, styles, menus of links."""
    menu = b"".join(
        b'<li class="m"><a href="/s/%d/%d" data-x="1">Section %d</a></li>' % (len(raw), i, i)
        for i in range(400)
    )
    junk = b"<nav><ul>" + menu + b"</ul></nav>"
    left = max(0, REAL_SIZE - len(raw) - len(junk))
    script = (
        b"<script>" + b'var a = {"b": [1, 2, 3], "c": "<p>no</p>"};\n' * (left // 46) + b"</script>"
    )
    return raw.replace(b"</title>", b"</title>" + script, 1) + junk


def pages_a_second(pages: list[bytes]) -> float:
    """Read pages one after the other; those without an article count, too."""
    start = time.process_time()  # the machine may be busy with others
    for raw in pages:
        try:
            read_page(decode(raw)[0])
        except ArticleError:
            continue
    return len(pages) / (time.process_time() - start)


def main() -> int:
    """Print the figures; exit code 1 where one is below what is wanted."""
    if sys.argv[1:]:
        raws = [path.read_bytes() for path in sorted(Path(sys.argv[1]).rglob("*.htm*"))]
        print(f"{len(raws)} pages, {pages_a_second(raws):.0f} a second")
        return 0
    pages = saved_pages()
    judged = [judge(page) for page in pages]
    count = len(pages)
    for place, what in enumerate(("title", "date", "publisher", "authors")):
        print(f"{what:12} {sum(one[place] for one in judged) / count:.3f}")
    read, common, gold = (sum(one[place] for one in judged) for place in (4, 5, 6))
    print(f"{'body words':12} {common / gold:.4f} of the story's were read")
    print(f"{'boilerplate':12} {1 - common / read:.4f} of the words read")
    small = [page.raw for page in pages] * 4
    speed = pages_a_second([blown_up(raw) for raw in small])
    print(
        f"{'speed':12} {speed:.0f} pages of 100 kB a second,"
        f" {pages_a_second(small):.0f} as they are"
    )
    return 0 if speed >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
