"""What stands for a module answers for it, and is gone when the module is there."""

from __future__ import annotations

from tests.house.test_import_hygiene import loaded_by, python


def test_a_list_is_made_without_what_only_docstrings_need() -> None:
    code = "from moot_shared.command import main\nmain(['issues', '--home', '/nowhere/at/all'])"
    assert not loaded_by(code) & {"tokenize", "dis", "ast"}


def test_what_is_asked_of_it_is_answered_by_the_module_itself() -> None:
    said = python(
        "import sys\nfrom moot_shared.later import later\nlater('inspect')\nimport dataclasses, inspect\n"
        "stand_in = inspect\n"
        "@dataclasses.dataclass\nclass Bare:\n    x: int = 1\n"
        "print(Bare.__doc__)\n"
        "import inspect\nfrom inspect import signature\n"
        "print(inspect is not stand_in, stand_in.signature is signature, hasattr(stand_in, '__path__'))"
    )
    assert said.splitlines() == ["Bare(x: int = 1)", "True True False"]


def test_a_module_that_is_there_stays() -> None:
    assert (
        python(
            "import inspect\nfrom moot_shared.later import later\nlater('inspect')\nimport sys\n"
            "print(sys.modules['inspect'] is inspect)"
        )
        == "True\n"
    )
