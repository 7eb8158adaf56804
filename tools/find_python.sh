#!/bin/sh
# Prints the first Python of at least 3.11 that can make a virtual environment; prints nothing when there is none.
for name in python3.11 python3 python3.12 python3.13 python; do
  if "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    "$name" -c 'import sys; print(sys.executable)'
    exit 0
  fi
done
