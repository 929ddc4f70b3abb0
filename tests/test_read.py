import io
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from kg.model import Article, content_id
from kg.read import Unreadable, decode, find_date, read_article, read_articles
from kg.read.boilerplate import boilerplate, is_byline
from kg.read.datelines import find_dateline, own_dateline
from kg.read.dates import date_line

SEEDS = Path(__file__).parent.parent / "seeds"
SENTENCE = "The army of Arnor left the town on Monday."


def skipped(article: Article) -> list[tuple[str, str]]:
    return [(one.reason, article.text[one.span.start : one.span.end]) for one in article.skipped]


def body(article: Article) -> list[str]:
    return [article.text[span.start : span.end] for span in article.body]


def only(path: Path) -> Article:
    (found,) = readable([path])
    return found


def readable(paths: Iterable[str | Path]) -> list[Article]:
    found = list(read_articles(paths))
    assert not [one for one in found if isinstance(one, Unreadable)]
    return [one for one in found if isinstance(one, Article)]


def publisher(article: Article) -> str:
    assert article.source is not None
    return article.source.name


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("May 20 2016 11:40 PM", "2016-05-20T23:40"),
        ("Fri May 20, 2016 8:56PM", "2016-05-20T20:56"),
        ("20 May 2016 | 11:40", "2016-05-20T11:40"),
        ("Published: 2016-05-20T11:40:12+03:00", "2016-05-20T11:40+03:00"),
        ("Published: 2016-05-20T11:40Z", "2016-05-20T11:40Z"),
        ("Updated 3:15 p.m. ET, May 20, 2016", "2016-05-20T15:15"),
        ("Friday, 20 May 2016 13:05 GMT", "2016-05-20T13:05Z"),
        ("Fri 20 May 2016 16.15 BST", "2016-05-20T16:15"),
        ("May 20th, 2016, at 12:10 a.m.", "2016-05-20T00:10"),
        ("Posted May 20, 2016 at noon", "2016-05-20"),
        ("20-May-2016", "2016-05-20"),
        ("20th May, 2016", "2016-05-20"),
        ("Date created : 20/05/2016 - 14:22", "2016-05-20T14:22"),
        ("05/20/2016 4:15 PM EDT", "2016-05-20T16:15-04:00"),
        ("13:05 20.05.2016(updated 13:08 20.05.2016)", "2016-05-20T13:05"),
        ("(Xinhua) 08:56, May 20, 2016", "2016-05-20T08:56"),
        ("By Jane Doe May 20, 2016", "2016-05-20"),
        ("By Jane Doe, CNN | Updated 1:23 PM ET, Fri May 20, 2016", "2016-05-20T13:23"),
        ("Jane Doe | May 20, 2016", "2016-05-20"),
        ("Gulf Times, May 20, 2016", "2016-05-20"),
        ("May 20, 2016 – 5 min read", "2016-05-20"),
        ("Updated 3 hours ago", ""),
        ("May 20", ""),
    ],
)
def test_a_line_that_is_only_a_date(line: str, expected: object) -> None:
    assert date_line(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "On May 20, 2016, the army left.",
        "Talks resume on May 20, 2016 in Vienna",
        "Gondor Crisis Briefing May 20, 2016",
        "1,000 days",
        "May 32, 2016",
        "Volume 12, 2016",
        "Agents may go 2016",
    ],
)
def test_a_line_with_a_date_and_more_is_no_date_line(line: str) -> None:
    assert not date_line(line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5/6/2016", "2016-06-05"),
        ("5/6/2016 3:00 PM", "2016-05-06T15:00"),
        ("25/6/2016 3:00 PM", "2016-06-25T15:00"),
        ("6/25/2016", "2016-06-25"),
        ("29 February 2015", None),
        ("29 February 2016", "2016-02-29"),
    ],
)
def test_numbers_for_months(text: str, expected: object) -> None:
    assert find_date(text) == expected


def test_published_comes_before_updated() -> None:
    article = read_article(
        f"Arnor quits town\nUpdated: May 21, 2016\nPublished: May 20, 2016\n\n{SENTENCE}"
    )
    assert (article.published, article.published_from) == ("2016-05-20", "text")


def test_a_dateline_takes_its_year_from_the_copyright_line() -> None:
    article = read_article(
        f"Arnor quits town\n\nLONDON, May 3 (Reuters) - {SENTENCE}\n\n© 2016 Reuters"
    )
    assert article.published == "2016-05-03"


