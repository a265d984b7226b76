"""`doudi solve` and `doudi selftest`."""
import json

import pytest
import xarray

from conftest import ROOT

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


def test_solve_answers_in_chinese_with_the_same_numbers(doudi):
    wanted = ["solve", "scenarios/jilin-2024.toml", "--budget", "100000000000", *OPTIONS]
    english, chinese = doudi(*wanted).stdout, doudi(*wanted, "--lang", "zh").stdout
    assert "的最高 dibao.standard.factor：1.2" in chinese and "模拟 40 次" in chinese
    numbers = [[word for word in text.split("\n")[1].split() if word[0].isdigit()] for text in (english, chinese)]
    assert numbers[0] == numbers[1] and len(numbers[0]) == 3


def test_the_answer_is_exact_to_its_last_step_has_an_interval_and_can_be_run_as_a_reform(doudi, costs, tmp_path):
    budget = f"{sorted(costs)[-1] * 1.02:.2f}"
    reform = tmp_path / "answer.toml"
    done = doudi("solve", "scenarios/jilin-2024.toml", "--budget", budget, "--probability", "0.1", "-o", reform, "--json", *OPTIONS)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["next_value_goes_over"] == pytest.approx(answer["value"] + 0.0001)
    assert answer["value_interval"][0] <= answer["value"] <= answer["value_interval"][1] + 1e-4
    assert answer["probability_interval"][0] <= answer["probability_over"] <= 0.1
    done = doudi("run", reform, "-o", tmp_path / "x.h5", "--allow-outside", "--json", *OPTIONS)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["scenarios"][0]["cost"]["total"]["mean"] == pytest.approx(answer["mean_cost_fen"])


def test_a_reform_whose_name_has_quotes_is_written_so_that_it_can_be_read(doudi, tmp_path):
    reform = tmp_path / 'my "best" answer.toml'
    done = doudi("solve", "scenarios/jilin-2024.toml", "--budget", "99999999999", "-o", reform, *OPTIONS, "--sample-share", "0.5")
    assert done.returncode == 0, done.stderr
    done = doudi("check", reform, "--allow-outside")
    assert done.returncode == 0, done.stderr
    assert 'my "best" answer' in done.stdout


def test_the_reform_of_an_answer_holds_what_the_command_line_set_and_says_what_it_was_run_on(doudi, tmp_path):
    reform = tmp_path / "answer.toml"
    wanted = ["--set", "nursing_subsidy.amount=90", "--set", "take_up.dibao_urban=0.8", "--set", "uprating.round_to=1.00", "--set", "temporary.max_per_year=1", "--set", "dibao.standard.factor=1.5",
              "--set", 'living_subsidy.amount={ values = [ { from = 2024-07-01, value = "95.00" } ] }']
    done = doudi("solve", "scenarios/jilin-2024.toml", "--budget", "99999999999", "-o", reform, "--json", *wanted, *OPTIONS, "--sample-share", "0.5")
    assert done.returncode == 0, done.stderr
    answer, text = json.loads(done.stdout), reform.read_text(encoding="utf-8")
    assert "2 counties (220623, 222402)" in text and "a sample of 0.5 of the households" in text and "2 个县级单元" in text and "抽样比例 0.5" in text and "种子" in text
    assert 'nursing_subsidy.amount = "90"' in text and "dibao.standard.factor = 1.2\n" in text
    done = doudi("run", reform, "-o", tmp_path / "x.h5", "--allow-outside", "--json", *OPTIONS, "--sample-share", "0.5")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["scenarios"][0]["cost"]["total"]["mean"] == pytest.approx(answer["mean_cost_fen"])


def test_a_reform_outside_the_scenario_folder_says_what_it_takes_to_run_it(doudi, tmp_path):
    told = doudi("solve", "scenarios/jilin-2024.toml", "--budget", "99999999999", "-o", tmp_path / "answer.toml", *OPTIONS).stdout
    assert "need --allow-outside" in told and "a sample of" not in told
    told = doudi("solve", "scenarios/jilin-2024.toml", "--budget", "99999999999", "-o", tmp_path / "zh.toml", *OPTIONS, "--sample-share", "0.5", "--lang", "zh").stdout
    assert "须加 --allow-outside" in told and "抽样比例 0.5" in told
    inside = ROOT / "scenarios/reforms/answer-of-a-test.toml"
    try:
        assert "--allow-outside" not in doudi("solve", "scenarios/jilin-2024.toml", "--budget", "99999999999", "-o", inside, *OPTIONS).stdout
        assert doudi("check", inside).returncode == 0
    finally:
        inside.unlink(missing_ok=True)


def test_the_end_of_the_bracket_is_not_given_for_a_bound_of_the_answer(doudi):
    far = doudi("solve", "scenarios/jilin-2024.toml", "--budget", "100000000000", *OPTIONS)
    assert "would lie between ? and ?" in far.stdout
    few = json.loads(doudi("solve", "scenarios/jilin-2024.toml", "--budget", "100000000000", "--json", *OPTIONS[:2], "--replicates", "3").stdout)
    assert few["value_interval"] == [None, None] and few["value"] == 1.2


