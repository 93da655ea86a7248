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
acts.py      what one can do to what is selected with a form, and putting away
belonging.py what one can do about who belongs
finding.py   to a search and back; keys that mean nothing here
history.py   who did what when to one thing, and an earlier text back
hosting.py   putting the community on a relay
invite.py    inviting somebody
joining.py   coming to a community by a line
preview.py   a text as others will read it, while one is still writing it
search.py    search everything
setup.py     a short form before there is a community to keep drafts in
small.py     a window that is too small
why_not.py   what is said of a key that means something, and nothing here
"""
