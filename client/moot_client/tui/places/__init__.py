"""The places, each as the lines of its list: no widgets here.

place.py    what a place is
today.py    agenda.py    lessons.py    people.py
view.py     the widget that shows any of them: list, detail, and what lies between
"""
