#!/usr/bin/env python3
"""Make the checkout ready: virtual environment, front-end packages, icon sprite, and (for the tests) a browser.

Standard library only; run by whatever Python the machine has:

    python3 tools/bootstrap.py run     what `make run` needs (requirements.lock)
    python3 tools/bootstrap.py check   tests' and checks' packages besides (requirements-dev.lock)
    python3 tools/bootstrap.py test    the same, and a Chromium when it can be had

Every step keeps a stamp (the hash of its lock file), so an unchanged step costs nothing. Nothing is written outside
`.venv/`, `.tools/`, `node_modules/` and `var/`. Package indexes are whatever pip and npm are configured for.
The file has to stay readable for old Pythons down to the version check, so that they get a sentence, not a traceback.
"""

import hashlib
import os
import shutil
import ssl
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
NODE_MODULES = ROOT / "node_modules"
STAMP = ".sanshen-stamp-"
OLDEST = (3, 11)
OLDEST_NODE = 18


class SetupError(Exception):
    """One sentence for the person at the keyboard."""


def say(text):
    """Print one progress line at once."""
    print("sanshen: " + text, flush=True)


def digest(*paths):
    """Hash of the files' contents and of the Python that runs them."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def stamped(folder, name, value):
    """Whether the step `name` was finished for exactly this `value`."""
    stamp = folder / (STAMP + name)
    return stamp.is_file() and stamp.read_text() == value


def stamp(folder, name, value):
    """Remember that the step `name` is finished for `value`; the old stamp is replaced, never written over."""
    fresh = folder / (STAMP + name + ".new")
    fresh.write_text(value)
    fresh.replace(folder / (STAMP + name))


def newer_python():
    """Path of a Python of the wanted age on PATH, or None."""
    for minor in range(14, OLDEST[1] - 1, -1):
        path = shutil.which("python3.%d" % minor)
        if path and subprocess.call([path, "-c", "pass"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def check_python():
    """Refuse an old Python; when a newer one is on PATH, go on with that."""
    if sys.version_info >= OLDEST:
        return
    other = newer_python()
    if other:
        os.execv(other, [other] + sys.argv)
    raise SetupError(
        "Python %d.%d or newer is needed; %s is %s. Install it, or name one: make run PYTHON=/path/to/python3"
        % (OLDEST[0], OLDEST[1], sys.executable, ".".join(map(str, sys.version_info[:3])))
    )


def run(command, what, **options):
    """Run a command quietly; on failure show the end of what it said and raise."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if result.returncode:
        if "No space left on device" in result.stdout or "ENOSPC" in result.stdout:
            raise SetupError("the disk is full: no space left for " + what)
        sys.stderr.write("\n".join(result.stdout.splitlines()[-25:]) + "\n")
        raise SetupError("%s failed (%s)" % (what, " ".join(map(str, command[:6]))))
    return result.stdout


def apt_install(packages):
    """Install Debian packages when this is root on a Debian-like machine; True when it worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"] + packages
    for command in (install, ["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if command is install and done.returncode == 0:
            return True
    return False


def make_venv(folder):
    """Create a virtual environment; one that does not start (moved, half made) is made anew."""
    python = folder / "bin" / "python"
    if python.exists():
        probe = [str(python), "-c", "import sys, pip; sys.exit(sys.version_info < %r)" % (OLDEST,)]
        if subprocess.call(probe, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return python
        say("the virtual environment %s does not start; making it anew" % folder.name)
        shutil.rmtree(str(folder))
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        if not apt_install(["python3-venv"]):
            raise SetupError(
                "%s has no ensurepip, so it cannot make a virtual environment. On Debian and Ubuntu install the "
                "package python3-venv, then start again." % sys.executable
            ) from None
    say("making the virtual environment %s" % folder.name)
    run([sys.executable, "-m", "venv", "--clear", str(folder)], "making " + folder.name, cwd=str(ROOT))
    return python


def install_locked(folder, lock):
    """Install a hashed lock file into a virtual environment; pip's own configuration says from where."""
    python = make_venv(folder)
    value = digest(ROOT / lock)
    if stamped(folder, lock, value):
        return
    say("installing the packages of " + lock)
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
    run(command + ["--require-hashes", "-r", lock], "installing " + lock, cwd=str(ROOT))
    stamp(folder, lock, value)


