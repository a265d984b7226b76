"""Nothing is lost and nothing damaged: kills, full disks, forbidden folders, failing system calls, two runs at once, signals."""
import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import time

import h5py
import numpy as np
import pytest

from conftest import DOUDI, ROOT, limited

KILLS = int(os.environ.get("DOUDI_KILLS", "10"))
RUN = ["run", "scenarios/jilin-2024.toml", "--counties", "222402,220623,220605,222401,220602,220503", "--replicates", "12", "--progress", "off"]
SAMPLE = [*RUN, "--sample-share", "0.1", "--threads", "3"]  # so small a sample that each thread takes a county
strace = pytest.mark.skipif(not shutil.which("strace"), reason="there is no strace here")
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")


def made(doudi, folder, run, *more):
    started = time.monotonic()
    assert doudi(*run, "-o", folder / "x.h5", *more).returncode == 0
    return (folder / "x.h5").read_bytes(), time.monotonic() - started


@pytest.fixture(scope="module")
def fresh(doudi, tmp_path_factory):
    """The file that an undisturbed run with --seed 5 writes, and how long it takes."""
    return made(doudi, tmp_path_factory.mktemp("fresh"), RUN, "--seed", "5")


@pytest.fixture(scope="module")
def earlier(doudi, tmp_path_factory):
    return made(doudi, tmp_path_factory.mktemp("earlier"), RUN)[0]


@pytest.fixture(scope="module", params=[RUN, SAMPLE], ids=["whole", "sample"])
def course(request, doudi, tmp_path_factory, fresh, earlier):
    """A run, and the same `fresh` and `earlier` of it."""
    if request.param is RUN:
        return RUN, fresh, earlier
    folder = tmp_path_factory.mktemp("sample")
    return SAMPLE, made(doudi, folder, [*SAMPLE[:-1], "1"], "--seed", "5"), made(doudi, folder, SAMPLE, "--force")[0]


def wait_for(process, journal, times):
    """Until the journal has grown so many times (its head, then a record a county), or the run has ended."""
    size = grown = 0
    while grown < times and process.poll() is None:
        with contextlib.suppress(FileNotFoundError):
            now = journal.stat().st_size
            grown, size = grown + (now > size), now
        time.sleep(0.001)


