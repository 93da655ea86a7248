"""What whoever runs a relay is told of it: figures and a log, without a word or a name of its members.

figures.py      what is counted, as plain numbers
journal.py      the log: one line an event, as JSON or as text
exposition.py   the figures as Prometheus reads them
"""
