#!/usr/bin/env bash
# For maintainers: fetches the front-end libraries with plain `npm pack` and puts their files, licences and the table
# of VENDORED.md into static/vendor. Nobody else needs Node; the results are committed.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
target=$root/static/vendor
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$target/licenses"

# package · version · file inside the package · our file name · licence · licence file ("-": the package carries none)
read -r -d '' shelf <<'TABLE' || true
htmx.org 2.0.11 dist/htmx.min.js htmx.min.js 0BSD LICENSE
weui 2.6.26 dist/style/weui.min.css weui.min.css MIT LICENSE.txt
echarts 6.1.0 dist/echarts.common.min.js echarts.common.min.js Apache-2.0 LICENSE
@wecom/jssdk 2.4.4 dist/wecom.global.prod.js wecom-jssdk.js MIT -
bpmn-js 18.31.1 dist/bpmn-viewer.production.min.js bpmn-viewer.min.js bpmn.io LICENSE
bpmn-js 18.31.1 dist/assets/bpmn-js.css bpmn-viewer.css bpmn.io LICENSE
TABLE

table=$scratch/table
while read -r package version inside name licence text; do
  tarball=$(cd "$scratch" && npm pack --silent "$package@$version" | tail -n 1)
  mkdir "$scratch/$name.d"
  tar -xzf "$scratch/$tarball" -C "$scratch/$name.d" --strip-components=1 --no-same-permissions
  install -m 644 "$scratch/$name.d/$inside" "$target/$name"
  if [ "$text" != "-" ]; then install -m 644 "$scratch/$name.d/$text" "$target/licenses/$name.LICENSE.txt"; fi
  if [ -f "$scratch/$name.d/NOTICE" ]; then install -m 644 "$scratch/$name.d/NOTICE" "$target/licenses/$name.NOTICE.txt"; fi
  for part in "$scratch/$name.d"/licenses/*; do
    if [ -f "$part" ]; then install -m 644 "$part" "$target/licenses/$name.$(basename "$part").txt"; fi
  done
  sum=$(sha256sum "$target/$name" | cut -d ' ' -f 1)
  echo "| \`$name\` | $package | $version | $licence | \`$sum\` |" >>"$table"
done <<<"$shelf"

{
  echo "# Vendored front-end files"
  echo
  echo "Written by \`tools/vendor.sh\`; do not edit the files. Licence texts are in \`licenses/\`."
  echo "\`@wecom/jssdk\` names the MIT licence in its manifest and carries no text of it; the common text is in"
  echo "\`licenses/wecom-jssdk.js.LICENSE.txt\`."
  echo "The licence of bpmn.io is MIT's with one condition more: the watermark of a diagram stays, whole and uncovered."
  echo
  echo "| file | package | version | licence | sha256 |"
  echo "|---|---|---|---|---|"
  cat "$table"
} >"$target/VENDORED.md"
