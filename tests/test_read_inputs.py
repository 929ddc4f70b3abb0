"""Archives, tables, feeds, addresses, languages, encodings: what goes in, and what can't."""

import gzip
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
import zstandard

from kg.model import Article
from kg.read import LetGo, ReadOptions, Unreadable, decode, listing, read_articles
from kg.read.fetch import is_public

SENTENCE = "The army of Arnor left the town on Monday."
PROSE = f"{SENTENCE} The minister said that the talks would go on for a week. "
PAGE = f"<html><title>T</title><h1>Arnor quits town</h1><p>{PROSE * 3}</html>"
FRENCH = (
    "Le ministre a déclaré lundi que l'armée avait quitté la ville et que les discussions se"
    " poursuivraient dans les prochains jours, selon plusieurs sources proches du gouvernement."
)


def read(*paths: str | Path, **options: object) -> list[Article | Unreadable]:
    return list(read_articles(paths, options=ReadOptions(**options)))  # type: ignore[arg-type]


def texts(*paths: str | Path, **options: object) -> list[str]:
    return [one.text for one in read(*paths, **options) if isinstance(one, Article)]


def problems(*paths: str | Path) -> list[str]:
    return [one.message for one in read(*paths) if isinstance(one, Unreadable)]


def lines(count: int) -> bytes:
    return b"".join(
        json.dumps({"id": f"{n}", "text": f"{n} {SENTENCE}"}).encode() + b"\n" for n in range(count)
    )


def response(body: str, *, length: int | None = None, status: str = "200 OK") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n".encode()
    content = http + body.encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2016-05-21T10:00:00Z\r\n"
        "WARC-Target-URI: https://arnor.example/a\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(content) if length is None else length}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


# --- packed files -------------------------------------------------------------------------------


def pack(kind: str, raw: bytes) -> bytes:
    if kind == "gz":
        return gzip.compress(raw, mtime=0)
    if kind == "zst":
        return zstandard.compress(raw)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep/a.jsonl", raw)
    return held.getvalue()


@pytest.mark.parametrize("kind", ["gz", "zst", "zip"])
def test_packed_files_are_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.jsonl.{kind}"
    path.write_bytes(pack(kind, lines(3)))
    assert texts(path) == [f"{n} {SENTENCE}" for n in range(3)]
    (tmp_path / "b.txt.gz").write_bytes(pack("gz", SENTENCE.encode()))
    (one,) = read(tmp_path / "b.txt.gz")
    assert isinstance(one, Article)
    assert (one.name, one.path) == ("b", str(tmp_path / "b.txt.gz"))


