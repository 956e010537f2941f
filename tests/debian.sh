#!/bin/sh
# Debian packages that the tests use: Tesseract with Polish (scanned pages), Chromium (the report in a browser),
# DejaVu and Liberation (fonts of the sample corpus), R with Matrix (it reads what export writes). Installs what is
# missing where that is allowed; says so where not.
missing=""
command -v tesseract >/dev/null 2>&1 && tesseract --list-langs 2>/dev/null | grep -qx pol || missing="$missing tesseract-ocr tesseract-ocr-pol tesseract-ocr-eng"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -d /usr/share/fonts/truetype/dejavu ] || missing="$missing fonts-dejavu"
[ -d /usr/share/fonts/truetype/liberation ] || missing="$missing fonts-liberation"
[ -n "$(ls /usr/lib/*/libpangoft2-1.0.so.0 2>/dev/null)" ] || missing="$missing libpango-1.0-0 libpangoft2-1.0-0"
# without what Debian recommends beside R: compilers, 200 MB
r=""
command -v Rscript >/dev/null 2>&1 && Rscript -e 'library(Matrix)' >/dev/null 2>&1 || r=" r-base-core r-cran-matrix"
[ -z "$missing$r" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "installing for the tests:$missing$r" >&2
  apt-get update -qq >/dev/null 2>&1
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $r >/dev/null 2>&1 && exit 0
fi
echo "note: the tests that need$missing$r will say so and be left out; install with: sudo apt-get install$missing$r" >&2
