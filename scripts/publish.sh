#!/usr/bin/env bash
# Publishes the server as one self-contained executable for each system, with the model and ONNX Runtime's native
# library beside it, and packs it as a .NET tool.
# Usage: scripts/publish.sh [RID...]    (default: linux-x64 linux-arm64 win-x64 osx-arm64)
# Output: artifacts/publish/RID/ and artifacts/actorembed-VERSION-RID.tar.gz (.zip for Windows), artifacts/*.nupkg
set -euo pipefail
cd "$(dirname "$0")/.."

rids=("$@")
[ ${#rids[@]} -gt 0 ] || rids=(linux-x64 linux-arm64 win-x64 osx-arm64)
version=$(dotnet msbuild src/Api -getProperty:Version)
out=artifacts

for rid in "${rids[@]}"; do
  dir=$out/publish/$rid
  rm -rf "$dir"
  dotnet publish src/Api -c Release -r "$rid" --self-contained -o "$dir" --nologo -v quiet \
    -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=false -p:DebugType=none
  archive=$out/actorembed-$version-$rid
  rm -f "$archive".*
  if [[ $rid == win-* ]]; then
    (cd "$dir" && python3 -m zipfile -c "$OLDPWD/$archive.zip" ./*)
  else
    tar -C "$dir" -czf "$archive.tar.gz" .
  fi
  printf '%-12s %4s MB in all, %3s MB packed\n' "$rid" \
    "$(du -sm --apparent-size "$dir" | cut -f1)" "$(du -sm --apparent-size "$archive".* | cut -f1)"
done

dotnet pack src/Api -c Release -o "$out" --nologo -v quiet
printf 'tool         %4s MB packed\n' "$(du -sm --apparent-size "$out"/*.nupkg | cut -f1)"
