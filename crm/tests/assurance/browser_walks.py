"""Trust row 52: the walks of a real browser through every search box, picker and form that links lead to.

`make test` takes a sample of each; here the same tests take all of them.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from defusedxml import ElementTree

from crm.tests.assurance.registry import BASE
from crm.tests.support.samples import WHOLE

ROW = 52
TITLE = "a browser loses and confuses nothing"
WALKS = ("test_composing.py", "test_refused_forms.py", "test_pickers.py", "test_drafts.py", "test_layout.py")
FOLDER = "crm/tests/stories"


def run(full: bool) -> dict[str, Any]:
    """The walks by pytest, in a process and a database of their own."""
    environment = {name: value for name, value in os.environ.items() if not re.match("DATABASE|REDIS", name)}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}"]
        heard: dict[str, Any] = {"capture_output": True, "text": True}
        command += [f"{FOLDER}/{walk}" for walk in (WALKS if full else WALKS[:1])]
        whole = {WHOLE: "1"} if full else {}
        done = subprocess.run(command, cwd=BASE, env={**environment, **whole}, **heard)
        # Every pictured page of the demo, at six widths and in both themes.
        looking = [sys.executable, "-m", "tools.shots", "check"]
        pictured = subprocess.run(looking, cwd=BASE, env=environment, **heard) if full else done
        (suite,) = ElementTree.parse(report).getroot().iter("testsuite")
    counts = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    return {
        "target": "composing, hasty choices, refused forms, drafts and layout: every box, picker and form, none fails",
        **counts,
        "said": "".join(one.stdout[-3000:] for one in (done, pictured) if one.returncode),
        "ok": not done.returncode and not pictured.returncode and counts["tests"] > 0 and not counts["skipped"],
    }
