# What the scripts in this folder share. Sourced, never run.

# Engines live in sbin, which a plain user's PATH leaves out.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# How weir is built for use: with Swift's runtime inside, so that it runs where Swift is not, starts in half the time and
# needs less memory.
readonly RELEASE=(--configuration release --static-swift-stdlib --product weir)

# Sockets are files whose path may have 107 bytes at most (sun_path); engines put some of theirs 40 bytes further down.
readonly LONGEST_ENGINE_FOLDER=64

say() { printf '%s\n' "$*" >&2; }

die() {
    say "error: $*"
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# poll SECONDS WHAT COMMAND… - until COMMAND succeeds; fails, naming WHAT, when it has not in SECONDS.
poll() {
    local seconds=$1 what=$2 end
    shift 2
    end=$((SECONDS + seconds))
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS >= end)); then
            say "$what: not after $seconds s"
            return 1
        fi
        sleep 0.05
    done
}

# A port of the loopback that nothing listens on now.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# is_running PID NAME - PID is alive, no zombie, and its program is NAME: a number alone may have been given to another.
is_running() {
    [ -n "$1" ] && [ -r "/proc/$1/status" ] || return 1
    awk -v want="$2" '/^Name:/ { name = $2 } /^State:/ { state = $2 } END { exit !(name ~ want && state != "Z") }' \
        "/proc/$1/status" 2>/dev/null
}

# end_process PID NAME SECONDS - SIGTERM, and SIGKILL when it is still there SECONDS later.
end_process() {
    is_running "$1" "$2" || return 0
    kill "$1" 2>/dev/null || return 0
    local end=$((SECONDS + $3))
    while is_running "$1" "$2"; do
        if ((SECONDS >= end)); then
            kill -9 "$1" 2>/dev/null
            return 0
        fi
        sleep 0.05
    done
}

# An absolute path to the folder, which is made when it is not there.
folder() { mkdir -p "$1" && (cd "$1" && pwd); }
