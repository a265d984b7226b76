"""Risk, precision, bridge: what a budget office decides on."""
import json
import signal
import subprocess

import h5py
import numpy as np
import pandas as pd
import pytest
from scipy import stats

import doudi as package
from conftest import DOUDI, ROOT
from doudi import engine, risk

COUNTIES = ["--counties", "222402,220623", "--progress", "off"]
BASE = "scenarios/jilin-2024.toml"
PLUS = "scenarios/reforms/dibao-plus-5.toml"


@pytest.fixture(scope="module")
def result(doudi, tmp_path_factory):
    path = tmp_path_factory.mktemp("decide") / "x.h5"
    done = doudi("compare", BASE, PLUS, "-o", path, "--replicates", "120", "--sample-share", "0.3", *COUNTIES, "--set", "funding.dibao.central=0.3333", "--set", "funding.dibao.province=0.3333")
    assert done.returncode == 0, done.stderr
    return path


def yuan(path, scenario=1, **pick):
    with h5py.File(path) as f:
        cost, programmes, counties = f["cost"][scenario], [p.decode() for p in f["programme"][:]], list(f["county"][:])
        if "programme" in pick:
            cost = cost[:, :, :, [programmes.index(pick["programme"])]]
        if "county" in pick:
            cost = cost[:, [counties.index(pick["county"])]]
        return cost.sum((1, 2, 3, 4)) / 100


def test_risk_says_what_scipy_says_of_the_file(doudi, result):
    total = yuan(result)
    budget = np.quantile(total, 0.9)
    said = json.loads(doudi("risk", result, "--budget", f"{budget:.2f}", "--json", "--by-county").stdout)
    whole = said["whole"]
    over = int((total * 100 > round(budget * 100)).sum())
    interval = stats.binomtest(over, 120).proportion_ci(0.95, "exact")
    assert whole["breach_probability"] == pytest.approx(over / 120)
    assert whole["breach_interval"] == pytest.approx([interval.low, interval.high], abs=1e-6)
    assert whole["reserve"] / 100 == pytest.approx(np.quantile(total, 0.95) - np.median(total))
    order = stats.quantile_test(total, p=0.95).confidence_interval(0.95)
    assert whole["quantile_interval"] == pytest.approx([order.low * 100, order.high * 100])
    assert whole["expected_shortfall"] / 100 == pytest.approx(np.sort(total)[-6:].mean())
    assert [c["exceedance"][6]["cost"] / 100 for c in said["counties"]] == pytest.approx([np.median(yuan(result, county=c)) for c in (220623, 222402)])


def test_what_the_levels_pay_adds_up_to_the_cost_in_every_replicate_to_the_fen_in_command_and_python(doudi, result):
    c = package.open_results(result)
    parts = risk.paid_by(c.dataset, 1)
    with h5py.File(result) as f:
        cost = f["cost"][1].sum((2, 4))
    assert (parts.sum("level").values == cost).all() and parts.dtype == np.int64
    share = c.dataset.funding_share.isel(scenario=1).sel(programme="dibao").values
    assert list(share) == [3333, 3333, 0, 3334]
    exact = cost[:, :, 0, None] * share / 10000
    off = parts.sel(programme="dibao").values - exact
    assert (off[..., :3] > -1).all() and (off[..., :3] <= 0).all() and (off[..., 3] >= -1e-6).all() and (off[..., 3] < 3).all(), "rounded down, and the county takes the rest"
    said = json.loads(doudi("risk", result, "--json").stdout)
    for level in said["levels"]:
        mine = parts.sel(level=level["label"]).sum(["county", "programme"]).values
        assert level["mean"] == pytest.approx(mine.mean()) and level["quantile"] == pytest.approx(np.quantile(mine, 0.95))
        assert c.reserve(0.95, level=level["label"]) * 100 == pytest.approx(level["reserve"])
    assert c.by_level().reform_mean.sum() == pytest.approx(c.total().mean().item())


