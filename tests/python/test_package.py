"""The Python package: the command's numbers, labels, views, interruption, answers."""
import inspect
import os
import pydoc
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import xarray

import doudi
from conftest import ROOT
from doudi import _core, engine

COUNTIES = [220623, 222402]


@pytest.fixture(scope="module")
def base():
    return doudi.load(ROOT / "scenarios/jilin-2024.toml")


@pytest.fixture(scope="module")
def subsidies():
    return [doudi.load(ROOT / f"scenarios/reforms/subsidies-{amount}.toml") for amount in (80, 85)]


@pytest.fixture(scope="module")
def result(subsidies):
    return doudi.compare(*subsidies, counties=COUNTIES, replicates=8, progress=False)


def same_bytes(ours, file):
    for name in ("cost", "recipients", "households", "category_households", "dibao_single", "systemic", "parameter_value"):
        assert ours[name].values.dtype == file[name].values.dtype and ours[name].values.tobytes() == file[name].values.tobytes(), name
    assert list(ours.county_sha256.values) == list(file.county_sha256.values)


def test_python_gives_the_commands_bytes_and_everything_the_file_says(result, comparison):
    with xarray.open_dataset(comparison[0], engine="h5netcdf") as file:
        ours = result.dataset
        same_bytes(ours, file)
        for name in file.variables:
            assert ours[name].dims == file[name].dims and ours[name].attrs == file[name].attrs, name
            assert np.array_equal(ours[name].values, file[name].values), name
        for name in set(file.attrs) - {"git_dirty", "build", "git_hash"}:  # of two builds
            assert ours.attrs[name] == file.attrs[name], name


def test_a_changed_scenario_a_seed_and_a_sample_give_the_same_bytes_from_python_and_the_command(base, tmp_path):
    out = tmp_path / "run.h5"
    subprocess.run([ROOT / "build/release/doudi", "run", ROOT / "scenarios/jilin-2024.toml", "-o", out, "--set", "dibao.standard.factor=1.05", "--seed", "7", "--months", "5",
                    "--sample-share", "0.2", "--replicates", "5", "--counties", "222402,220623", "--progress", "off"], check=True, capture_output=True)
    ours = doudi.run(base.with_(dibao__standard__factor=1.05), seed=7, months=5, sample_share=0.2, replicates=5, counties=COUNTIES, threads=3, progress=False)
    with xarray.open_dataset(out, engine="h5netcdf") as file:
        same_bytes(ours, file)
        assert ours.attrs["plan_sha256"] != "" and list(ours.month.values) == list(file.month.values)


def test_arrays_are_the_engines_memory_and_nothing_is_copied(base, monkeypatch):
    kept = {}
    simulate = _core.simulate
    monkeypatch.setattr(_core, "simulate", lambda *a, **k: kept.setdefault("raw", simulate(*a, **k)))
    ds = doudi.run(base, counties=[220623], replicates=2, progress=False)
    for name in ("cost", "recipients", "households", "category_households", "dibao_single", "parameter_value", "systemic"):
        assert np.shares_memory(ds[name].data, kept["raw"]["variables"][name][1]), name
    assert not ds.parameter_value.data.flags.owndata, "a view of what the engine drew"
    assert np.shares_memory(ds.cost.sel(programme="dibao").data, ds.cost.data), "so is a selection"


def test_the_gil_is_released_while_the_engine_works(base):
    ticks, done = [0], threading.Event()

    def tick():
        while not done.is_set():
            ticks[0] += 1
            time.sleep(0.001)

    other = threading.Thread(target=tick)
    other.start()
    before = ticks[0]
    doudi.run(base, counties=[220182], replicates=60, progress=False)
    during = ticks[0] - before
    done.set()
    other.join()
    assert during > 20, "another Python thread hardly ran"