def python_packages(purpose):
    """The application's virtual environment: the development lock holds the runtime lock whole."""
    if purpose == "run":
        install_locked(VENV, "requirements.lock")
        return
    install_locked(VENV, "requirements-dev.lock")
    stamp(VENV, "requirements.lock", digest(ROOT / "requirements.lock"))


def npm_command():
    """npm of the machine when its node is young enough; else None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        said = subprocess.run([node, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        young = int(said.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE
    except (OSError, ValueError):
        return None
    return npm if young else None


def front_end():
    """The front-end packages by `npm ci`, with npm of the machine or, without one, out of a wheel in `.tools`."""
    value = digest(ROOT / "package.json", ROOT / "package-lock.json")
    if NODE_MODULES.is_dir() and stamped(NODE_MODULES, "npm", value):
        return
    npm, environment = npm_command(), dict(os.environ)
    if npm is None:
        install_locked(TOOLS, "requirements-tools.lock")
        npm = str(TOOLS / "bin" / "npm")
        environment["PATH"] = str(TOOLS / "bin") + os.pathsep + environment.get("PATH", os.defpath)
    # Node trusts only its own list of authorities; behind a company's proxy the machine's list is the right one.
    authorities = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
    if os.path.isfile(authorities):
        environment.setdefault("NODE_EXTRA_CA_CERTS", authorities)
    say("installing the front-end packages of package-lock.json")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run(command, "npm ci", cwd=str(ROOT), env=environment)
    stamp(NODE_MODULES, "npm", value)


class SideBySide(threading.Thread):
    """A step that runs beside the main one; `finish()` waits for it and raises what it raised."""

    def __init__(self, step):
        threading.Thread.__init__(self, daemon=True)
        self.step, self.error = step, None
        self.start()

    def run(self):
        """Run the step, keeping its refusal for the main thread."""
        try:
            self.step()
        except (SetupError, OSError) as error:
            self.error = error

    def finish(self):
        """Wait; raise the step's refusal."""
        self.join()
        if self.error:
            raise self.error


def icons():
    """Cut the icon sprite; it follows the templates, so it is looked at on every start."""
    run([sys.executable, str(ROOT / "tools" / "icons.py")], "cutting the icon sprite")


def browser():
    """A Chromium for the stories: tests skip without one, except where CI asks for it."""
    if shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"):
        return
    say("installing Debian's chromium for the browser stories")
    if apt_install(["chromium"]):
        return
    if os.environ.get("CI", "").lower() in ("1", "true"):
        raise SetupError("CI=true, but no Chromium is on PATH and none could be installed")
    say("no Chromium on PATH and none could be installed: the browser stories will be skipped")


def lock_checkout():
    """Hold the checkout while setting up, so that `make run` and `make test` may start together."""
    import fcntl

    folder = ROOT / "var"
    try:
        folder.mkdir(mode=0o755, exist_ok=True)
        handle = open(str(folder / "bootstrap.lock"), "a")  # noqa: SIM115  held until the set-up ends
    except PermissionError:
        raise SetupError(
            "this user may not write to %s; run as its owner or use a checkout of your own" % folder
        ) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("another set-up is at work in this checkout; waiting for it")
        fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def main(arguments):
    """Run the steps for one purpose; 0, or 1 with one line that says what to do."""
    purpose = arguments[0] if arguments else "run"
    if purpose not in ("run", "check", "test"):
        sys.stderr.write("usage: bootstrap.py run|check|test\n")
        return 2
    try:
        check_python()
        held = lock_checkout()
        # Both mostly wait for the network.
        beside = SideBySide(front_end)
        python_packages(purpose)
        beside.finish()
        icons()
        if purpose == "test":
            browser()
        held.close()
    except SetupError as error:
        sys.stderr.write("sanshen: %s\n" % error)
        return 1
    except OSError as error:
        sys.stderr.write("sanshen: %s\n" % ("the disk is full" if error.errno == 28 else error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
