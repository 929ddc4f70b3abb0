"""Changing what a folder holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Protocol

from pyoxigraph import Quad

from kg.collection.archive import Archive, Packed, Place, Tally, reading_digest
from kg.collection.folder import STORE, clear, make_folder, take_places, told
from kg.collection.folder import beside as waiting_place
from kg.collection.graph import Change, Made, Source, amend, load_anew, replace_all
from kg.collection.index import Counted
from kg.collection.plan import (
    Held,
    Holding,
    Plan,
    exactly,
    free_place,
    lineage,
    standing,
    with_articles,
    without,
)
from kg.collection.touched import Filling, Touching, amend_touched
from kg.merge import Sketch
from kg.model import Article, Reading
from kg.store import Store, copy_store, open_store

__all__ = ["Collection", "MakeQuads", "WriteFiles", "compared"]

ARCHIVE = "readings.sqlite"
TAKEN_IN = 256  # articles that are read before they are written to disk
REBUILT_AT = 3  # where more than one article in so many changes, the store is loaded anew

MakeQuads = Callable[[Source], Iterator[Quad]]
"""Makes all quads of a store; another engine's way in place of `Source.quads`."""


class WriteFiles(Protocol):
    """Writes files beside their places in a folder (`write_beside`)."""

    def passing(self, quads: Iterator[Quad], folder: Path) -> Iterator[Quad]:
        """Give on the quads of a store that is loaded anew, and take them in as they go by."""

    def __call__(self, store: Store, folder: Path) -> Sequence[str]:
        """Write the files and give their names."""


