"""What the interface and the command line cost, on a community of 100,000 operations and ten times that.

community.py   the bench community, from a seed
ledger.py      changes as many members make them side by side
words.py       what they write
homes.py       the community on disks: a member's home, a newcomer's, a relay's folder
"""
