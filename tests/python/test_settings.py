"""What a scenario says and what the command line says on top of it."""
import pytest

from conftest import ROOT


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


def test_what_the_command_line_sets_otherwise_than_a_reform_is_told_and_stands_in_the_summary(doudi, tmp_path):
    path = tmp_path / "x.h5"
    wanted = ["compare", "scenarios/jilin-2024.toml", "scenarios/reforms/dibao-plus-5.toml", "--set", "dibao.standard.factor=1", "--counties", "220623", "--replicates", "3", "--progress", "off"]
    done = doudi(*wanted, "-o", path)
    assert done.returncode == 0
    assert "dibao-plus-5.toml:8:1 states dibao.standard.factor, and what counts is --set dibao.standard.factor = 1" in done.stderr, done.stderr
    for told in (done.stdout, doudi("summary", path).stdout):
        assert "Set for this run, whatever the scenarios say: dibao.standard.factor=1\n" in told
    assert '"dibao.standard.factor=1"' in doudi("summary", path, "--json").stdout
    zh = doudi(*wanted, "-o", tmp_path / "zh.h5", "--lang", "zh")
    assert "实际采用的是命令行的 --set dibao.standard.factor = 1" in zh.stderr and "note" not in zh.stderr and "本次运行另行设定" in zh.stdout
    assert "what counts is" not in doudi("check", "scenarios/jilin-2024.toml", "--set", "dibao.standard.factor=1").stdout
    assert "what counts is" in doudi("check", "scenarios/reforms/dibao-plus-5.toml", "--set", "dibao.standard.factor=1").stdout


def test_notes_and_progress_speak_chinese_where_that_is_asked_for(doudi, tmp_path):
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "x.h5", "--until", "total.mean within 0.01%", "--replicates", "60", "--counties", "220623", "--lang", "zh")
    assert done.returncode == 0
    for words in ("注意：凭记忆、未核实：", "模拟 60 次；total.mean（jilin-2024）：±", "仍未达到要求的精度", " 秒 "):
        assert words in done.stderr, done.stderr
    assert "note:" not in done.stderr and "50 replicates" not in done.stderr
    for scenario in ("scenarios/jilin-2024-2026.toml", "scenarios/examples/own-data.toml"):
        if (ROOT / scenario).exists():
            assert "note:" not in doudi("check", scenario, "--lang", "zh").stdout
    notes = doudi("check", "scenarios/jilin-2024.toml", "--set", "run.months=36", "--lang", "zh").stdout
    assert "未设提标" in notes and "最低工资在最后一次公布之后不再变动" in notes and "stays" not in notes
    table = doudi("population", "scenarios/jilin-2024.toml", "--counties", "220623", "--lang", "zh").stdout
    assert "城镇" in table and "家庭户人口" in table and "  urban  " not in table and "members of households" not in table
    story = doudi("explain", "scenarios/jilin-2024.toml", "--household", "220402-rural-39", "--replicate", "3", "--lang", "zh").stdout
    assert "吉政办规〔2024〕2号 措施" in story and "measure" not in story


def test_an_error_that_so_few_replicates_cannot_tell_is_said_in_words(doudi, tmp_path):
    wanted = ["run", "scenarios/jilin-2024.toml", "--until", "total.q95 within 50%", "--replicates", "8", "--counties", "220623", "--sample-share", "0.2", "--progress", "off"]
    for language, words in (("en", " yuan, too few replicates to tell its error, wanted ± "), ("zh", " 元，模拟次数过少，误差无从得知，要求 ± ")):
        done = doudi(*wanted, "-o", tmp_path / f"{language}.h5", "--lang", language)
        assert done.returncode == 0 and words in done.stderr and "inf" not in done.stderr, done.stderr
