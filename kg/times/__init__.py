"""Time expressions: where a text has them, which day they name, and which event they date.

A grammar of our own, over the words of `ontology/times.toml`. It counts from the article's own date
and never from the clock; what can't be told stays untold: an impossible date ("February 30") is
found and reported with the reason, and resolves to nothing.

Dates come out as ISO 8601: a day, a week ("2016-W19"), a month, a year, an interval with ".." for
an open end ("2015-09-30/.."); a season as EDTF writes it ("2015-22" is the summer of 2015).

1. `grammar`: what expressions look like; the words and one pattern over them.
2. `points`: dates and stretches, and the calendar around an article's day.
3. `readers`: a date without its preposition, one reader a form.
4. `resolve`: the whole expression: open and closed intervals, tense.
5. `find`: the expressions of a doc, impossible dates with their reason.
6. `attach`: the event that an expression dates.
"""

from kg.times.attach import when_of
from kg.times.find import TimeExpression, find_times
from kg.times.resolve import Resolved, resolve_time

__all__ = ["Resolved", "TimeExpression", "find_times", "resolve_time", "when_of"]
