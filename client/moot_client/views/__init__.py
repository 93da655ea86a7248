"""Rows to what a screen, a command or an export shows: frozen values, read off SQLite.

Every function takes a read connection and reads rows alone: no document, no key, no socket.

    people.py    members, told apart
    agenda.py    issues ranked by dots then hours, budgets computed; one issue whole
    reviews.py   reviews; one review, question by question
    lessons.py   lessons and their uses
    today.py     what changed, what waits for me
    standing.py  on this machine / stored by the relay / who has it
    find.py      ids by unique prefix; search
"""