class Collection:
    """The writer of a folder; one at a time.

    Args:
        files: names of all files that a change may write beside the store.

    Raises:
        StoreError: another one writes there, or nobody can.
    """

    def __init__(self, folder: Path, files: Sequence[str] = ()) -> None:
        self.folder = make_folder(folder)
        self._files = tuple(files)
        self._stands: tuple[Mapping[Place, Held], dict[str, tuple[Place, str]]] | None = None
        self._archive = Archive(folder / ARCHIVE)
        try:
            self._settle()
        except BaseException:
            self._archive.close()
            raise

    def __enter__(self) -> Collection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the next writer in."""
        self._archive.close()

    def _settle(self) -> None:
        """Finish what a writer that died had decided, and clear away what it hadn't."""
        moving = self._archive.read("moving")
        if moving is not None:
            self._move(json.loads(moving))
        with told(self.folder):
            clear(self.folder, (STORE, *self._files))

    @property
    def made(self) -> Made | None:
        """How the graph in the folder was made; None if there is none."""
        values = {key: self._archive.read(key) for key in ("edition", "model", "base")}
        if values["edition"] is None:
            return None
        known = {key: value for key, value in values.items() if value is not None}
        return Made(
            **known,
            store=self._archive.read("store") or None,
            entities=self._archive.read("entities") or None,
            curation=self._archive.read("curation") or None,
            inputs=self._archive.read("inputs") or None,
        )

    # --- planning -------------------------------------------------------------------------------

    def take_in(self, articles: Iterable[Article], made: Made) -> dict[Place, Held]:
        """Take in the articles of this run, one at a time: they wait on disk.

        Returns:
            What was found where, to plan with.
        """
        known, found = self._archive.places(), dict[Place, Held]()
        for some in batched(articles, TAKEN_IN):
            new: dict[Place, Article] = {}
            for article in some:
                place = free_place(article, found)
                held = (article.id, reading_digest(article, made.edition))
                if place in found or known.get(place) != held:
                    new[place] = article
                found[place] = held
            with self._archive.together():
                self._archive.take_in(new.items())
        return found

    def plan_exactly(self, found: Mapping[Place, Held], made: Made) -> Plan:
        """Plan to hold what was taken in and nothing else."""
        return exactly(found, self._holding(made))

    def plan_with(
        self, found: Mapping[Place, Held], made: Made, failed: frozenset[tuple[str, int]]
    ) -> Plan:
        """Plan to hold what was taken in too; see `kg.collection.plan.with_articles`."""
        return with_articles(found, self._holding(made, failed))

    def plan_without(self, wanted: Sequence[str], made: Made) -> tuple[Plan, list[str]]:
        """Plan to hold nothing that paths or ids name; those that name nothing are given back."""
        holding = self._holding(made)
        plan = Plan(places=dict(holding.places), revised={})
        unknown = []
        for name in wanted:
            here = without(name, holding)
            if here is None:
                unknown.append(name)
            else:
                kept = plan.places.keys() & here.places.keys()
                plan = replace(plan, places={place: plan.places[place] for place in kept})
        return plan, unknown

    def _holding(self, made: Made, failed: frozenset[tuple[str, int]] = frozenset()) -> Holding:
        places = self._archive.places()
        if places and self._archive.read("edition") != made.edition:
            articles = {place: self._archive.article(place) for place in places}
            places = {
                place: (article.id, reading_digest(article, made.edition))
                for place, article in articles.items()
            }
        return Holding(places=places, failed=failed)

    # --- reading --------------------------------------------------------------------------------

    def unread(self, plan: Plan) -> dict[Place, str]:
        """The places that stand for articles whose readings aren't kept, with the digests."""
        stand, keeps = self._standing(), self._archive.keeps
        new = [
            held for id_, held in plan.standing.items() if stand.get(id_, ("", ""))[1] != held[1]
        ]
        return dict(sorted(held for held in new if not keeps(held[1])))

    def articles(self, places: Iterable[Place]) -> Iterator[Article]:
        """The articles that stand at some places."""
        return map(self._archive.article, places)

    def keep(self, readings: Iterable[Packed]) -> None:
        """Keep readings, so that a run that is cut off goes on from here."""
        with self._archive.together():
            self._archive.keep(readings)

    def readings(self, plan: Plan, ids: Iterable[str]) -> Iterator[Reading]:
        """The readings of some of a plan's articles, in the order of the ids."""
        chosen = plan.standing
        for article_id in ids:
            place, digest = chosen[article_id]
            yield self._archive.reading(digest, self._archive.article(place))

    def tallies(self, plan: Plan, ids: Iterable[str]) -> Iterator[tuple[Article, Tally]]:
        """Some of a plan's articles, by id, with what their readings hold in numbers."""
        chosen = plan.standing
        for article_id in sorted(ids):
            place, digest = chosen[article_id]
            yield self._archive.article(place), self._archive.tally(digest)

    def open_store(self) -> Store:
        """The store as it is, for reading.

        Raises:
            StoreError: there is none yet.
        """
        made = self.made
        address = made.store if made is not None else None
        return open_store(address or self.folder / STORE, read_only=True)

    @property
    def counted(self) -> Counted | None:
        """How much the graph holds; None where only the store can tell."""
        return self._archive.index.counted

    # --- changing -------------------------------------------------------------------------------

    def change(
        self,
        plan: Plan,
        made: Made,
        write_files: WriteFiles | None,
        make_quads: MakeQuads | None = None,
    ) -> Change:
        """Make the folder hold what is planned; all readings have to be kept.

        Args:
            make_quads: makes the store's quads elsewhere; without it they are made here, and only
                those that a small change touches.
            write_files: writes the files beside the store; without it those that are there go,
                once they are out of date.

        Raises:
            StoreError: it can't be written; what was there stays.
        """
        places = self._archive.places()
        change = compared(self._standing(), plan)
        pushed = self._archive.read("pushing") is None
        sound = self.made == made and pushed and self._has_store(made)
        if change.nothing and sound and (write_files is None or self._has_files()):
            if places != plan.places:  # a copy more or less, of what stands elsewhere
                with self._archive.together():
                    self._decide(plan, made, {})
            return change
        if made.store is not None:
            self._archive.write("pushing", made.store)
        try:
            with told(self.folder), self._archive.together():
                names = self._write(plan, made, change, sound, write_files, make_quads)
                moving = {"take their places": names, "go": sorted({*self._files} - {*names})}
                self._decide(plan, made, moving)
        except BaseException:
            clear(self.folder, (STORE, *self._files))
            raise
        self._move(moving)
        return replace(change, written=tuple(names))

    def _standing(self) -> dict[str, tuple[Place, str]]:
        """For each article held the first of its places, and a digest; found once for a state."""
        places = self._archive.places()
        if self._stands is None or self._stands[0] is not places:
            self._stands = places, standing(places)
        return self._stands[1]

    def _has_store(self, made: Made) -> bool:
        return made.store is not None or (self.folder / STORE).exists()

    def _has_files(self) -> bool:
        return all((self.folder / name).exists() for name in self._files)

    def _write(
        self,
        plan: Plan,
        made: Made,
        change: Change,
        sound: bool,
        write_files: WriteFiles | None,
        make_quads: MakeQuads | None,
    ) -> list[str]:
        """Write store and files where they wait, an endpoint's quads where they belong."""
        own = self.folder / STORE
        amended = (
            sound
            and make_quads is None
            and len((*change.gone, *change.written_anew)) * REBUILT_AT <= len(plan.standing)
        )
        if made.store is None and amended:
            copy_store(own, waiting_place(own))
        history = lineage(self._archive.revisions(), plan.revised, set(plan.standing))
        source = Source(
            made=made,
            history=history,
            sketches=_Sketches(self._archive, plan.standing),
            read=partial(self.readings, plan),
        )

        def passing(quads: Iterator[Quad]) -> Iterator[Quad]:
            return quads if write_files is None else write_files.passing(quads, self.folder)

        with open_store(made.store or waiting_place(own)) as store:
            if make_quads is not None:
                self._archive.index.void()
                load_anew(store, passing(make_quads(source)), made.base)
            elif not (amended and self._amend(store, source, change)):
                filling = Filling(self._archive.index, source.sketches, made.apart, made.base)
                if amended:
                    amend(store, source, change, filling)
                elif made.store is None:
                    store.load(passing(source.quads(filling)))
                else:
                    replace_all(store, source, filling)
            store.flush()
            files = list(write_files(store, self.folder)) if write_files is not None else []
        return files if made.store is not None else [STORE, *files]

    def _amend(self, store: Store, source: Source, change: Change) -> bool:
        """Change what a change touches, if the index tells what that is."""
        index, made = self._archive.index, source.made
        if index.counted is None:
            return False
        held = self._standing()
        were = {
            id_: self._archive.reading(held[id_][1], self._archive.held(held[id_][0]))
            for id_ in (*change.gone, *change.again)
        }
        are = {reading.article.id: reading for reading in source.read(change.written_anew)}
        touching = Touching(
            store=store,
            base=made.base,
            model=made.model,
            curation=made.curation,
            apart=made.apart,
            were=were,
            are=are,
            sketches=source.sketches,
            history=(self._archive.revisions(), source.history),
        )
        return amend_touched(index, touching)

    def _decide(self, plan: Plan, made: Made, moving: Mapping[str, Sequence[str]]) -> None:
        """Say what the folder holds, and that what waits may move; in a transaction."""
        chosen = plan.standing
        history = lineage(self._archive.revisions(), plan.revised, set(chosen))
        self._archive.hold(plan.places)
        self._archive.set_revisions(history)
        self._archive.keep_only({digest for _, digest in chosen.values()})
        for key, value in asdict(made).items():
            self._archive.write(key, value or "")
        self._archive.drop("pushing")
        self._archive.write("moving", json.dumps(moving))

    def _move(self, moving: Mapping[str, Sequence[str]]) -> None:
        take_places(self.folder, moving.get("take their places", ()))
        with told(self.folder):
            for name in moving.get("go", ()):
                (self.folder / name).unlink(missing_ok=True)
        self._archive.drop("moving")


