"""The results file, read by others: h5py and xarray."""
import os
import re
import signal
import subprocess
import time

import h5py
import numpy as np
import pytest
import xarray

from conftest import DOUDI, ROOT, limited


@pytest.fixture(scope="module")
def dataset(comparison):
    with xarray.open_dataset(comparison[0], engine="h5netcdf") as ds:
        yield ds


def test_xarray_opens_the_file_with_labels_units_and_integers(dataset):
    assert dict(dataset.sizes)["scenario"] == 2
    assert list(dataset.scenario.values) == ["subsidies-80", "subsidies-85"]
    assert list(dataset.county.values) == [220623, 222402]
    assert list(dataset.programme.values) == ["dibao", "supplement", "tekun_basic", "tekun_care", "living_subsidy", "nursing_subsidy", "temporary"]
    assert list(dataset.category.values) == ["none", "dibao", "dibao_gradual", "edge", "rigid", "tekun", "orphan", "monitored"]
    assert dataset.month.values[0] == "2024-01" and dataset.month.values[-1] == "2024-12"
    assert dataset.cost.dims == ("scenario", "replicate", "county", "residence", "programme", "month")
    for name in ("cost", "recipients", "households", "category_households", "dibao_single"):
        assert dataset[name].dtype == np.int64
    assert dataset.cost.units == "fen" and dataset.recipients.units == "persons"
    assert list(dataset.county_name_zh.values) == ["长白朝鲜族自治县", "图们市"]
    assert dataset.systemic.dims == ("replicate", "factor", "county", "month")


def test_h5py_reads_it_with_checksums_and_no_times(comparison):
    with h5py.File(comparison[0]) as file:
        cost = file["cost"]
        assert cost.fletcher32 and cost.compression == "gzip" and cost.chunks[2] == 1
        assert [d[0].name for d in cost.dims] == ["/scenario", "/replicate", "/county", "/residence", "/programme", "/month"]
        assert "_FillValue" not in cost.attrs
        assert file.attrs["seed"] == 20240101 and file.attrs["format_version"] == 1
        sources = [s.decode() for s in file["source"]]
        assert "jilin-2024.toml" in sources and "reforms/subsidies-85.toml" in sources
        assert all(len(d) == 64 for d in file["source_sha256"])
        assert not any(b"/home" in t or str(ROOT).encode() in t for t in file["source"])


def test_the_difference_is_recipient_months_times_five_yuan(dataset):
    difference = dataset.cost[1] - dataset.cost[0]
    subsidies = ["living_subsidy", "nursing_subsidy"]
    heads = dataset.recipients[0].sel(programme=subsidies)
    assert (difference.sel(programme=subsidies) == 500 * heads).all()
    assert (difference.drop_sel(programme=subsidies) == 0).all()
    assert int(heads.sum()) > 0


def test_the_summary_shows_what_the_file_holds(comparison, dataset, doudi):
    text = comparison[1].stdout
    total = np.quantile(dataset.cost[0].sum(["county", "residence", "programme", "month"]), 0.5) / 1e6
    assert re.search(r"^TOTAL +" + re.escape(f"{total:,.1f}"), text, re.M), text
    assert "Hand check" in text and "gap 0.0000" in text and "household-months a second" in text
    assert "not the spending of any county" in text
    chinese = doudi("summary", comparison[0], "--lang", "zh").stdout
    assert "手工核对" in chinese and "合计" in chinese and "图们市" in chinese


def test_parameters_stay_in_their_ranges_and_differ_between_replicates(dataset):
    values = dataset.parameter_value
    take_up = values.sel(parameter="take_up.dibao_urban")
    assert ((take_up > 0) & (take_up < 1)).all() and len(np.unique(take_up)) == dataset.sizes["replicate"]


RUN = ["run", "scenarios/jilin-2024.toml", "--counties", "222402,220623,220605", "--replicates", "6", "--progress", "off"]


@pytest.mark.parametrize("share", [1, 0.2, 0.01])  # of a small sample each of two threads takes a county
def test_runs_on_any_number_of_threads_give_the_same_bytes(doudi, tmp_path, share):
    files = []
    for threads in (1, 2, 3):
        path = tmp_path / f"{threads}.h5"
        assert doudi(*RUN[:3], "222402,220623,220605,222403", *RUN[4:], "-o", path, "--threads", threads, "--sample-share", share).returncode == 0
        files.append(path.read_bytes())
    assert files[0] == files[1] == files[2]


def test_a_run_prints_the_summary_of_its_file(doudi, tmp_path):
    path = tmp_path / "x.h5"
    done = doudi(*RUN, "-o", path)
    assert done.returncode == 0
    assert done.stdout.startswith(doudi("summary", path).stdout) and "household-months a second" in done.stdout
    printed = doudi(*RUN, "-o", path, "--force", "--json").stdout
    assert printed == doudi("summary", path, "--json").stdout


