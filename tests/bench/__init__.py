"""What things cost, measured where they are: `scripts/bench NAME`. docs/benchmarks.md has the tables.

measure.py     medians, the slowest hundredth, a table, JSON
town.py        a community of any size, quickly made
relay/         what a relay costs, beside others
client/        what the interface and the command line cost, by the size of a community
admission.py   what it costs to judge a change, against what it costs to apply it
"""
