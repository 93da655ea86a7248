"""A draft: what was typed and not yet said, as it stands on this machine."""

from __future__ import annotations

from moot_client.tui.commands.registry import key_of
from moot_client.tui.desk import Desk
from moot_client.tui.forms.drafts import TO_COPY, named
from moot_client.tui.looks.ink import DIM, text, write
from moot_client.tui.looks.sheet import Block, Sheet
from moot_client.tui.targets import draft_of

MOST_SHOWN = 20_000


def draft_sheet(desk: Desk, target: str, others: bool) -> Sheet:
    """The page of one draft; `target` is 'draft/<form>/<subject>'."""
    form, subject = draft_of(target)
    fields = desk.rows.draft(form, subject)
    keys = f"{key_of('copy')} copies it" if form in TO_COPY else f"{key_of('open')} goes on with it"
    keys += f", {key_of('put_away')} puts it away."
    blocks = [Block("", write((f"Only on this machine. {keys}", DIM)), gap=True)]
    for field, words in fields.items():
        if words and "." not in field:
            cut = text(words[:MOST_SHOWN])
            if len(words) > MOST_SHOWN:
                cut += write((f"\n(and {len(words) - MOST_SHOWN:,} characters more)", DIM))
            blocks.append(Block(field, cut, gap=True))
    return Sheet("draft", named(desk, form, subject), write(("a draft", DIM)), tuple(blocks))
