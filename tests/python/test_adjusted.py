"""Figures adjusted for what was drawn: those of the plain run, sharper, and honest about their error."""
import json
import os

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xarray as xr

import doudi
from doudi import load, open_results, run


def results(cost, draw, factor, law, law_factor):
    """Results with one cost in yuan a replicate and scenario, [scenario, replicate]."""
    fen = (100 * np.asarray(cost))[:, :, None, None, None, None]
    variables = {"cost": (("scenario", "replicate", "county", "residence", "programme", "month"), fen), "parameter_value": (("replicate", "parameter"), draw),
                 "systemic_mean": (("replicate", "factor"), factor), "law_parameter": (("law_draw", "parameter"), law), "law_systemic_mean": (("law_draw", "factor"), law_factor)}
    coords = {"scenario": ["base", "reform"][: len(cost)], "county": [220623], "residence": ["urban"], "programme": ["dibao"], "month": ["2024-01"]}
    return doudi.Comparison(xr.Dataset(variables, coords, {"sample_share": 1.0, "law_batches": 8}))


def made(seed, n=200):
    """Costs about 1,000 yuan that follow two of 40 parameters and a factor, and luck."""
    rng = np.random.default_rng(seed)
    draw, factor, law, law_factor = rng.normal(size=(n, 40)), rng.normal(size=(n, 1)), rng.normal(size=(1024, 40)), rng.normal(size=(1024, 1))
    cost = 1000 * np.exp(0.08 * draw[:, 0] - 0.05 * draw[:, 1] + 0.02 * factor[:, 0] + 0.02 * rng.normal(size=n))
    return results([cost], np.exp(0.3 * draw), factor, np.exp(0.3 * law), law_factor)


def test_a_frame_says_what_the_plain_figure_is_and_how_many_replicates_it_would_take():
    c = made(3)
    row = c.adjusted.mean(0).loc["total"]
    assert row.plain == pytest.approx(c.total(0).mean().item())
    assert row.effective_replicates == pytest.approx(c.total(0).values.var(ddof=1) / row.standard_error**2)
    assert row.low < row["value"] < row.high and row.effective_replicates > 1.5 * 200
    narrow = c.adjusted.mean(0, interval=0.5).loc["total"]
    assert narrow.high - narrow.low < 0.4 * (row.high - row.low)


def test_adjusted_figures_are_the_same_to_the_last_digit_on_one_processor_and_on_many(doudi, tmp_path):
    """1,000 replicates: with fewer, products are too small to be cut."""
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "x.h5", "--replicates", 1000, "--counties", "220623", "--sample-share", 0.01, "--progress", "off")
    assert done.returncode == 0, done.stderr
    said = [doudi("risk", tmp_path / "x.h5", "--budget", 15000000, "--by-county", "--json", env={**os.environ, "OMP_NUM_THREADS": str(n)}).stdout for n in (1, 2, 7)]
    assert json.loads(said[0])["whole"]["adjusted"] and said[0] == said[1] == said[2]


def test_a_reform_that_changes_nothing_has_an_adjusted_change_of_exactly_nothing():
    rng = np.random.default_rng(1)
    cost, few, many = 1000 + rng.normal(size=50), rng.normal(size=(50, 3)), rng.normal(size=(1024, 3))
    row = results([cost, cost], few, few[:, :1], many, many[:, :1]).adjusted.mean(difference=True).loc["total"]
    assert row["value"] == row.standard_error == 0
    assert row.effective_replicates == 50


def test_adjusting_wants_twenty_replicates_results_with_a_law_and_arguments_that_make_sense():
    with pytest.raises(doudi.InputError, match="at least 20 replicates, and here are 19"):
        _ = made(1, 19).adjusted
    c = made(1)
    with pytest.raises(doudi.InputError, match="do not hold law_parameter"):
        _ = doudi.Comparison(c.dataset.drop_vars("law_parameter")).adjusted
    for wrong, said in ((lambda a: a.mean(0, by="county"), "by = 'county' is text"), (lambda a: a.reserve(0.4), "more than 0.5"), (lambda a: a.quantiles((0.5, 1.0)), "1.0 is not between 0 and 1"),
                        (lambda a: a.mean(difference=True, level="county"), "ask for both scenarios"), (lambda a: a.breach_probability("much"), "not an amount in yuan"),
                        (lambda a: a.mean(interval=2), "not between 0 and 1"), (lambda a: a.breach_probability(pd.Series({220623: 1.0})), "by names no dimension"),
                        (lambda a: a.breach_probability(float("nan")), "budget = nan is not an amount"), (lambda a: a.breach_probability(pd.Series({220623: np.nan}), by=("county",)), "220623 has no amount"),
                        (lambda a: a.breach_probability(pd.Series({"Tumen": 1.0}), by=("county",)), "no label of the Series is a county here; it has 'Tumen'")):
        with pytest.raises(doudi.InputError, match=said):
            wrong(c.adjusted)


