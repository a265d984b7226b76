import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOUDI = ROOT / "build/release/doudi"
os.environ.pop("DOUDI_LANG", None)


def limited(limit, *args):
    """The command under a limit of the shell, such as "ulimit -f 100"."""
    return subprocess.run(["bash", "-c", f'{limit}; exec "$@"', "bash", DOUDI, *map(str, args)], capture_output=True, text=True, cwd=ROOT)


def chromium(*arguments, profile):
    """Chromium without a window, with a profile of its own, until it has done."""
    return subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", *map(str, arguments)], capture_output=True, text=True, timeout=120, check=True)


@pytest.fixture(scope="session")
def doudi():
    """Runs the command and returns the finished process; stdout and stderr as text."""

    def call(*args, **kwargs):
        return subprocess.run([DOUDI, *map(str, args)], capture_output=True, text=True, cwd=ROOT, **kwargs)

    return call


@pytest.fixture(scope="session")
def comparison(doudi, tmp_path_factory):
    """The 80 -> 85 comparison on two small counties, every household."""
    path = tmp_path_factory.mktemp("run") / "subsidies.h5"
    done = doudi("compare", "scenarios/reforms/subsidies-80.toml", "scenarios/reforms/subsidies-85.toml", "-o", path,
                 "--counties", "222402,220623", "--replicates", "8", "--progress", "off")
    assert done.returncode == 0, done.stderr
    return path, done


@pytest.fixture
def folder(tmp_path):
    """A copy of the scenarios to write into."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    return tmp_path / "scenarios"
