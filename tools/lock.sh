#!/bin/sh
# Writes requirements.lock (what `make run` installs) and requirements-dev.lock (what `make test` adds), each version
# pinned with the hashes of its files, and no word of where they were fetched from: that is the machine's own setting.
# Existing pins are kept where they still satisfy pyproject.toml; delete the files first to move everything.
set -eu
place=build/lock
[ -x $place/bin/pip-compile ] || {
    sh tools/virtual_environment.sh $place
    $place/bin/pip install --quiet --disable-pip-version-check 'pip-tools>=7.5'
}
compile() {
    CUSTOM_COMPILE_COMMAND='make lock' $place/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
        --extra postgresql "$@" pyproject.toml
}
compile --build-deps-for editable --output-file requirements.lock
compile --extra dev --constraint requirements.lock --output-file requirements-dev.lock
if grep -n '://' requirements.lock requirements-dev.lock; then
    echo "A lock names an address; it must not." >&2
    exit 1
fi
