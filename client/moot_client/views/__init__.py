"""Rows to what a screen, a command or an export shows: frozen values, read off SQLite.

Every function takes a read connection and reads rows alone: no document, no key, no socket.

    rows.py       rows as instances of their declared kinds
    people.py     members, told apart
    persons.py    who lost a key and came back is one person
    rules.py      what the rules of trust say
    questions.py  what members have to answer together
    invites.py    invites and viewer links, and what became of them
    departures.py how those who no longer belong went
    forks.py      two things said at one place
    community.py  its name, its purpose, its vote budget
    budget.py     which dots count
    lines.py      which lines of a list are others now
    ledger.py     lines of the agenda, as they are kept
    issue_values.py  the same lines as plain values, ranked
    ids.py        short ids
    ranking.py    issues ranked by dots then hours
    issue.py      one issue whole
    agenda.py     both of these
    reviews.py    reviews; one review, question by question
    lessons.py    lessons and their uses
    news.py       what others did since one last looked
    belonging.py  who came, who went, who convenes, as news
    merges.py     what several people changed at once
    fitting.py    news in the lines that there are
    today.py      what changed, what waits for me
    begun.py      what waits on this machine alone
    waiting.py    what of mine waits to go out
    at_home.py    whether I belong, and where the relay is
    standing.py   on this machine / stored by the relay / who has it
    reach.py      which of my changes another machine has
    times.py      times as people say them
    phrases.py    numbers and names as people say them
    words.py      what was written in a change
    taken_back.py which statements still say something
    pictures.py   what pictures show: dots against hours, words a week
    find.py       ids by unique prefix
    alike.py      records that share words with another
    search.py     words in everything: strict first, then lenient
      asking.py       what was typed, taken apart     vocabulary.py  the nearest words of the community
      candidates.py   what the index gives            unindexed.py   members and drafts
      emphasis.py     which words were looked for     hits.py        what is found, and what is said about it
"""
