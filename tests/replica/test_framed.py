"""A relay cannot make somebody out to have forked their history: only what they signed proves that."""

from __future__ import annotations