def test_progress_is_told_in_households_with_the_county(base, monkeypatch):
    import tqdm.auto

    bars = []

    class Bar(tqdm.auto.tqdm):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs, file=open(os.devnull, "w"))
            bars.append(self)

    monkeypatch.setattr(tqdm.auto, "tqdm", Bar)
    ds = doudi.run(base, counties=COUNTIES, replicates=1)
    assert bars[0].n == bars[0].total == ds.family_households.sum() and bars[0].unit == "household"


def test_the_difference_is_recipient_months_times_five_yuan(result):
    check = result.hand_check()
    assert check["expected"] > 0 and check["largest_gap"] == 0


def test_with_makes_another_scenario_and_leaves_the_first(base):
    raised = base.with_(name="raised", dibao__standard__factor=1.05)
    assert base.changes == () and raised.settings()[0] == "dibao.standard.factor=1.05"
    with pytest.raises(doudi.InputError, match=r'did you mean "dibao.standard.factor"'):
        doudi.run(base.with_(dibao__standard__facto=1.05), progress=False)
    with pytest.raises(TypeError, match="cannot hold a set"):
        base.with_(dibao__standard__factor={1, 2})


def test_a_sweep_shares_its_draws_and_grows_with_the_standard(base):
    c = doudi.sweep(base, "dibao.standard.factor", [1.0, 1.02, 1.05], counties=COUNTIES, replicates=4, progress=False)
    assert (c.difference(1) == 0).all(), "a null reform"
    assert (c.difference(2) > 0).all() and (c.difference(3) > c.difference(2)).all()


def test_a_grid_has_its_values_as_coordinates_of_the_scenarios(base):
    c = doudi.sweep(base, {"dibao.standard.factor": [1.02, 1.05], "dibao.take_up_factor": [1.0, 1.1]}, counties=[220623], replicates=2, progress=False)
    assert c.dataset.sizes["scenario"] == 5 and c.dataset.scenario.values[2] == "dibao.standard.factor=1.02, dibao.take_up_factor=1.1"
    assert list(c.dataset["dibao.take_up_factor"].values[1:]) == [1.0, 1.1, 1.0, 1.1] and np.isnan(c.dataset["dibao.take_up_factor"].values[0])
    by_factor = c.dataset.isel(scenario=slice(1, None)).groupby("dibao.standard.factor").sum().cost.sum(["replicate", "county", "residence", "programme", "month"])
    assert by_factor.sel({"dibao.standard.factor": 1.05}) > by_factor.sel({"dibao.standard.factor": 1.02})
    with pytest.raises(ValueError, match="no values"):
        doudi.sweep(base, "dibao.standard.factor", [])


def test_more_scenarios_than_one_walk_takes_are_walked_in_parts_to_the_same_numbers(base):
    options = dict(counties=[220623], replicates=2, sample_share=0.3, progress=False)
    factors = [1 + i / 100 for i in range(20)]
    c = doudi.sweep(base, "dibao.standard.factor", factors, **options)
    assert c.dataset.sizes["scenario"] == 21 and (c.difference(1) == 0).all()
    alone = doudi.sweep(base, "dibao.standard.factor", factors[-1:], **options)
    assert np.array_equal(c.dataset.cost.values[-1], alone.dataset.cost.values[-1])
    factor = [line for line in c.dataset.attrs["settings"].splitlines() if "dibao.standard.factor=" in line and "name" not in line and "title" not in line]
    assert factor == [f"[{i}] dibao.standard.factor={f}" for i, f in enumerate(factors, 1)], "every scenario's, counted in the whole"


