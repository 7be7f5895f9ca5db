#!/bin/sh
# Snakemake takes PYTHONPATH away from jobs in an environment of conda: there the library is found by this, after its packages.
python - <<'END'
import sysconfig
from pathlib import Path

line = 'import os, sys; sys.path.extend(filter(None, [os.environ.get("COPPICE_LIBRARY")]))\n'
Path(sysconfig.get_path("purelib"), "coppice.pth").write_text(line, encoding="utf-8")
END
