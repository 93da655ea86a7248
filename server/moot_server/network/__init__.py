"""Sockets around a core.

serve.py      connections, each at its own pace
working.py    the one thread that commits, batch by batch
link.py       one of them: what waits to be sent, and why it ended
doorstep.py   who has connected and not finished the handshake
plain.py      plain HTTP on the same port: health, readiness, figures
readiness.py  whether it can store and will go on
tls.py        a certificate from files
control.py    commands on the same machine
"""
