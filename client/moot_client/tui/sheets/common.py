"""What pages of all kinds share: prose, other versions, remarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from textual.content import Content

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.looks.ink import ACCENT, DIM, STRONG, line, write
from moot_client.tui.looks.lightly import lightly, parts
from moot_client.tui.looks.sheet import Block
from moot_client.tui.targets import version_target
from moot_client.views.issue import CommentRow
from moot_client.views.people import Member, People
from moot_client.views.phrases import count
from moot_shared.kinds import RECORDS, OtherVersion, ProseText, Record
from moot_shared.kinds.fields import Reference


def name(member: Member) -> Content:
    """A member as others read them; myself as 'you'."""
    return write(("you", STRONG)) if member.me else line(member.label, STRONG)


def prose_blocks(label: str, value: ProseText, known: People, *, gap: bool = True) -> Iterator[Block]:
    """Shared prose, a block a paragraph; those that two people rewrote at once side by side, named."""
    first = True
    for doubled, group in groupby(value.paragraphs, key=lambda paragraph: paragraph.doubled):
        for paragraph in group:
            above = name(known[paragraph.author]) + write((" wrote: ", DIM)) if doubled else Content("")
            label, gap = label if first else "", gap or not first
            yield from words_blocks(paragraph.text, label, gap=gap, barred=doubled, above=above)
            first = False
        if doubled:
            yield Block(
                "",
                write((f"Written at the same time; both are kept. {key_of('edit')} makes one of them.", DIM)),
            )


def words_blocks(
    words: str, label: str = "", *, gap: bool, barred: bool = False, above: Content | None = None
) -> Iterator[Block]:
    """What somebody wrote, with what they typed to order it: bullets hang, what is stressed stands out."""
    for part in parts(words):
        body, hang = (above + Content(part.lead) + part.words, "") if above else (part.words, part.lead)
        yield Block(label, body, gap=gap, barred=barred, hang=hang)
        label, gap, above = "", False, None


def other_versions(record: Record, field: str, known: People, *, shown: bool) -> Iterator[Block]:
    """What else was written into a field at the same time: counted, and shown when asked for."""
    versions: Sequence[OtherVersion] = record.others.get(field, ())
    if not versions:
        return
    if not shown:
        how_many = "one other version" if len(versions) == 1 else f"{len(versions)} other versions"
        yield Block(
            "",
            write((f"({how_many}, {key_of('others')} shows {'it' if len(versions) == 1 else 'them'})", DIM)),
        )
        return
    standing = record.values.get(field, record.fields[field].default)
    stands = _version(record, field, standing) + write(("  stands now", DIM))
    yield Block(
        record.fields[field].label, stands, gap=True, target=version_target(str(record.key), field, standing)
    )
    for version in versions:
        who = name(known[version.author]) + write((" wrote at the same time: ", DIM))
        words = who + _version(record, field, version.value)
        yield Block("", words, target=version_target(str(record.key), field, version.value), barred=True)
    keys = f"{key_of('next_link')} goes to one of them, {key_of('open')} takes it."
    yield Block("", write((keys, DIM)))


def _version(record: Record, field: str, value: object) -> Content:
    declared = record.fields[field]
    return line(declared.show(declared.read(value)) or "(nothing)")


def scalar_others(record: Record, fields: Sequence[str], known: People, *, shown: bool) -> Iterator[Block]:
    """Other versions of the fields that stand in a page's head, each under its own label."""
    for field in fields:
        if record.others.get(field):
            declared = record.fields[field]
            value = getattr(record, field)
            words = "(see above)" if isinstance(declared, Reference) else declared.show(value)
            if not shown:
                yield Block(declared.label, line(words), gap=True)
            yield from other_versions(record, field, known, shown=shown)


def unknown_fields(record: Record) -> Iterator[Block]:
    """What a newer Moot wrote into this record: shown as it is."""
    for field, value in record.unknown.items():
        yield Block(field, line(str(value)) + write((" (made with a newer Moot)", DIM)))


def comment_blocks(desk: Desk, comments: Sequence[CommentRow], *, gap: bool = True) -> Iterator[Block]:
    """Remarks in the order in which they were said; one's own can be stepped to and changed."""
    if not comments:
        return
    yield Block("Comments", write((count(len(comments), "comment"), DIM)), gap=gap)
    for row in comments:
        head = name(row.member) + write((f"  {desk.when(row.said)}", DIM))
        target = f"comment/{row.key}" if row.member.me else ""
        yield Block("", head + write("\n") + lightly(row.text), target=target, gap=True)


def linked(title: str, note: str) -> Content:
    """Another record's title, and what it is to this one."""
    return line(title) + (write("  ", (note, DIM)) if note else Content(""))


def tags(words: Sequence[str], between: str) -> Content:
    """A few words beside a title."""
    return write((f" {between} ".join(word for word in words if word), DIM))


def titles(values: Mapping[str, str]) -> str:
    """Kinds and titles as one line of words, for the filter."""
    return " ".join(values.values())


def kind_word(kind: str) -> str:
    """What a kind is called, with a capital: 'Review'."""
    return RECORDS[kind].name_of_kind.capitalize() if kind in RECORDS else kind


__all__ = [
    "ACCENT",
    "comment_blocks",
    "kind_word",
    "linked",
    "name",
    "prose_blocks",
    "tags",
]