@pytest.fixture(scope="module")
def many():
    """Two small counties under the standard and 5 % more, 1,600 replicates of a tenth of the households."""
    return doudi.compare(doudi.load("jilin-2024.toml"), doudi.load("reforms/dibao-plus-5.toml"), counties=[220623, 222402], sample_share=0.1, replicates=1600)


def figures(c, difference):
    """Value, error and effective replicates of every figure of a run."""
    a, s = c.adjusted, None if difference else 0
    yield "mean", a.mean(s, difference=difference).iloc[0]
    for q, row in zip((0.05, 0.5, 0.95), a.quantiles((0.05, 0.5, 0.95), s, difference=difference).itertuples(), strict=True):
        yield f"q{q}", pd.Series(row._asdict())
    if not difference:
        yield "reserve", a.reserve(0.95, 0).iloc[0]
        yield "shortfall", a.expected_shortfall(0.95, 0).iloc[0]
        yield "breach", a.breach_probability(float(np.quantile(c.total(0), 0.9)), 0).iloc[0]


@pytest.mark.parametrize("difference", [False, True])
def test_batches_of_a_run_agree_with_the_plain_figures_of_all_of_it(many, difference):
    parts = [dict(figures(doudi.Comparison(many.dataset.isel(replicate=slice(k, None, 8))), difference)) for k in range(8)]
    for name, whole in figures(many, difference):
        if name == "breach":
            continue  # each batch has its own budget
        values, errors = np.array([p[name]["value"] for p in parts]), np.array([p[name].standard_error for p in parts])
        plain_error = whole.standard_error * (whole.effective_replicates / 1600) ** 0.5
        assert abs(values.mean() - whole.plain) < 4 * np.hypot(plain_error, errors.mean() / 8**0.5), name
        assert 0.3 < values.std(ddof=1) / errors.mean() < 1.9, name  # 7 degrees of freedom: 99.9 % of chi-squares


def test_a_run_gains_by_the_adjustment_in_every_figure(many):
    for name, row in figures(many, False):
        assert row.effective_replicates > 1.2 * 1600, name
    assert many.adjusted.mean(difference=True).loc["total", "effective_replicates"] > 1.2 * 1600
    frame = many.adjusted.mean(0, by=("programme",))
    assert list(frame.index) == list(many.dataset.programme.values)
    assert np.allclose(frame.plain, many.total(0, by=("programme",)).mean("replicate"))
    both = many.adjusted.quantiles((0.1, 0.9), 0, by=("county", "programme"))
    assert list(both.index.names) == ["county", "programme", "quantile"] and len(both) == 2 * many.dataset.sizes["county"] * many.dataset.sizes["programme"]
    assert both.loc[(220623, "dibao", 0.9), "plain"] == pytest.approx(np.quantile(many.total(0, by=("county", "programme")).sel(county=220623, programme="dibao"), 0.9))
    assert "sample" in frame.attrs["note"]


def test_budgets_of_counties_and_paying_levels_have_adjusted_figures_too(many):
    budgets = pd.Series({220623: 2.1e7, 222402: 1.6e7})
    frame = many.adjusted.breach_probability(budgets, 0, by=("county",))
    assert np.allclose(frame.plain, many.breach_probability(budgets, 0, by=("county",)))
    assert np.allclose(frame["value"], frame.plain, atol=0.05)
    assert list(many.adjusted.breach_probability(budgets[[222402]], 0, by=("county",)).index) == [222402]  # who has no budget has no row
    both = many.adjusted.breach_probability(budgets / 2, 0, by=("county", "programme"))
    assert np.allclose(both.plain.to_xarray(), many.breach_probability(budgets / 2, 0, by=("county", "programme")).to_xarray().sel(programme=both.plain.to_xarray().programme))
    level = many.adjusted.reserve(0.9, 0, level="county").loc["total"]
    assert level.plain == pytest.approx(many.reserve(0.9, 0, level="county"))
    assert abs(level["value"] - level.plain) < 6 * level.standard_error
    assert many.adjusted.expected_shortfall(0.9, 0).loc["total", "plain"] == pytest.approx(many.expected_shortfall(0.9, 0))


