# scripts/setup.sh: what start.sh and test.sh share. Sourced with $root set to the project's folder; POSIX sh.
#
# Each function first looks whether there is anything to do, so that a second run makes no call of apt or npm.

say() {
    printf 'curlew: %s\n' "$*" >&2
}

fail() {
    say "$*"
    exit 1
}

# missing_packages LIST: Debian packages of LIST ("package:probe" words) whose probe fails. A probe is a command's name, or a pkg-config
# module after "+", or a file name pattern that starts with "/".
missing_packages() {
    for pair in $1; do
        package=${pair%%:*} probe=${pair#*:}
        case $probe in
        +*) pkg-config --exists "${probe#+}" 2>/dev/null && continue ;;
        /*) ls $probe >/dev/null 2>&1 && continue ;;
        *) command -v "$probe" >/dev/null 2>&1 && continue ;;
        esac
        printf '%s ' "$package"
    done
}

build_packages='build-essential:cc build-essential:/usr/include/stdio.h cmake:cmake ninja-build:ninja pkg-config:pkg-config
    ca-certificates:/etc/ssl/certs/ca-certificates.crt nodejs:node npm:npm libjson-c-dev:+json-c libzip-dev:+libzip
    libseccomp-dev:+libseccomp libssl-dev:+libcrypto zlib1g-dev:+zlib libzstd-dev:+libzstd libedit-dev:+libedit libmicrohttpd-dev:+libmicrohttpd libcurl4-openssl-dev:+libcurl libsqlite3-dev:+sqlite3'
test_packages='libcmocka-dev:+cmocka clang-14:clang-14 clang-format-14:clang-format-14
    libclang-rt-14-dev:/usr/lib/llvm-14/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a zstd:zstd zip:zip chromium:chromium'

# setup_packages LIST: installs what is missing of LIST with apt, as root or through sudo.
setup_packages() {
    missing=$(missing_packages "$1" | tr ' ' '\n' | sort -u | tr '\n' ' ')
    [ -n "$(echo $missing)" ] || return 0
    command -v apt-get >/dev/null 2>&1 || fail "these packages are missing, please install them: $missing(names of Debian 12)"
    elevate=''
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 || fail "packages are missing; as root: apt-get install $missing"
        elevate='sudo -n'
        sudo -n true 2>/dev/null || elevate=sudo
    fi
    say "installing with apt: $missing"
    log=$root/build/apt.log
    mkdir -p "$root/build"
    if ! { $elevate env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        $elevate env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        fail "apt could not install them; all it said is in build/apt.log"
    fi
}

# has_modules FOLDER: the folder has the npm packages that its package-lock.json pins. fetch_modules FOLDER: brings them.
has_modules() {
    installed=$1/node_modules/.package-lock.json
    [ -e "$installed" ] && [ ! "$1/package-lock.json" -nt "$installed" ]
}

fetch_modules() {
    log=$root/build/npm.log
    mkdir -p "$root/build"
    if ! (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --no-progress) >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        fail "npm could not fetch it; all it said is in build/npm.log"
    fi
    touch "$1/node_modules/.package-lock.json"
}

# setup_standin: what the stand-in for language models takes from npm. Tests only.
setup_standin() {
    has_modules "$root/test/standin" && return 0
    say "fetching the official clients of language models with npm, for tests"
    fetch_modules "$root/test/standin"
}

# setup_duckdb: what comes from npm, as package-lock.json pins it: the DuckDB library and its header, and what the web client is made of.
setup_duckdb() {
    case $(uname -m) in
    aarch64 | arm64) architecture=arm64 ;;
    *) architecture=x64 ;;
    esac
    library=$root/node_modules/@duckdb/node-bindings-linux-$architecture/libduckdb.so
    [ -e "$library" ] && has_modules "$root" && return 0
    say "fetching the DuckDB library with npm"
    fetch_modules "$root"
    [ -e "$library" ] || fail "npm brought no DuckDB library for $architecture (x86-64 and arm64 Linux with glibc are known)"
}

# setup_build PRESET [TARGET]...: configures where needed and builds; quiet unless something goes wrong.
setup_build() {
    preset=$1
    shift
    folder=$root/build/$preset
    log=$folder/build.log
    # A folder that was configured somewhere else (the project was moved or copied) is configured anew.
    if [ ! -e "$folder/build.ninja" ] || ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
        rm -f "$folder/CMakeCache.txt"
        mkdir -p "$folder"
        say "building ($preset; the first time takes some minutes)"
        (cd "$root" && cmake --preset "$preset") >"$log" 2>&1 || {
            tail -n 20 "$log" >&2
            fail "cmake failed; all it said is in build/$preset/build.log"
        }
    fi
    ninja -C "$folder" "$@" >"$log" 2>&1 || {
        grep -v '^\[[0-9]*/[0-9]*\] \(Building\|Linking\)' "$log" | head -n 40 >&2
        fail "the build failed; all it said is in build/$preset/build.log"
    }
}
