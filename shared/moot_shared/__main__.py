"""`python -m moot_shared` is the `moot` command, where no script of that name is on the path."""

from moot_shared.command import run

if __name__ == "__main__":
    run()
