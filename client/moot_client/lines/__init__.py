"""Every line of a list is a row, kept at the cost of what a change touched: lists count nothing.

    issues.py    lines of the agenda       ballots.py  who put what behind an issue, and what of it counts
    reviews.py   lines of reviews          lessons.py  lines of lessons, and where they were used
    ids.py       short ids in lines        ties.py     links by their other end
    voices.py    what a person says, under whichever of their keys
    table.py     a line is written where it differs, and then it is `altered`
    anew.py      all of it from scratch: the definition, against which tests hold the rest
    follow.py    what one change touched, brought into the lines that show it

A line is a function of records, statements, persons and the vote budget alone, whichever way they came.
Persons and the budget concern every line, so where they change, `settle` sees to it.
"""

from moot_client.lines.anew import lines_of, make_anew, settle
from moot_client.lines.follow import record_changed, said

__all__ = ["lines_of", "make_anew", "record_changed", "said", "settle"]
