"""Bad input: each fault named with its place and a hint, exit code 2, nothing damaged."""
import shutil

import pytest


def reform(folder, text):
    path = folder / "reforms/mine.toml"
    path.write_text('base = "jilin-2024.toml"\n' + text, encoding="utf-8")
    return path


def check(doudi, path, *words):
    done = doudi("check", path)
    assert done.returncode == 2, done.stdout + done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


@pytest.mark.parametrize(("text", "words"), [
    ('[living_subsidy]\namout = "85.00 yuan/month"\n', ["mine.toml:3:1", 'unknown key "living_subsidy.amout"', 'did you mean "living_subsidy.amount"?', "^^^^^"]),
    ('[living_subsidy]\namount = "8500 yuan/month"\n', ["mine.toml:3:10", "100 times the law's 85.00", 'did you mean "85.00 yuan/month"?', "not fen"]),
    ('[living_subsidy]\namount = "-85.00 yuan/month"\n', ["is negative"]),
    ('[living_subsidy]\namount = "85 dollars"\n', ['the unit "dollars"']),
    ("[living_subsidy]\namount = 85\n", ["must be text in quotes"]),
    ("[dibao.standard]\nfactor = 0.95\n", ["factor", "under the guidance standard", "吉民发〔2023〕67号", "南关区"]),
    ('[dibao.standard.local.220182]\nurban = "600.00"\n', ["榆树市", "under the guidance standard 620.00"]),
    ('[dibao.standard.local.220181]\nurban = "900.00"\n', ["no county of the data has the code 220181", "did you mean"]),
    ('[dibao.standard.local.220182]\nurban = "90000.00"\n', ["over 10 times", "not fen"]),
    ("[assumptions.take_up]\ndibao_urban = 1.4\n", ["take_up.dibao_urban", "1.4 is outside 0 to 1"]),
    ('[assumptions]\ntake_up.dibao_urban = { prior = "beta", mean = 0.5, sd = 0.9, why = "x" }\n', ["no beta distribution"]),
    ('[assumptions]\ntake_up.dibao_urban = { prior = "beta", mean = 0.5, sd = 0.1 }\n', ['"why" is missing']),
    ('[assumptions]\ntake_up.dibao_urban = { prior = "bet", mean = 0.5, sd = 0.1, why = "x" }\n', ['did you mean "beta"?']),
    ('[policy]\nsingle_benefit = "ful"\n', ['did you mean "full"?']),
    ("[policy]\nedge_mult_pct = 20\n", ["outside 100 to 1000"]),
    ('[data]\ncounties = "mine.csv"\n', ["belongs to the base scenario"]),
    ('[run]\nstart = "2024-13"\n', ["is not a month"]),
    ("[run]\nstart = 3\nmonths = 99\n[policy]\nedge_mult = 3\n", ["must be text", "99 is outside 1 to 60", "unknown key"]),
    ("name = \n", ["mine.toml:2:", "not TOML"]),
    ("[living_subsidy]\namount = “85.00 yuan/month”\n", ["mine.toml:3:10", "stands outside quotes", "straight quotes"]),
    ("[living_subsidy]，\namount = \"85.00\"\n", ["mine.toml:2:17", "stands outside quotes"]),
    ('title = "《办法》，。" # 《\n《a》 = 1\n', ["mine.toml:3:1", "stands outside quotes"]),
    ("ess=[0.'''''apolicyЖncome\n", ["mine.toml:2:20", "stands outside quotes"]),
])
def test_a_fault_in_a_scenario_is_named_with_place_and_hint(doudi, folder, text, words):
    check(doudi, reform(folder, text), *words)


def test_a_missing_file_is_named(doudi, folder):
    check(doudi, folder / "none.toml", "none.toml", "there is no such file")
    path = reform(folder, "")
    path.write_text('base = "jilin-2042.toml"\n')
    check(doudi, path, "mine.toml:1:8", 'there is no file "jilin-2042.toml"')


def test_a_base_that_leads_back_is_refused(doudi, folder):
    path = folder / "loop.toml"
    path.write_text('base = "loop.toml"\n')
    check(doudi, path, "leads back to")


def test_a_path_may_not_leave_the_scenario_folder(doudi, folder):
    shutil.copy(folder / "data/counties.csv", folder.parent / "outside.csv")
    base = folder / "jilin-2024-prior.toml"
    base.write_text(base.read_text().replace("data/counties.csv", "../outside.csv"))
    check(doudi, base, "leaves the scenario folder", "--allow-outside")
    assert doudi("check", base, "--allow-outside").returncode == 0


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_census_row_that_does_not_sum_is_named_with_its_line(doudi, folder):
    edit(folder, "data/counties.csv", "657682,657682,0", "657683,657682,0")
    check(doudi, folder / "jilin-2024.toml", "counties.csv:2", "off by -1", "24073453")


def test_a_missing_column_a_short_row_and_a_word_for_a_number_are_named(doudi, folder):
    edit(folder, "data/counties.csv", "age_0_14", "age_0_15")
    check(doudi, folder / "jilin-2024.toml", 'the column "age_0_14" is missing')
    edit(folder, "data/counties.csv", "age_0_15", "age_0_14")
    edit(folder, "data/counties.csv", ",73069,", ",many,")
    check(doudi, folder / "jilin-2024.toml", 'age_0_14 = "many" is not a whole number')