def test_a_split_rounds_down_what_the_upper_levels_pay_and_leaves_the_rest_to_the_county():
    """What the policy says of funding: floors for centre, province and prefecture, the county takes the remainder."""
    amounts = np.array([0, 1, 3, 9999, 123456789012345, -3, -77], dtype=np.int64)
    for share in ([5000, 2500, 0, 2500], [3333, 3333, 3334, 0], [1, 2, 3, 9994]):
        parts = risk.split(amounts, np.broadcast_to(np.array(share), (7, 4)))
        assert (parts.sum(-1) == amounts).all()
        for amount, part in zip(amounts.tolist(), parts.tolist()):
            floors = [abs(amount) * s // 10000 for s in share[:3]]  # in Python's whole numbers, which do not overflow
            assert [abs(p) for p in part] == [*floors, abs(amount) - sum(floors)]
    # 3 fen: 1.5, 0.75, 0 and 0.75 by share; 1, 0 and 0 rounded down, 2 left.
    assert risk.split(np.array([3, -3]), np.array([[5000, 2500, 0, 2500]] * 2)).tolist() == [[1, 0, 0, 2], [-1, 0, 0, -2]]


def test_budgets_by_county_their_faults_and_suppressed_cells(doudi, result, tmp_path):
    budgets = tmp_path / "b.csv"
    budgets.write_text(f"county,budget\n222402,{np.median(yuan(result, county=222402)):.2f}\n")
    done = doudi("risk", result, "--budgets", budgets)
    assert done.returncode == 0 and "0.500 (" in done.stdout and "图们市" in done.stdout and "长白" not in done.stdout
    budgets.write_text("county,budget\n999999,5\n222402,many\n")
    done = doudi("risk", result, "--budgets", budgets)
    assert done.returncode == 2 and "999999" in done.stderr and "b.csv:3" in done.stderr
    assert doudi("risk", result, "--programme", "dibaoo").returncode == 2
    done = doudi("risk", result, "--by-county", "--programme", "temporary", "--county", "220623", "--lang", "zh")
    assert "超支概率" in done.stdout and "不公布" in done.stdout, "some twenty cases a month in a sample of 0.3 are too few to pass on"
    assert "220623" in done.stdout and "222402" not in done.stdout, "one county is asked for"
    c = package.open_results(result)
    cells = c.cells()
    hidden = cells[cells.grade == "suppress"]
    assert len(hidden) and hidden.baseline_mean.isna().all() and cells[cells.grade == "publish"].baseline_mean.notna().all()


@pytest.mark.parametrize(("lang", "words"), [("en", "too wide: take those from a run of all households"), ("zh", "应以全量模拟为准")])
def test_a_sampled_result_says_once_that_luck_weighs_more_in_it(doudi, result, comparison, lang, words):
    for command in ("summary", "risk"):
        assert doudi(command, result, "--lang", lang).stdout.count(words) == 1
        assert words not in doudi(command, comparison[0], "--lang", lang).stdout
    bridge = ["bridge", "scenarios/reforms/subsidies-80.toml", BASE, "--replicates", "3", *COUNTIES, "--lang", lang]
    assert doudi(*bridge, "--sample-share", "0.1").stdout.count(words) == 1 and words not in doudi(*bridge).stdout
    assert json.loads(doudi("risk", result, "--json").stdout)["sample_share"] == 0.3


def test_every_wrong_option_of_risk_is_named_at_once(doudi, result):
    done = doudi("risk", result, "--county", "999999", "--programme", "foo", "--level", "town", "--scenario", "bar", "--confidence", "3", "--budget", "many", "--budgets", "none.csv")
    assert done.returncode == 2 and done.stderr.count("error:") == 7, done.stderr


def test_one_replicate_has_no_error_and_is_not_passed_on(doudi, tmp_path):
    path = tmp_path / "one.h5"
    done = doudi("run", BASE, "-o", path, "--counties", "220623", "--replicates", "1", "--progress", "off")
    assert done.returncode == 0 and "sd ? 万元" in done.stdout and "nan" not in done.stdout and "inf" not in done.stdout, done.stdout
    assert done.stdout.count("? – ?") == 3
    text, figures = doudi("risk", path).stdout, json.loads(doudi("risk", path, "--json").stdout)["whole"]
    assert "(suppress)" in text and text.count("? – ?") == 5 and "publish" not in text
    assert figures["grade"] == "suppress" and figures["standard_error"] is None and figures["expected_shortfall_error"] is None
    total = json.loads(doudi("summary", path, "--json").stdout)["scenarios"][0]["cost"]["total"]
    assert total["sd"] is None and total["mean_interval"] == [None, None]


def test_the_summary_states_its_monte_carlo_error_and_grades(doudi, result):
    text = doudi("summary", result).stdout
    assert "Error of the Monte Carlo itself" in text and "Convergence" in text and "grade" in text
    said = json.loads(doudi("summary", result, "--json").stdout)["scenarios"][1]
    change = yuan(result, 1) - yuan(result, 0)
    half = stats.t.ppf(0.975, 119) * change.std(ddof=1) / np.sqrt(120)
    assert said["cost"]["total"]["difference"]["mean_interval"] == pytest.approx([100 * (change.mean() - half), 100 * (change.mean() + half)])
    assert {c["grade"] for c in said["counties"]} <= {"publish", "caution", "suppress"}
    table = package.open_results(result).precision()
    assert table.loc[("change", "mean"), "low"] * 100 == pytest.approx(said["cost"]["total"]["difference"]["mean_interval"][0])
    assert table.loc[("cost", "q95"), "high"] * 100 == pytest.approx(said["cost"]["total"]["q95_interval"][1])


def test_until_stops_at_the_same_point_for_any_threads_with_the_bytes_of_that_many_replicates(doudi, tmp_path):
    options = ["--counties", "220623", "--sample-share", "0.1", "--progress", "off", "--until", "total.mean within 0.5%"]
    for threads in (1, 3):
        done = doudi("run", BASE, "-o", tmp_path / f"{threads}.h5", "--threads", threads, *options)
        assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if "replicates" in line]
    *_, before, stopped = (int(line.split()[0]) for line in said)
    assert before >= 100, "a precision that takes more than one batch"
    with h5py.File(tmp_path / "1.h5") as f:
        total = f["cost"][0].sum((1, 2, 3, 4)) / 100
        assert len(total) == stopped
        for n, enough in ((stopped, True), (before, False)):
            half = stats.t.ppf(0.975, n - 1) * total[:n].std(ddof=1) / np.sqrt(n)
            assert (half <= 0.005 * total[:n].mean()) == enough
    plain = doudi("run", BASE, "-o", tmp_path / "plain.h5", "--replicates", stopped, *options[:-2])
    assert plain.returncode == 0
    assert (tmp_path / "1.h5").read_bytes() == (tmp_path / "3.h5").read_bytes() == (tmp_path / "plain.h5").read_bytes()
    assert not list(tmp_path.glob("*.part"))
    c = package.run_until("total.mean within 0.5%", package.load(ROOT / BASE), counties=[220623], sample_share=0.1, progress=False)
    assert c.dataset.sizes["replicate"] == stopped and (c.total().values == total).all() and c.dataset.attrs.pop("reached") == 1
    assert c.dataset.identical(package.run(package.load(ROOT / BASE), replicates=stopped, counties=[220623], sample_share=0.1, progress=False))


