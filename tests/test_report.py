"""The report for people: short, whatever was read."""

from pathlib import Path

from kg.report import SHOWN, ArticleReport, Report


def told(number: int) -> ArticleReport:
    return ArticleReport(
        id=str(number), name=f"a{number}", path=None, title="Bad \x1b[2J title", publisher=None,
        agency=None, published=None, published_from=None, encoding="utf-8", paragraphs=1, events=3,
        by_type={"REJECT": 2, "CONSULT": 1}, let_go={"banner": 1}, warnings=("its date is none",),
    )  # fmt: skip


def test_many_articles_are_told_of_together():
    many = tuple(map(told, range(SHOWN + 2)))
    copies = tuple((f"b{number}", "a0") for number in range(SHOWN + 7))
    text = Report(articles=many, copies=copies, held=52).to_text(Path("out"))
    assert "52 articles read; report.json tells of each" in text
    assert "156 event mentions: 104 REJECT, 52 CONSULT" in text
    assert "let go: 52 × banner" in text
    assert "… and 2 more like these\n" in text
    assert "… and 7 more like these\n" in text
    assert len(text.splitlines()) < 3 * SHOWN


def test_a_page_that_is_not_there_is_not_to_be_opened(tmp_path):
    report = Report(articles=(told(1),), held=1, page="the 2 most told of 9 events")
    assert f"see it with: kg serve --out {tmp_path}" in report.to_text(tmp_path)
    (tmp_path / "graph.html").touch()
    text = report.to_text(tmp_path)
    assert f"Open {tmp_path / 'graph.html'}" in text
    assert "graph.html shows the 2 most told of 9 events" in text
    assert "\x1b" not in text