def test_the_command_tells_the_same_adjusted_figures_as_python(doudi, tmp_path):
    path = tmp_path / "few.h5"
    done = doudi("compare", "scenarios/jilin-2024.toml", "scenarios/reforms/dibao-plus-5.toml", "-o", path, "--counties", "220623,222402", "--replicates", 60, "--sample-share", 0.2,
                 "--progress", "off")
    assert "The same, adjusted for the parameters and common factors that were drawn" in done.stdout
    assert "按各次模拟抽到的参数与共同因素校正" in doudi("summary", path, "--lang", "zh").stdout
    c = open_results(path)
    a = c.adjusted

    def same(told, row, scale=100.0):
        assert [told["value"], told["standard_error"], *told["interval"]] == pytest.approx(scale * row[["value", "standard_error", "low", "high"]].to_numpy(float), rel=1e-9, abs=1e-3)
        assert told["effective_replicates"] == pytest.approx(row.effective_replicates, rel=1e-6)

    told = json.loads(doudi("summary", path, "--json").stdout)["scenarios"]
    for s, difference in ((0, False), (1, False), (1, True)):
        frame = pd.concat([a.mean(s, difference=difference, by=("programme",)), a.mean(s, difference=difference)])
        tops = pd.concat([a.quantiles((0.95,), s, difference=difference, by=("programme",)), a.quantiles((0.95,), s, difference=difference)])
        for (name, row), (_, top) in zip(frame.iterrows(), tops.iterrows(), strict=True):
            cell = told[s]["cost"][name]
            cell = (cell["difference"] if difference else cell)["adjusted"]
            same(cell["mean"], row)
            same(cell["q95"], top)
    risk = json.loads(doudi("risk", path, "--json", "--budget", 40000000, "--by-county").stdout)
    whole = risk["whole"]["adjusted"]
    same(whole["reserve"], a.reserve(0.95).loc["total"])
    same(whole["expected_shortfall"], a.expected_shortfall(0.95).loc["total"])
    same(whole["breach_probability"], a.breach_probability(4e7).loc["total"], 1)
    same(risk["counties"][1]["adjusted"]["median"], a.quantiles((0.5,), by=("county",)).iloc[1])
    same(risk["levels"][3]["adjusted"]["quantile"], a.quantiles((0.95,), level="county").iloc[0])
    assert "as from replicates" in doudi("risk", path).stdout
    assert f"{a.reserve(0.95, by=('county',)).iloc[1]['value'] / 1e4:,.1f}" in doudi("risk", path, "--by-county").stdout.partition("county, adjusted")[2]
    assert "相当于模拟次数" in doudi("risk", path, "--lang", "zh").stdout


def test_the_command_says_nothing_of_it_where_replicates_are_too_few(comparison):
    path, done = comparison
    assert "adjusted for" not in done.stdout
    assert "law_parameter" not in open_results(path).dataset


def test_reserves_are_the_figures_of_the_other_methods_in_one_frame(many):
    a, county = many.adjusted, ("county",)
    frame, reserve, top = a.reserves(0.9, 0, interval=0.8), a.reserve(0.9, 0, by=county, interval=0.8), a.quantiles((0.5, 0.9), 0, by=county, interval=0.8)
    for column, series in (("reserve", reserve["value"]), ("reserve_low", reserve.low), ("reserve_high", reserve.high), ("effective_replicates", reserve.effective_replicates),
                           ("median", top["value"].xs(0.5, level="quantile")), ("quantile", top["value"].xs(0.9, level="quantile")), ("quantile_low", top.low.xs(0.9, level="quantile")),
                           ("quantile_high", top.high.xs(0.9, level="quantile")), ("shortfall", a.expected_shortfall(0.9, 0, by=county)["value"])):
        assert np.array_equal(frame[column], series), column
    assert a.reserves(scenario=1, by=()).index.tolist() == ["total"]
    with pytest.raises(doudi.InputError, match="more than 0.5"):
        a.reserves(0.5)