@pytest.mark.parametrize(("reforms", "settings"), [(1, {}), (17, {}), (1, {"run__population_draws": 3})], ids=["a pair", "more scenarios than one walk takes", "several populations"])
def test_a_longer_run_takes_the_replicates_of_a_shorter_one_and_is_the_run_that_begins_anew(reforms, settings):
    base = package.load(ROOT / BASE).with_(**settings)
    scenarios = [base, *(base.with_(f"{k}", dibao__standard__factor=1 + k / 100) for k in range(1, reforms + 1))]
    options = {"counties": [220623, 222402], "sample_share": 0.1, "progress": False, "checkpoint": False}
    shorter, anew = (engine.simulate(scenarios, replicates=n, **options) for n in (7, 12))
    longer = engine.simulate(scenarios, replicates=12, earlier=shorter, **options)
    assert longer.identical(anew)
    shorter["recipients"] += 1  # so the result tells whence they came
    longer = engine.simulate(scenarios, replicates=12, earlier=shorter, **options)
    assert (longer.recipients[:, :7] == anew.recipients[:, :7] + 1).all() and (longer.recipients[:, 7:] == anew.recipients[:, 7:]).all()


def test_a_result_of_other_counties_or_of_as_many_replicates_is_not_gone_on_from():
    base = package.load(ROOT / BASE)
    options = {"sample_share": 0.05, "progress": False, "checkpoint": False}
    other = engine.simulate([base], replicates=4, counties=[220623], **options)
    for counties, replicates in (([220623, 222402], 8), ([220623], 4)):
        with pytest.raises(IndexError, match="cost: not of the same plan with fewer replicates"):
            engine.simulate([base], replicates=replicates, counties=counties, earlier=other, **options)


