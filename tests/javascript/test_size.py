"""Large documents, and many."""

from __future__ import annotations

import pytest

from tests.javascript.conftest import Opens, Relay

PARAGRAPH = "Two near misses began with a handover that nobody had written down. "


def test_a_paste_of_a_hundred_thousand_characters(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    document = mara("create", value={"text": "before"})
    mara("stored", document=document)
    joon("find", document=document)
    pasted = (PARAGRAPH * 1_500)[:100_000]
    heads = mara.change(document, ["splice", ["text"], 6, 0, pasted])
    joon("until", document=document, heads=heads)
    assert joon.read(document, "text") == "before" + pasted
    joon.change(document, ["splice", ["text"], 0, 6, "after"])
    mara.sees(document, "after" + pasted, "text")


@pytest.mark.slow
def test_a_document_of_megabytes(relay: Relay, opens: Opens) -> None:
    mara = opens("mara", relay)
    value = {f"note {number}": {"immutable": PARAGRAPH * 150 + str(number)} for number in range(300)}
    document = mara("create", value=value)
    mara("changes", document=document, all=[[["put", [f"{n}"], PARAGRAPH]] for n in range(200)])
    heads = mara("stored", document=document)
    joon = opens("joon", relay)
    joon("find", document=document)
    joon("until", document=document, heads=heads)
    assert joon.read(document, "note 299") == value["note 299"]


def test_many_documents_of_one_client(relay: Relay, opens: Opens) -> None:
    mara, joon = opens("mara", relay), opens("joon", relay)
    values = [{"number": number} for number in range(200)]
    documents = mara("createMany", values=values)
    for document in documents:
        mara("stored", document=document)
    assert joon("findMany", documents=documents) == values
    for document in documents[::20]:
        joon.change(document, ["put", ["seen"], True])
        mara.sees(document, True, "seen")
