"""What it costs to judge an ordinary change: strict decoding and admission, beside applying it.

scripts/bench admission                   communities of 1,000, 10,000 and 100,000 changes
scripts/bench admission --sizes 1000      only the small one
scripts/bench admission --json            the figures alone, for a program
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from moot_shared.document import Document
from moot_shared.format.change import Change, decode_change
from moot_shared.trust.admission import admit
from moot_shared.trust.history import History
from moot_shared.trust.intake import take_in
from moot_shared.trust.seal import Sealed, check_seal
from moot_shared.trust.waiting import Waiting
from tests.bench.measure import Spread, as_json, machine, spread, table, timed
from tests.bench.town import KINDS, Town

SIZES = (1_000, 10_000, 100_000)
EACH = 400
BEHIND = 200
"""An author who has been away has not seen so many of the last changes."""
BATCH = 100
BATCHES = 5
BOUND_US = 250.0


def main(arguments: list[str]) -> None:
    """Measure, and print a table and JSON."""
    parser = argparse.ArgumentParser(prog="scripts/bench admission", description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="changes in a community")
    parser.add_argument("--each", type=int, default=EACH, help="changes measured of each kind")
    parser.add_argument("--json", action="store_true", help="only JSON")
    chosen = parser.parse_args(arguments)
    town, sizes = Town(), []
    for size in sorted(chosen.sizes):
        town.grow(size)
        sizes.append(measured(town, chosen.each))
        print(f"{size} changes: measured", file=sys.stderr)
    results = {"bench": "admission", "machine": machine(), "bound_us": BOUND_US, "sizes": sizes}
    if not chosen.json:
        print(_tables(sizes))
    print(as_json(results))


def measured(town: Town, each: int) -> dict[str, Any]:
    """Everything about a community of the size that it has now."""
    size = len(town.changes)
    document = Document(bytes(40))
    document.apply([change.raw for change in town.changes])
    document.expect(town.history.heads())
    history = _as_a_relay_loads_it(town)
    kinds = {kind: _one_by_one(town, history, document, kind, each) for kind in KINDS}
    kinds["vote, from behind"] = _one_by_one(town, history, document, "vote", each, BEHIND)
    return {
        "changes": size,
        "kinds": kinds,
        "seal": _seals(town, each),
        "batch": _batches(town, history, document),
    }


def _as_a_relay_loads_it(town: Town) -> History:
    """A history that knows no operation by heart: entries and facts, as after a start."""
    history = History(town.chunks.__getitem__)
    history.load([town.history.entry(c.hash) for c in town.changes], town.history.facts())
    return history


def _one_by_one(
    town: Town, history: History, document: Document, kind: str, each: int, behind: int = 0
) -> dict[str, Any]:
    decoding: list[float] = []
    admitting: list[float] = []
    applying: list[float] = []
    for _ in range(each):
        raw = town.make(kind, behind).raw
        change = timed(decoding, lambda raw=raw: decode_change(raw))  # type: ignore[misc]
        timed(admitting, lambda change=change: admit(change, history, seal=None, seal_needed=False))  # type: ignore[misc]
        timed(applying, lambda raw=raw: document.apply([raw]))  # type: ignore[misc]
        town.keep(change)
        history.add(change)
    document.expect(history.heads())
    both = spread([d + a for d, a in zip(decoding, admitting, strict=True)])
    apply = spread(applying)
    return {
        "decode_us": spread(decoding),
        "admit_us": spread(admitting),
        "both_us": both,
        "apply_us": apply,
        "ratio": round(both.median / apply.median, 2),
    }


def _seals(town: Town, each: int) -> Spread:
    times: list[float] = []
    change = town.make("vote")
    seal = town.seal(change)
    for _ in range(each):
        timed(times, lambda: check_seal(change, seal, town.id))
    return spread(times)


def _batches(town: Town, history: History, document: Document) -> dict[str, Any]:
    """A member's batch with one seal at its end: everything that intake does, a change."""
    whole: list[float] = []
    applied: list[float] = []
    for _ in range(BATCHES):
        by = town.dice.choice(town.members)
        batch: list[Change] = []
        for number in range(BATCH):
            batch.append(town.make(("vote", "comment", "paragraph")[number % 3], by=by))
            town.keep(batch[-1])
        sealed = [Sealed(c.raw, town.seal(c) if c is batch[-1] else None) for c in batch]
        verdict = timed(whole, lambda sealed=sealed: take_in(sealed, history, town.id, Waiting()))  # type: ignore[misc]
        if len(verdict.admitted) != BATCH:
            raise AssertionError(f"an honest batch was not taken: {verdict.refused}")
        timed(applied, lambda batch=batch: document.apply([c.raw for c in batch]))  # type: ignore[misc]
    document.expect(history.heads())
    intake, apply = spread([t / BATCH for t in whole]), spread([t / BATCH for t in applied])
    return {"intake_us": intake, "apply_us": apply, "ratio": round(intake.median / apply.median, 2)}


def _tables(sizes: list[dict[str, Any]]) -> str:
    head = ("change", "in a community of", "decode", "admit", "both", "p99", "apply", "both / apply")
    rows: list[tuple[object, ...]] = []
    for size in sizes:
        for kind, found in size["kinds"].items():
            parts = (found["decode_us"], found["admit_us"], found["both_us"])
            medians = [f"{part.median:.0f}" for part in parts]
            p99, apply = f"{found['both_us'].p99:.0f}", f"{found['apply_us'].median:.0f}"
            rows.append((kind, f"{size['changes']:,}", *medians, p99, apply, found["ratio"]))
    wholes = [
        (f"{s['changes']:,}", f"{s['seal'].median:.0f}", f"{s['batch']['intake_us'].median:.0f}",
         f"{s['batch']['apply_us'].median:.0f}", s["batch"]["ratio"])
        for s in sizes
    ]  # fmt: skip
    second = (
        "in a community of",
        "one seal",
        f"intake, a change of {BATCH} with one seal",
        "apply",
        "intake / apply",
    )
    return f"Microseconds, medians.\n\n{table(head, rows)}\n\n{table(second, wholes)}\n"
