"""What `moot relay` can do, one module a word.

parser.py      argparse, speaking in sentences
exits.py       what the exit codes mean
options.py     every word and option; a new option of running (which core, which store) is declared here
assembling.py  a relay from its options: folder, store, core, and the core once more after a restore
database.py    a relay whose store is a database, and the move into one
running.py     `moot relay`: from the first socket to SIGTERM
announcing.py  what it says of itself when it listens, and why it cannot
tending.py     what a running relay does for the other commands
copying.py     `moot relay backup` and `restore`
verifying.py   `moot relay verify`
status.py      `moot relay status`
supervised.py  a word to systemd
words.py       times, sizes and counts as commands say them
"""