def test_a_unit_of_the_notice_without_a_county_and_the_reverse_are_named(doudi, folder):
    edit(folder, "data/dibao-standards-2024.csv", "urban,3,620,榆树市", "urban,3,620,榆树县")
    check(doudi, folder / "jilin-2024.toml", "榆树县 has a standard but no county", "榆树市 has no urban standard")


def test_a_law_value_without_a_source_or_not_yet_in_force_is_refused(doudi, folder):
    edit(folder, "law/two-subsidies.toml", ', source = "吉民发〔2023〕68号 一"', "")
    check(doudi, folder / "jilin-2024.toml", "two-subsidies.toml", "has no source")
    edit(folder, "law/dibao.toml", "values = [ { from = 2024-01-01, value = 200", "values = [ { from = 2025-01-01, value = 200")
    check(doudi, folder / "jilin-2024.toml", "has no value in force in 2024-01")


def test_an_assumption_that_nobody_states_is_named(doudi, folder):
    edit(folder, "assumptions/jilin.toml", "hazard.death_60plus =", "# hazard.death_60plus =")
    check(doudi, folder / "jilin-2024.toml", 'nothing is said about the assumption "hazard.death_60plus"')


def test_options_out_of_range_and_an_unknown_county_are_refused(doudi, tmp_path):
    for options, words in [(["--replicates", "0"], "outside 1 to 100,000"), (["--sample-share", "2"], "not in (0, 1]"),
                           (["--counties", "220182,220181"], "did you mean"), (["--set", "nonsense"], "is not key=value"),
                           (["--set", "dibao.standard.facto=1.1"], 'did you mean "dibao.standard.factor"'), (["--threads", "-1"], "threads")]:
        done = doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "x.h5", *options)
        assert done.returncode == 2 and words in done.stderr, done.stderr
        assert list(tmp_path.iterdir()) == []


def test_scenarios_that_differ_in_beliefs_are_not_compared(doudi, folder, tmp_path):
    path = reform(folder, "[assumptions]\ntake_up.dibao_urban = 0.9\n")
    done = doudi("compare", folder / "jilin-2024.toml", path, "-o", tmp_path / "x.h5")
    assert done.returncode == 2
    assert "other beliefs (take_up.dibao_urban)" in done.stderr and "dibao.take_up_factor" in done.stderr


def test_an_output_that_exists_or_cannot_be_written_is_refused_and_left_alone(doudi, tmp_path):
    there = tmp_path / "there.h5"
    there.write_text("precious")
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", there, "--counties", "220623", "--replicates", "1")
    assert done.returncode == 2 and "--force" in done.stderr and there.read_text() == "precious"
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "no/such/x.h5")
    assert done.returncode == 2 and "there is no folder" in done.stderr
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path)
    assert done.returncode == 2 and "is a folder" in done.stderr
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", "/proc/x.h5")
    assert done.returncode == 2 and "cannot be written" in done.stderr


def test_more_replicates_than_memory_is_said_before_the_run_starts(doudi, tmp_path):
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "x.h5", "--replicates", "100000", "--months", "60")
    assert done.returncode == 2 and "GiB of memory" in done.stderr and "--replicates" in done.stderr


def test_a_fault_in_a_key_does_not_hide_those_in_what_a_scenario_makes_of_the_counties(doudi, folder):
    text = ('foo = 1\n[dibao.standard.local.999999]\nurban = "900.00"\n[dibao.standard.local.220102]\nurban = "1.00"\n'
            '[funding.dibao]\ncentral = 0.9\nprovince = 0.9\n[modules.heating]\non = true\n')
    check(doudi, reform(folder, text), 'unknown key "foo"', "no county of the data has the code 999999", "is under the guidance standard 770.00", "over 1 together", "switched on without an amount")


@pytest.mark.parametrize("text", [
    "[living_subsidy]\namount = 85\n", '[dibao.standard]\nfactor = "x"\n', '[dibao.standard.local.220102]\nurban = 900\n', '[modules.heating]\non = true\namount = 3\n',
    "[funding.dibao]\ncentral = 2\ncounty = 0.25\n", '[assumptions]\ntake_up.dibao_urban = { prior = "beta", mean = 0.5, sd = 0.1 }\n', '[uprating]\ndibao_standard = "up"\n'])
def test_what_follows_from_a_fault_is_not_a_second_one(doudi, folder, text):
    done = doudi("check", reform(folder, text))
    assert done.returncode == 2 and done.stderr.count("error:") == 1, done.stderr


def test_a_fault_of_the_command_line_is_said_once_for_a_whole_comparison(doudi, tmp_path):
    done = doudi("compare", "scenarios/jilin-2024.toml", "scenarios/reforms/dibao-plus-5.toml", "-o", tmp_path / "x.h5", "--set", "foo=1", "--set", "base=none.toml", "--counties", "")
    assert done.returncode == 2 and done.stderr.count("error:") == 3, done.stderr
    for words in ('unknown key "foo"', "base is what a scenario file builds on", "no county code is given"):
        assert words in done.stderr
