#!/bin/sh
# Installs a hash-locked list into .venv: by uv where it can be had, by pip otherwise (behind some mirrors uv cannot).
set -eu
list=$1
pip=.venv/bin/pip
uv=$(sed -n 's/^\(uv==[^ ]*\).*/\1/p' "$list")
if $pip install --quiet --disable-pip-version-check "$uv" && .venv/bin/uv pip sync --quiet --python .venv/bin/python "$list"; then
  exit 0
fi
echo "uv could not install the list; trying pip" >&2
$pip install --quiet --disable-pip-version-check --require-hashes -r "$list"
