"""Typing, driven by what the kinds declare: one form serves every kind.

spec.py      what a form asks for, and what it says when it is finished
specs.py     the forms there are: new, edit, use, profile, finish, invite
rows.py      a field and its editor
keeper.py    drafts, saved at every pause
drafts.py    drafts by name, and how to go on with one
"""
