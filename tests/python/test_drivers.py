"""What drives the budget: `doudi drivers` and `doudi.drivers`."""
import json
import os
import subprocess
import sys

import numpy as np
import pytest
import xarray

import doudi
from conftest import ROOT
from doudi import _core

SMALL = ["--counties", "222402,220623", "--sample-share", "0.1", "--rows", "16", "--progress", "off"]
SCENARIOS = ["scenarios/jilin-2024.toml", "scenarios/reforms/dibao-plus-5.toml"]


def test_indices_are_those_of_salib_on_the_ishigami_function():
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample
    from SALib.test_functions import Ishigami

    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[-np.pi, np.pi]] * 3}
    x = sample.sample(problem, 1024, calc_second_order=False, seed=1)
    y = Ishigami.evaluate(x)
    theirs = analyze.analyze(problem, y, calc_second_order=False, num_resamples=500, seed=1)
    runs = y.reshape(1024, 5)  # A, AB_1, AB_2, AB_3, B
    first, first_error, total, total_error = _core.sobol(runs[:, 0], runs[:, 4], [runs[:, k] for k in (1, 2, 3)])
    assert first == pytest.approx(theirs["S1"], abs=1e-12) and total == pytest.approx(theirs["ST"], abs=1e-12)
    assert np.allclose(1.96 * np.array(first_error), theirs["S1_conf"], rtol=0.2), "the delta method against 500 bootstraps"
    assert np.allclose(1.96 * np.array(total_error), theirs["ST_conf"], rtol=0.2)


@pytest.fixture(scope="module")
def written(doudi, tmp_path_factory):
    path = tmp_path_factory.mktemp("drivers") / "d.h5"
    done = doudi("drivers", *SCENARIOS, "-o", path, "--json", *SMALL)
    assert done.returncode == 0, done.stderr
    return path, json.loads(done.stdout)


def test_the_file_opens_in_xarray_and_its_indices_are_those_of_its_costs(written):
    path, said = written
    with xarray.open_dataset(path, engine="h5netcdf") as ds:
        assert ds.cost.dtype == np.int64 and ds.sizes["run"] == ds.sizes["group"] + 2
        y = ds.cost[1].sum(["county", "programme"]) - ds.cost[0].sum(["county", "programme"])
        a, b = y[0].values.astype(float), y[1].values.astype(float)
        variance = np.var(np.concatenate([a, b]))
        total = [np.mean((a - y[2 + g].values) ** 2) / 2 / variance for g in range(ds.sizes["group"])]
        part = ds.sel(quantity="difference: dibao-plus-5", place="province", item="total")
        assert np.allclose(part.total_order, total) and part.variance.item() == pytest.approx(variance)
        assert [g["total_order"] for g in said["scenarios"][1]["difference"]["groups"]] == pytest.approx(total)
        # One county's dibao, by hand.
        y = ds.cost.sel(scenario="jilin-2024", county=222402, programme="dibao")
        a, b, m = (y.isel(run=r).values.astype(float) for r in (0, 1, 2))
        by_hand = np.mean((a - m) ** 2) / 2 / np.var(np.concatenate([a, b]))
        assert ds.total_order.sel(quantity="jilin-2024", place="222402", item="dibao").values[0] == pytest.approx(by_hand)


def test_python_gives_the_numbers_of_the_command_and_says_what_knowing_is_worth(written):
    base = doudi.load(ROOT / SCENARIOS[0])
    d = doudi.drivers(base, doudi.load(ROOT / SCENARIOS[1]), rows=16, counties=[222402, 220623], sample_share=0.1)
    theirs = doudi.open_drivers(written[0])
    for name in ("cost", "first_order", "total_order_error", "variance"):
        assert np.array_equal(d.dataset[name].values, theirs.dataset[name].values), name
    worth = d.value_of_information(0.95, quantity="jilin-2024")
    said = {g["group"]: g["frees_of_reserve_fen"] / 100 for g in written[1]["scenarios"][0]["cost"]["groups"]}
    assert worth.frees.to_dict() == pytest.approx(said)
    with pytest.raises(doudi.InputError, match="level = 95 is not between 0 and 1"):
        d.value_of_information(95)
    assert d.by_county().shape == (3, len(d.table())) and d.by_programme().index[-1] == "total"
    with pytest.raises(KeyError, match="province"):
        d.table(place=999999)