def test_a_scenario_of_ones_own_names_a_shipped_base_from_any_folder(tmp_path, base):
    mine = tmp_path / "mine.toml"
    mine.write_text('name = "mine"\nbase = "jilin-2024.toml"\nwhy = "a question"\n[dibao.standard]\nfactor = 1.05\n', encoding="utf-8")
    options = dict(counties=[220623], replicates=2, progress=False)
    c = doudi.compare(doudi.load("jilin-2024.toml"), doudi.load(mine), **options)
    assert np.array_equal(c.dataset.cost.values[1], doudi.run(base.with_(dibao__standard__factor=1.05), **options).cost.values[0])
    mine.write_text('name = "mine"\nbase = "jilin-2025.toml"\n', encoding="utf-8")
    with pytest.raises(doudi.InputError, match=r'mine.toml:2:\d+: error: there is no file "jilin-2025.toml"'):
        doudi.load(mine)
    with pytest.raises(doudi.InputError, match="shipped are .*jilin-2024.toml"):
        doudi.load("nowhere.toml")


def test_a_scenario_describes_itself_before_it_is_run(base):
    assert base.standards().loc[220182].urban > base.standards().loc[220182].rural > 0
    raised = base.with_(dibao__standard__factor=1.10)
    assert (raised.standards().urban >= base.standards().urban).all() and raised.standards().urban.sum() > base.standards().urban.sum()
    assert set(base.assumptions()) == {"prior", "evidence", "why"} and base.assumptions().evidence.ne("").all()
    assert base.parameters().loc["edge_mult_pct", "value"] == "200"
    assert "dibao.standard.factor" in raised._repr_html_()
    with pytest.raises(doudi.InputError, match="did you mean"):
        base.with_(dibao__standart__factor=1.1).check()


def test_a_dataset_that_was_saved_opens_again_as_it_was(result, tmp_path):
    result.dataset.to_netcdf(tmp_path / "mine.nc", engine="h5netcdf")
    again = doudi.open_results(tmp_path / "mine.nc")
    assert again.dataset.identical(result.dataset) and again.reserve(0.9) == result.reserve(0.9)
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        doudi.open_results(tmp_path / "none.h5")
    (tmp_path / "torn.h5").write_bytes((tmp_path / "mine.nc").read_bytes()[:5000])
    with pytest.raises(doudi.InputError, match="not a results file, or a damaged one"):
        doudi.open_results(tmp_path / "torn.h5")
    xarray.Dataset({"a": ("x", [1])}).to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    with pytest.raises(doudi.InputError, match="not a result of doudi"):
        doudi.open_results(tmp_path / "other.nc")


def test_a_run_that_cannot_fit_into_memory_is_refused_before_it_starts(base):
    with pytest.raises(doudi.InputError, match=r"replicates: the result would take .* GiB and the machine has"):
        doudi.run(base, replicates=100_000, months=60, progress=False)


def test_reserve_breach_and_shortfall_agree_with_the_distribution(result):
    total = result.total().values
    assert result.reserve(0.95) == pytest.approx(np.quantile(total, 0.95) - np.median(total))
    assert result.breach_probability(np.median(total)) == pytest.approx((total > np.median(total)).mean())
    assert result.expected_shortfall(0.75) == pytest.approx(np.sort(total)[-2:].mean())
    assert result.expected_shortfall(0.95) == pytest.approx(total.max())
    low, high = result.quantile_interval(0.5, confidence=0.8)
    assert low <= np.median(total) <= high
    with pytest.raises(ValueError, match="not between 0 and 1"):
        result.reserve(1.5)
    with pytest.raises(KeyError, match="subsidies-80"):
        result.total("nonsense")