def test_a_date_in_the_file_name_is_the_last_resort(tmp_path: Path) -> None:
    dated = tmp_path / "arnor-2016-05-20.txt"
    dated.write_text(f"{SENTENCE}\n\n{SENTENCE}", encoding="utf-8")
    article = only(dated)
    assert (article.published, article.published_from) == ("2016-05-20", "filename")
    dated.write_text(f"Arnor quits\n\n19 May 2016\n\n{SENTENCE}", encoding="utf-8")
    assert only(dated).published == "2016-05-19"


# --- datelines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opening", "place", "agency"),
    [
        ("MOSCOW (AP) — ", "Moscow", "AP"),
        ("BEIRUT, Lebanon — ", "Beirut, Lebanon", None),
        ("LONDON, May 3 (Reuters) - ", "London", "Reuters"),
        ("Moscow, 20 May 2016 (Reuters) – ", "Moscow", "Reuters"),
        ("MOSCOW, May 20. /TASS/. ", "Moscow", "TASS"),
        ("Tehran, May 20, IRNA – ", "Tehran", "IRNA"),
        ("WASHINGTON/MOSCOW (Reuters) - ", "Washington/Moscow", "Reuters"),
        ("KABUL, Afghanistan (AP) _ ", "Kabul, Afghanistan", "AP"),
        ("CAIRO (AP) ", "Cairo", "AP"),
        ("UNITED NATIONS -- ", "United Nations", None),
        ("ISLAMABAD: ", "Islamabad", None),
        ("Moscow — ", "Moscow", None),
        ("(CNN)", None, "CNN"),
        ("AP/Beirut - ", "Beirut", "AP"),
        ("SAN FRANCISCO - ", "San Francisco", None),
        ("Washington, D.C. (AP) — ", "Washington, D.C.", "AP"),
        ("ZAMBIA, Lusaka - ", "Zambia, Lusaka", None),
        ("Paris, 3 March 2020: ", "Paris", None),
        ("Lima: ", "Lima", None),
        ("KARACHI, Pakistan: ", "Karachi, Pakistan", None),
        ("Juba - 3 March 2020 - ", "Juba", None),
        ("KYIV. March 3 (Interfax) - ", "Kyiv", "Interfax"),
        ("Sanaa [Yemen], March 3 (ANI): ", "Sanaa", "ANI"),
        ("Lagos, Nigeria (Channels TV) ", "Lagos, Nigeria", None),
        ("Kampala | Xinhua | ", "Kampala", None),
        ("ABUJA, Nigeria, March 3, 2020 /PRNewswire/ -- ", "Abuja, Nigeria", None),
    ],
)
def test_a_dateline_at_the_beginning_of_the_lead(
    opening: str, place: str | None, agency: str | None
) -> None:
    dateline = find_dateline(opening + SENTENCE, first=True)
    assert dateline is not None
    assert (dateline.length, dateline.place, dateline.agency) == (len(opening), place, agency)


@pytest.mark.parametrize(
    "lead",
    [
        "On May 20 - the day after the vote - the rebels left.",
        "By May 20, The Hague had answered.",
        "The Associated Press (AP) reported that troops had left.",
        "Palestinian Authority (PA) President Someone said no.",
        "NATO - Russia talks resume in Brussels on Monday.",
        "Moscow — a staunch ally of Arnor — said no to that.",
        "Moscow — The Kremlin's seat — said no to that.",
        "WATCH: The army leaves the town.",
        "Peru - Chile talks resume in Lima on Monday.",
        "Kenya: a country on the move.",
        "Peru-Chilean talks resume in Lima on Monday.",
        "Arnor: The king said no.",
        "Paris (Texas) voters said no.",
        "Arnor said no.",
    ],
)
def test_a_lead_without_a_dateline(lead: str) -> None:
    assert find_dateline(lead, first=True) is None


@pytest.mark.parametrize(
    ("line", "place", "agency"),
    [
        ("AFP /Moscow", "Moscow", "AFP"),
        ("Reuters, Washington", "Washington", "Reuters"),
        ("London: Reuters", "London", "Reuters"),
        ("Moscow (AFP)", "Moscow", "AFP"),
        ("From AFP in Moscow", "Moscow", "AFP"),
        ("IRNA - Islamic Republic News Agency", None, "IRNA"),
        ("Associated Press", None, "AP"),
    ],
)
def test_a_dateline_in_a_line_of_its_own(line: str, place: str | None, agency: str | None) -> None:
    dateline = own_dateline(line)
    assert dateline is not None
    assert (dateline.place, dateline.agency) == (place, agency)


