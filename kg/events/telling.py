"""The record of an event mention on the level of tokens."""

from __future__ import annotations

from kg.model import Code, Frame, Modality, working_record

__all__ = ["Telling"]


@working_record
class Telling:
    """An event mention by its tokens.

    Attributes:
        head: the verb, adjective or event noun (of a light verb: its noun).
        trigger: half-open token range that is shown.
        actors, targets: heads of nominals.
        theme: half-open token range; None if there is none.
        inferred: roles that a rule filled in.
        concerns: head of the event noun or clause that this is about; None if it is about none.
        statement: it only reports speech.
        owned: heads among actors and targets that are things, with the names that modify them:
        the thing is
            what the text shows ("Russian operations"), the name is who acts.
    """

    head: int
    trigger: tuple[int, int]
    action: str
    code: Code
    frame: Frame
    actors: tuple[int, ...] = ()
    targets: tuple[int, ...] = ()
    theme: tuple[int, int] | None = None
    negated: bool = False
    modality: Modality = "asserted"
    inferred: tuple[str, ...] = ()
    concerns: int | None = None
    statement: bool = False
    owned: tuple[tuple[int, tuple[int, ...]], ...] = ()