def test_killed_at_random_moments_the_earlier_result_stands_and_resume_ends_with_the_same_bytes(course, tmp_path):
    run, (whole, seconds), earlier = course
    moments = random.Random(KILLS)
    resumed = torn = late = 0
    for kill in range(KILLS // 2):  # the other half is of the other run
        out = tmp_path / f"{kill}.h5"
        out.write_bytes(earlier)
        command = [DOUDI, *run, "-o", out, "--force", "--seed", "5"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        journal = tmp_path / f"{kill}.h5.part"
        if kill % 2:
            time.sleep(moments.uniform(0, 1.1 * seconds))
        else:  # by the work that is done: on a busy machine the clock would mostly strike before the first county is kept
            wait_for(process, journal, moments.randrange(1, 8))
            time.sleep(moments.uniform(0, 0.1))
        process.kill()
        late += process.wait() == 0
        assert out.read_bytes() in (earlier, whole), f"kill {kill}: the result is neither the earlier nor the new one"
        if journal.exists() and journal.stat().st_size > 200 and moments.random() < 0.5:  # a power cut may leave half a record
            with journal.open("r+b") as file:
                file.truncate(journal.stat().st_size - moments.randrange(1, 100))
            torn += 1
        done = subprocess.run([*command, "--resume"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        resumed += "resuming" in done.stderr
        assert out.read_bytes() == whole, f"kill {kill}: other bytes than an undisturbed run"
        assert sorted(p.name for p in tmp_path.iterdir()) == [out.name], "something was left lying about"
        out.unlink()
    print(f"\n{KILLS // 2} kills of {'whole counties' if run is RUN else 'a small sample'}: {resumed} resumed from finished counties, {torn} with a torn record, {late} after the end")


def refused(done, out, earlier, *words):
    assert done.returncode == 1, (done.returncode, done.stderr)
    for word in words:
        assert word in done.stderr, done.stderr
    assert out.read_bytes() == earlier
    assert not (out.parent / (out.name + ".new")).exists()


@pytest.mark.parametrize("share", [0, 0.02, 0.2, 0.6, 0.95])
def test_a_limit_on_the_size_of_files_damages_nothing_at_any_size(doudi, course, tmp_path, share):
    run, fresh, earlier = course
    out = tmp_path / "x.h5"
    out.write_bytes(earlier)
    done = limited(f"ulimit -f {int(share * len(earlier)) // 1024}", *run, "-o", out, "--force", "--seed", "5")
    refused(done, out, earlier, "cannot write", "File too large")
    assert doudi(*run, "-o", out, "--force", "--seed", "5", "--resume").returncode == 0
    assert out.read_bytes() == fresh[0]


@root_only
def test_a_full_disk_says_so_damages_nothing_and_goes_on_when_there_is_room(doudi, fresh, earlier, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    kib = len(earlier) // 1024 + 200  # the earlier result and little more
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", disk], capture_output=True).returncode != 0:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        out = disk / "x.h5"
        out.write_bytes(earlier)
        command = [*RUN, "-o", out, "--force", "--seed", "5"]
        refused(doudi(*command), out, earlier, "No space left on device", "--resume")
        subprocess.run(["mount", "-o", f"remount,size={3 * kib + 4096}k", disk], check=True)
        done = doudi(*command, "--resume")
        assert done.returncode == 0, done.stderr
        assert out.read_bytes() == fresh[0]
    finally:
        subprocess.run(["umount", disk], check=True)


@root_only
def test_a_folder_that_may_not_be_written_is_refused_before_the_run(earlier, tmp_path):
    if not shutil.which("setpriv"):
        pytest.skip("there is no setpriv here")
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "x.h5").write_bytes(earlier)
    folder.chmod(0o555)
    for above in folder.parents:
        if above.owner() == "root" and above != above.parent:
            above.chmod(above.stat().st_mode | 0o055)
    program = tmp_path / "doudi"
    shutil.copy(DOUDI, program)
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    for options in (["-o", folder / "y.h5"], ["-o", folder / "x.h5", "--force"]):
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, *RUN, *options], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 2 and "cannot be written: Permission denied" in done.stderr, done.stderr
    assert [p.name for p in folder.iterdir()] == ["x.h5"] and (folder / "x.h5").read_bytes() == earlier


@strace
@pytest.mark.parametrize(("call", "error", "words"), [
    ("rename", "EIO", "cannot rename to its name"), ("rename", "EXDEV", "cannot rename to its name"), ("fsync", "EIO", "cannot sync"),
    ("openat", "EMFILE", ""), ("write", "ENOSPC", "cannot write"), ("write", "EIO", "cannot write"), ("ftruncate", "EIO", "cannot be written"),
])
def test_a_system_call_that_fails_is_named_and_nothing_is_damaged(doudi, course, tmp_path, call, error, words):
    run, fresh, earlier = course
    out = tmp_path / "x.h5"
    paths = [str(out), f"{out}.part", f"{out}.new"]
    when = [1, 2, 3] if call in ("fsync", "openat", "write") else [1]
    for n in when:
        out.write_bytes(earlier)
        tried = ["strace", "-f", "-qq", "-o", "/dev/null", *(f"-P{p}" for p in paths), "-e", f"inject={call}:error={error}:when={n}"]
        done = subprocess.run([*tried, DOUDI, *run, "-o", out, "--force", "--seed", "5"], cwd=ROOT, capture_output=True, text=True)
        if done.returncode == 0:  # there was no such call, or nothing hung on it (the sync of the folder)
            assert out.read_bytes() == fresh[0]
            continue
        assert done.returncode in (1, 2) and words in done.stderr and "x.h5" in done.stderr, done.stderr
        if out.read_bytes() == fresh[0]:  # the result stood, and reading it for the summary failed
            continue
        assert out.read_bytes() == earlier
        done = doudi(*run, "-o", out, "--force", "--seed", "5", "--resume")
        assert done.returncode == 0, done.stderr
        assert out.read_bytes() == fresh[0]


@strace
def test_killed_between_writing_and_renaming_the_earlier_result_stands(doudi, course, tmp_path):
    run, fresh, earlier = course
    out = tmp_path / "x.h5"
    out.write_bytes(earlier)
    done = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=rename:signal=KILL:error=EIO", DOUDI, *run, "-o", out, "--force", "--seed", "5"],
                          cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0 and out.read_bytes() == earlier and (tmp_path / "x.h5.new").exists()
    done = doudi(*run, "-o", out, "--force", "--seed", "5", "--resume")
    assert done.returncode == 0 and "6 of 6 counties are done" in done.stderr
    assert out.read_bytes() == fresh[0] and [p.name for p in tmp_path.iterdir()] == ["x.h5"]


def test_two_runs_on_one_output_one_is_refused_and_the_other_ends_whole(doudi, fresh, tmp_path):
    out = tmp_path / "x.h5"
    command = [DOUDI, *RUN, "-o", out, "--seed", "5"]
    for delay in (0, 0.05, 0.2):
        pair = []
        for _ in range(2):
            pair.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
            time.sleep(delay)
        words = [process.communicate()[1] for process in pair]
        codes = sorted(process.returncode for process in pair)
        assert codes == [0, 2], words
        assert any(w in "".join(words) for w in ("another run is writing this output", "has just finished", "exists; choose another", "has come into being")), words
        assert out.read_bytes() == fresh[0] and [p.name for p in tmp_path.iterdir()] == ["x.h5"]
        out.unlink()


LONG = ["run", "scenarios/jilin-2024.toml", "--replicates", "400", "--progress", "off"]
LONG_SAMPLE = ["run", "scenarios/jilin-2024.toml", "--replicates", "4000", "--sample-share", "0.05", "--progress", "off"]


@pytest.mark.parametrize("run", [LONG, LONG_SAMPLE], ids=["whole", "sample"])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("after", [0.4, 2.5])
def test_a_signal_stops_the_run_in_order_with_exit_code_3(tmp_path, run, name, after):
    process = subprocess.Popen([DOUDI, *run, "-o", tmp_path / "x.h5"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    time.sleep(after)
    process.send_signal(getattr(signal, name))
    started = time.monotonic()
    _, words = process.communicate(timeout=60)
    print(f"\n{name} after {after} s: stopped within {time.monotonic() - started:.2f} s")
    assert process.returncode == 3 and "run again with --resume" in words, words
    assert not (tmp_path / "x.h5").exists() and (tmp_path / "x.h5.part").exists()


def test_a_flipped_bit_anywhere_in_a_result_is_noticed(doudi, earlier, tmp_path):
    """One bit in each of many places: the seal does not agree, and no command gives a number."""
    bad = tmp_path / "bad.h5"
    rng = random.Random(3)
    places = [*range(0, 200, 7), *(rng.randrange(len(earlier)) for _ in range(int(os.environ.get("DOUDI_FLIPS", "40")))), *range(len(earlier) - 90, len(earlier), 9)]
    for place in places:
        data = bytearray(earlier)
        data[place] ^= 1 << rng.randrange(8)
        bad.write_bytes(data)
        done = doudi("summary" if place % 2 else "verify", bad)
        assert done.returncode == 2, f"byte {place}: {done.stdout}{done.stderr}"
        assert "damaged" in done.stdout + done.stderr and "bad.h5" in done.stderr + "bad.h5", done.stderr


def unsealed(data):
    """The file without its seal, as a program that writes HDF5 would leave it."""
    assert data[-79:-65] == b"\ndoudi-seal-1 " and hashlib.sha256(data[:-79]).hexdigest().encode() == data[-65:-1]
    return data[:-79]


def test_damage_to_a_file_without_a_seal_never_crashes_the_command(doudi, earlier, tmp_path):
    bad = tmp_path / "bad.h5"
    plain = unsealed(earlier)
    rng = random.Random(4)
    crashed = 0
    for _ in range(int(os.environ.get("DOUDI_FLIPS", "40"))):
        data = bytearray(plain)
        for _ in range(rng.choice([1, 1, 8])):
            data[rng.randrange(len(data) if rng.random() < 0.5 else 30000)] = rng.randrange(256)
        bad.write_bytes(data[: rng.randrange(len(data))] if rng.random() < 0.2 else data)
        done = doudi("summary", bad, timeout=200)
        assert done.returncode in (0, 2), done.stderr
        assert done.returncode == 0 or "bad.h5" in done.stderr
        crashed += "crashes libhdf5" in done.stderr
    print(f"\nlibhdf5 itself crashed on {crashed} files; the command said so and exited with 2")


def test_a_file_that_another_program_has_changed_is_read_but_not_verified(doudi, earlier, tmp_path):
    path = tmp_path / "x.h5"
    path.write_bytes(earlier)
    with h5py.File(path, "r+") as file:
        file.attrs["comment"] = "mine"
    assert doudi("summary", path).returncode == 0
    done = doudi("verify", path)
    assert done.returncode == 2 and "the seal is missing" in done.stdout and "counties agree with their digests" in done.stdout


@pytest.mark.parametrize(("command", "table"), [("summary", "indicators.csv"), ("validate", "targets.csv")])
def test_a_damaged_table_within_a_result_is_said_to_be_in_the_result(doudi, earlier, tmp_path, command, table):
    path = tmp_path / "x.h5"
    path.write_bytes(earlier)
    with h5py.File(path, "r+") as file:
        place = next(i for i, name in enumerate(file["source"].asstr()[:]) if name.endswith(table))
        file["source_text"][place] = file["source_text"].asstr()[place] + "too,short\n"
    done = doudi(command, path)
    assert done.returncode == 2 and f"x.h5: data/{table}:" in done.stderr, done.stderr


def shape(file, name, new, **kwargs):
    del file[name]
    file.create_dataset(name, new, **kwargs)


HOSTILE = {
    "more replicates than the cubes have": (lambda f: f.attrs.modify("replicates", 7), "does not have the shape"),
    "replicates without end": (lambda f: f.attrs.modify("replicates", 2**62), "none that a run can have"),
    "negative replicates": (lambda f: f.attrs.modify("replicates", -1), "none that a run can have"),
    "an attribute of a thousand numbers": (lambda f: f.attrs.create("seed", np.arange(1000)), "does not have the type"),
    "a text for a number": (lambda f: f.attrs.create("replicates", "six"), "does not have the type"),
    "a cube of 10^15 cells": (lambda f: shape(f, "cost", (1, 10**5, 10**4, 2, 7, 12), chunks=(1, 1, 1, 2, 7, 12), dtype="i8"), "does not have the shape"),
    "a cube that is not there": (lambda f: f.__delitem__("households"), 'no dataset "households"'),
    "a cube of floats": (lambda f: shape(f, "recipients", (1, 12, 6, 2, 7, 12), chunks=(1, 12, 1, 2, 7, 12), dtype="f8"), "does not have the type"),
    "a cube in one chunk": (lambda f: shape(f, "cost", (1, 12, 6, 2, 7, 12), chunks=(1, 12, 6, 2, 7, 12), dtype="i8"), "not stored by scenario and county"),
    "a cube with nothing stored": (lambda f: shape(f, "cost", (1, 12, 6, 2, 7, 12), chunks=(1, 12, 1, 2, 7, 12), dtype="i8"), "claims to hold more"),
    "numbers that would overflow a sum": (lambda f: f["cost"].__setitem__((0, 0, 0, 0, 0, 0), 2**62), "numbers that no run can have"),
    "a million counties": (lambda f: shape(f, "county", (10**6,), dtype="i4"), "none that a run can have"),
    "texts of fixed size": (lambda f: shape(f, "scenario", (1,), dtype="S10"), "does not have the type"),
    "a text that is not UTF-8": (lambda f: shape(f, "scenario_title", (1,), dtype=h5py.string_dtype(), data=[b"\xe4\xbd(\xed"]), "not UTF-8"),
    "an amount without end": (lambda f: f["living_amount"].__setitem__(0, 2**60), "amounts or people"),
    "a format of the future": (lambda f: f.attrs.modify("format_version", 2), "this program reads format 1"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_words_and_little_memory(earlier, tmp_path, what):
    change, words = HOSTILE[what]
    path = tmp_path / "hostile.h5"
    path.write_bytes(earlier)
    with h5py.File(path, "r+") as file:
        change(file)
    data = path.read_bytes()
    path.write_bytes(data + b"\ndoudi-seal-1 " + hashlib.sha256(data).hexdigest().encode() + b"\n")  # a hostile hand seals it too
    for command in ("summary", "validate"):
        done = limited("ulimit -v 1000000", command, path)
        assert done.returncode == 2 and "hostile.h5: error: " in done.stderr and words in done.stderr, done.stderr