def test_the_dateline_is_cut_off_the_lead() -> None:
    article = read_article(f"Arnor quits town\n\nLONDON, May 3 (Reuters) - {SENTENCE}")
    assert skipped(article) == [("dateline", "LONDON, May 3 (Reuters) -")]
    assert body(article) == [SENTENCE]
    assert (article.dateline, article.agency, publisher(article)) == (
        "London",
        "Reuters",
        "Reuters",
    )


# --- furniture ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Make a charitable donation in support of the poor!", "banner"),
        ("Advertisement", "advertisement"),
        ("This website uses cookies to improve your experience.", "cookie notice"),
        ("Join the Arnor.org mailing list", "mailing list"),
        ("Sign up for our daily newsletter", "mailing list"),
        ("Share on Facebook", "share widget"),
        ("Facebook | Twitter | Print", "share widget"),
        ("There are no comments.", "comment form"),
        ("12 comments", "comment form"),
        ("LEAVE A COMMENT Your email address will not be published.", "comment form"),
        ("Read more: Arnor's army leaves", "related link"),
        ("Read more about the army of Arnor", "related link"),
        ("Related: Arnor's army leaves", "related link"),
        ("© 2016 Arnor Media. All rights reserved.", "copyright"),
        ("(Reporting by Jane Doe; Editing by John Roe)", "credit"),
        ("(Photo: Getty Images)", "credit"),
        ("* * *", "separator"),
        ("Middle East", "section"),
        ("Home > World > Middle East", "section"),
        ("By Jane Doe", "byline"),
        ("Iran Press TV", "publisher"),
    ],
)
def test_furniture_is_skipped_wherever_it_stands(line: str, reason: str) -> None:
    inside = read_article(f"Arnor's army leaves town\n\n{SENTENCE}\n\n{line}\n\n{SENTENCE}")
    assert (reason, line) in skipped(inside)
    assert body(inside)[0] == SENTENCE


@pytest.mark.parametrize(
    "sentence",
    [
        "Read more books, the minister told pupils on Friday.",
        "Read more about it in school, the minister told pupils. They laughed.",
        "Sign up for the army, the general told them in anger.",
        "Comments by the minister angered the rebels.",
        "Share prices fell in Gondor on Friday.",
        "By Friday the rebels had left the town.",
        "Related attacks killed ten people in the capital.",
        "Advertisement of alcohol was banned in Gondor.",
        "There are no comments from the palace on the report.",
        "Leave the town, the army told its people.",
        "Copyright law was changed in Arnor in 2015.",
        "World leaders met in Arnor.",
        "Update on talks is due on Friday.",
        "Print workers went on strike in Arnor.",
    ],
)
def test_sentences_that_look_like_furniture_stay(sentence: str) -> None:
    article = read_article(f"Arnor's army leaves town\n\n{SENTENCE}\n\n{sentence}\n\n{SENTENCE}")
    assert sentence in body(article)


def test_what_follows_the_comments_is_no_part_of_the_article() -> None:
    article = read_article(
        f"Arnor's army leaves town\n\n{SENTENCE}\n\nComments (2)\n\nI think that this is all wrong."
    )
    assert body(article) == [SENTENCE]


def test_a_list_of_related_headlines_ends_at_the_next_sentence() -> None:
    article = read_article(
        f"Arnor quits\n\n{SENTENCE}\n\nRelated articles\nGondor votes\nShire rests\n\n{SENTENCE}"
    )
    assert body(article) == [SENTENCE, SENTENCE]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Jane Doe and John Roe, Reuters", True),
        ("By Jane Doe in Beirut and John Roe in Geneva", True),
        ("by VOA News", True),
        ("By Friday the rebels had left.", False),
        ("By the time they left", False),
        ("From left to right", False),
    ],
)
def test_bylines(line: str, expected: object) -> None:
    assert is_byline(line) == expected


def test_patterns_do_not_explode_on_hostile_lines() -> None:
    for line in (
        "share, " * 45,
        "A-" * 160,
        "AB-A-" * 60,
        "reporting by a,b;c.d " * 15,
        "a+" * 150,
    ):
        article = read_article(f"{line}\n\n{SENTENCE}\n\n{line}")
        assert article.text.startswith(line)


def test_no_pattern_covers_a_plain_sentence() -> None:
    rules = boilerplate()
    for reason, pattern in (*rules.line, *rules.tail, *rules.listed):
        assert not pattern.fullmatch(SENTENCE), reason


# --- headlines ----------------------------------------------------------------------------------


