"""Sockets around a core.

serve.py      connections, each at its own pace, and the one thread that commits
doorstep.py   who has connected and not finished the handshake
"""
