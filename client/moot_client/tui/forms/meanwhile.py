"""What others changed in what one is editing: which words come in, and what is said beside a field.

A form began with fields as they stood. `brought_up` compares that with how they stand now and with
what is typed: an untouched field takes the new value; where both changed a value, mine stays typed
and theirs is said; prose is merged paragraph by paragraph (`merging`). What it gives back is how the
form stands then: it began, as far as anybody can tell, with what the others have.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from moot_client.tui.forms.merging import Merged, Seen, merge
from moot_client.tui.forms.spec import FormSpec
from moot_shared.kinds import Paragraph
from moot_shared.text import paragraphs

WAS = "was."


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A form's beginning as it is now, and what has to change on screen."""

    spec: FormSpec
    seen: Mapping[str, Seen]
    prose: Mapping[str, Merged] = field(default_factory=dict)  # texts that are different now
    values: Mapping[str, str] = field(default_factory=dict)  # untouched fields, with their new value
    theirs: Mapping[str, str] = field(default_factory=dict)  # touched ones: what others wrote there

    @property
    def anything(self) -> bool:
        """Whether others have done anything."""
        return bool(self.prose or self.values or self.theirs)


def beginning(spec: FormSpec) -> dict[str, Seen]:
    """The paragraphs that a form begins with."""
    return {name: Seen(paragraphs) for name, paragraphs in spec.standing.items()}


def brought_up(spec: FormSpec, seen: Mapping[str, Seen], words: Mapping[str, str]) -> Meanwhile:
    """A form that began with `seen`, in which `words` are typed, on what stands now.

    Raises NotFound where the record is here no longer.
    """
    now = spec.again() if spec.again else spec
    start, after, prose = dict(now.start), dict(seen), dict[str, Merged]()
    values, theirs = dict[str, str](), dict[str, str]()
    for name, typed in words.items():
        before, stands = spec.beginning(name), now.beginning(name)
        if name in seen:
            merged = merge(seen[name], typed, now.standing[name])
            after[name], start[name] = merged.seen, merged.seen.text
            if merged.seen != seen[name]:
                prose[name] = merged
        elif stands != before:
            if typed == before:
                values[name] = stands
            elif typed != stands:
                theirs[name] = stands
    return Meanwhile(replace(now, start=start, base=base_of(after)), after, prose, values, theirs)


def after_saying(spec: FormSpec, seen: Mapping[str, Seen], said: Mapping[str, str]) -> Meanwhile:
    """A form of which `said` has just been kept, as the beginning of what was typed meanwhile.

    It began with what it held then: what others wrote in that moment is not in it, and comes in when the
    form is opened again.

    Raises NotFound where the record is here no longer.
    """
    now = spec.again() if spec.again else spec
    start, after = dict(now.start), dict(seen)
    for name, words in said.items():
        if words == spec.beginning(name):  # nothing was said of it
            start[name] = words
        elif name in seen:
            after[name] = _as_said(seen[name], words, now.standing[name])
            start[name] = after[name].text
    return Meanwhile(replace(now, start=start, base=base_of(after)), after)


def _as_said(seen: Seen, words: str, standing: tuple[Paragraph, ...]) -> Seen:
    """The paragraphs of `words`: as they stand, or as they were seen where others took them out since."""
    found = defaultdict[str, list[Paragraph]](list)
    for paragraph in (*standing, *(p for p in seen.base if p not in standing)):
        if paragraph.element not in seen.beside:
            found[paragraph.text].append(paragraph)
    known = [found[text].pop(0) for text in paragraphs(words) if found[text]]
    for before, paragraph in zip((None, *standing), standing, strict=False):
        if paragraph.element in seen.beside:
            known.insert(known.index(before) + 1 if before in known else 0, paragraph)
    return Seen(tuple(known), seen.beside & {p.element for p in known})


def base_of(seen: Mapping[str, Seen]) -> dict[str, list[str]]:
    """The paragraphs' elements that an edit names as its base."""
    return {name: [p.element for p in each.base] for name, each in seen.items()}


# -- beside a draft ---------------------------------------------------------------------------------


def was(spec: FormSpec, seen: Mapping[str, Seen]) -> dict[str, str]:
    """What a form began with, as a draft keeps it."""
    values = {f"{WAS}{name}": spec.beginning(name) for name in spec.fields if name not in seen}
    lists = {f"{WAS}{name}": _as_json(each) for name, each in seen.items()}
    return {**values, **lists} if spec.again else {}


def resumed(spec: FormSpec, draft: Mapping[str, str]) -> tuple[FormSpec, dict[str, Seen]]:
    """A form as it was when its draft was kept; as it stands now where an older Moot kept the draft."""
    seen, start = beginning(spec), dict(spec.start)
    for name in spec.fields:
        kept = draft.get(WAS + name)
        if kept is None:
            if draft and f"base.{name}" in draft:
                seen[name] = _among(seen[name], draft[f"base.{name}"].split())
        elif name in seen:
            seen[name] = _from_json(kept)
            start[name] = seen[name].text
        else:
            start[name] = kept
    return replace(spec, start=start, base=base_of(seen)), seen


def _among(now: Seen, elements: list[str]) -> Seen:
    """The paragraphs that were seen, of which only their elements were kept; gone ones have no words."""
    texts = {p.element: p for p in now.paragraphs}
    return Seen(tuple(texts.get(e) or Paragraph(e, "", "") for e in elements))


def _as_json(seen: Seen) -> str:
    return json.dumps([[p.element, p.text, p.author, p.element in seen.beside] for p in seen.paragraphs])


def _from_json(kept: str) -> Seen:
    rows = json.loads(kept)
    known = tuple(Paragraph(element, text, author) for element, text, author, _ in rows)
    return Seen(known, frozenset(element for element, _, _, beside in rows if beside))