def test_a_missing_budget_is_named_with_every_other_wrong_option(doudi):
    done = doudi("solve", "scenarios/jilin-2024.toml", "--probability", "2", *OPTIONS)
    assert done.returncode == 2 and "--budget: error: is missing" in done.stderr and "--probability" in done.stderr


def test_solve_raises_one_tier_of_the_guidance_alone(doudi, costs):
    budget = f"{sorted(costs)[-1] * 1.01:.2f}"
    done = doudi("solve", "scenarios/jilin-2024.toml", "--budget", budget, "--key", "dibao.standard.urban.3", "--json", *OPTIONS)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert 620 < answer["value"] <= 744 and answer["replicates"] == 40
    done = doudi("solve", "scenarios/jilin-2024.toml", "--budget", budget, "--key", "dibao.standard.urban.9", *OPTIONS)
    assert done.returncode == 2 and "no tier" in done.stderr


def test_a_response_of_take_up_is_to_the_scenario_as_it_stands_whatever_the_bracket(doudi, costs):
    """The same amount must cost the same in every bracket that holds it."""
    means = []
    for low, high in ((85, 99), (90, 97)):
        done = doudi("solve", "scenarios/reforms/take-up-responds.toml", "--budget", "99999999999", "--key", "living_subsidy.amount", "--low", low, "--high", high, "--step", "1",
                     "--counties", "222402", "--replicates", "5", "--progress", "off")
        assert done.returncode == 0, done.stderr
        means.append({line.split()[0]: line.split()[1] for line in done.stdout.splitlines() if line[:1].isdigit()})
    common = set(means[0]) & set(means[1])
    assert len(common) >= 6 and all(means[0][k] == means[1][k] for k in common)


def test_the_cheapest_mix_reaches_its_floors_and_no_cheaper_neighbour_does(doudi, tmp_path):
    options = ["--counties", "222402", "--replicates", "10", "--sample-share", "0.5", "--progress", "off", "--json"]
    mix = ["--lever", "dibao.standard.factor=1:1.1:0.01", "--lever", "nursing_subsidy.amount=85:100:1"]
    before = json.loads(doudi("solve", "scenarios/jilin-2024.toml", *mix, "--floor", "dibao.recipients>=1", *options).stdout)
    assert before["values"] == {"dibao.standard.factor": 1, "nursing_subsidy.amount": 85}, "floors that hold anyway cost nothing"
    least = before["floors"][0]["reached"] * 1.01
    done = doudi("solve", "scenarios/jilin-2024.toml", *mix, "--floor", f"dibao.recipients>={least:.0f}", "--floor", "nursing_subsidy.benefit>=90", "-o", tmp_path / "mix.toml", *options)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["values"]["nursing_subsidy.amount"] == 90 and 1 < answer["values"]["dibao.standard.factor"] < 1.1
    # In a sample persons are weighted up to whole numbers: a mean of 90 yuan may show as 89.99.
    assert all(f["reached"] >= float(f["floor"].split(">=")[1]) * (1 - 1e-3) for f in answer["floors"])
    lower = answer["values"]["dibao.standard.factor"] - 0.01
    fixed = ["--set", f"dibao.standard.factor={lower:.4g}", "--lever", "nursing_subsidy.amount=90:91:1", "--floor", "dibao.recipients>=1"]
    assert json.loads(doudi("solve", "scenarios/jilin-2024.toml", *fixed, *options).stdout)["floors"][0]["reached"] < round(least)
    refused = doudi("solve", "scenarios/jilin-2024.toml", *mix, "--floor", "dibao.recipients>=99999999", *options)
    assert refused.returncode == 2 and "no mix" in refused.stderr
    refused = doudi("solve", "scenarios/jilin-2024.toml", *mix, "--floor", "nursing_subsidy.benefit>=90", "--budget", "1000", *options)
    assert refused.returncode == 2 and "it needs" in refused.stderr
    refused = doudi("solve", "scenarios/jilin-2024.toml", "--lever", "nursing_subsidy.amount", "--floor", "many", *options)
    assert refused.returncode == 2 and "write KEY=LOW:HIGH" in refused.stderr and "is not a floor" in refused.stderr, "both faults at once"


def test_the_selftest_holds_on_the_shipped_scenario(doudi):
    done = doudi("selftest", "scenarios/jilin-2024.toml")
    assert done.returncode == 0 and "every check holds" in done.stdout and "FAIL" not in done.stdout
    for words in ("simulation-based calibration", "more recipient-months x 85 yuan", "breach probability", "what the levels pay"):
        assert words in done.stdout


def test_every_shipped_reform_is_read_without_a_fault(doudi):
    for path in sorted((ROOT / "scenarios/reforms").glob("*.toml")):
        assert doudi("check", path).returncode == 0, path
