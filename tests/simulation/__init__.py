"""A whole cohort in one process, from one seed: see docs/reliability.md."""
