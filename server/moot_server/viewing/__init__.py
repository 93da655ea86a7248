"""Readers by viewer links: any automerge-repo client follows a community, and changes nothing.

core.py     beside the core of members: who reads, and what they are sent
view.py     a community as one document to be read
reader.py   one connection
"""