HEADLINE = "Arnor rejects plan for joint strikes"
SENTENCE_LIKE = "Army of Arnor ordered to leave by minister."


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (f"{HEADLINE}\nMay 20 2016 11:40 PM\n", HEADLINE),
        (f"Homeland Security\n\nThe Shire Post\n\n{HEADLINE}\n\n", HEADLINE),
        (f"Banners of Great War (BGW)\n\n{HEADLINE}\n\n", HEADLINE),
        ("Army of Arnor Leaves the Town.\n\n", "Army of Arnor Leaves the Town."),
        ("Will Arnor strike the rebels?\n\n", "Will Arnor strike the rebels?"),
        (f"{SENTENCE_LIKE}\n\nBREE (AP) — ", SENTENCE_LIKE),
        ("Arnor quits town - BBC News\n\n", "Arnor quits town"),
        ("ARNOR QUITS TOWN\n\n", "ARNOR QUITS TOWN"),
        (f"{SENTENCE}\n\n", None),
        ("", None),
    ],
)
def test_headlines(above: str, title: str | None) -> None:
    assert read_article(above + SENTENCE).title == title


def test_one_line_alone_is_body() -> None:
    assert body(read_article(HEADLINE)) == [HEADLINE]


def test_a_caption_between_headline_and_dateline_is_prose() -> None:
    caption = "Children walk to their classes in Osgiliath."
    article = read_article(f"Arnor rejects joint plan\n{caption}\n\nAFP /Moscow\n\n{SENTENCE}")
    assert body(article) == [caption, SENTENCE]


def test_a_publisher_near_the_headline_is_the_source() -> None:
    article = read_article(
        f"Iran Press TV\n\nArnor rejects the plan\n\nIran Press TV\n\n{SENTENCE}"
    )
    assert article.source is not None
    assert article.source.name == "Iran Press TV"
    assert article.source.id == content_id("source", "iran press tv")


# --- paragraphs ---------------------------------------------------------------------------------


def test_lines_broken_by_hand_are_one_paragraph() -> None:
    wrapped = (
        "The United States has rejected a proposal by Arnor to\n"
        "conduct joint airstrikes against rebels in Gondor from\n"
        "Monday. It did not rule out talks on a ceasefire with\n"
        "Rohan.\n"
    )
    (paragraph,) = body(read_article(f"{wrapped}\n{wrapped}"))[:1]
    assert paragraph == wrapped.strip()


def test_a_paragraph_a_line_stays_a_paragraph_a_line() -> None:
    article = read_article(f"Arnor quits town\n{SENTENCE}\n{SENTENCE} {SENTENCE}\n{SENTENCE}")
    assert body(article) == [SENTENCE, f"{SENTENCE} {SENTENCE}", SENTENCE]


def test_a_list_of_short_lines_stays_apart() -> None:
    article = read_article(
        f"Arnor quits town\n\n{SENTENCE}\n\n- apples from Bree\n- more pears\n- figs"
    )
    assert body(article)[1:] == ["- apples from Bree", "- more pears", "- figs"]


def test_line_ends_and_odd_characters_stay_as_they_are(tmp_path: Path) -> None:
    raw = (
        b"\xef\xbb\xbfArnor quits the town\r\n\r\nThe cafe\xcc\x81 was\xc2\xa0shut by six men.\r\n"
    )
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    article = only(path)
    assert article.text == raw.decode("utf-8")
    assert skipped(article) == [("byte order mark", "\ufeff")]
    assert article.title == "Arnor quits the town"
    assert body(article) == ["The cafe\u0301 was\u00a0shut by six men."]


# --- files --------------------------------------------------------------------------------------


def test_the_seeds() -> None:
    first, second = readable([SEEDS])
    assert first.title == "Pentagon rejects Moscow’s plan for joint Syria strikes"
    assert (first.agency, first.dateline, first.published) == ("AFP", "Moscow", "2016-05-20T23:40")
    assert [reason for reason, _ in skipped(first)] == [
        "date",
        "dateline",
        "comment form",
        "comment form",
    ]
    assert second.title == "US rejects Russia's call for join airstrikes in Syria"
    assert (publisher(second), second.published) == ("Iran Press TV", "2016-05-20T20:56")
    assert [reason for reason, _ in skipped(second)] == [
        "banner", "section", "publisher", "publisher", "date", "mailing list",
    ]  # fmt: skip


