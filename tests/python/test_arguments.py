"""What users hand to Python: numbers of numpy and pandas, dates, titles, paths, budgets; and what is refused in words."""
import datetime
import decimal
import os
import shutil

import numpy as np
import pandas as pd
import pytest

import doudi
from conftest import ROOT
from doudi import engine

SMALL = dict(counties=[220623], replicates=2, sample_share=0.05, progress=False)


@pytest.fixture(scope="module")
def base():
    return doudi.load("jilin-2024.toml")


@pytest.fixture(scope="module")
def c(base):
    return doudi.compare(base, base.with_(dibao__standard__factor=1.05), **SMALL | {"counties": [220623, 222402], "replicates": 3})


def refused(ask, said):
    with pytest.raises(doudi.InputError, match=said):
        ask()


# -- values of settings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "text"), [
    (np.float64(1.05), "1.05"), (np.float32(1.05), "1.05"), (np.int64(2), "2"), (np.bool_(True), "true"), (np.str_("a"), '"a"'),
    (np.array([1.5, 2.0]), "[1.5, 2.0]"), (np.array([0.0]), "[0.0]"), (pd.Series([1, 2], index=[8, 9]), "[1, 2]"),
    ({"prior": "beta", "mean": np.float64(0.8), "sd": np.float32(0.02)}, '{ prior = "beta", mean = 0.8, sd = 0.02 }'),
    (datetime.date(2024, 7, 1), "2024-07-01"), (datetime.datetime(2024, 7, 1), "2024-07-01"), (pd.Timestamp("2024-07-01"), "2024-07-01"),
    (np.datetime64("2024-07-01"), "2024-07-01"), (np.datetime64("2024-07-01", "ns"), "2024-07-01"),
])
def test_numbers_of_numpy_and_pandas_and_dates_are_written_as_a_scenario_file_does(base, value, text):
    assert base.with_(a__key=value).changes == (("a.key", text),)


@pytest.mark.parametrize("value", [pd.Timestamp("2024-07-01 03:00"), pd.Timestamp("2024-07-01", tz="Asia/Shanghai"), pd.NaT, np.datetime64("NaT", "D"), pd.NA, np.array(1.5)])
def test_a_time_of_the_day_and_what_is_missing_are_no_values_of_a_scenario(base, value):
    with pytest.raises(TypeError, match="a scenario cannot hold"):
        base.with_(a__key=value)


def test_an_amount_by_date_holds_from_its_date_on(base):
    july = base.with_(living_subsidy__amount={"values": [{"from": datetime.date(2024, 7, 1), "value": "90.00 yuan/month"}]})
    assert doudi.run(july, **SMALL).living_amount_in_month.values.tolist() == [[8500] * 6 + [9000] * 6]


def test_a_sweep_takes_arrays_and_series_as_it_takes_lists(base):
    key = "dibao.standard.factor"
    plain = doudi.sweep(base, key, [1.0, 1.05], **SMALL).dataset
    for values in (np.array([1.0, 1.05]), np.array([1.0, 1.05], np.float32), pd.Series([1.0, 1.05], index=[5, 6]), list(np.array([1.0, 1.05])), iter((1.0, 1.05))):
        assert doudi.sweep(base, key, values, **SMALL).dataset.identical(plain)
    assert doudi.sweep(base, {key: np.array([1.0, 1.05])}, **SMALL).dataset.identical(plain)
    assert doudi.sweep(base, "dibao.take_up_factor", np.array([0.5]), **SMALL).dataset.sizes["scenario"] == 2
    with pytest.raises(ValueError, match="no values"):
        doudi.sweep(base, key, np.array([]), **SMALL)


def test_a_sweep_over_text_has_no_value_at_its_base(base, tmp_path):
    c = doudi.sweep(base, "living_subsidy.amount", ["90.00 yuan/month", "95.00 yuan/month"], **SMALL)
    amount = c.dataset["living_subsidy.amount"]
    assert amount.isnull().values.tolist() == [True, False, False] and amount.values[1] == "90.00 yuan/month"
    c.dataset.to_netcdf(tmp_path / "mine.nc", engine="h5netcdf")


