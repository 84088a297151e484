"""What holds for every test: Prefect, which reads its settings when it is first imported, finds none of the user's."""

import os
import tempfile

OURS = {"PHASEOUT_APPROVE"}  # approves changed golden files
for name in [name for name in os.environ if name.startswith(("PREFECT_", "PHASEOUT_")) and name not in OURS]:
    del os.environ[name]
PREFECT_HOME = tempfile.TemporaryDirectory(prefix="phaseout-tests-")  # kept until the process ends
os.environ |= {"PREFECT_HOME": PREFECT_HOME.name, "DO_NOT_TRACK": "1"}
