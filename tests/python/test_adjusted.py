"""Means adjusted for what was drawn: unbiased, sharper, and honest about their error."""
import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import doudi
from doudi import adjusted, open_results


def results(cost, score, factor=None):
    """Results with one cost in yuan a replicate and scenario, [scenario, replicate]."""
    fen = (100 * np.asarray(cost))[:, :, None, None, None, None]
    variables = {"cost": (("scenario", "replicate", "county", "residence", "programme", "month"), fen), "parameter_score": (("replicate", "parameter"), score)}
    if factor is not None:
        variables["systemic_mean"] = (("replicate", "factor"), factor)
    coords = {"scenario": ["base", "reform"][: len(cost)], "county": [220623], "residence": ["urban"], "programme": ["dibao"], "month": ["2024-01"]}
    return doudi.Comparison(xr.Dataset(variables, coords, {"sample_share": 1.0}))


def made(seed, n=200):
    """A cost of mean 1,030 yuan: lines and a bend in three of 40 scores, a factor, and luck of standard deviation 5."""
    rng = np.random.default_rng(seed)
    score, factor = rng.normal(size=(n, 40)), rng.normal(size=(n, 1))
    luck = rng.normal(size=n)
    cost = 1000 + 30 * score[:, 0] - 20 * score[:, 1] + 30 * score[:, 2] ** 2 + 10 * factor[:, 0] + 5 * luck
    return results([cost], score, factor)


def test_the_adjusted_mean_is_unbiased_and_its_error_is_the_spread_over_many_runs():
    rows = [made(seed).adjusted_mean(0).loc["total"] for seed in range(150)]
    means, errors = np.array([r["mean"] for r in rows]), np.array([r["standard_error"] for r in rows])
    assert abs(means.mean() - 1030) < 4 * means.std(ddof=1) / 150**0.5
    assert means.std(ddof=1) / errors.mean() == pytest.approx(1, abs=4 / (2 * 150) ** 0.5 + 0.03)  # 4 standard errors, and slopes that folds share
    plain = np.array([r["plain_error"] for r in rows])
    assert errors.mean() < 0.5 * plain.mean()
    covered = np.mean([r["low"] < 1030 < r["high"] for r in rows])
    assert covered > 0.95 - 4 * (0.05 * 0.95 / 150) ** 0.5


def test_effective_replicates_are_those_that_the_plain_mean_would_take():
    row = made(3, 2000).adjusted_mean(0).loc["total"]
    assert row["effective_replicates"] == pytest.approx(2000 * (row["plain_error"] / row["standard_error"]) ** 2)
    # Variance of the cost over that of the luck: (900 + 400 + 2 * 900 + 100 + 25) / 25, less what the fit costs.
    assert 60 * 2000 < row["effective_replicates"] < 129 * 2000


def test_scores_that_tell_nothing_cost_little():
    rng = np.random.default_rng(5)
    row = results([1000 + rng.normal(size=100)], rng.normal(size=(100, 60))).adjusted_mean(0).loc["total"]
    assert row["effective_replicates"] > 80


def test_a_reform_that_changes_nothing_has_an_adjusted_change_of_exactly_nothing():
    rng = np.random.default_rng(1)
    cost = 1000 + rng.normal(size=50)
    row = results([cost, cost], rng.normal(size=(50, 3))).adjusted_mean(difference=True).loc["total"]
    assert row["mean"] == row["standard_error"] == 0
    assert row["effective_replicates"] == 50


def test_an_adjusted_mean_wants_twenty_replicates_and_results_with_scores():
    with pytest.raises(doudi.InputError, match="at least 20 replicates, and here are 19"):
        made(1, 19).adjusted_mean(0)
    c = made(1)
    with pytest.raises(doudi.InputError, match="do not hold parameter_score"):
        doudi.Comparison(c.dataset.drop_vars("parameter_score")).adjusted_mean(0)
    with pytest.raises(doudi.InputError, match="by = 'county' is text"):
        c.adjusted_mean(0, by="county")


@pytest.fixture(scope="module")
def many():
    """Two small counties under the standard and 5 % more, 800 replicates of a fifth of the households."""
    return doudi.compare(doudi.load("jilin-2024.toml"), doudi.load("reforms/dibao-plus-5.toml"), counties=[220623, 222402], sample_share=0.2, replicates=800)


