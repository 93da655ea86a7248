"""Typing, driven by what the kinds declare: one form serves every kind.

spec.py      what a form asks for, and what it says when it is finished
specs.py     the forms there are: new, edit, use, profile, finish, invite
rows.py      a field and its editor
keeper.py    drafts, saved at every pause
drafts.py    drafts by name, and how to go on with one
belonging.py forms about who belongs: each says first what it does
carried.py   where each place of a text is after it was changed
meanwhile.py what others changed in what one is editing
merging.py   a text that somebody edits, while others edit what it began with
opening.py   from a draft back to the form in which it was typed
telling.py   what is said of what others did in a field meanwhile
"""