class _Sketches(Mapping[str, Sketch]):
    """The sketches of a plan's articles, by id, where they lie on disk."""

    def __init__(self, archive: Archive, chosen: Mapping[str, tuple[Place, str]]) -> None:
        self._archive, self._chosen = archive, chosen

    def __getitem__(self, article_id: str) -> Sketch:
        return self._archive.sketch(self._chosen[article_id][1])

    def __iter__(self) -> Iterator[str]:
        return iter(self._chosen)

    def __len__(self) -> int:
        return len(self._chosen)


def batched(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    """Cut a stream into lists of a size."""
    waiting = iter(articles)
    while some := list(islice(waiting, size)):
        yield some


def compared(before: Mapping[str, tuple[Place, str]], plan: Plan) -> Change:
    """Tell what a plan changes."""
    after = plan.standing
    new, gone = after.keys() - before.keys(), before.keys() - after.keys()
    revised = sorted(
        (newer, older) for newer, older in plan.revised.items() if newer in new and older in gone
    )
    both = before.keys() & after.keys()
    again = {id_ for id_ in both if before[id_] != after[id_]}
    return Change(
        added=tuple(sorted(new - {newer for newer, _ in revised})),
        removed=tuple(sorted(gone - {older for _, older in revised})),
        revised=tuple(revised),
        again=tuple(sorted(again)),
    )
