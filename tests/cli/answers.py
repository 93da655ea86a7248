"""The names in what each command answers with --json: held by a test, and told in docs/commands.md."""

from __future__ import annotations

_IDS = "id key short"
_ISSUE = (
    f"{_IDS} title status dots hours level kind my_dots my_hours voters comments nobody archived doubled "
    "versions changed"
)
_REVIEW = f"{_IDS} title about form issue issue_title shared mine_shared draft ending archived changed"
_REVIEW_WHOLE = (
    f"{_REVIEW} next_steps skipped_because creator questions alone shared_by members lessons other_versions"
)
_LESSON = f"{_IDS} statement state source source_title uses archived changed"
_MEMBER = "key name label role me removed about invited_by standing belongs now gone"
_COMMUNITY = "id name purpose vote_budget"
_DRAFT = "number form about fields saved text"
_LINE = "line role uses expires"

LISTS = {
    "invites": "key author role uses expires used state came at",
    "issues": _ISSUE,
    "reviews": _REVIEW,
    "lessons": _LESSON,
    "find": "key id kind title where by state context matched instead",
    "history": "version at member what statement at_the_same_time changed",
    "members": _MEMBER,
    "communities": "name id member relay folder",
    "versions": "number field value by stands",
    "drafts": _DRAFT,
    "picture": "key id title dots hours mine care",
}
"""Commands that answer with a list -> the names in an entry of it."""
ONE = {
    "device add": "line",
    "invite": _LINE,
    "uninvite": "taken_back relay_knows",
    "issue show": f"{_ISSUE} body now creator votes pledges links related other_versions paragraphs members "
    "dots_left",
    "issue link": "key how from to",
    "vote": f"{_IDS} dots dots_left",
    "pledge": f"{_IDS} hours all_hours",
    "comment": f"{_IDS} comment",
    **{f"review {word}": _REVIEW_WHOLE for word in ("note", "share", "show")},
    "lesson show": f"{_LESSON} story origin creator other_versions",
    **{f"lesson {word}": _LESSON for word in ("applied", "tried", "edit", "archive", "unarchive")},
    **{f"issue {word}": _ISSUE for word in ("edit", "close", "reopen", "archive", "unarchive")},
    **{f"review {word}": _REVIEW for word in ("edit", "skip", "archive", "unarchive")},
    **{f"{kind} add": _IDS for kind in ("issue", "review", "lesson")},
    "today": "since changed waiting begun",
    "restore": "key version restored",
    "member show": _MEMBER,
    "member remove": "removed relay_knows",
    "member claim": "earlier later",
    "convenor name": "member convenor",
    "convenor step-down": "convenor",
    "profile": _MEMBER,
    "community show": _COMMUNITY,
    "community edit": _COMMUNITY,
    "status": "community member gone folder relay stored_by changes waiting stored_at holders said_twice "
    "set_aside refused",
    "verify": "good changes seals members troubles",
    "export": "folder files",
    "words": "words line",
    "keys": "file there wrong commands",
    "draft show": _DRAFT,
    "draft forget": _DRAFT,
    "completion": "shell script",
}
"""Commands that answer with one object -> its names."""
OTHERWISE = {
    "invite --viewer --expires 2w": "link document role expires",
    "words --check 7 apple": "right",
    "versions 7xk2 --take 1": "key field value",
    "picture activity": "first_week weeks outside",
    "picture activity --svg activity.svg": "file",
}
"""What is answered with an option -> its names."""


def told(name: str) -> str:
    """A sentence for a command's section of the page; '' for one that has nothing to tell."""
    if name in LISTS:
        return f"With `--json` a list, and in each entry: {_quoted(LISTS[name])}."
    return f"With `--json`: {_quoted(ONE[name])}." if name in ONE else ""


def _quoted(names: str) -> str:
    return ", ".join(f"`{name}`" for name in names.split())
