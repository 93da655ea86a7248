"""What people also call what Moot can do: whatever a newcomer types into the palette leads somewhere."""

from __future__ import annotations

ALSO: dict[str, str] = {
    "new": "add create make",
    "write": "answer reflect aar retrospective",
    "vote": "dots priority like star poll prioritise",
    "pledge": "time effort offer volunteer commit",
    "use": "apply applied try tried",
    "finish": "end close complete done",
    "vouch": "confirm trust verify",
    "convenor": "admin administrator owner moderator promote role rights permission",
    "take_back": "revoke cancel invite invitation",
    "find": "filter narrow search",
    "comment": "reply say discuss answer message chat",
    "edit": "change rename update modify rewrite correct status close agree reopen title",
    "tie": "link relate connect dependency",
    "review": "retrospective aar look back",
    "archive": "delete remove trash hide unarchive restore bin",
    "others": "conflict merge versions both",
    "remove": "kick ban expel member delete",
    "claim": "lost key recover earlier",
    "depart": "quit resign exit leave account unsubscribe delete",
    "put_away": "dismiss discard delete draft",
    "copy": "clipboard yank words",
    "picture": "map chart graph diagram plot activity statistics weeks timeline",
    "lesson": "learning insight note",
    "undo": "revert back oops mistake restore",
    "search": "find look query grep where",
    "history": "versions log changes who when restore earlier revert blame audit",
    "away": "archived closed hidden deleted show all",
    "today": "news inbox notifications home start waiting drafts",
    "agenda": "issues list topics questions board votes",
    "lessons": "reviews learnings retrospectives",
    "people": "members team users invite invitation who contacts",
    "details": "sync status offline online connection relay server backup safe network upload reconnect",
    "help": "manual docs keys shortcuts how what guide",
    "community": "settings rename preferences configure name purpose budget options",
    "device": "phone laptop computer second sync move link",
    "begin": "join found create new switch invite",
    "leave": "exit close stop bye",
    "tour": "tutorial introduction start begin learn",
    "preview": "markdown",
}
"""Of a command, by its id: further words for it."""
LOOK = "theme colour color dark light mode appearance"
"""The same for every look."""
PLACE_OF = {
    "issue": ("agenda", "an issue"),
    "review": ("lessons", "a review"),
    "lesson": ("lessons", "a lesson"),
    "member": ("people", "somebody"),
    "invite": ("people", "an invite"),
    "draft": ("today", "a draft"),
    "claim": ("today", "a question about who somebody was"),
    "proposal": ("today", "a proposal"),
}
"""Where things of a kind are, and what they are called when one is to be selected; the likeliest first."""
TOLD = {
    ("new", "today"): "List an issue or a question.",
    ("new", "agenda"): "List an issue or a question.",
    ("new", "lessons"): "Begin a review: look back at something, alone first.",
    ("new", "people"): "Make a line that lets somebody in.",
    ("away", "agenda"): "Show closed and archived issues too.",
    ("away", "lessons"): "Show what was put away too.",
    ("away", "people"): "Show who has gone too, and invites that are over.",
    ("picture", "today"): "What we said, week by week.",
    ("picture", "agenda"): "The agenda as a map, dots against hours.",
    ("picture", "lessons"): "What we said, week by week.",
}
"""What a command does in one place, by its action and the place: help says no more than is true there."""
SHELL = (
    (
        "export everything",
        "moot export",
        "download save backup csv json markdown archive print",
        "All that is known here, as files.",
    ),
    (
        "recovery words",
        "moot words",
        "passphrase password seed phrase mnemonic paper lost machine restore secret key",
        "The 24 words that bring you back when this machine is lost.",
    ),
)
"""What is done in a shell: what it is called, the command, further words, a sentence."""
MAKING = (
    (
        "list an issue or a question",
        "agenda",
        "add create new topic problem raise",
        "What matters to the community.",
    ),
    (
        "begin a review",
        "lessons",
        "add create new retrospective aar start",
        "Look back at something, alone first.",
    ),
    (
        "invite somebody",
        "people",
        "add new member person invitation colleague join",
        "A line that lets somebody in.",
    ),
)
"""New things by their own names: what it is called, the place that makes it, further words, a sentence."""
OF_ONESELF = frozenset({"depart", "step_down"})  # what one does to no other member
