"""Everything that can go wrong, as a tree of sentences.

    MootError               what happened, and what the person can do now
    ├── Refused             bytes or an act that the rules do not admit
    │   ├── FormatError     bytes that are not what they claim to be
    │   └── AdmissionError  a change that breaks a rule of the community
    ├── InputError          something a person typed cannot be used as it is
    │   ├── WrongUsage      it is no command, or none that is whole
    │   └── NotAllowed      what they asked for is somebody else's to do
    ├── NotFound            a name, id or folder that leads nowhere
    ├── StorageError        the disk: full, read-only, damaged
    └── ConnectionTrouble   the relay: away, wrong, unwilling

Each error's text is shown to people as it stands: plain words, what to do at the end.
`retry` tells a program whether the same act can succeed later without being changed.
"""


class MootError(Exception):
    """The root of all errors that Moot raises on purpose."""

    retry = False


class Refused(MootError):
    """Bytes or an act that the rules do not admit; trying again brings the same answer."""

    code = "refused"


class FormatError(Refused):
    """Bytes that are not what they claim to be."""

    code = "format"


class AdmissionError(Refused):
    """A change that breaks a rule of the community; `code` names the rule."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class InputError(MootError):
    """Something that a person typed cannot be used as it is; the text says what would do."""


class WrongUsage(InputError):
    """What was typed is no command, or none that is whole; `example` is a line that would be one, or ''."""

    def __init__(self, sentence: str, example: str = "") -> None:
        super().__init__(sentence)
        self.example = example


class NotAllowed(InputError):
    """What a person asked for is not theirs to do here: a convenor's, or that of somebody who belongs."""


class NotFound(MootError):
    """A name, an id or a folder that leads nowhere."""


class StorageError(MootError):
    """The disk is full, read-only or damaged; nothing that was said to be saved is affected."""

    retry = True


class ConnectionTrouble(MootError):
    """The relay is away, wrong or unwilling; work on this machine is safe."""

    retry = True
