#!/bin/sh
# test.sh: sets everything up, builds with the sanitizers, runs every check there is, and ends with the sum of them.
#
# Each part prints a line "name: N passed, N failed". A part that runs nothing is a failure.
set -u
root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd "$root" || exit 1
. scripts/setup.sh

# The least share of the whole question suite that must be right, and of its basic questions (test data outside the repository).
questions_floor=0.97
basic_floor=1.00
# The most of its questions that may be answered wrongly (a declined one is not wrong), in percent.
questions_wrong_most=1

passed=0
failed=0
log=$root/build/test.log

# part NAME COMMAND...: runs a part and adds up the counts of its last line; without such a line it is one check that
# passes when the command does.
part() {
    name=$1
    shift
    say "checking: $name"
    "$@" >"$log" 2>&1 </dev/null
    code=$?
    counts=$(sed -n 's/^\([a-z -]*: \)\{0,1\}\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\2 \3/p' "$log" | tail -n 1)
    if [ -z "$counts" ] && [ "$code" -eq 0 ] && tail -n 1 "$log" | grep -q 'skipped$'; then
        tail -n 1 "$log"
        return
    fi
    if [ -n "$counts" ]; then
        good=${counts% *} bad=${counts#* }
    else
        good=$((code == 0)) bad=$((code != 0))
    fi
    # Whoever fails without naming a failure has failed all the same.
    [ "$code" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
    [ "$good" -eq 0 ] && [ "$bad" -eq 0 ] && bad=1
    # The sum of everything is the one line of its kind.
    if [ "$bad" -gt 0 ]; then grep -v '^[0-9]* passed, [0-9]* failed$' "$log"; fi
    printf '%s: %s passed, %s failed\n' "$name" "$good" "$bad"
    passed=$((passed + good)) failed=$((failed + bad))
}

check_format() {
    if [ -e .git ]; then git ls-files -z '*.c' '*.h'; else find src test bench -name '*.[ch]' -print0; fi |
        xargs -0 -r clang-format-14 --dry-run --Werror
}

# CTest's own sum, in the words that part() reads.
run_ctest() {
    status=0
    ctest --test-dir build/asan --output-on-failure --no-tests=error -j 2 || status=1
    sed -n 's/.*tests passed, \([0-9]*\) tests* failed out of \([0-9]*\).*/\1 \2/p' "$log" | tail -n 1 | {
        read -r bad all && echo "unit: $((all - bad)) passed, $bad failed"
    }
    return "$status"
}

score() {
    node "$shared/eval/score.mjs" --program "$release" --jobs 2 "$@" || return 1
    sed -n 's/^accuracy .*(\([0-9]*\)\/\([0-9]*\)); answered wrongly \([0-9]*\);.*/\2 \3/p' "$log" | tail -n 1 | {
        read -r all wrong && [ $((wrong * 100)) -le $((all * questions_wrong_most)) ]
    }
}

setup_packages "$build_packages $test_packages"
setup_duckdb
setup_standin
setup_build asan
setup_build release curlew

program=build/asan/curlew
part format check_format
part unit run_ctest
# What runs the program hundreds of times to look at its answers takes the release build: the same code paths run under the
# sanitizers in the other parts, and the whole stays a matter of minutes.
release=build/release/curlew
part cases node test/run-cases.mjs --program "$program" --without rules/
part "cases of rules" node test/run-cases.mjs --program "$release" --filter rules/
part docs node test/run-docs.mjs --program "$release"
# Larger checks, each a program that prints its own sum; some need data that is not in the repository and say so.
shared=${CURLEW_SHARED:-$root/../shared}
for check in test/check-*.mjs; do
    case $check in
    */check-paraphrases.mjs | */check-browser.mjs | */check-shared.mjs) with=$release ;;
    *) with=$program ;;
    esac
    [ -e "$check" ] && part "$(basename "$check" .mjs)" node "$check" --program "$with" --shared "$shared"
done
# A suite of questions with their right answers on real bills, where it stands beside the project.
if [ -e "$shared/eval/score.mjs" ]; then
    part "questions basic" score --only basic --floor "$basic_floor"
    part "questions" score --floor "$questions_floor"
    grep '^accuracy' "$log"
else
    say "the question suite is not here: its floors are not checked"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
