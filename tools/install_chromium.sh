#!/bin/sh
# The page tests need a Chromium. Where it is missing and cannot be installed they skip, and this says why.
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if ! command -v apt-get >/dev/null 2>&1; then
  echo "NOTICE: no Chromium and no apt-get; the page tests will skip."
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "NOTICE: no Chromium; install it with: apt-get install chromium. Until then the page tests skip."
  exit 0
fi
log=$(mktemp)
echo "Installing Chromium for the page tests."
if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1; then
  echo "NOTICE: Chromium could not be installed; the page tests will skip. The last lines were:"
  tail -n 5 "$log"
fi
rm -f "$log"
exit 0
