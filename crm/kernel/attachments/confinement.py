"""The content check in a process of its own, with a bound on memory and processor time.

PDFs and packages are decoded while they are checked, and what they unfold to is known only afterwards. A file that asks
for more than the bounds costs its own process, never the site; and the checks of many uploads wait for each other.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from crm.kernel.attachments.rules.contents import Limits, check_content
from crm.kernel.attachments.rules.refusal import FileRefused

CONFINED = frozenset({"pdf", "docx", "xlsx", "pptx", "ofd"})
MEMORY_BYTES = 160 * 1024 * 1024
PROCESSOR_SECONDS = 30
PATIENCE_SECONDS = 300
TOO_COSTLY = {"code": "too_costly", "figures": {}}
_PROJECT = Path(__file__).resolve().parents[3]
# The project's package starts the task queue when it is imported; the child needs the checks alone.
_CHILD = """
import sys, types
package = types.ModuleType("crm")
package.__path__ = [sys.argv[1] + "/crm"]
sys.modules["crm"] = package
from crm.kernel.attachments.confinement import answer_for_standard_input
answer_for_standard_input(sys.argv[2], sys.argv[3])
"""
_at_once = threading.BoundedSemaphore(2)


def check_confined(file: BinaryIO, extension: str, limits: Limits) -> str:
    """As `check_content`, which see; FileRefused `too_costly` for a file above the bounds of memory or time."""
    if extension not in CONFINED:
        return check_content(file, extension, limits)
    answer = run_check(file, extension, limits)
    if "code" in answer:
        raise FileRefused(answer["code"], **answer["figures"])
    return str(answer["content_type"])


def run_check(file: BinaryIO, extension: str, limits: Limits) -> dict[str, Any]:
    """The child's answer: `content_type`, or `code` and `figures` of a refusal; `peak_mb`, the memory it took."""
    command = [sys.executable, "-c", _CHILD, str(_PROJECT), extension, json.dumps(asdict(limits))]
    with tempfile.TemporaryFile() as copy, _at_once:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        try:
            done = subprocess.run(command, stdin=copy, capture_output=True, timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            return dict(TOO_COSTLY)
    file.seek(0)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        if done.returncode == 1:
            # A fault of ours, with its traceback: never taken for a fault of the file.
            raise RuntimeError(f"the content check failed: {done.stderr.decode(errors='replace')[-2000:]}") from None
        return dict(TOO_COSTLY)
    return answer


def answer_for_standard_input(extension: str, limits: str) -> None:
    """What the child does: bound itself, check the file that is its input, write the answer as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    os.nice(5)
    answer: dict[str, Any]
    try:
        checked = check_content(sys.stdin.buffer, extension, Limits(**json.loads(limits)))
        answer = {"content_type": checked}
    except FileRefused as refusal:
        answer = {"code": refusal.code, "figures": refusal.figures}
    except MemoryError:
        answer = dict(TOO_COSTLY)
    # Not by getrusage, which counts what the parent had before this program was loaded.
    status = Path("/proc/self/status")
    if status.exists():
        answer["peak_mb"] = int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024
    sys.stdout.write(json.dumps(answer))