def test_what_lies_in_a_zip_says_where(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(pack("zip", pack("gz", lines(1))))
    (one,) = read(path)
    assert isinstance(one, Article)
    assert one.path == f"{path}!deep/a.jsonl"


@pytest.mark.parametrize("kind", ["gz", "zst", "zip"])
def test_a_bomb_is_stopped(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"bomb.jsonl.{kind}"
    path.write_bytes(pack(kind, lines(1) + b" " * (80 << 20)))
    found = problems(path)
    assert any("more than 200 times its size" in message for message in found), found
    assert texts(path) == [f"0 {SENTENCE}"]


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_what_is_cut_off_is_told_and_the_whole_lines_are_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.jsonl.{kind}"
    raw = b"".join(
        json.dumps({"text": SENTENCE, "id": hashlib.sha512(b"%d" % n).hexdigest()}).encode() + b"\n"
        for n in range(4_000)
    )
    packed = pack(kind, raw)
    path.write_bytes(packed[: len(packed) * 3 // 4])
    *articles, _, end = read(path)
    assert len(articles) > 1000
    assert isinstance(end, Unreadable)
    assert "ends too early" in end.message


def test_behind_a_damaged_gzip_member_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    broken = bytearray(gzip.compress(response(PAGE), mtime=0))
    broken[30:40] = b"\xff" * 10
    good = gzip.compress(response(PAGE), mtime=0)
    path.write_bytes(good + bytes(broken) + good)
    assert len(texts(path)) == 2
    assert any("is damaged" in message for message in problems(path))


# --- WARC ---------------------------------------------------------------------------------------


def test_a_warc_gives_its_pages_and_what_was_declared(tmp_path: Path) -> None:
    path = tmp_path / "news.warc"
    path.write_bytes(response("moved", status="301 Moved") + response(PAGE) + response("<p>no"))
    article, front = read(path)
    assert isinstance(article, Article)
    assert (article.name, article.record, article.url) == ("news-2", 1, "https://arnor.example/a")
    assert isinstance(front, LetGo)
    assert "1 of 2 pages: shows no article" in front.message


@pytest.mark.parametrize(
    ("lie", "good"), [(-40, 3), (+40, 3), (+100_000, 3), (10**12, 3), (None, 2)]
)
def test_a_lying_length_costs_no_more_than_its_record(
    tmp_path: Path, lie: int | None, good: int
) -> None:
    path = tmp_path / "a.warc"
    true = len(response(PAGE).partition(b"\r\n\r\n")[2]) - 4
    liar = response(PAGE, length=true + (lie or 0))
    if lie is None:
        liar = liar.replace(b"Content-Length: ", b"Content-Length: x")
    path.write_bytes(response(PAGE) + liar + response(PAGE))
    assert len(texts(path)) == good
    assert any("Content-Length" in message for message in problems(path))


def test_a_folder_of_odd_files_gives_its_articles(tmp_path: Path) -> None:
    for name in ("a.txt", "z.txt", "between\nlines.txt"):
        (tmp_path / name).write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "nowhere.txt").symlink_to(tmp_path / "gone.txt")
    (tmp_path / "endless.txt").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.txt")
    names = [Path(one.path or "").name for one in read(tmp_path)]
    assert names == ["a.txt", "between\nlines.txt", "z.txt"]


def test_a_folder_that_cant_be_listed_is_told(tmp_path: Path) -> None:
    (told,) = listing._walk(tmp_path / "gone")
    assert isinstance(told, Unreadable)
    assert "can't be listed (No such file or directory)" in told.message


def test_a_date_after_the_retrieval_is_dropped_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    dated = '<meta name="date" content="{}">'
    path.write_bytes(
        response(dated.format("2061-05-20") + PAGE) + response(dated.format("2016-05-22") + PAGE)
    )
    late, next_day = (one for one in read(path) if isinstance(one, Article))
    assert (late.published, len(late.warnings)) == (None, 1)
    assert "lies after it was fetched on 2016-05-21 and was passed over" in late.warnings[0]
    assert (next_day.published, len(next_day.warnings)) == ("2016-05-22", 1)


# --- records ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.json", '[{"text": "%s", "title": "T", "date": "2016-05-20"}]'),
        ("a.json", '{"text": "%s", "title": "T", "date": "2016-05-20"}'),
        ("a.json", '{"status": "ok", "articles": [{"content": "%s", "headline": "T", "publishedAt":'
                   ' "2016-05-20"}]}'),
        ("a.jsonl", '{"maintext": "%s", "title": "T", "date_publish": "2016-05-20"}'),
        ("a.csv", 'title,date,text\nT,2016-05-20,"%s"\n'),
        ("a.csv", '\ufefftitle;date;text\r\nT;20 May 2016;"%s"\r\n'),
        ("a.csv", 'sep=;\n title ; date ; text \nT;2016-05-20;"%s"\n'),
        ("a.tsv", "Title\tDate\tText\nT\t2016-05-20\t%s\n"),
    ],
)  # fmt: skip
def test_records_of_many_shapes(tmp_path: Path, name: str, raw: str) -> None:
    path = tmp_path / name
    path.write_text(raw % SENTENCE, encoding="utf-8", newline="")
    (one,) = read(path)
    assert isinstance(one, Article), one
    assert (one.text, one.title, one.published) == (SENTENCE, "T", "2016-05-20")
    assert (one.published_from, one.record) == ("record", 0)


def test_fields_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"x": {"y": SENTENCE}, "text": "no", "w": "2016"}), encoding="utf-8")
    assert texts(path, fields={"text": "x.y"}) == [SENTENCE]


def test_a_record_keeps_its_text_when_its_date_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": SENTENCE, "date": "soon", "title": ["x"]}), "utf-8")
    (one,) = read(path)
    assert isinstance(one, Article)
    assert (one.published, one.title) == (None, None)
    assert one.warnings == (
        "its \"date\" is no date and was passed over: 'soon'",
        'its "title" is no text and was passed over',
    )


def test_a_long_array_is_read_a_record_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    rows = ",\n".join(json.dumps({"text": f"{SENTENCE} {'x' * 500} {n}"}) for n in range(600))
    path.write_text(f"[{rows}]", encoding="utf-8")
    assert len(texts(path)) == 600
    path.write_text(f"[{rows}", encoding="utf-8")
    assert len(texts(path)) >= 599
    assert any("record 6" in message for message in problems(path))


RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>The Post</title><item><title>Arnor quits</title>
<link>https://arnor.example/1</link><pubDate>Fri, 20 May 2016 23:40:00 +0300</pubDate>
<description>Short.</description>
<content:encoded><![CDATA[<p>%s</p><p>The <b>king</b> agreed &amp; left.</p>]]>
</content:encoded></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Post</title>
<entry><title>Arnor quits</title><link href="https://arnor.example/1"/>
<published>2016-05-20T23:40:00+03:00</published>
<content type="html">&lt;p&gt;%s&lt;/p&gt;&lt;p&gt;The king agreed &amp;amp; left.&lt;/p&gt;
</content></entry></feed>"""


@pytest.mark.parametrize("feed", [RSS, ATOM])
def test_feeds_with_content(tmp_path: Path, feed: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(feed % SENTENCE, encoding="utf-8")
    (one,) = read(path)
    assert isinstance(one, Article), one
    assert [one.words(span) for span in one.body] == [SENTENCE, "The king agreed & left."]
    assert (one.title, one.published, one.url) == (
        "Arnor quits", "2016-05-20T23:40+03:00", "https://arnor.example/1",
    )  # fmt: skip
    assert one.source is not None
    assert one.source.name == "The Post"


# --- sizes, kinds, languages, encodings ---------------------------------------------------------


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl"])
def test_an_article_too_large_is_told_and_the_next_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    body = b'{"text": "' + b"a " * (5 << 20) + b'"}\n' + lines(1)
    path.write_bytes(body if name.endswith("l") and "j" in name else b"word " * (2 << 20))
    assert any("8 MB" in message for message in problems(path))
    assert len(texts(path)) == (name == "a.jsonl")


def test_a_thousand_problems_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    for number in range(1005):
        (tmp_path / f"{number:04}.txt").touch()
    (tmp_path / "z.txt").write_text(SENTENCE, encoding="utf-8")
    found = problems(tmp_path)
    assert len(found) == 1001
    assert found[-1].endswith("5 more of its files or records can't be read either")
    assert texts(tmp_path) == [SENTENCE]


@pytest.mark.parametrize(
    ("name", "head", "says"),
    [("a.pdf", b"%PDF-1.4", "is a PDF"), ("a.docx", b"PK\x03\x04", "is a Word document"),
     ("a.txt", b"PAR1", "Parquet table"), ("a.tar", b"x" * 257 + b"ustar", "is a tar"),
     ("a.bin", bytes(range(256)), "binary file"), ("a.xml", b"<a><b/></a>", "XML without articles"),
     ("a.zip", b"PK\x05\x06" + bytes(18), "holds no .txt")],
)  # fmt: skip
def test_what_is_not_read_is_named(tmp_path: Path, name: str, head: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(head)
    (message,) = problems(tmp_path / name)
    assert says in message


def test_other_kinds_in_a_directory_are_told_without_fault(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "package.json").write_text('{"name": "x"}', encoding="utf-8")
    found = [one for one in read(tmp_path) if not isinstance(one, Article)]
    assert all(isinstance(one, LetGo) for one in found)
    assert "1 × .pdf not read" in found[-1].message


def test_other_languages_are_let_go_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{FRENCH}\n\n{FRENCH}", encoding="utf-8")
    (one,) = read(path)
    assert isinstance(one, LetGo)
    assert one.message.endswith("is in French, not in English; --any-language reads it")
    assert len(texts(path, any_language=True)) == 1


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ('<meta charset="windows-1251"><p>Газета</p>'.encode("cp1251"), "cp1251"),
        ('<meta charset="iso-8859-1"><p>“café”</p>'.encode("cp1252"), "cp1252"),
        ('<meta charset="utf-8"><p>café “a” é</p>\xe9'.encode() + b"\xe9", "utf-8"),
        ("plain — text, no mark, wide bytes".replace("—", "-").encode("utf-16-le"), "utf-16-le"),
        ("He said “we won’t go” and “they won’t” either".encode("mac-roman"), "mac-roman"),
        ('<meta charset="windows-1251"><p>“café” – a</p>'.encode(), "utf-8"),
        (b'<meta charset="rot13"><p>a</p>', "utf-8"),
        ("Министр сказал, что армия ушла из города. Переговоры идут.".encode("cp1251"), "cp1251"),
    ],
)  # fmt: skip
def test_encodings_declared_and_detected(raw: bytes, encoding: str) -> None:
    text, found = decode(raw)
    assert found == encoding
    assert raw.decode(found, "replace") == text


# --- the web ------------------------------------------------------------------------------------


def test_addresses_are_fetched_only_when_asked() -> None:
    (one,) = read("https://arnor.example/a")
    assert isinstance(one, Unreadable)
    assert "add --fetch" in one.message


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "::1", "fe80::1", "::ffff:127.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "100.64.0.1", "224.0.0.1", "localhost"],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "says"),
    [("http://127.0.0.1/", "no public address"), ("http://[::1]/", "no public address"),
     ("http://2130706433/", "no public address"), ("http://a:b@1.1.1.1/", "user name"),
     ("http://1.1.1.1:6379/", "port 6379")],
)  # fmt: skip
def test_what_is_never_fetched(url: str, says: str) -> None:
    (one,) = read(url, fetch=True)
    assert isinstance(one, Unreadable)
    assert says in one.message