@pytest.mark.parametrize("options, said", [
    ({"counties": "220623"}, r"counties = '220623' is one value, and a list of codes is wanted, such as counties=\[220623\]"),
    ({"counties": 220623}, r"counties = 220623 is one value, .* such as counties=\[220623\]"),
    ({"counties": ["Tumen"]}, "counties: 'Tumen' is not the code of a county, such as 220623"),
    ({"counties": [220623.5]}, "counties: 220623.5 is not the code of a county"),
    ({"seed": -1}, r"seed = -1 is not a whole number from 0 to 2\*\*63 - 1"),
    ({"seed": 2**63}, r"seed = 9223372036854775808 is not a whole number from 0 to 2\*\*63 - 1"),
    ({"seed": 1.5}, "seed = 1.5 is not a whole number"),
    ({"threads": -1}, r"threads = -1 is not a whole number from 0 to 1024 \(0 takes all of the processor\)"),
    ({"threads": 1025}, "threads = 1025 is not a whole number from 0 to 1024"),
    ({"replicates": "8"}, "replicates = '8' is not a whole number from 1 to"),
    ({"replicates": 0}, "replicates = 0 is not a whole number from 1 to"),
    ({"months": True}, "months = True is not a whole number"),
    ({"sample_share": "0.1"}, "sample_share = '0.1' is not a number, such as 0.05"),
])
def test_an_argument_that_cannot_be_meant_is_refused_in_words(base, options, said):
    small = {"counties": [220623], "replicates": 1, "sample_share": 0.02}
    with pytest.raises(doudi.InputError, match=said):
        doudi.run(base, progress=False, **{**small, **options})
    if "months" not in options:
        with pytest.raises(doudi.InputError, match=said):
            doudi.budget_bridge(base, base, **{**small, **options})
    if "replicates" not in options:
        small.pop("replicates")
        with pytest.raises(doudi.InputError, match=said):
            doudi.drivers(base, rows=4, **{**small, **options})


def test_counties_may_be_numbers_of_numpy_and_of_pandas_and_text_one_by_one(base):
    for codes in (np.array([220623]), (220623,), ["220623"], {220623}, iter([220623])):
        assert list(doudi.run(base, counties=codes, replicates=np.int64(1), sample_share=0.02, progress=False).county.values) == [220623]


def test_a_question_that_cannot_be_meant_is_refused_in_words(result):
    for ask, said in ((lambda: result.breach_probability("6e9"), "budget = '6e9' is not an amount in yuan: a number is wanted, such as 6.2e9 for 62 亿元"),
                      (lambda: result.breach_interval("6e9"), "budget = '6e9' is not an amount in yuan"),
                      (lambda: result.breach_probability(result.reserve(by=("county",)).astype(str), by=("county",)), "budget: a Series of .* is not one of amounts in yuan"),
                      (lambda: result.reserve(0.95, by=("foo",)), "by: there is no dimension 'foo' here; there are county, residence, programme, month"),
                      (lambda: result.reserve(0.95, by=("month",), level="county"), "by: there is no dimension 'month' here; there are county, programme"),
                      (lambda: result.total(by="county"), r"by = 'county' is text, and a tuple of dimensions is wanted, such as by=\('county',\)"),
                      (lambda: result.difference(by=("scenario",)), "there is no dimension 'scenario'"),
                      (lambda: result.total(by=3), "by = 3 is not a tuple of dimensions"),
                      (lambda: result.reserve("0.95"), "confidence = '0.95' is not between 0 and 1"),
                      (lambda: result.expected_shortfall(1), "confidence = 1 is not between 0 and 1")):
        with pytest.raises(doudi.InputError, match=said):
            ask()
    assert result.breach_probability(np.float64(1)) == 1 and result.breach_probability(1) == 1
    assert list(result.breach_probability(result.reserve(by=("county",)) * 0, by=("county",))) == [1, 1]


def test_the_order_statistics_interval_covers_a_known_quantile_as_often_as_it_says():
    """2,000 samples of 100 normals: coverage of the 95 % interval of the 90 % quantile within 4 standard errors."""
    rng, truth, hits = np.random.default_rng(5), 1.2815515655446004, 0
    dims = ("scenario", "replicate", "county", "residence", "programme", "month")
    for _ in range(2000):
        cost = rng.normal(size=(1, 100, 1, 1, 1, 1)) * 100
        c = doudi.Comparison(xarray.Dataset({"cost": (dims, cost)}, {"scenario": ["a"]}))
        low, high = c.quantile_interval(0.9)
        hits += low <= truth <= high
    assert hits / 2000 > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 2000)


