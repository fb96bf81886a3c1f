#!/usr/bin/env bash
# Makes the pictures of the page in docs/images: a real server, a minute and a half of load, Chromium. Needs the .NET SDK and Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v chromium chromium-browser google-chrome > /dev/null || { echo "Chromium is not installed." >&2; exit 1; }
mkdir -p docs/images
ACTOREMBED_TEST_SCREENSHOTS="$PWD/docs/images" ACTOREMBED_TEST_SCREENSHOT_LOAD_SECONDS=90 \
    dotnet test tests/Api.Tests --filter FullyQualifiedName~ScreenshotTests
ls -l docs/images
