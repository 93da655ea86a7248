# shellcheck shell=bash
# Sourced by the scripts beside it: makes `.venv` in the checkout, and keeps it in step with
# pyproject.toml. Bash 3.2 can run it (macOS). All that it says goes to stderr: stdout belongs
# to the command that is about to run.
#
#   ready run|dev      is .venv what pyproject.toml asks for? (No process is started to tell.)
#   set_up run|dev     make it so; `dev` adds the tools that scripts/check and scripts/test use.
#   javascript FOLDER  what the package-lock.json there names, in node_modules beside it. Needs Node.js and,
#                      where something is missing, a network: 1 where there is neither, having said so.
#
# Three files in .venv carry the state. `.moot-run` and `.moot-dev` hold the checkout's path and
# the pyproject.toml that was installed; where they say anything else, .venv is out of step.
# `.moot-making` stands while a set-up works: found at the start of the next one, it tells of a
# set-up that was cut off, and .venv is made anew.

MOOT_ROOT=$(CDPATH='' cd -P -- "${BASH_SOURCE[0]%/*}/.." && pwd -P)
MOOT_VENV=$MOOT_ROOT/.venv
without_uv=''

say() { printf 'moot: %s\n' "$@" >&2; }

ready() {
    local wanted='' made=''
    [[ -x $MOOT_VENV/bin/moot && -x $MOOT_VENV/bin/python ]] || return 1
    [[ -r $MOOT_VENV/.moot-$1 && ! -e $MOOT_VENV/.moot-making ]] || return 1
    # `read` up to a NUL takes the whole file, and fails only because it met none.
    IFS= read -r -d '' wanted <"$MOOT_ROOT/pyproject.toml" || true
    IFS= read -r -d '' made <"$MOOT_VENV/.moot-$1" || true
    [[ $made == "$MOOT_ROOT"$'\n'"$wanted" ]]
}

set_up() {
    # The lock is on the folder of the scripts, since that is there before anything is made. The
    # kernel lets go of it when the last process that holds it ends, however it ends.
    (wait_for_turn && { ready "$1" || make "$1"; }) 9<"$MOOT_ROOT/scripts" >&2 </dev/null
}

wait_for_turn() {
    local waiting='another set-up is at work in this checkout; waiting for it'
    local alone='this disk knows no locks; let no other set-up run here meanwhile'
    if command -v flock >/dev/null; then
        flock -n 9 || { say "$waiting" && flock 9; } || say "$alone"
    elif command -v perl >/dev/null; then # macOS has no flock command
        perl -e 'open(my $lock, "<&=", 9) or exit 1;
                 flock($lock, 2 | 4) or do { print STDERR "moot: $ARGV[0]\n"; flock($lock, 2) or exit 1 }' "$waiting" ||
            say "$alone"
    fi
}

make() {
    local extras='' log=$MOOT_VENV/moot-setup.log began=$SECONDS
    [[ $1 == dev ]] && extras='[dev]'
    clear_what_cannot_be_used
    if [[ -x $MOOT_VENV/bin/python ]]; then
        : >"$MOOT_VENV/.moot-making" || return
        say 'bringing .venv in step with pyproject.toml'
        if ! install "$extras" >"$log" 2>&1; then
            rm -f "$MOOT_VENV/.moot-making" # nothing is installed before all of it has arrived
            explain "$log"
            return 1
        fi
    else
        make_anew "$extras" "$log" || return
    fi
    stamp "$1" && rm -f "$MOOT_VENV/.moot-making" && say "ready after $((SECONDS - began)) s"
}

clear_what_cannot_be_used() {
    local why='' was=''
    [[ -e $MOOT_VENV || -L $MOOT_VENV ]] || return 0
    [[ -r $MOOT_VENV/.moot-run ]] && IFS= read -r was <"$MOOT_VENV/.moot-run"
    if [[ -e $MOOT_VENV/.moot-making ]]; then
        why='the last set-up was cut off'
    elif [[ -n $was && $was != "$MOOT_ROOT" ]]; then
        why='this checkout was moved or copied'
    elif ! runs "$MOOT_VENV/bin/python"; then
        why='.venv has no Python 3.11 or 3.12 that runs'
    elif ! { uv_runs || "$MOOT_VENV/bin/python" -m pip --version >/dev/null 2>&1; }; then
        why='.venv has no pip'
    fi
    if [[ -n $why ]]; then
        say "$why; making .venv anew"
        rm -rf -- "$MOOT_VENV"
    fi
}

