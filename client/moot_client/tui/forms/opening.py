"""From a draft back to the form in which it was typed."""

from __future__ import annotations

from dataclasses import replace

from moot_client.store.drafts import about
from moot_client.tui.desk import Desk
from moot_client.tui.forms import belonging, specs
from moot_client.tui.forms.spec import FormSpec
from moot_shared.errors import NotFound
from moot_shared.kinds import RECORDS


def spec_of_draft(desk: Desk, form: str, subject: str) -> FormSpec | None:
    """The form that a draft belongs to; None where there is none any more: then it is only shown."""
    kind = form.removeprefix("new ")
    if form != kind and kind in RECORDS:
        return specs.new_spec(kind, subject=subject)
    try:
        spec = _spec_about(desk, form, about(subject))
    except NotFound:
        return None
    return replace(spec, draft=subject) if spec else None


def _spec_about(desk: Desk, form: str, subject: str) -> FormSpec | None:
    if form == "edit":
        return specs.edit_spec(desk, subject)
    if form == "finish":
        return specs.finish_spec(desk, subject)
    if form == belonging.REMOVAL:
        return belonging.removal_spec(desk, subject)
    if form == belonging.LEAVING:
        return belonging.leaving_spec(desk)
    if form == "use":
        return specs.use_spec(subject)
    if form == "tie":
        return specs.link_spec(subject)
    return specs.profile_spec(desk) if form == "profile" else None
