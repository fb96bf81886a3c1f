#!/usr/bin/env bash
# Publishes the server as one self-contained executable for each system, with the model and ONNX Runtime's native
# library beside it; packs it as archives, as packages of npm beside the client, and as a .NET tool.
# Usage: scripts/publish.sh [--quick] [RID...]    (default: linux-x64 linux-arm64 win-x64 win-arm64 osx-arm64)
#   --quick        npm packages only, and nothing compiled ahead: for tests
#   RID-cuda       the flavour that can run models on cuda: linux-x64-cuda, win-x64-cuda; never by default (250 MB to download each)
#   OUT=DIR        where to, in place of artifacts
#   VC_RUNTIME=DIR puts the libraries of the Visual C++ runtime in DIR/win-x64 and DIR/win-arm64 beside the executable
# Output: OUT/publish/RID/, OUT/actorembed-VERSION-RID.tar.gz (.zip for Windows), OUT/npm/*.tgz, OUT/*.nupkg
set -euo pipefail
cd "$(dirname "$0")/.."

quick=
[ "${1-}" != --quick ] || { quick=yes; shift; }
rids=("$@")
[ ${#rids[@]} -gt 0 ] || rids=(linux-x64 linux-arm64 win-x64 win-arm64 osx-arm64)
version=$(dotnet msbuild src/Api -getProperty:Version)
out=${OUT:-artifacts}
mkdir -p "$out"
out=$(cd "$out" && pwd)

size() { du -sm --apparent-size "$@" | cut -f1; }

# Called in a condition, where a failing command does not end the function by itself.
publish() {
  local rid=${1%-cuda} options=(-p:PublishReadyToRun=true -p:PublishReadyToRunComposite=false)
  # Quick builds stand apart, so that they leave alone what a build or a test is using meanwhile.
  [ -z "$quick" ] || options=(--artifacts-path "$out/build")
  # So does the other flavour: what is restored for it would be taken for the ordinary one's.
  if [[ $1 == *-cuda ]]; then
    [ -z "$quick" ] || options=()
    options+=(-p:OnnxRuntimeFlavour=cuda --artifacts-path "$out/build-cuda")
  fi
  dotnet publish src/Api -c Release -r "$rid" --self-contained -o "$2" --nologo -v quiet \
    -p:PublishSingleFile=true -p:DebugType=none "${options[@]}" || return
  cp LICENSE "$2/" || return
  [[ $1 == win-* && -n ${VC_RUNTIME:-} ]] || return 0
  for library in msvcp140.dll msvcp140_1.dll vcruntime140.dll vcruntime140_1.dll; do
    cp "$VC_RUNTIME/$rid/$library" "$2/" || return
  done
}

published=()
missing=()
for rid in "${rids[@]}"; do
  dir=$out/publish/$rid
  rm -rf "$dir"
  # A system that cannot be published here, as without its runtime in the feed, keeps nobody else from theirs.
  if ! publish "$rid" "$dir"; then
    missing+=("$rid")
    continue
  fi
  published+=("$rid")
  [ -z "$quick" ] || continue
  archive=$out/actorembed-$version-$rid
  rm -f "$archive".*
  if [[ $rid == win-* ]]; then
    (cd "$dir" && python3 -m zipfile -c "$archive.zip" ./*)
  else
    tar -C "$dir" -czf "$archive.tar.gz" .
  fi
  printf '%-14s %4s MB in all, %3s MB packed\n' "$rid" "$(size "$dir")" "$(size "$archive".*)"
done

if command -v npm > /dev/null; then
  node scripts/pack-npm.mjs "$version" "$out" "${published[@]}"
else
  echo "npm is not installed: its packages were left out" >&2
fi

finish() {
  [ ${#missing[@]} -eq 0 ] || { echo "not published: ${missing[*]}" >&2; exit 1; }
}
[ -z "$quick" ] || { finish; exit 0; }

dotnet pack src/Api -c Release -o "$out" --nologo -v quiet
printf 'tool         %4s MB packed\n' "$(size "$out"/*.nupkg)"
finish