make_anew() {
    local python=''
    if uv_runs; then
        say 'setting up in .venv, with uv; this needs the network, this once'
        if begin && uv venv --quiet --allow-existing --python '>=3.11,<3.13' "$MOOT_VENV" >"$2" 2>&1 &&
            install "$1" >>"$2" 2>&1; then
            return 0
        fi
        python=$(find_python) || { explain "$2" && return 1; }
        say "uv could not do it; trying $python"
        rm -rf -- "$MOOT_VENV"
        without_uv=1
    elif ! python=$(find_python); then
        explain_what_is_missing
        return 1
    else
        say "setting up in .venv, with $python; this takes a minute and needs the network, this once"
    fi
    if ! { begin && "$python" -m venv "$MOOT_VENV" >"$2" 2>&1 && install "$1" >>"$2" 2>&1; }; then
        explain "$2"
        return 1
    fi
}

begin() { mkdir -p -- "$MOOT_VENV" && : >"$MOOT_VENV/.moot-making"; }

# What builds Moot is installed beside it, so that a later set-up that needs nothing new needs no
# network either. All of it arrives before the first package is changed.
install() {
    local build='hatchling editables'
    # shellcheck disable=SC2086
    if uv_runs; then
        uv pip install --quiet --compile-bytecode --python "$MOOT_VENV/bin/python" $build &&
            uv pip install --quiet --compile-bytecode --python "$MOOT_VENV/bin/python" \
                --no-build-isolation --editable "$MOOT_ROOT$1"
    else
        pip_install $build && pip_install --no-build-isolation --editable "$MOOT_ROOT$1"
    fi
}

pip_install() {
    PIP_USER=0 "$MOOT_VENV/bin/python" -m pip install --quiet --no-input --disable-pip-version-check "$@"
}

# Packages that belong to no part of Moot, in a folder of their own.
pip_into() {
    local folder=$1
    shift
    say "installing $* in ${folder#"$MOOT_ROOT/"}"
    if uv_runs; then
        uv pip install --quiet --python "$MOOT_VENV/bin/python" --target "$folder" "$@" >&2
    else
        pip_install --target "$folder" "$@" >&2
    fi
}

stamp() {
    local kind
    for kind in run "$1"; do
        { printf '%s\n' "$MOOT_ROOT" && cat "$MOOT_ROOT/pyproject.toml"; } >"$MOOT_VENV/.moot-$kind" || return
    done
}

# `.moot` in node_modules holds the lock that was installed. npm makes node_modules anew each time, so that
# what was cut off has none.
javascript() {
    local folder=$1
    command -v node >/dev/null && command -v npm >/dev/null || { say 'no Node.js here' && return 1; }
    has_javascript "$folder" && return 0
    (wait_for_turn && { has_javascript "$folder" || bring_javascript "$folder"; }) \
        9<"$MOOT_ROOT/scripts" >&2 </dev/null
}

has_javascript() { cmp -s -- "$1/package-lock.json" "$1/node_modules/.moot"; }

bring_javascript() {
    local log
    log=$(mktemp) || return
    say "installing the JavaScript packages of ${1#"$MOOT_ROOT/"}"
    if (cd -- "$1" && npm ci --prefer-offline --fetch-retries 1 --loglevel error) >"$log" 2>&1 &&
        cp -- "$1/package-lock.json" "$1/node_modules/.moot"; then
        rm -f -- "$log"
    else
        say 'npm could not do it. What it said last:'
        tail -n 5 -- "$log" | sed 's/^/    /'
        rm -f -- "$log"
        return 1
    fi
}

uv_runs() { [[ -z $without_uv ]] && command -v uv >/dev/null && uv --version >/dev/null 2>&1; }

# A name on the path proves little: pyenv has one for every version that it could install, and
# Debian's Python comes without venv.
runs() {
    "$1" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' >/dev/null 2>&1
}

find_python() {
    local name found
    for name in python3.12 python3.11 python3 python; do
        while IFS= read -r found; do
            if runs "$found" && "$found" -c 'import ensurepip' >/dev/null 2>&1; then
                printf '%s' "$found"
                return
            fi
        done < <(type -aP "$name")
    done
    for found in "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/3.1[12].*/bin/python; do
        if runs "$found"; then
            printf '%s' "$found"
            return
        fi
    done
    return 1
}

explain_what_is_missing() {
    say 'this needs Python 3.11 or 3.12 with venv, or uv, and there is none of them here.' \
        '  uv      brings a Python of its own: https://docs.astral.sh/uv/getting-started/installation/' \
        '  Debian  sudo apt install python3 python3-venv' \
        '  Fedora  sudo dnf install python3.12' \
        '  macOS   brew install python@3.12' \
        'Then run the same command again.'
}

explain() {
    say 'the set-up did not get through. What it said last:'
    tail -n 15 -- "$1" 2>/dev/null | sed 's/^/    /' >&2
    say 'Without a network, try again when there is one: the same command goes on from here.'
}