def test_a_title_of_ones_own_stays_and_goes_with_the_next_change(base):
    titled = base.with_(name="raised", title="标准上调", dibao__standard__factor=1.05)
    said = doudi.run(titled, **SMALL)
    assert said.scenario.item() == "raised" and said.scenario_title.item() == "标准上调"
    assert doudi.run(base.with_(title="today"), **SMALL).scenario.item() == "jilin-2024", "a title changes no name"
    assert titled.with_(title="other").settings()[1:] == ['title="other"', 'name="raised"']
    assert titled.with_(name="again").settings() == ['title="标准上调"', "dibao.standard.factor=1.05", 'name="again"']
    assert 'title="more"' in titled.with_(name="more", dibao__take_up_factor=1.1).settings(), "another scenario, another title"


# -- paths --------------------------------------------------------------------------------------------------------------


def test_a_scenario_of_a_relative_path_stays_the_same_in_another_folder(folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    near, whole = doudi.load("scenarios/jilin-2024.toml"), doudi.load(folder / "jilin-2024.toml")
    os.chdir(folder / "data")
    here, there = doudi.run(near, **SMALL), doudi.run(whole, **SMALL)
    assert here.identical(there) and here.scenario_file.item() == "jilin-2024.toml"


def test_files_outside_the_folder_are_read_only_where_it_is_allowed(folder):
    outside = folder.parent / "counties.csv"
    shutil.copy(folder / "data/counties.csv", outside)
    path = folder / "jilin-2024.toml"
    refused(doudi.load(path).with_(data__counties=str(outside)).check, "leaves the scenario folder .* load it with allow_outside=True")
    mine = doudi.load(path, allow_outside=True).with_(data__counties=str(outside))
    assert "counties.csv" in doudi.run(mine, **SMALL).source.values
    (folder.parent / "other.toml").write_text('base = "jilin-2024.toml"\n', encoding="utf-8")
    (folder / "mine.toml").write_text('base = "../other.toml"\nname = "mine"\nwhy = "a question"\n', encoding="utf-8")
    refused(lambda: doudi.load(folder / "mine.toml"), "load it with allow_outside=True")
    assert doudi.compare(doudi.load(path), doudi.load(folder / "mine.toml", allow_outside=True), **SMALL).difference().sum() == 0, "one of them is enough"


# -- arguments of a run -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("none", [[], (), np.array([], int), iter([])])
def test_no_county_is_not_every_county(base, none):
    refused(lambda: doudi.run(base, counties=none, replicates=1, progress=False), "no county code is given; .* leave the option out for all counties")


def test_no_county_is_refused_by_every_run(base):
    for ask in (lambda: doudi.compare(base, base, counties=[]), lambda: doudi.run_until("total.mean within 50%", base, counties=[]),
                lambda: doudi.drivers(base, counties=[]), lambda: doudi.budget_bridge(base, base, counties=[])):
        refused(ask, "no county code is given")


def test_a_run_until_a_precision_finds_its_replicates_itself(base):
    refused(lambda: doudi.run_until("total.mean within 1%", base, replicates=5), "replicates = 5: run_until finds out .* most=5 says how many it may take")


def test_steps_of_a_bridge_have_names_of_their_own_and_are_as_many_as_one_likes(base):
    for name in ("base", "total"):
        refused(lambda name=name: doudi.bridge(base, {"first": {"dibao__take_up_factor": 1.1}, name: {"dibao__standard__factor": 1.02}}, **SMALL), f"no step can be called '{name}'")
    frame = doudi.bridge(base, {f"step {i}": {"dibao__standard__factor": 1 + i / 100} for i in range(1, 18)}, **SMALL)
    assert len(frame) == 19 and frame["mean"].iloc[:-1].sum() == pytest.approx(frame["mean"].iloc[-1], abs=0.01)


def test_the_order_of_a_budget_bridge_is_a_list(base):
    refused(lambda: doudi.budget_bridge(base, base, order="amounts"), r"order = 'amounts' is text, and a list of steps is wanted, such as order=\['amounts'\]")


def test_more_scenarios_than_one_walk_takes_are_refused_before_they_are_simulated_if_their_programmes_differ(base, monkeypatch):
    monkeypatch.setattr(engine, "_check_memory", lambda plan: pytest.fail("a walk has begun"))
    heated = base.with_(modules__heating__on=True, modules__heating__amount="90.00 yuan")
    plain = [base.with_(dibao__standard__factor=1 + i / 100) for i in range(16)]
    refused(lambda: doudi.compare(base, *plain, heated, **SMALL), "over 16 scenarios, and some switch on a special module that others have not")


# -- questions to a result ----------------------------------------------------------------------------------------------


def test_targeting_is_told_of_every_dataset_of_the_package(c, tmp_path):
    frame = doudi.targeting(c.dataset)
    assert set(frame.index.unique("county")) == {0, 220623, 222402} and frame.loc["jilin-2024", 0, "coverage"]["mean"] > 0
    c.dataset.to_netcdf(tmp_path / "mine.nc", engine="h5netcdf")
    assert doudi.targeting(doudi.open_results(tmp_path / "mine.nc").dataset).equals(frame)
    assert doudi.targeting(doudi.open_results(tmp_path / "mine.nc").dataset.reset_coords()).equals(frame), "with names as variables, as in the file"
    refused(lambda: doudi.targeting(c.dataset, level=90), "level = 90 is not between 0 and 1; write 0.95 for 95 %")


@pytest.mark.parametrize("budget", [float("nan"), float("inf"), np.nan, -np.inf])
def test_a_budget_that_is_no_number_is_neither_kept_nor_gone_over(c, budget):
    for ask in (c.breach_probability, c.breach_interval):
        refused(lambda ask=ask: ask(budget), "is not an amount in yuan")


def test_a_place_without_a_budget_is_named(c):
    budgets = c.reserve(by=("county",))
    budgets.iloc[1] = np.nan
    refused(lambda: c.breach_probability(budgets, by=("county",)), "budget: 222402 has no amount in yuan")
    refused(lambda: c.breach_probability(pd.Series([1, None], [220623, 222402], dtype="Int64"), by=("county",)), "budget: 222402 has no amount in yuan")
    assert list(c.breach_probability(budgets.dropna(), by=("county",)).index) == [220623]


def test_a_series_of_budgets_goes_with_places_of_the_result(c):
    budgets = c.reserve(by=("county",))
    refused(lambda: c.breach_probability(budgets), r"budget is a Series, and by names no dimension for its labels, such as by=\('county',\)")
    both = c.reserve(by=("county", "programme"))
    refused(lambda: c.breach_probability(both, by=("county", "programme")), r"budget: the Series has 2 index levels, and one is wanted, the county; .*\.groupby\(level='county'\)\.sum\(\)")
    assert list(c.breach_probability(both.groupby(level="county").sum(), by=("county",)).index) == [220623, 222402]
    refused(lambda: c.breach_probability(budgets.rename(str), by=("county",)), "no label of the Series is a county here; it has '220623', '222402', and the results have 220623, 222402")


@pytest.mark.parametrize(("ask", "said"), [
    (lambda c: c.quantile_interval(95), "q = 95 is not between 0 and 1; write 0.95 for 95 %"),
    (lambda c: c.quantiles((0.5, 95)), "q = 95 is not from 0 to 1; write 0.95 for 95 %"),
    (lambda c: c.quantiles((-0.1,)), "q = -0.1 is not from 0 to 1"),
    (lambda c: c.quantiles("0.5"), "q = '0.5' is not from 0 to 1"),
    (lambda c: c.quantile_interval(0.5, confidence=95), "confidence = 95 is not"),
    (lambda c: c.quantile_interval(0.5, difference=True, level="county"), "level = 'county' with difference"),
    (lambda c: c.precision(confidence=95), "confidence = 95 is not"),
    (lambda c: c.convergence(q=95), "q = 95 is not"),
    (lambda c: c.value_of_information(confidence=95), "confidence = 95 is not"),
    (lambda c: c.exceedance(probabilities=(0.5, 95)), "probabilities = 95 is not"),
    (lambda c: c.total(7), r"scenario = 7 is neither a name nor a position; there are 0 \(jilin-2024\), 1 \(dibao.standard.factor=1.05\)"),
    (lambda c: c.total(-3), "scenario = -3 is neither"),
    (lambda c: c.total(1.0), "scenario = 1.0 is neither"),
    (lambda c: doudi.Comparison(c.dataset.isel(replicate=[0])).value_of_information(), "here is one; simulate a hundred or more"),
])
def test_a_question_that_no_result_answers_is_refused(c, ask, said):
    refused(lambda: ask(c), said)


def test_the_worth_of_knowing_is_an_empty_table_where_nothing_differs(c):
    fixed = c.dataset.assign(parameter_value=c.dataset.parameter_value * 0).drop_vars("systemic")
    frame = doudi.Comparison(fixed).value_of_information(caseload=False)
    assert frame.empty and list(frame.columns) == ["share_of_variance", "learned", "frees", "by_chance"]


def test_the_least_and_the_most_are_quantiles_too(c):
    least, most = c.quantiles((0, 1)).values
    assert least == c.total().min() and most == c.total().max()


def test_dimensions_come_in_the_order_asked_for(c):
    for by in (("county", "programme"), ("programme", "county")):
        assert c.total(by=by).dims == c.difference(by=by).dims == c.paid_by("county", by=by).dims == ("replicate", *by)
        assert c.quantiles(by=by).dims == ("quantile", *by)
        assert c.quantiles(0.5, by=by).equals(c.quantiles((0.5,), by=by))
        assert list(c.reserve(by=by).index.names) == list(c.breach_probability(1e6, by=by).index.names) == list(by)
    assert c.total(by=("programme", "county")).equals(c.total(by=("county", "programme")).transpose("replicate", "programme", "county"))


def test_amounts_say_over_what_they_are_a_total(c):
    assert c.total().attrs == {"units": "yuan", "long_name": "cost, total over county, residence, programme, month"}
    assert c.difference(by=("month",)).attrs["long_name"] == "paired change of the cost against the baseline, total over county, residence, programme"
    assert c.quantiles().attrs["long_name"] == "quantile over replicates of cost, total over county, residence, programme, month"
    assert c.paid_by("county", by=("programme",)).attrs["long_name"] == "paid by level county in the period, total over county"
    assert c.total(by=("county", "residence", "programme", "month")).attrs["long_name"] == "cost"


def test_recipients_a_month_are_a_median_by_programme_and_a_mean_by_county_and_in_cells(c):
    heads = c.dataset.recipients.isel(scenario=0).sum("residence").sum("month") / 12
    assert c.by_programme().recipients_month["dibao"] == heads.sel(programme="dibao").sum("county").median()
    assert c.cells().recipients_month[222402, "dibao"] == heads.sel(programme="dibao", county=222402).mean()
    assert c.by_county().recipients_month[222402] == heads.sel(county=222402).sum("programme").mean()
    for method, said in ((c.by_programme, "median of the replicates"), (c.by_county, "mean of the replicates"), (c.cells, "mean of the replicates")):
        assert f"recipients a month ({said})" in method.__doc__


# -- families -----------------------------------------------------------------------------------------------------------

FAMILY = {"id": "a", "standard": "770.00", "last_year_pcdi": "37503.00", "assets_ok": True, "members": [{"age": 40, "monthly_income": "100.00"}]}


def test_a_family_may_hold_numbers_of_numpy_and_decimals():
    members = [{"age": np.int64(40), "monthly_income": decimal.Decimal("1E+2")}]
    pd.testing.assert_frame_equal(doudi.assess({**FAMILY, "assets_ok": np.bool_(True), "members": members}), doudi.assess(FAMILY))
    assert doudi.assess(pd.DataFrame([FAMILY, FAMILY]).to_dict("records")).dibao.tolist() == ["670.00", "670.00"]
    assert doudi.assess({**FAMILY, "members": FAMILY["members"] * 2}).individual[0] == ["dibao", "dibao"], "one status a member"


@pytest.mark.parametrize(("households", "said"), [
    (pd.DataFrame([FAMILY]), r"households is a DataFrame, and a list of families is wanted, .* households.to_dict\('records'\)"),
    ("family", "households = 'family' is not a family: a dict is wanted"),
    (5, "households = 5 is not a family"),
    ([FAMILY, "b"], "households: 'b' is not a family"),
    ({**FAMILY, "standard": {1}}, "a family cannot hold a set: {1}"),
    ({**FAMILY, "month": datetime.date(2024, 7, 1)}, 'a family cannot hold a date: .* a month is text, such as "2024-07"'),
])
def test_what_is_no_family_is_refused(households, said):
    refused(lambda: doudi.assess(households), said)
