"""The one writer of a community on this machine: commands in, changes and rows out.

commands.py   what can be asked for, as frozen, JSON-able values
replica.py    the writer: admits, seals, projects, commits; all in one transaction
prose.py      an edited text as insertions and deletions of paragraphs
"""
