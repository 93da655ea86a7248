"""The few widgets that all screens are made of.

topline.py   community and places, or where one is inside them
heading.py   one line above a list or a page
rowlist.py   a list that never moves under one's eyes
lines.py     what a list holds, and which of it is shown
page.py      a sheet to read, with things in it to step to
linebar.py   one line in place: the filter, the hours
votebar.py   one line in place: dots and a reason
prosebox.py  a place to type several lines
chooser.py   one of a few words
finder.py    another record, found by typing
bars.py      what is opened in place, above the bottom lines
bottom.py    the two lines at the bottom
commentbox.py a remark, typed in place
hitlist.py   what a search found, and the words around it
items.py     one line of a list, before it is drawn
rewriting.py changing a text under the hands of whoever types in it
scrolling.py what draws its own lines and scrolls
tourpanel.py the lines in which the tour speaks, above the bottom ones
"""
