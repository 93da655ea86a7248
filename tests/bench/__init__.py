"""What things cost, measured where they are: `scripts/bench NAME`. docs/benchmarks.md has the tables.

measure.py     medians, the slowest hundredth, a table, JSON
town.py        a community of any size, quickly made
relay/         what a relay costs, beside others
admission.py   what it costs to judge a change, against what it costs to apply it
"""
