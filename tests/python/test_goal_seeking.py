"""`doudi solve` and `doudi selftest`."""
import json

import pytest
import xarray

OPTIONS = ["--counties", "222402,220623", "--replicates", "40", "--progress", "off"]


@pytest.fixture(scope="module")
def costs(doudi, tmp_path_factory):
    path = tmp_path_factory.mktemp("solve") / "x.h5"
    assert doudi("run", "scenarios/jilin-2024.toml", "-o", path, *OPTIONS).returncode == 0
    with xarray.open_dataset(path, engine="h5netcdf") as ds:
        return ds.cost[0].sum(["county", "residence", "programme", "month"]).values / 100


def test_solve_finds_the_highest_standard_a_budget_bears_and_the_next_goes_over(doudi, costs, tmp_path):
    budget = f"{sorted(costs)[-1] * 1.02:.2f}"
    done = doudi("solve", "scenarios/jilin-2024.toml", "--budget", budget, "--json", *OPTIONS)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["key"] == "dibao.standard.factor" and 1 < answer["value"] < 1.2 and answer["falls_at"] == []
    for factor, fits in ((answer["value"], True), (answer["next_value_goes_over"], False)):
        path = tmp_path / f"{factor}.h5"
        assert doudi("run", "scenarios/jilin-2024.toml", "-o", path, *OPTIONS, "--set", f"dibao.standard.factor={factor:.8g}").returncode == 0
        with xarray.open_dataset(path, engine="h5netcdf") as ds:
            total = ds.cost[0].sum(["county", "residence", "programme", "month"]).values / 100
        assert ((total > float(budget)).mean() <= 0.05) == fits


def test_solve_refuses_a_budget_that_nothing_keeps_and_says_what_it_needs(doudi, costs):
    done = doudi("solve", "scenarios/jilin-2024.toml", "--budget", f"{sorted(costs)[0]:.2f}", *OPTIONS)
    assert done.returncode == 2
    assert "goes over with probability" in done.stderr and "it needs" in done.stderr and "more" in done.stderr
    assert doudi("solve", "scenarios/jilin-2024.toml", "--budget", "many", *OPTIONS).returncode == 2


def test_solve_takes_an_amount_as_well_and_names_the_end_of_the_bracket(doudi):
    done = doudi("solve", "scenarios/jilin-2024.toml", "--budget", "100000000000", "--key", "nursing_subsidy.amount", "--low", "85", "--high", "120", *OPTIONS)
    assert done.returncode == 0 and "widen --high" in done.stdout


def test_the_selftest_holds_on_the_shipped_scenario(doudi):
    done = doudi("selftest", "scenarios/jilin-2024.toml")
    assert done.returncode == 0 and "every check holds" in done.stdout and "FAIL" not in done.stdout


def test_every_shipped_reform_is_read_without_a_fault(doudi):
    from conftest import ROOT

    for path in sorted((ROOT / "scenarios/reforms").glob("*.toml")):
        assert doudi("check", path).returncode == 0, path