def test_ids_come_from_the_bytes_alone(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(SENTENCE.encode())
    first, second = readable([tmp_path])
    assert (first.id, first.name, second.name) == (second.id, "a", "b")
    assert first.id == content_id(first.sha256)


def test_directories_are_walked_sorted_and_files_read_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "deep/c.txt", "no.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name + SENTENCE, encoding="utf-8")
    names = [
        article.name for article in readable([tmp_path, tmp_path / "a.txt", f"{tmp_path}/*.txt"])
    ]
    assert names == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("café — Arnor".encode(), "utf-8"),
        ("café – “Arnor”".encode("cp1252"), "cp1252"),
        ("\ufeffcafé".encode("utf-16-le"), "utf-16-le"),
        ("\ufeffcafé".encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_encodings(raw: bytes, encoding: str) -> None:
    text, found = decode(raw)
    assert found == encoding
    assert raw.decode(found) == text


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\xef\xbb\xbf\n", "is empty"),
        ("binary.txt", b"ab\x00cd", "binary file"),
        ("image.txt", b"\x89PNG\r\n\x1a\n\xff", "is an image"),
        ("broken.txt", b"\xff\xfe\x00", "can't be decoded"),
        ("page.txt", b"<!DOCTYPE html><p>Arnor</p>", "shows no article"),
        ("a.pdf", b"%PDF-1.7\n", "is a PDF"),
        ("empty.jsonl", b"\n\n", "is empty"),
        ("bad.jsonl", b'{"text": ', "line 1: is not JSON"),
        ("deep.jsonl", b"[" * 100_000, "line 1: is not JSON"),
        ("list.jsonl", b"[1]", "line 1: is not a JSON object"),
        ("none.jsonl", b'{"id": "a"}', 'line 1: has no "text"'),
        ("half.jsonl", b'{"text": "\\ud800"}', "surrogate"),
        ("nul.jsonl", b'{"text": "a\\u0000b"}', "NUL"),
        ("latin.jsonl", b'{"text": "caf\xe9"}', "is not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(
    tmp_path: Path, name: str, raw: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    (problem,) = read_articles([path])
    assert isinstance(problem, Unreadable)
    assert says in problem.message
    assert problem.message.startswith(str(path))
    assert "\n" not in problem.message


def test_missing_paths_and_bare_directories_are_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    good = tmp_path / "a.txt"
    good.write_text(SENTENCE, encoding="utf-8")
    found = list(read_articles(["no/such.txt", "no/*.txt", "a\x00b", tmp_path / "bare", good]))
    assert [type(one) for one in found] == [Unreadable] * 4 + [Article]


# --- records ------------------------------------------------------------------------------------


def records(*rows: dict[str, object] | str) -> list[Article | Unreadable]:
    lines = "\n".join(json.dumps(row) if isinstance(row, dict) else row for row in rows)
    return list(read_articles(["-"], stdin=io.BytesIO(lines.encode())))


def good(*rows: dict[str, object] | str) -> list[Article]:
    return [one for one in records(*rows) if isinstance(one, Article)]


def test_records_say_what_they_are() -> None:
    (article,) = good(
        {
            "id": "x",
            "text": SENTENCE,
            "date": "2016-05-20",
            "title": "T",
            "publisher": "P",
            "url": "u",
        }
    )
    assert (article.name, article.title, publisher(article), article.url) == ("x", "T", "P", "u")
    assert (article.published, article.published_from, article.record) == (
        "2016-05-20",
        "record",
        0,
    )
    assert (article.path, body(article), article.headline) == (None, [SENTENCE], None)
    assert article.id == content_id(article.sha256)


def test_names_of_records() -> None:
    names = [
        one.name
        for one in good({"doc": "d", "text": "A b."}, {"id": 7, "text": "A b."}, {"text": "A b."})
    ]
    assert names == ["d", "7", "stdin-3"]


def test_a_bad_line_does_not_stop_the_good_ones() -> None:
    found = records({"text": SENTENCE}, "{", "", {"text": SENTENCE})
    assert [type(one).__name__ for one in found] == ["Article", "Unreadable", "Article"]
    assert isinstance(found[1], Unreadable)
    assert found[1].message.startswith("standard input, line 2: ")


@pytest.mark.parametrize("sentence", ["Arnor quits town", "May 20, 2016", "Comments", SENTENCE])
def test_a_record_of_one_paragraph_is_body(sentence: str) -> None:
    (article,) = good({"text": sentence})
    assert body(article) == [sentence]


def test_a_single_sentence_may_open_with_a_dateline() -> None:
    (article,) = good({"text": f"SAN FRANCISCO - {SENTENCE}"})
    assert body(article) == [SENTENCE]


def test_the_title_of_a_record_is_found_in_its_text() -> None:
    (article,) = good({"title": "Arnor’s town", "text": f"World\n\nArnor's town\n\n{SENTENCE}"})
    assert article.headline is not None
    assert article.text[article.headline.start : article.headline.end] == "Arnor's town"
