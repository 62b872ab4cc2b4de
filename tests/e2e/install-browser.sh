#!/bin/sh
# Debian's Chromium and fonts for the browser tests. Where they cannot be installed it says so, and
# the browser tests are skipped by name.
command -v chromium >/dev/null && fc-list 2>/dev/null | grep -q "Noto Sans Arabic" && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium and fonts for the browser tests …"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-core fontconfig; } >/dev/null 2>&1 ||
        echo "Chromium could not be installed: the browser tests will be skipped. Try: sudo apt install chromium fonts-noto-core"
else
    echo "Chromium or the Noto fonts are missing: the browser tests will be skipped. Install them with: sudo apt install chromium fonts-noto-core"
fi
