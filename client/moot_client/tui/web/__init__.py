"""`moot web`: the same interface in a browser on this machine, by textual-serve.

server.py    who may come in, and a process of Moot for each page that is open
session.py   such a process: `python -m moot_client.tui.web.session`
driver.py    what a browser sends, in place of a terminal
page/        what the browser loads beside textual-serve's own files
"""
