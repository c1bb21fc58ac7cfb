#!/usr/bin/env python3
"""Resolve requirements*.txt and package.json into lock files with hashes and without any registry's name.

The runtime lock is resolved inside the development lock, so both name the same versions. Standard library only; the
resolver is `uv` from PATH, or one that this script puts into `.tools`.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]


def uv():
    """Path of uv; installed into `.tools` when the machine has none."""
    found = shutil.which("uv")
    if found:
        return found
    folder = ROOT / ".tools"
    if not (folder / "bin" / "uv").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "uv"], check=True)
    return str(folder / "bin" / "uv")


def resolve(name, *more):
    """`<name>.txt` to `<name>.lock`; versions in the present lock stay unless the text asks for others."""
    command = [uv(), "pip", "compile", "-q", *OPTIONS, "--no-annotate", *more, name + ".txt", "-o", name + ".lock"]
    subprocess.run(command, cwd=str(ROOT), check=True)


def main():
    """Write all locks."""
    resolve("requirements-dev")
    resolve("requirements", "-c", "requirements-dev.lock")
    resolve("requirements-tools")
    npm = [
        shutil.which("npm") or "npm",
        "install",
        "--package-lock-only",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]
    subprocess.run(npm, cwd=str(ROOT), check=True)
    if "resolved" in (ROOT / "package-lock.json").read_text():
        sys.exit("package-lock.json names a host; npm must read the project's .npmrc")


if __name__ == "__main__":
    main()