def test_parts_add_to_the_total_and_the_tables_agree(result):
    by_county, total = result.total(by=("county",)), result.total()
    assert np.allclose(by_county.sum("county"), total)
    frame = result.by_programme()
    assert frame.loc["total", "change"] == pytest.approx(result.difference().median().item())
    assert set(result.by_county().grade) <= {"publish", "caution", "suppress"}
    assert "万元" in result._repr_html_()


def test_drivers_find_the_input_that_matters():
    rng = np.random.default_rng(3)
    x = rng.uniform(size=(400, 2))
    cost = (10 * x[:, 0] + rng.normal(size=400))[None, :, None, None, None, None] * 100
    ds = xarray.Dataset({"cost": (("scenario", "replicate", "county", "residence", "programme", "month"), cost), "parameter_value": (("replicate", "parameter"), x)},
                        {"parameter": ["strong", "idle"], "scenario": ["a"]})
    drivers = doudi.Comparison(ds).drivers()
    assert drivers.share_of_variance["strong"] > 0.8 and drivers.share_of_variance["idle"] < 0.05


@pytest.mark.parametrize("order", ["import h5py, doudi", "import doudi, h5py"])
def test_h5py_and_doudi_live_in_one_process_in_either_order(order, comparison):
    code = (f"{order}\nc = doudi.run(doudi.load({str(ROOT / 'scenarios/jilin-2024.toml')!r}), counties=[220623], replicates=1, progress=False)\n"
            f"f = h5py.File({str(comparison[0])!r}); print(int(f['cost'][0].sum() > 0), int(c.cost.sum() > 0))")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == ["1", "1"]


COUNTY_AFTER_COUNTY = [220623, 222402, 220182]  # two small ones, then one that takes seconds where there are 600 replicates

INTERRUPTIBLE = """
import signal, doudi
from doudi import _core
# A shell that runs tests in the background lets its children ignore Ctrl-C: take it up again.
signal.signal(signal.SIGINT, signal.default_int_handler)
simulate = _core.simulate
_core.simulate = lambda plan, threads, tell, **k: simulate(plan, threads, lambda *now: (print(now[1], flush=True), tell(*now)), **k)
doudi.run(doudi.load({base!r}), progress=False, {options})
"""


def interrupted(options, counties, **environment):
    """A run in a process of its own that gets Ctrl-C when so many counties are done; returns what it said."""
    code = INTERRUPTIBLE.format(base=str(ROOT / "scenarios/jilin-2024.toml"), options=", ".join(f"{k}={v!r}" for k, v in options.items()))
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})
    for line in process.stdout:
        if int(line) >= counties:
            break
    process.send_signal(signal.SIGINT)
    words = process.communicate(timeout=120)[1]
    assert process.returncode != 0 and "KeyboardInterrupt: stopped after" in words, words
    return words


def test_ctrl_c_stops_a_run_in_the_middle_of_a_county():
    words = interrupted(dict(replicates=1000, checkpoint=False), 0)  # a quarter of an hour if it went on
    assert "stopped after 0 of 69 counties; nothing is kept" in words


def test_an_interrupted_run_goes_on_from_its_checkpoint_to_the_same_numbers(base, tmp_path, monkeypatch):
    part = tmp_path / "run.part"
    options = dict(counties=COUNTY_AFTER_COUNTY, replicates=600, checkpoint=str(part))
    words = interrupted(options, 1)
    assert f"of 3 counties; they are kept in {part}" in words and part.stat().st_size > 200
    before = part.read_bytes()
    resumed = doudi.run(base, progress=False, **options)
    assert not part.exists()
    assert resumed.identical(doudi.run(base, progress=False, **{**options, "checkpoint": False}))
    # And it did go on: with the finished county spoilt in a file that is otherwise sound, the county is simulated again.
    part.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    assert doudi.run(base, progress=False, **options).identical(resumed)


