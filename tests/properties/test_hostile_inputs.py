"""Inputs of every kind, bitten into: each gives articles or a line that says what is wrong."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.model import Article
from kg.read import Found, ReadOptions, read_articles
from tests.pages import saved_pages

STORY = (
    "The army of Arnor left the town on Monday, the minister said. Gondor rejected the plan of "
    "Arnor in the spring and the king accused the council of a lie. "
)
RECORDS = [
    {
        "id": number, "text": STORY, "title": "Arnor quits", "date": "2016-05-20",
        "retrieved": "2016-05-21", "author": [{"name": "Jane Doe"}], "publisher": {"name": "Post"},
    }
    for number in range(2)
]  # fmt: skip
PAGE = (
    '<html><head><title>Arnor quits</title><script type="application/ld+json">{"@type":'
    '"NewsArticle","@id":"a","headline":"Arnor quits","datePublished":"2016-05-20","author":'
    '[{"@id":"b"}],"publisher":{"name":"Post"}}</script><meta property="og:url" '
    f'content="http://a.example/1"></head><body><h1>Arnor quits</h1>{f"<p>{STORY}</p>" * 4}'
)
RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title><item><title>Arnor</title>'
    "<link>http://a.example/1</link><pubDate>Fri, 20 May 2016 11:40:00 +0300</pubDate>"
    f"<description><![CDATA[<p>{STORY}</p>]]></description></item></channel></rss>"
)
ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>Arnor'
    "</title><updated>2016-05-20T00:00:00Z</updated><author><name>Doe</name></author>"
    f'<content type="html">&lt;p&gt;{STORY}</content></entry></feed>'
)
TABLE = f'id,title,text,date\n1,Arnor,"{STORY}",2016-05-20\n2,Arnor,"{STORY}",2016-05-20\n'
LINES = "\n".join(map(json.dumps, RECORDS)).encode()


def warc() -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE.encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/1\r\nWARC-Date: "
        "2016-05-21T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return (head.encode() + http + b"\r\n\r\n") * 2


def zipped() -> bytes:
    """A zip with a file of each method of packing."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for number, method in enumerate((0, 8, 12, 14)):
            archive.writestr(zipfile.ZipInfo(f"{number}.txt"), STORY, compress_type=method)
    return whole.getvalue()