@pytest.mark.parametrize("difference", [False, True])
def test_batches_of_a_run_agree_with_the_plain_mean_of_all_of_it(many, difference):
    plain = (many.difference() if difference else many.total(0)).values
    parts = [doudi.Comparison(many.dataset.isel(replicate=slice(k, None, 8))).adjusted_mean(None if difference else 0, difference=difference).loc["total"] for k in range(8)]
    error = np.hypot(plain.std(ddof=1) / 800**0.5, np.std([p["mean"] for p in parts], ddof=1) / 8**0.5)
    assert abs(np.mean([p["mean"] for p in parts]) - plain.mean()) < 4 * error


def test_a_run_gains_by_the_adjustment_in_total_and_by_programme(many):
    assert many.adjusted_mean(0).loc["total", "effective_replicates"] > 1.5 * 800
    frame = many.adjusted_mean(0, by=("programme",))
    assert list(frame.index) == list(many.dataset.programme.values) and (frame.effective_replicates > 800).all()
    assert list(many.adjusted_mean(0, by=("county", "programme")).index.names) == ["county", "programme"]
    assert np.allclose(frame.plain_mean, many.total(0, by=("programme",)).mean("replicate"))


def test_controls_leave_out_what_is_fixed_and_have_the_mean_they_are_known_to_have(many):
    x = adjusted.controls(many.dataset)
    moving = int((np.ptp(many.dataset.parameter_score.values, axis=0) > 0).sum())
    assert x.shape == (800, 2 * moving + many.dataset.sizes["factor"])
    assert (np.abs(x.mean(axis=0)) < 5 * x.std(axis=0) / 800**0.5).all()


def test_the_command_tells_the_same_adjusted_means_as_python(doudi, tmp_path):
    path = tmp_path / "few.h5"
    done = doudi("compare", "scenarios/jilin-2024.toml", "scenarios/reforms/dibao-plus-5.toml", "-o", path, "--counties", "220623,222402", "--replicates", 60, "--sample-share", 0.2,
                 "--progress", "off")
    assert "Means adjusted for the parameters and common factors that were drawn" in done.stdout
    assert "校正后的均值" in doudi("summary", path, "--lang", "zh").stdout
    told = json.loads(doudi("summary", path, "--json").stdout)["scenarios"]
    c = open_results(path)
    for s, difference in ((0, False), (1, False), (1, True)):
        frame = pd.concat([c.adjusted_mean(s, difference=difference, by=("programme",)), c.adjusted_mean(s, difference=difference)])
        for name, row in frame.iterrows():
            cell = told[s]["cost"][name]
            cell = (cell["difference"] if difference else cell)["adjusted"]
            assert [cell["mean"], cell["standard_error"], *cell["mean_interval"]] == pytest.approx(100 * row[["mean", "standard_error", "low", "high"]].to_numpy(float), rel=1e-7, abs=1e-3)
            assert cell["effective_replicates"] == pytest.approx(row.effective_replicates, rel=1e-6)


def test_the_command_says_nothing_of_it_where_replicates_are_too_few(comparison):
    path, done = comparison
    assert "Means adjusted" not in done.stdout


@pytest.mark.parametrize(("lang", "said"), [("zh", "相当于约 {} 次模拟的精度"), ("en", "as from some {} replicates")])
def test_the_page_says_what_the_adjusted_mean_comes_to(many, tmp_path, lang, said):
    many.report(tmp_path / "page.html", lang)
    row = many.adjusted_mean().loc["total"]
    assert said.format(f"{float(f'{row.effective_replicates:.2g}'):,.0f}") in (tmp_path / "page.html").read_text()


def test_a_page_of_too_few_replicates_says_nothing_of_it(many, tmp_path):
    doudi.Comparison(many.dataset.isel(replicate=slice(0, 19))).report(tmp_path / "page.html", "en")
    assert "control variates" not in (tmp_path / "page.html").read_text()


def test_the_means_of_factors_are_those_of_the_series(many):
    assert np.allclose(many.dataset.systemic_mean, many.dataset.systemic.mean(["county", "month"]), rtol=0, atol=1e-12)
