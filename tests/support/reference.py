"""Other people's implementations, which our formulas are compared with: they run in an environment of their own."""

import json
import subprocess
from pathlib import Path
from typing import Any

PYTHON = Path(__file__).parents[2] / ".venv" / "reference" / "bin" / "python"


def reference(script: str, **given: Any) -> Any:
    """What `script` leaves in `answer`. It finds what was `given`, as JSON, under those names."""
    program = f"import json, sys\nglobals().update(json.load(sys.stdin))\n{script}\nprint('\\n' + json.dumps(answer))"
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", program], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
