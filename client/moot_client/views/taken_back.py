"""Which statements still say something, in SQL: those that were taken back are empty or zero.

A statement is compact JSON, so that a field's beginning can be looked for as it is written: within a text
every quotation mark has a backslash before it.
"""

from __future__ import annotations


def _says(field: str, *nothing: str) -> str:
    """That a field is there and is none of some values, as JSON writes them."""
    found = f"instr(value, '\"{field}\":')"
    return " AND ".join([found, *(f"NOT instr(value, '\"{field}\":{value}')" for value in nothing)])


_NO_HOURS = ("0,", "0}", "0.0")
_WORDS = '""'
_SAYS = {
    "vote": _says("dots", "0"),
    "pledge": _says("hours", *_NO_HOURS),
    "comment": _says("text", _WORDS),
    "note": _says("text", _WORDS),
    "use": f"({_says('where', _WORDS)} OR {_says('how', _WORDS)})",
}
_CASES = " ".join(f"WHEN '{kind}' THEN {condition}" for kind, condition in _SAYS.items())
STANDS = f"CASE kind {_CASES} ELSE 1 END"
"""A condition on a row of `statement`, of whatever kind."""