INPUTS = {
    "a.txt": [STORY.encode()],
    "a.html": [PAGE.encode(), *(page.raw for page in saved_pages()[::6])],
    "a.jsonl": [LINES],
    "a.json": [json.dumps(RECORDS).encode(), json.dumps({"a": {"b": RECORDS}}).encode()],
    "a.csv": [TABLE.encode(), TABLE.encode("utf-16")],
    "a.tsv": [TABLE.replace(",", "\t").encode()],
    "a.xml": [RSS.encode(), ATOM.encode()],
    "a.warc": [warc()],
    "a.warc.gz": [gzip.compress(warc(), mtime=0)],
    "a.jsonl.zst": [zstandard.compress(LINES)],
    "a.zip": [zipped()],
}
BITES = [
    b"", b"\x00", b"\xff", b"\xff\xfe", b"<", b">", b'"', b"'", b"{", b"[", b"]", b"}", b"\\ud800",
    b"\\u0000", b"\r", b"\n", b"&#xD800;", b"&#0;", b"&#99999999999;", b"&", b"<![CDATA[", b"<!--",
    b"-->", b'<script type="application/ld+json">', b"</script>", b"<table>", b"<svg>", b"1e999",
    b"NaN", b"0000-01-01", b"9999-12-31", b"1463733600", b"http://[", b"charset=utf-16",
    b"charset=idna", b"Content-Length: 0", b"Transfer-Encoding: chunked", b"null", b"[[[[",
    b'<!DOCTYPE x [<!ENTITY a "b">]>', b"&a;", b"Sat, 99 Foo 0000", b"\xe2\x80\xae",
    b"\xed\xa0\x80", b"@id", b'"text":7,', b'<base href="http://[">', b"<p>" * 50, b"<![", b"<?",
]  # fmt: skip
PLACES = st.integers(0, 1 << 14)
CHANGES = st.lists(
    st.tuples(PLACES, st.sampled_from([0, 0, 0, 1, 4, 40, 1 << 14]), st.sampled_from(BITES)),
    min_size=1,
    max_size=6,
)
SOME = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def bitten(raw: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """Take bytes out and put others in, at places that are counted round and round."""
    for place, taken, put in changes:
        at = place % (len(raw) + 1)
        raw = raw[:at] + put + raw[at + taken :]
    return raw


def read_all(path: Path, raw: bytes) -> list[Found]:
    path.write_bytes(raw)
    return list(read_articles([path], options=ReadOptions(any_language=True)))


def check(found: Found) -> None:
    if not isinstance(found, Article):
        assert len(found.message.splitlines()) == 1
        assert "can't be opened" not in found.message  # it can: what is behind this is a mistake
        return
    headline = (found.headline,) if found.headline else ()
    for span in (*headline, *found.body, *(one.span for one in found.skipped)):
        assert 0 <= span.start < span.end <= len(found.text)
    told = (found.text, found.title, found.url, found.name, found.published, *found.authors)
    for text in told:
        assert "\x00" not in (text or "")
        (text or "").encode("utf-8")


@pytest.mark.parametrize("name", INPUTS)
def test_what_is_whole_is_read(tmp_path: Path, name: str) -> None:
    for raw in INPUTS[name]:
        assert any(isinstance(one, Article) for one in read_all(tmp_path / name, raw))


@SOME
@given(st.integers(0, 9), CHANGES)
@pytest.mark.parametrize("name", INPUTS)
def test_what_is_bitten_into_is_read_or_told(
    tmp_path: Path, name: str, number: int, changes: list[tuple[int, int, bytes]]
) -> None:
    several = INPUTS[name]
    for one in read_all(tmp_path / name, bitten(several[number % len(several)], changes)):
        check(one)


@settings(SOME, max_examples=25)
@given(st.binary(max_size=120))
@pytest.mark.parametrize("name", INPUTS)
def test_no_bytes_under_any_name_make_reading_fail(tmp_path: Path, name: str, raw: bytes) -> None:
    for one in read_all(tmp_path / name, raw):
        check(one)


def in_json_ld(said: str) -> str:
    old = '"author":[{"@id":"b"}],"publisher":{"name":"Post"}'
    assert old in PAGE
    return PAGE.replace(old, said)


def in_record(said: str) -> str:
    return json.dumps(RECORDS[0])[:-1] + f", {said}}}"


def nested(count: int) -> str:
    return "[" * count + "]" * count


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.html", in_json_ld(f'"author":{nested(900)}')),
        ("a.html", in_json_ld(f'"publisher":{nested(900)}')),
        ("a.html", in_json_ld(f'"@id":{nested(900)}')),
        ("a.html", in_json_ld('"headline":"\\ud800\\u0000"')),
        ("a.jsonl", in_record(f'"date":{nested(900)}')),
        ("a.jsonl", in_record('"retrieved":"0000-01-01"')),
    ],
    ids=["authors", "publishers", "ids", "half a pair", "dates", "year 0"],
)
def test_what_is_strange_in_the_margin_costs_no_article(
    tmp_path: Path, name: str, raw: str
) -> None:
    (found,) = read_all(tmp_path / name, raw.encode())
    assert isinstance(found, Article)
    check(found)


def nameless_zip() -> bytes:
    """A zip whose table of contents has a file without a name among others."""
    return zipped().replace(b"2.txt", b"\0.txt")


LZMA = 14


def spoilt_lzma() -> bytes:
    whole = bytearray(zipped())
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        (member,) = (one for one in archive.infolist() if one.compress_type == LZMA)
    start = member.header_offset + 30 + len(member.filename)
    whole[start + 9 : start + 60] = b"\xff" * 51
    return bytes(whole)


def test_a_file_without_a_name_in_a_zip_is_passed_over(tmp_path: Path) -> None:
    assert len(read_all(tmp_path / "a.zip", nameless_zip())) == 3


@pytest.mark.parametrize(
    ("name", "make", "says", "articles"),
    [
        ("a.zip", spoilt_lzma, "is damaged", 3),
        ("a.xml", lambda: RSS.replace("Arnor<", "&#99999999999;<").encode(), "feed", 0),
    ],
)
def test_what_breaks_a_library_is_told(
    tmp_path: Path, name: str, make: Callable[[], bytes], says: str, articles: int
) -> None:
    found = read_all(tmp_path / name, make())
    assert sum(isinstance(one, Article) for one in found) == articles
    assert says in [one.message for one in found if not isinstance(one, Article)][-1]
