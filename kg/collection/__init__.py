"""What a folder holds: articles with their readings, the store made of them, the files beside it.

The readings are what counts; the store follows from them, and equals, byte for byte as its exports
show, what a fresh build of the same inputs makes. One thing alone a fresh build can't know: that an
article took another one's place (`prov:wasRevisionOf`). It stands in a graph of its own, in the
store and not in the files beside it.

What merging found is kept beside the readings (`index`), so that a change goes on from there and
costs what it touches: `surveyed` keeps stories and copies up, `happened` events and clashes,
`shared` what articles share; `touched` turns that into quads that go and come.

A change is made in this order, so that it may be cut off anywhere:

1. readings are kept as they come, in the archive: what was read is not read again;
2. the changed store and files are written beside the old ones (a copy of a store is only links);
3. one transaction of the archive, which the changed index belongs to, says what the folder holds
   now, and that what waits may move;
4. what waits takes its place. Whoever comes next finishes this, if it was cut off.
"""

from kg.collection.archive import (
    Packed,
    Place,
    Tally,
    pack,
    pack_record,
    place_of,
    reading_digest,
    unpack_record,
)
from kg.collection.codec import from_json, to_json
from kg.collection.edition import edition, rules
from kg.collection.folder import STORE, take_places, write_beside
from kg.collection.graph import Change, Made, Source
from kg.collection.index import Counted
from kg.collection.plan import Held, Plan
from kg.collection.writer import Collection, MakeQuads, WriteFiles

__all__ = [
    "STORE",
    "Change",
    "Collection",
    "Counted",
    "Held",
    "Made",
    "MakeQuads",
    "Packed",
    "Place",
    "Plan",
    "Source",
    "Tally",
    "WriteFiles",
    "edition",
    "from_json",
    "pack",
    "pack_record",
    "place_of",
    "reading_digest",
    "rules",
    "take_places",
    "to_json",
    "unpack_record",
    "write_beside",
]