def test_an_interrupted_run_is_taken_up_and_ends_with_the_same_bytes(doudi, tmp_path):
    whole, part = tmp_path / "whole.h5", tmp_path / "part.h5"
    run = ["run", "scenarios/jilin-2024.toml", "--counties", "222402,220623,220605,220182,222401", "--replicates", "40", "--progress", "off"]
    assert doudi(*run, "-o", whole).returncode == 0
    process = subprocess.Popen([DOUDI, *run, "-o", part], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    journal = tmp_path / "part.h5.part"
    while process.poll() is None and not (journal.exists() and journal.stat().st_size > 200):
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    _, words = process.communicate()
    assert process.returncode == 3 and "--resume" in words, words
    assert time.monotonic() - started < 3
    assert not part.exists() and journal.exists()
    refused = doudi(*run, "-o", part)
    assert refused.returncode == 2 and "take it up with --resume" in refused.stderr
    other = doudi(*run, "-o", part, "--resume", "--seed", "7")
    assert other.returncode == 2 and "belong to another run" in other.stderr
    with journal.open("r+b") as file:  # a torn last record
        file.truncate(os.path.getsize(journal) - 10)
    resumed = doudi(*run, "-o", part, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert part.read_bytes() == whole.read_bytes() and not journal.exists()


@pytest.mark.parametrize("moment", range(10))
def test_killed_at_any_moment_the_earlier_result_stands_and_resume_gives_the_same_bytes(doudi, comparison, tmp_path, moment):
    out = tmp_path / "x.h5"
    run = [*RUN, "-o", out]
    assert doudi(*run).returncode == 0
    earlier = out.read_bytes()
    process = subprocess.Popen([DOUDI, *run, "--force", "--seed", "5"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.02 * (moment + 1))
    process.kill()
    process.wait()
    fresh = tmp_path / "fresh.h5"
    assert doudi(*RUN, "-o", fresh, "--seed", "5").returncode == 0
    assert out.read_bytes() in (earlier, fresh.read_bytes())
    resumed = doudi(*run, "--force", "--seed", "5", "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert out.read_bytes() == fresh.read_bytes()


def test_a_full_disk_damages_nothing_and_says_so(doudi, tmp_path):
    out = tmp_path / "x.h5"
    assert doudi(*RUN, "-o", out).returncode == 0
    earlier = out.read_bytes()
    done = limited("ulimit -f 100", *RUN, "-o", out, "--force", "--seed", "9")
    assert done.returncode == 1 and "cannot write" in done.stderr and "--resume" in done.stderr, done.stderr
    assert out.read_bytes() == earlier


def test_a_damaged_file_is_refused_with_words(doudi, comparison, tmp_path):
    good = comparison[0].read_bytes()
    assert doudi("verify", comparison[0]).returncode == 0
    bad = tmp_path / "bad.h5"
    for data in (b"", b"not hdf5", good[: len(good) // 2]):
        bad.write_bytes(data)
        done = doudi("summary", bad)
        assert done.returncode == 2 and "bad.h5" in done.stderr, done.stderr
    rng = np.random.default_rng(1)
    wrong = 0
    for _ in range(60):
        data = bytearray(good)
        data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
        bad.write_bytes(data)
        done = doudi("summary", bad)
        assert done.returncode in (0, 2), done.stderr
        if done.returncode == 0 and doudi("verify", bad).returncode == 0:
            with h5py.File(bad) as a, h5py.File(comparison[0]) as b:
                wrong += not np.array_equal(a["cost"][...], b["cost"][...])
    assert wrong == 0, "a flipped bit changed a cost and nobody noticed"


def test_a_sample_comes_near_the_whole_with_weights(doudi, tmp_path):
    names = {}
    for share in (1, 0.1):
        path = tmp_path / f"{share}.h5"
        assert doudi("run", "scenarios/jilin-2024.toml", "--counties", "220182", "--replicates", "6", "--progress", "off",
                     "--sample-share", share, "-o", path).returncode == 0
        with xarray.open_dataset(path, engine="h5netcdf") as ds:
            names[share] = ds.cost.sum(["scenario", "county", "residence", "programme", "month"]).mean().item()
    assert names[0.1] == pytest.approx(names[1], rel=0.05)


def test_the_tallies_are_those_of_the_golden_digests(doudi, tmp_path):
    """The same on every machine and compiler. A change of results changes tests/golden.json and opens CHANGELOG.md."""
    import json

    golden = json.loads((ROOT / "tests/golden.json").read_text())
    path = tmp_path / "golden.h5"
    assert doudi("compare", "scenarios/reforms/subsidies-80.toml", "scenarios/reforms/dibao-plus-5.toml", "-o", path, "--counties", "222402,220102",
                 "--replicates", "12", "--progress", "off").returncode == 0
    with h5py.File(path) as file:
        assert file.attrs["format_version"] == golden["format"]
        assert {str(c): d.decode() for c, d in zip(file["county"][:], file["county_sha256"][:], strict=True)} == golden["digests"]