def test_a_small_sample_does_not_depend_on_threads_and_goes_on_when_interrupted(base, tmp_path):
    part = tmp_path / "sample.part"
    options = dict(counties=[220623, 222402, 220605, 222403, 220503, 220602, 222405, 222406], replicates=2000, sample_share=0.05)
    one = doudi.run(base, progress=False, threads=1, **options)
    assert one.identical(doudi.run(base, progress=False, threads=3, **options))
    interrupted({**options, "threads": 3, "checkpoint": str(part)}, 1)
    assert part.stat().st_size > 200
    assert one.identical(doudi.run(base, progress=False, threads=2, **options, checkpoint=part)) and not part.exists()


def test_without_a_checkpoint_of_ones_own_an_interruption_leaves_one_in_the_cache(base, tmp_path, monkeypatch):
    options = dict(counties=COUNTY_AFTER_COUNTY, replicates=600)
    words = interrupted(options, 1, DOUDI_CACHE=str(tmp_path))
    kept = list(tmp_path.glob("*.part"))
    assert len(kept) == 1 and str(kept[0]) in words and kept[0].stat().st_size > 200, words
    monkeypatch.setenv("DOUDI_CACHE", str(tmp_path))
    told = []
    simulate = _core.simulate
    monkeypatch.setattr(_core, "simulate", lambda plan, threads, tell, **k: told.append(k["checkpoint"]) or simulate(plan, threads, tell, **k))
    doudi.run(base, progress=False, **options)
    assert told == kept and not kept[0].exists(), "the same call takes the same file, and it goes when the run is done"


def test_a_checkpoint_of_another_run_is_refused_in_words_that_fit_python(base, tmp_path):
    part = tmp_path / "run.part"
    interrupted(dict(counties=COUNTY_AFTER_COUNTY, replicates=600, checkpoint=str(part)), 1)
    with pytest.raises(doudi.InputError, match="belong to another run .* choose another checkpoint"):
        doudi.run(base, counties=[220623], replicates=3, progress=False, checkpoint=part)
    with pytest.raises(doudi.InputError, match="checkpoint: .* cannot be written"):
        doudi.run(base, counties=[220623], replicates=3, progress=False, checkpoint=tmp_path / "no" / "folder.part")
    monkey = engine._cache
    try:  # a cache that cannot be written is no reason not to simulate
        engine._cache = lambda: part / "below-a-file"
        doudi.run(base, counties=[220623], replicates=1, progress=False)
    finally:
        engine._cache = monkey


