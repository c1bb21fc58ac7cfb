"""`make check`: every check that needs no running service, each with its seconds, all of them even when one fails.

python -m tools.check            all
python -m tools.check types      only the named ones
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tools.environment import BASE, dummy_environment
from tools.migrations import MAKE
from tools.translations import compile_catalogues

PY = sys.executable
CHECKS: dict[str, list[str]] = {
    "types": [PY, "-m", "mypy"],
    "style": [PY, "-m", "ruff", "check", "."],
    "format": [PY, "-m", "ruff", "format", "--check", "."],
    "imports": [PY, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "direction": [PY, "-m", "tools.direction"],
    "migrations": [*MAKE, "--check", "--dry-run"],
    "templates": [PY, "-m", "tools.templates"],
    "icons": [PY, "tools/icons.py", "--check"],
    "translations": [PY, "-m", "tools.translations", "check"],
    "deploy": [PY, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}


def run(name: str) -> tuple[str, bool, float, str]:
    """One check: its name, whether it passed, seconds, and what it said."""
    started, settings = time.monotonic(), "prod" if name == "deploy" else "test"
    done = subprocess.run(
        CHECKS[name],
        cwd=BASE,
        env=dummy_environment(f"crm.settings.{settings}"),
        capture_output=True,
        text=True,
    )
    return name, done.returncode == 0, time.monotonic() - started, (done.stdout + done.stderr).strip()


def main(names: list[str]) -> int:
    """Run the named checks, or all; 0 when all passed."""
    if unknown := set(names) - set(CHECKS):
        print(f"unknown check: {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")
        return 2
    compile_catalogues(BASE)
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, passed, seconds, said in pool.map(run, names or list(CHECKS)):
            print(f"{'ok  ' if passed else 'FAIL'} {name:<13} {seconds:5.1f} s", flush=True)
            if not passed:
                failed.append(name)
                print("     " + said[-6000:].replace("\n", "\n     "), flush=True)
    print(f"make check: {', '.join(failed)} failed" if failed else "make check: all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
