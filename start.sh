#!/bin/sh
# start.sh: sets curlew up where that is needed, then runs it with the given arguments; without any, serves the web application.
#
#   ./start.sh ask "What are my top 5 EC2 cost drivers?"
#   ./start.sh load /path/to/your/export
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
program=$root/build/release/curlew
built=$root/build/release/.built

# Nothing that the program is made of has changed since it was built: no need to ask apt, npm or ninja.
is_current() {
    [ -x "$program" ] && [ -e "$built" ] && [ -d "$root/node_modules" ] || return 1
    [ -z "$(cd "$root" && find src tables ui rules cmake scripts docs/openapi.json CMakeLists.txt CMakePresets.json package-lock.json -newer "$built" -print -quit)" ]
}

if ! is_current; then
    . "$root/scripts/setup.sh"
    mkdir -p "$root/build"
    # One set-up at a time; a second one waits and then finds everything done.
    exec 9>"$root/build/.setup.lock"
    flock 9
    if ! is_current; then
        mkdir -p "$root/build/release"
        started=$root/build/release/.started
        : >"$started"
        setup_packages "$build_packages"
        setup_duckdb
        setup_build release curlew
        mv "$started" "$built"
    fi
    exec 9>&-
fi

# Where curlew keeps its data unless it is told otherwise.
data=${XDG_DATA_HOME:-$HOME/.local/share}/curlew

# Commands that need a bill get a sample when there is none: a first look without a bill at hand.
needs_sample() {
    case ${1:-} in
    '' | ask | chat | why | anomalies | forecast | questions | profile | sql | architecture | owners) ;;
    *) return 1 ;;
    esac
    for word in "$@"; do
        case $word in
        --data | --data=* | --workspace | --workspace=* | --help | -h) return 1 ;;
        esac
    done
    [ ! -e "$data/workspace/manifest.json" ]
}

if needs_sample "$@"; then
    echo "curlew: no bill is loaded yet; making a sample bill in $data/sample (your own: ./start.sh load FILE-OR-FOLDER)" >&2
    rm -rf -- "$data/sample"
    "$program" sample --out "$data/sample" --rows 20000 --seed 1 >/dev/null
    "$program" load "$data/sample/cur2" >/dev/null
fi

[ $# -gt 0 ] || set -- serve
exec "$program" "$@"