def test_a_full_disk_ends_a_run_whose_checkpoint_was_asked_for_and_only_warns_otherwise(tmp_path):
    code = f"""
import resource, warnings, doudi
from doudi import _core
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
base, options = doudi.load({str(ROOT / "scenarios/jilin-2024.toml")!r}), dict(counties=[220623, 222402], replicates=20, sample_share=0.3, progress=False)
try:
    doudi.run(base, checkpoint="mine.part", **options)
except doudi.MachineError as error:
    print("refused:", error)
simulate = _core.simulate
_core.simulate = lambda *a, **k: simulate(*a, **{{**k, "after": 0.0}})
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    kept = doudi.run(base, **options)
_core.simulate = simulate
print([str(w.message)[:25] for w in said], kept.identical(doudi.run(base, checkpoint=False, **options)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "DOUDI_CACHE": str(tmp_path)}, check=True)
    assert "refused: mine.part: cannot write: File too large" in done.stdout and "['no checkpoint was kept: /'] True" in done.stdout, done.stdout


def test_paying_levels_add_up_to_the_fen_and_follow_the_scenarios_shares(base, result):
    assert result.by_level()["reform_mean"].sum() == pytest.approx(result.total().mean().item(), abs=0.01)
    assert result.by_level().loc["central", "change_mean"] == 0, "the subsidies have no central share by default"
    mine = base.with_(**{"funding__dibao__central": 0.6, "funding__dibao__province": 0.3, "funding__dibao__prefecture": 0.1})
    c = doudi.compare(base, mine, counties=COUNTIES, replicates=3, progress=False)
    assert c.by_level()["change_mean"].sum() == pytest.approx(0, abs=0.01) and c.by_level().loc["central", "change_mean"] > 0
    with pytest.raises(doudi.InputError, match="over 1 together"):
        doudi.run(base.with_(funding__dibao__central=0.9), progress=False)


def test_the_steps_of_a_bridge_add_up_to_the_fen(base):
    steps = {"amounts": {"living_subsidy__amount": "90.00", "nursing_subsidy__amount": "90.00"}, "standard": {"dibao__standard__factor": 1.05},
             "monitoring": {"monitoring__detection_factor": 2.0}}
    frame = doudi.bridge(base, steps, counties=COUNTIES, replicates=8, progress=False)
    assert list(frame.index) == ["base", *steps, "total"]
    assert frame["mean"].iloc[:-1].sum() == pytest.approx(frame.loc["total", "mean"], abs=0.01)
    assert (frame.loc[list(steps), "mean"] > 0).all()
    doudi.waterfall(frame)


def test_assess_gives_a_row_a_family_and_an_error_for_a_bad_one():
    good = {"id": "a", "standard": "770.00", "last_year_pcdi": "37503.00", "assets_ok": True, "members": [{"age": 40, "monthly_income": "100.00"}]}
    frame = doudi.assess([good, {**good, "id": "b", "standard": "x"}])
    assert frame.category[0] == "dibao" and frame.dibao[0] == "670.00"
    assert "is not an amount" in frame.error[1]


def test_help_is_enough_to_start():
    text = pydoc.plain(pydoc.render_doc(doudi))
    for word in ("doudi.load(", "doudi.compare(", "with_(", "fen", "yuan", "Raises", "InputError", "sample_share", "checkpoint", "client", "docs/scenarios.md"):
        assert word in text, word
    for name in doudi.__all__:
        words = getattr(doudi, name).__doc__ or ""
        assert len(words.strip()) > 40, name
    for name in [n for n in dir(doudi.Comparison) if not n.startswith("_")]:
        assert len((getattr(doudi.Comparison, name).__doc__ or "").strip()) > 20, name
    for option in ("replicates", "seed", "threads", "months", "counties", "sample_share", "progress", "checkpoint", "client"):
        assert f"    {option}: " in inspect.getdoc(doudi.run), option  # Python 3.13 takes the indentation away itself


def test_the_stub_of_the_engine_says_what_the_engine_has_and_the_package_is_typed(tmp_path):
    (tmp_path / "mypy.ini").write_text("[mypy]\nignore_missing_imports = true\n" + "".join(
        f"[mypy-{name}.*]\nfollow_imports = skip\n" for name in ("xarray", "pandas", "numpy", "matplotlib", "xlsxwriter", "distributed", "tqdm")), encoding="utf-8")
    bound = [f"doudi._core.{name}" for name in ("Plan", "Adjusted", "AdjustedFigure", "Factors", "Adjustment")]  # pybind11's metaclass, and its __init__ that refuses
    (tmp_path / "allowed").write_text("\n".join([*bound, *(f"{name}.__init__" for name in bound[:-1])]), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "mypy.stubtest", "doudi._core", "--mypy-config-file", "mypy.ini", "--allowlist", "allowed"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert (ROOT / "python/doudi/py.typed").exists()
    (tmp_path / "user.py").write_text("import doudi\nbase = doudi.load('x.toml')\nr: float = doudi.compare(base, base.with_(a=1), replicates=2).reserve(0.95)\n"
                                      "bad: str = doudi.load('x.toml')\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "user.py"], capture_output=True, text=True, cwd=tmp_path)
    assert "Found 1 error" in done.stdout and 'user.py:4: error: Incompatible types in assignment (expression has type "Scenario"' in done.stdout, done.stdout