def test_until_by_an_adjusted_figure_stops_earlier_with_the_bytes_of_that_many_replicates(doudi, tmp_path):
    options, wanted = ["--counties", "220623,222402", "--sample-share", "0.3", "--progress", "off"], "total.mean within 0.2%"
    done = doudi("run", BASE, "-o", tmp_path / "plain.h5", "--until", wanted, *options)
    plain = int(done.stderr.splitlines()[-1].split()[0]) if done.returncode == 0 else 0
    for threads in (1, 3):
        done = doudi("run", BASE, "-o", tmp_path / f"{threads}.h5", "--threads", threads, "--until", f"adjusted {wanted}", *options)
        assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if "replicates; adjusted total" in line]
    stopped = int(said[-1].split()[0])
    assert plain >= 2 * stopped and len(said) >= 2, "a precision that takes more than one batch"
    assert doudi("run", BASE, "-o", tmp_path / "n.h5", "--replicates", stopped, *options).returncode == 0
    assert (tmp_path / "1.h5").read_bytes() == (tmp_path / "3.h5").read_bytes() == (tmp_path / "n.h5").read_bytes()
    row = package.open_results(tmp_path / "1.h5").adjusted.mean(0).iloc[0]
    assert (row.high - row.low) / 2 <= 0.002 * row["value"]
    c = package.run_until(f"adjusted {wanted}", package.load(ROOT / BASE), counties=[220623, 222402], sample_share=0.3, progress=False)
    assert c.dataset.sizes["replicate"] == stopped and c.dataset.attrs["reached"] == 1
    few = package.run_until(f"adjusted {wanted}", package.load(ROOT / BASE), counties=[220623], sample_share=0.3, progress=False, most=10)
    assert few.dataset.attrs["reached"] == 0
    done = doudi("run", BASE, "-o", tmp_path / "few.h5", "--until", f"adjusted {wanted}", "--replicates", 10, *options)
    assert done.returncode == 0 and "too few replicates to tell its error" in done.stderr


def test_until_that_is_out_of_reach_says_so_and_a_wrong_one_is_refused(doudi, tmp_path):
    options = ["--counties", "220623", "--sample-share", "0.05", "--progress", "off"]
    done = doudi("run", BASE, "-o", tmp_path / "x.h5", "--until", "total.q95 within 0.01%", "--replicates", "60", *options)
    assert done.returncode == 0 and "not reached at 60 replicates" in done.stderr
    done = doudi("run", BASE, "-o", tmp_path / "y.h5", "--until", "total q95 0.5", *options)
    assert done.returncode == 2 and "total.q95 within 0.5%" in done.stderr
    done = doudi("run", BASE, "-o", tmp_path / "y.h5", "--until", "difference.mean within 1%", *options)
    assert done.returncode == 2 and "use compare" in done.stderr
    assert doudi("run", BASE, "-o", tmp_path / "y.h5", "--until", "dibo.mean within 1%", *options).returncode == 2


def test_a_bridge_adds_up_to_the_fen_and_python_says_the_same(doudi, tmp_path):
    options = ["--counties", "222402", "--replicates", "12", "--sample-share", "0.2"]
    last = ROOT / "scenarios/reforms/subsidies-80.toml"
    done = doudi("bridge", last, PLUS, "--json", "--progress", "off", *options)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    steps = {s["step"]: s for s in said["steps"]}
    assert said["base"]["sum_over_replicates"] + sum(s["sum_over_replicates"] for s in steps.values()) == said["total"]["sum_over_replicates"]
    assert steps["standard"]["mean"] > 0 and steps["amounts"]["mean"] > 0 and not steps["income"]["changes"] and "other" not in steps
    frame = package.budget_bridge(package.load(last), package.load(ROOT / PLUS), replicates=12, counties=[222402], sample_share=0.2)
    assert frame.loc["standard", "q95"] * 100 == pytest.approx(steps["standard"]["q95"])
    parts = frame.attrs["fen"]
    assert (sum(v for k, v in parts.items() if k != "total") == parts["total"]).all()
    # The step of the model itself: here the same program, so zero.
    path = tmp_path / "last.h5"
    assert doudi("run", last, "-o", path, "--progress", "off", *options).returncode == 0
    again = json.loads(doudi("bridge", last, PLUS, "--json", "--progress", "off", "--last-results", path, *options).stdout)
    assert again["steps"][0]["step"] == "model" and again["steps"][0]["sum_over_replicates"] == 0
    assert doudi("bridge", last, PLUS, "--last-results", path, "--replicates", "5", "--progress", "off", "--counties", "222402", "--sample-share", "0.2").returncode == 2
    assert "低保标准" in doudi("bridge", last, PLUS, "--lang", "zh", "--progress", "off", *options).stdout


