"""Articles read out in one process or several: the same records, and what fails fails alone."""

from __future__ import annotations

import os
import signal

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate import DEFAULT_MODEL
from kg.collection import Packed
from kg.pool import forks
from kg.read import read_article
from kg.worker import Failure, Recipe, Task, packed, read_all

pytestmark = pytest.mark.model

TASKS: list[Task] = [
    (str(n), read_article(f"{who} rejected {whose} proposal on Monday.\n" * 3, name=who))
    for n, (who, whose) in enumerate(
        (("Iran", "Turkey's"), ("Norway", "Sweden's"), ("Chile", "Peru's"), ("Mali", "Chad's")) * 9
    )
]


def test_processes_read_what_one_reads(nlp: Language) -> None:
    recipe = Recipe(DEFAULT_MODEL, (), packed)
    one = [done for batch in read_all(TASKS, recipe, nlp=nlp) for done in batch]
    two = [done for batch in read_all(TASKS, recipe, jobs=2, worth=100) for done in batch]
    assert one == two
    assert [done.digest for done in one if isinstance(done, Packed)] == [n for n, _ in TASKS]


def test_few_short_articles_are_read_in_this_process(nlp: Language) -> None:
    (found,) = read_all(TASKS[:2], Recipe(DEFAULT_MODEL, (), where), jobs=64, nlp=nlp)
    assert found == [os.getpid()] * 2


def where(task: Task, doc: Doc) -> int:
    return os.getpid()


def test_what_raises_is_told_with_the_article(nlp: Language) -> None:
    (found,) = read_all(TASKS[:2], Recipe(DEFAULT_MODEL, (), broken), nlp=nlp)
    assert found[0] == "0"
    assert isinstance(found[1], Failure)
    assert found[1].why.startswith("could not be read out (ValueError: no more)")


def broken(task: Task, doc: Doc) -> str:
    if task[0] == "1":
        raise ValueError("no\nmore")
    return task[0]


PARENT = int(os.environ.setdefault("KG_TESTS_RUN_IN", str(os.getpid())))  # a child inherits it


def test_an_article_that_kills_its_process_costs_one_line(nlp: Language) -> None:
    recipe = Recipe(DEFAULT_MODEL, (), deadly)
    own = nlp if forks() else None  # where other tests left threads, processes load their own
    found = [
        one for batch in read_all(TASKS[:20], recipe, jobs=2, nlp=own, worth=10) for one in batch
    ]
    failed = [one for one in found if isinstance(one, Failure)]
    assert [one for one in found if not isinstance(one, Failure)] == [
        str(n) for n in range(20) if n != 5
    ]
    assert [one.why[:31] for one in failed] == ["the process that read it died t"]


def deadly(task: Task, doc: Doc) -> str:
    if task[0] == "5" and os.getpid() != PARENT:
        os.kill(os.getpid(), signal.SIGKILL)
    return task[0]