def test_a_file_of_drivers_is_not_a_result_nor_a_result_a_file_of_drivers(written, comparison, tmp_path):
    with pytest.raises(doudi.InputError, match="a file of `doudi drivers`, not a result .* doudi.open_drivers opens it"):
        doudi.open_results(written[0])
    with pytest.raises(doudi.InputError, match="a result of `doudi run` or `compare`, not of `doudi drivers`; doudi.open_results opens it"):
        doudi.open_drivers(comparison[0])
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        doudi.open_drivers(tmp_path / "none.h5")
    (tmp_path / "torn.h5").write_bytes(written[0].read_bytes()[:3000])
    with pytest.raises(doudi.InputError, match="or a damaged one"):
        doudi.open_drivers(tmp_path / "torn.h5")
    for command in ("report", "workbook", "pictures"):
        done = subprocess.run([ROOT / "build/release/doudi", command, written[0], "-o", tmp_path / "out"], capture_output=True, text=True, check=False, env={**os.environ, "DOUDI_PYTHON": sys.executable})
        assert done.returncode == 2 and "a file of `doudi drivers`" in done.stderr and "Traceback" not in done.stderr, done.stderr
        assert not (tmp_path / "out").exists()


def test_groups_of_the_user_and_their_faults(doudi, tmp_path):
    table = tmp_path / "groups.csv"
    table.write_text("group,parameter\nsurvey,take_up\nsurvey,income.level\n")
    done = doudi("drivers", SCENARIOS[0], "-o", tmp_path / "d.h5", "--groups", table, "--populations", "1", "--json", *SMALL)
    assert done.returncode == 0, done.stderr
    names = {g["group"] for g in json.loads(done.stdout)["scenarios"][0]["cost"]["groups"]}
    assert names == {"survey", "other", "layer:systemic", "layer:luck"}
    table.write_text("group,parameter\nsurvey,take_upp\nsurvey,incme\n")
    done = doudi("drivers", SCENARIOS[0], "-o", tmp_path / "e.h5", "--groups", table, *SMALL)
    assert done.returncode == 2 and "take_upp" in done.stderr and "incme" in done.stderr and not (tmp_path / "e.h5").exists()
    assert doudi("drivers", SCENARIOS[0], "-o", tmp_path / "d.h5", *SMALL).returncode == 2, "an existing file is kept"


def test_the_table_speaks_chinese(doudi, tmp_path):
    done = doudi("drivers", SCENARIOS[0], "-o", tmp_path / "d.h5", "--lang", "zh", *SMALL)
    assert done.returncode == 0 and "支出由什么决定" in done.stdout and "个体随机" in done.stdout and "抽样比例 0.1" in done.stdout
    assert done.stdout.count("各项假设彼此相关（[posterior]）") == 1 and "收入增长" in done.stdout and "growth" not in done.stdout


def test_correlated_beliefs_are_said_to_be_split_by_the_normals_behind_them_and_others_are_not(doudi, tmp_path):
    for scenario, told in ((SCENARIOS[0], True), ("scenarios/jilin-2024-prior.toml", False)):
        path = tmp_path / f"{told}.h5"
        done = doudi("drivers", scenario, "-o", path, *SMALL)
        assert done.returncode == 0 and ("The beliefs are correlated" in done.stdout) == told, done.stdout + done.stderr
        assert json.loads(doudi("drivers", scenario, "-o", path, "--force", "--json", *SMALL).stdout)["beliefs_correlated"] == told