def test_value_of_information_finds_what_matters_and_not_what_does_not():
    rng = np.random.default_rng(11)
    n = 2000
    strong, weak, idle = rng.normal(size=n), rng.normal(size=n), rng.normal(size=n)
    y = 3 * strong + weak + rng.normal(size=n)  # variance 11: shares 9/11 and 1/11
    frame = risk.information(y, pd.DataFrame({"strong": strong, "weak": weak, "idle": idle}), 0.95, {})
    assert frame.loc["strong", "share_of_variance"] == pytest.approx(9 / 11, abs=0.03)
    reserve = np.quantile(y, 0.95) - np.median(y)
    assert frame.loc["strong", "frees"] == pytest.approx(reserve * (1 - np.sqrt(2 / 11)), rel=0.05)
    assert frame.loc["idle", "frees"] <= frame.loc["idle", "by_chance"] < frame.loc["weak", "frees"]
    share = 0.6 + 0.05 * strong  # a take-up, to be surveyed
    frame = risk.information(y, pd.DataFrame({"share": share}), 0.95, {"share": 96})
    assert frame.loc["share", "learned"] == pytest.approx(0.5, abs=0.05), "sd of a survey of 96 is that of the belief, 0.05"


def test_value_of_information_of_a_result_knows_caseloads_and_surveys(result):
    frame = package.open_results(result).value_of_information(survey={"take_up.dibao_rural": 400}, top=200)
    assert any(name.startswith("caseload: 222402") for name in frame.index) and "systemic: labour" in frame.index
    assert 0 < frame.loc["take_up.dibao_rural", "learned"] < 1
    with pytest.raises(KeyError, match="take_upp"):
        package.open_results(result).value_of_information(survey={"take_upp": 1})


def test_stated_shares_must_add_up_to_one(doudi):
    shares = ["--set", "funding.dibao.central=0.5", "--set", "funding.dibao.province=0.2"]
    assert doudi("check", BASE, *shares, "--set", "funding.dibao.county=0.3").returncode == 0
    done = doudi("check", BASE, *shares, "--set", "funding.dibao.county=0.2")
    assert done.returncode == 2 and "leave 0.3 for the county, not 0.2" in done.stderr


def test_an_interrupted_until_goes_on_with_resume_to_the_same_bytes(doudi, tmp_path):
    options = ["--counties", "220182,222402", "--sample-share", "0.2", "--progress", "off", "--until", "total.mean within 0.7%", "--replicates", "800"]
    assert doudi("run", BASE, "-o", tmp_path / "whole.h5", *options).returncode == 0
    process = subprocess.Popen([DOUDI, "run", BASE, "-o", tmp_path / "x.h5", *options], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT)
    while not process.stderr.readline().startswith("100 replicates"):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    words = process.communicate(timeout=60)[1]
    assert process.returncode == 3 and "--resume" in words and not (tmp_path / "x.h5").exists()
    assert doudi("run", BASE, "-o", tmp_path / "x.h5", *options).returncode == 2, "what is kept is not thrown away unasked"
    done = doudi("run", BASE, "-o", tmp_path / "x.h5", "--resume", *options)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.h5").read_bytes() == (tmp_path / "whole.h5").read_bytes() and not list(tmp_path.glob("*.part"))


def test_a_finished_until_is_complete_for_resume_unless_a_finer_precision_is_wanted(doudi, tmp_path):
    options = ["--counties", "222402", "--sample-share", "0.2", "--progress", "off"]
    out = tmp_path / "x.h5"
    assert doudi("run", BASE, "-o", out, *options, "--until", "total.mean within 5%").returncode == 0
    before = out.read_bytes()
    done = doudi("run", BASE, "-o", out, *options, "--until", "total.mean within 5%", "--resume")
    assert done.returncode == 0 and "is complete; nothing is left to resume" in done.stderr, done.stderr
    finer = doudi("run", BASE, "-o", out, *options, "--until", "total.mean within 0.01%", "--resume")
    assert finer.returncode == 2 and "with 100 replicates of this scenario, which do not have the precision wanted" in finer.stderr, finer.stderr
    ended = doudi("run", BASE, "-o", out, *options, "--until", "total.mean within 0.01%", "--replicates", "100", "--resume")
    assert ended.returncode == 0 and "is complete" in ended.stderr, "it would stop there in any case"
    other = doudi("run", BASE, "-o", out, *options, "--seed", "2", "--until", "total.mean within 5%", "--resume")
    assert other.returncode == 2 and "exists; choose another name" in other.stderr, other.stderr
    assert out.read_bytes() == before
