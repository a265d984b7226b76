"""What a scenario says and what the command line says on top of it."""
import shutil

import pytest

from conftest import ROOT


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    return tmp_path / "scenarios"


def reform(folder, text):
    path = folder / "reforms/mine.toml"
    path.write_text('base = "jilin-2024.toml"\n' + text, encoding="utf-8")
    return path


def test_a_first_month_for_which_the_law_has_no_value_is_refused_whoever_sets_it(doudi, folder):
    start = '[run]\nstart = "2023-06"\n'
    base = folder / "jilin-2024-prior.toml"
    told = [doudi("check", "scenarios/jilin-2024.toml", "--set", 'run.start="2023-06"'), doudi("check", reform(folder, start))]
    base.write_text(base.read_text(encoding="utf-8").replace('start = "2024-01"', 'start = "2023-06"'), encoding="utf-8")
    told.append(doudi("check", base))
    for done in told:
        assert done.returncode == 2 and '"policy.care_pct.full" has no value in force in 2023-06' in done.stderr, done.stderr


def test_the_law_and_values_by_date_are_those_of_the_first_month_whoever_sets_it(doudi, folder):
    by_date = '[living_subsidy.amount]\nvalues = [ { from = 2024-01-01, value = "85.00" }, { from = 2024-07-01, value = "90.00" } ]\n'
    assert "living subsidy 85.00" in doudi("check", reform(folder, by_date)).stdout
    assert "living subsidy 90.00" in doudi("check", reform(folder, by_date), "--set", "run.start=2025-01").stdout
    assert "living subsidy 90.00" in doudi("check", reform(folder, '[run]\nstart = "2025-01"\n' + by_date)).stdout
    # The law of 2022 on pays 80.00 before 2024; with every other value dated back as well, that is what is in force in 2023.
    for law in (folder / "law").glob("*.toml"):
        text = law.read_text(encoding="utf-8").replace('from = 2024-01-01, value = "85.00"', 'from = 2024-02-01, value = "85.00"')
        law.write_text(text.replace("from = 2024-01-01", "from = 2022-01-01"), encoding="utf-8")
    done = doudi("check", folder / "jilin-2024.toml", "--set", "run.start=2023-06")
    assert done.returncode == 0 and "living subsidy 80.00, nursing subsidy 80.00" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("setting", ['nursing_subsidy.amount="80.00"', "nursing_subsidy.amount=80.00", "nursing_subsidy.amount=80", "nursing_subsidy.amount=80.00 yuan/month"])
def test_an_amount_on_the_command_line_needs_no_quotes_for_a_shell_takes_them_away(doudi, setting):
    done = doudi("check", "scenarios/jilin-2024.toml", "--set", setting)
    assert done.returncode == 0 and "nursing subsidy 80.00" in done.stdout, done.stderr
    wrong = doudi("check", "scenarios/jilin-2024.toml", "--set", "nursing_subsidy.amount=80.005", "--set", "policy.temp_small_yuan=0.001", "--set", "dibao.standard.local.220102.urban=8e2")
    assert wrong.returncode == 2 and wrong.stderr.count("error:") == 3 and '"80.005" is not an amount' in wrong.stderr, wrong.stderr
