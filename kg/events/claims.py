"""What somebody does by claiming or wishing something: demands, accusations, refusals.

The verb itself ("say", "want") tells no act; what its clause says makes one of it: "Norland said
Suran must withdraw" demands, "claimed that the army rigged the vote" accuses, "said talks with
Suran were out of the question" refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.attribution import Saying
from kg.coding import code_frame, composed
from kg.events.parties import Parties
from kg.lexicon import word_class
from kg.model import Code

__all__ = ["Claim", "Claims"]

DEONTIC = frozenset({"must", "should", "ought"})
HOSTILE = frozenset({"ASSAULT", "COERCE"})


@dataclass(frozen=True, slots=True)
class Claim:
    """The act that a claim is: who makes it, of or against whom, and the clause that it is in."""

    actor: tuple[int, ...]
    target: tuple[int, ...]
    code: Code
    clause: int


class Claims:
    """Reads the claims and wishes of one document."""

    def __init__(self, parties: Parties) -> None:
        self.frames = parties.frames
        self.doc = parties.frames.doc
        self.participants = parties.participants
        self.roles = parties.roles

    def said(self, head: int, saying: Saying) -> Claim | None:
        """Read what a verb of saying reports."""
        if saying.speaker is None or saying.link not in {"clause", "quote"}:
            return None
        return self._read(head, self.participants.holders(saying.speaker), {"ccomp"})

    def wished(self, head: int) -> Claim | None:
        """Read what somebody wants another to do ("wants Suran to withdraw")."""
        clause = self.frames.grammar.clause(head)
        if clause.lemma not in word_class("WISH") or clause.negated:
            return None
        actor = [h for i in clause.subjects for h in self.participants.holders(i)]
        return self._read(head, actor, {"ccomp", "xcomp"}, "DEMAND")

    def blamed(self, head: int) -> tuple[int, ...]:
        """Find who is accused by a clause alone ("complained that Suran had been slow to pay")."""
        clause = self.frames.grammar.clause(head)
        below = [i for link, i in clause.complements if link == "ccomp"][:1]
        doers = [s for i in below for s in self.frames.grammar.clause(i).subjects]
        named = [s for s in doers if self.doc[s].pos_ != "PRON" and self.participants.actor_like(s)]
        found = [h for s in named for h in self.participants.holders(s)]
        return tuple(h for h in dict.fromkeys(found) if h not in clause.subjects)

    def _read(
        self, head: int, actor: Sequence[int], links: set[str], wish: str | None = None
    ) -> Claim | None:
        for link, below in self.frames.grammar.clause(head).complements:
            effect = wish or self._effect(head, below) if link in links else None
            if effect is None or not actor:
                continue
            against = [h for h in self._against(below, effect) if h not in actor]
            code = self._coded(head, below, effect)
            if against and code is not None:
                return Claim(tuple(actor), tuple(dict.fromkeys(against)), code, below)
        return None

    def _effect(self, head: int, below: int) -> str | None:
        """Tell whether a clause says what must be done, who is to blame, or what won't be had."""
        clause = self.frames.grammar.clause(below)
        children = self.doc[below].children
        if clause.negated:
            return None
        if any(c.dep_ == "acomp" and c.lemma_ in word_class("BLAMED") for c in children):
            return "ACCUSE"
        if self._is_ruled_out(below):
            return "REFUSE"
        if set(clause.auxiliaries) & DEONTIC:
            return "DEMAND"
        frame = self.frames.frame(below)
        coded = code_frame(frame) if frame is not None else None
        alleged = self.frames.grammar.clause(head).lemma in word_class("ALLEGE")
        return "ACCUSE" if alleged and coded is not None and coded.code.event in HOSTILE else None

    def _is_ruled_out(self, below: int) -> bool:
        """Tell "is out of the question"."""
        if self.doc[below].lemma_ != "be":
            return False
        behind = [t.lower_ for t in self.doc[below].subtree if t.i > below]
        return behind[:4] == ["out", "of", "the", "question"]

    def _against(self, below: int, effect: str) -> list[int]:
        clause = self.frames.grammar.clause(below)
        heads = clause.subjects or clause.objects
        if effect == "ACCUSE" and clause.passive and not clause.subjects:
            return []  # "claimed that her client was beaten": who did it isn't told
        if effect != "REFUSE":
            return [h for i in heads for h in self.participants.holders(i)]
        acts = [*heads, *(c.i for c in self.doc[below].children if c.dep_ == "csubj")]
        found: list[int] = []
        for act in acts:
            frame = self.frames.frame(act)
            coded = code_frame(frame) if frame is not None else None
            found += self.roles.target(act, coded, ()) or self.roles.actor(act, coded)
        return found

    def _coded(self, head: int, below: int, effect: str) -> Code | None:
        inner = self.frames.frame(below)
        coded = code_frame(inner) if inner is not None else None
        made = composed(effect, coded.code.event if coded is not None else None)
        if made is None:
            return None
        return Code(
            event=made.event,
            mode=made.mode,
            cameo=made.cameo,
            contexts=coded.code.contexts if coded is not None else (),
            rule=f"{self.doc[head].lemma_.lower()}:{effect}",
        )
