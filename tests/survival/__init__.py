"""Real processes that are killed, over and over: see docs/reliability.md.

relay_kills.py    a relay dies while pages are on their way
client_kills.py   a member's Moot dies at any moment (client.py is what is killed)
endurance.py      twenty members for minutes, and their connections cut

When a process dies is the dice's choice, but what it has come to by then is the machine's: a seed
gives the same acts and the same pauses here, and not the same run.
"""
