"""The screens, each beside its stylesheet.

base.py      one line on top, two at the bottom, the work between
main.py      the places, with everything that can be done to what is selected
doing.py     carrying out what was asked for, and taking it back
in_place.py  what is typed in place, one bar at a time
acting.py    what takes one line in place
form.py      one form for all kinds
writing.py   one's own part of a review, question by question
details.py   what each machine has (S)
help.py      keys and signs (?)
welcome.py   found, join, look around
words.py     recovery words, shown once
line.py      a line to copy: an invite
"""
