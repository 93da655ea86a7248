"""The few widgets that all screens are made of.

topline.py   community and places, or where one is inside them
keysline.py  the keys that are valid now
heading.py   one line above a list or a page
rowlist.py   a list that never moves under one's eyes
lines.py     what a list holds, and which of it is shown
page.py      a sheet to read, with things in it to step to
linebar.py   one line in place: the filter, the hours
votebar.py   one line in place: dots and a reason
prosebox.py  a place to type several lines
chooser.py   one of a few words
finder.py    another record, found by typing
"""
