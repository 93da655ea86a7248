"""Completion in bash, zsh and fish: a few lines for each, which ask `moot complete` what fits.

So all three know the same, a script need not be made anew when Moot has new commands, and ids and names
are those of this moment. Nothing of what people wrote is ever read by a shell as anything but words.
"""

from __future__ import annotations

from argparse import Namespace

from moot_client.cli.output import json_value, program
from moot_client.cli.parser import Commands
from moot_client.cli.session import Session

BASH = r"""
# moot in bash. In ~/.bashrc:  source <(moot completion bash)
_moot() {
    local words=("${COMP_WORDS[@]:1:COMP_CWORD}") line word about
    local moot="${COMP_WORDS[0]}" found=() seen=() IFS=$'\n'
    while IFS=$'\t' read -r word about; do
        case $word in
            :files) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "${words[-1]}")); return ;;
            :folders) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "${words[-1]}")); return ;;
        esac
        found+=("$word")
        seen+=("$word${about:+  ($about)}")
    done < <(command "$moot" complete -- "${words[@]}" 2>/dev/null)
    if [[ ${#found[@]} -gt 1 && $COMP_TYPE =~ ^(63|33|64)$ ]]; then
        COMPREPLY=("${seen[@]}")
    elif [[ ${words[-1]} == [\'\"]* ]]; then
        COMPREPLY=("${found[@]}")
    else
        COMPREPLY=()
        for word in "${found[@]}"; do COMPREPLY+=("$(printf %q "$word")"); done
    fi
}
complete -o nosort -F _moot moot 2>/dev/null || complete -F _moot moot
"""

ZSH = r"""
#compdef moot
# moot in zsh. In ~/.zshrc, after compinit:  source <(moot completion zsh)
_moot() {
    local -a found seen
    local word about
    while IFS=$'\t' read -r word about; do
        case $word in
            :files) _files; return ;;
            :folders) _files -/; return ;;
        esac
        found+=("$word")
        seen+=("$word${about:+  -- $about}")
    done < <(command ${words[1]} complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
    (( ${#found} )) && compadd -U -l -V moot -d seen -a found
}
(( $+functions[compdef] )) && compdef _moot moot
"""

FISH = r"""
# moot in fish. In ~/.config/fish/config.fish:  moot completion fish | source
function __moot_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l moot $words[1]
    set -e words[1]
    for line in (command $moot complete -- $words 2>/dev/null)
        switch $line
            case ':files*'
                __fish_complete_path (commandline -ct)
            case ':folders*'
                __fish_complete_directories (commandline -ct)
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c moot -f -a '(__moot_complete)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


def add(commands: Commands) -> None:
    """`completion`."""
    printing = commands.command(
        "completion",
        completion,
        "completion for your shell: commands, options, ids and names",
        "source <(moot completion bash)",
        "source <(moot completion zsh)",
        "moot completion fish | source",
    )
    printing.add_argument("shell", choices=tuple(SCRIPTS), metavar="SHELL", help=" / ".join(SCRIPTS))


def completion(session: Session, arguments: Namespace) -> None:
    """Print the script."""
    text = SCRIPTS[arguments.shell].lstrip("\n")
    if session.as_json:
        json_value({"shell": arguments.shell, "script": text})
    else:
        program(text)
