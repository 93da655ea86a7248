"""What the members of the sample community say and do, scene by scene.

A scene is a sentence and a function on the cast. `opening` fills the community; `scenes` is what
happens while one watches: people write at the same time, go away, come back, and meet in one text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from moot_client.demo.cast import Cast

COMMUNITY = "Northern cohort"
FOUNDER, GUEST, VISITOR = "Mara", "Joon", "You"


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that happens: the sentence that tells it, and what is done."""

    tell: str
    act: Callable[[Cast], None]


def _handover(cast: Cast) -> None:
    key = cast.founder.create(
        "issue",
        title="Handover between shifts loses facts",
        body="We lose about a shift a week to finding out what the last one knew.\n\n"
        "It is worst on Mondays, when the weekend crew has left before anybody asks.",
        now="Facts are told in the corridor; a third never arrive.",
    )
    cast.keys["handover"] = key
    cast.founder.vote(key, 3, "it costs us a shift a week")
    cast.founder.pledge(key, 4)
    cast.guest.vote(key, 5, "two near misses in a month began here")
    cast.guest.pledge(key, 2)


def _supplier(cast: Cast) -> None:
    key = cast.guest.create(
        "issue",
        title="Nobody owns supplier quality",
        body="Three teams inspect the same parts and none of them talks to the supplier.",
        now="Complaints go out by e-mail, answers come back to somebody else.",
        level="across teams",
    )
    cast.keys["supplier"] = key
    cast.guest.vote(key, 3, "")
    cast.founder.vote(key, 3, "")


def _coaching(cast: Cast) -> None:
    key = cast.founder.create(
        "issue",
        title="New supervisors get no coaching",
        body="They are good at the work and are left alone with the people.",
        now="One day of training, then nothing for a year.",
        level="organisation",
    )
    cast.keys["coaching"] = key
    cast.founder.vote(key, 2, "I was one of them")
    cast.founder.pledge(key, 8)
    cast.guest.pledge(key, 4)
    cast.founder.say("link", f"{key}/{cast.keys['handover']}", how="affects", to=cast.keys["handover"])


def _small_things(cast: Cast) -> None:
    cast.keys["meetings"] = cast.guest.create("issue", title="Meetings run over")
    cast.guest.pledge(cast.keys["meetings"], 2)
    cast.keys["question"] = cast.guest.create(
        "issue", title="Who has run a case clinic before?", kind="question"
    )
    cast.founder.say(
        "comment", cast.keys["question"] + "/", text="We ran two last year. Keep it to one case and one hour."
    )


def _audit(cast: Cast) -> None:
    review = cast.founder.create("review", title="The March audit", about="a team", form="full")
    cast.keys["audit"] = review
    cast.founder.share(
        review,
        planned="One list, closed on Friday.",
        happened="The list was printed the night before, so the two late changes were not on it.",
        why="Nobody had said when the list is closed.",
        next="Close the list before printing it.",
    )
    cast.guest.share(
        review,
        planned="That each line lead checks their own part.",
        happened="Four of five did. The fifth was on leave and nobody had noticed.",
        why="The rota and the audit plan are two sheets.",
        next="Ask who is away before dividing the work.",
    )
    lesson = cast.founder.create("lesson", statement="Close the list before printing it", source=review)
    cast.keys["lesson"] = lesson
    cast.founder.edit(review, ending="lessons", next_steps="Mara writes the closing time on the plan.")
    cast.guest.say(
        "use",
        lesson + "/",
        state="tried",
        where="The May stock count",
        how="Two late changes, both on the list.",
    )


def _pilot(cast: Cast) -> None:
    lesson = cast.guest.create(
        "lesson",
        statement="Read it back out loud",
        origin="Night handover pilot",
        source=cast.keys["handover"],
    )
    cast.founder.say(
        "use", lesson + "/", state="applied", where="Morning stand-up, line 3", how="Fewer calls at night."
    )
    cast.keys["clinic"] = cast.guest.create(
        "review", title="First case clinic", about="a meeting", form="quick", issue=cast.keys["question"]
    )


def opening() -> tuple[Scene, ...]:
    """What there is when one first looks."""
    return (
        Scene("Mara lists the handover problem; both put dots and hours on it.", _handover),
        Scene("Joon lists one that nobody has hours for.", _supplier),
        Scene("Mara adds an issue for the whole organisation.", _coaching),
        Scene("Joon adds a small one, and a question that Mara answers.", _small_things),
        Scene("They review the March audit, each alone first, and note a lesson.", _audit),
        Scene("Joon notes a lesson that Mara has used since, and opens a review.", _pilot),
    )


def _asked(cast: Cast) -> None:
    cast.guest.say(
        "comment", cast.keys["handover"] + "/", text="Who would try a written handover for a week?"
    )
    cast.founder.vote(cast.keys["question"], 1, "we could do one together")


def _apart(cast: Cast) -> None:
    cast.founder.leave()
    cast.guest.leave()


def _mara_on_the_train(cast: Cast) -> None:
    cast.founder.rewrite(
        cast.keys["handover"], "now", "Facts are told in the corridor; on Mondays half never arrive."
    )
    cast.founder.vote(cast.keys["meetings"], 2, "ten minutes every time")
    cast.founder.create("issue", title="Night shift hears of changes last", level="across teams")


def _joon_on_the_plane(cast: Cast) -> None:
    cast.guest.rewrite(
        cast.keys["handover"], "now", "Facts are told in the corridor, and nobody writes them down."
    )
    cast.guest.edit(cast.keys["supplier"], title="Nobody owns supplier quality from end to end")
    cast.guest.share(
        cast.keys["clinic"], happened="One case, one hour, six people.", next="Send the case two days before."
    )
    cast.guest.say(
        "comment", cast.keys["coaching"] + "/", text="I can take two of them along for a week in May."
    )


def _mara_back(cast: Cast) -> None:
    cast.founder.come_back()


def _joon_back(cast: Cast) -> None:
    cast.guest.come_back()


def _both_read(cast: Cast) -> None:
    cast.founder.meet()
    cast.guest.meet()
    cast.founder.say(
        "comment", cast.keys["handover"] + "/", text="We both wrote at once; both stand. I will join them."
    )
    cast.founder.meet()


def _settle(cast: Cast) -> None:
    cast.founder.rewrite(
        cast.keys["handover"], "now",
        "Facts are told in the corridor and nobody writes them down; on Mondays half never arrive.",
    )  # fmt: skip
    cast.founder.edit(cast.keys["coaching"], status="agreed")
    cast.founder.meet()
    cast.guest.meet()


def scenes() -> tuple[Scene, ...]:
    """What happens while one watches."""
    return (
        Scene("Joon asks who would try something; Mara gives the question a dot.", _asked),
        Scene("Mara boards a train and Joon a plane: neither has a network.", _apart),
        Scene("On the train, Mara rewrites how it is now, votes, and lists an issue.", _mara_on_the_train),
        Scene("On the plane, Joon rewrites the same paragraph, and shares a review.", _joon_on_the_plane),
        Scene("Mara is back.", _mara_back),
        Scene("Joon is back: both texts of that paragraph are kept.", _joon_back),
        Scene("Each has the other's work. Mara says so.", _both_read),
        Scene("Mara makes one text of the two; an issue is agreed.", _settle),
    )