def test_figures_of_a_county_know_the_factors_of_that_county(many):
    own, common = many.adjusted.mean(0, by=("county",)), doudi.Comparison(many.dataset.drop_vars("law_county_mean")).adjusted.mean(0, by=("county",))
    gain = own.effective_replicates / common.effective_replicates  # the mean over two counties tells much of each
    assert gain.min() > 1.05 and gain.max() > 1.3
    assert ((own["value"] - common["value"]).abs() < 4 * common.standard_error).all()
    # Wherever the county stands among the dimensions, and where it is the only one that is left.
    both = many.adjusted.mean(0, by=("programme", "county")).effective_replicates.unstack("programme")
    assert np.array_equal(both, many.adjusted.mean(0, by=("county", "programme")).effective_replicates.unstack("programme"))
    place = 1
    alone = doudi.Comparison(many.dataset.isel(county=[place])).adjusted.mean(0).iloc[0]
    assert alone["value"] == pytest.approx(own["value"].iloc[place], rel=1e-12) and alone.effective_replicates == pytest.approx(own.effective_replicates.iloc[place], rel=1e-9)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_workbook_and_page_tell_the_reserve_of_every_county_that_may_be_shown(many, tmp_path, lang):
    many.to_excel(tmp_path / "book.xlsx", lang)
    rows = list(openpyxl.load_workbook(tmp_path / "book.xlsx")["分县备用金" if lang == "zh" else "County reserves"].iter_rows(values_only=True))
    frame, whole, grades = many.adjusted.reserves(), many.adjusted.reserves(by=()), many.by_county().grade
    assert [row[2] for row in rows[2:-1]] == frame.index.tolist()
    for row in [*rows[2:-1], rows[-1]]:
        want = whole.iloc[0] if row is rows[-1] else frame.loc[row[2]]
        if row is rows[-1] or grades[row[2]] != "suppress":
            assert row[3:11] == pytest.approx(tuple(want.iloc[:8] / 1e4)) and row[11] == pytest.approx(want.effective_replicates)
        else:
            assert set(row[3:12]) == {None}
    assert any(grades != "suppress")
    many.report(tmp_path / "page.html", lang)
    page = (tmp_path / "page.html").read_text()
    for code in grades.index[grades != "suppress"]:
        assert f"{frame.reserve[code] / 1e4:,.1f}" in page


@pytest.mark.parametrize(("lang", "said"), [("zh", "相当于约 {} 次模拟）。"), ("en", "as from some {}).")])
def test_page_and_workbook_say_what_the_adjusted_figures_come_to(many, tmp_path, lang, said):
    row = many.adjusted.reserve(0.95).loc["total"]
    said = said.format(f"{float(f'{row.effective_replicates:.2g}'):,.0f}")
    many.report(tmp_path / "page.html", lang)
    assert said in (tmp_path / "page.html").read_text()
    many.to_excel(tmp_path / "book.xlsx", lang)
    cells = [str(cell.value) for row in openpyxl.load_workbook(tmp_path / "book.xlsx").worksheets[0].iter_rows() for cell in row]
    assert any(said in cell for cell in cells)


def test_a_page_of_too_few_replicates_says_nothing_of_it(many, tmp_path):
    doudi.Comparison(many.dataset.isel(replicate=slice(0, 19))).report(tmp_path / "page.html", "en")
    assert "control variates" not in (tmp_path / "page.html").read_text()


def test_the_means_of_factors_are_those_of_the_series(many):
    ds = many.dataset
    assert np.allclose(ds.county_mean, ds.systemic.mean("month"), rtol=0, atol=1e-12)
    assert np.allclose(ds.systemic_mean, ds.systemic.mean("month").weighted(ds.family_households).mean("county"), rtol=0, atol=1e-12)


def test_a_run_in_python_and_one_by_the_command_hold_the_same_law(doudi, tmp_path):
    doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "r.h5", "--counties", "220623", "--replicates", 20, "--sample-share", 0.02, "--progress", "off")
    with open_results(tmp_path / "r.h5").dataset as ds:
        here = run(load("jilin-2024.toml"), counties=[220623], replicates=20, sample_share=0.02)
        for name in ("law_parameter", "law_systemic_mean"):
            assert np.array_equal(ds[name], here[name])
        assert ds.attrs["law_batches"] == here.attrs["law_batches"] == 8
