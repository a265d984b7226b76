"""What a command refuses before it works: unknown words, places where nothing may be written, samples of nobody."""
import json
import os
import re
import shutil

import pytest

from conftest import ROOT

SMALL = ["--counties", "222402", "--sample-share", "0.02", "--replicates", "3", "--threads", "1", "--progress", "off"]


@pytest.mark.parametrize(("words", "english", "chinese"), [
    (["comapre", "a.toml", "b.toml"], 'lists no command "comapre"; did you mean "compare"?', '没有 "comapre" 这一命令'),
    ([], "a command is needed", "请写明命令"),
    (["--lang", "en", "comapre"], 'lists no command "comapre"; did you mean "compare"?', None),
    (["run", "a.toml", "-o", "x.h5", "--replicats", "5"], '--replicats; did you mean "--replicates"?', '：--replicats（是否应为 "--replicates"？）、5'),
    (["run", "a.toml", "-o", "x.h5", "--counties", "220182，220623"], "220182，220623 cannot be read", "220182，220623 无法读取"),
    (["run", "a.toml", "-o", "x.h5", "--sample-share", "5%"], "5% cannot be read", "5% 无法读取"),
    (["run", "a.toml", "-o", "x.h5", "--threads", "-1"], "--threads: -1 is outside 0 to 1024", "--threads：-1 超出允许范围（0 至 1024）"),
    (["run", "a.toml"], "--output is missing: results file (HDF5)", "缺少 --output：结果文件（HDF5）"),
    (["bridge", "a.toml"], "this is missing: scenario of this budget", "缺少 this：本年预算的方案"),
    (["verify", "x.h5", "--rerun", "1.5"], "--rerun: 1.5 is outside 0 to 1\n", "--rerun：1.5 超出允许范围（0 至 1）"),
    (["run", "a.toml", "-o", "x.h5", "--parameter-draws", "none"], "none is none of random, stratified", "none 应为 random、stratified 之一"),
    (["run", "a.toml", "-o", "x.h5", "--replicates"], "a value is missing", None),
])
def test_a_line_that_cannot_be_parsed_is_told_in_the_language_asked_for(doudi, words, english, chinese):
    done = doudi(*words)
    assert done.returncode == 2 and english in done.stderr and done.stdout == ""
    if chinese:
        done = doudi(*words, "--lang", "zh")
        assert done.returncode == 2 and done.stderr.startswith("错误：") and chinese in done.stderr


COMMANDS = ["run", "compare", "check", "assess", "summary", "explain", "households", "calibrate", "population", "parameters", "validate", "report", "workbook", "pictures", "solve",
            "bridge", "risk", "drivers", "selftest", "verify"]


def options_of(text):
    """What a help lists, name and meaning: lines set in by two, of two columns; where the second is long it is on the next line."""
    text = re.sub(r"\n {22,}(?=\S)", "   ", text)
    return dict(re.findall(r"^  (-\S.*?|\S+) {2,}(\S.*)$", text, re.M))


def test_the_help_names_every_command(doudi):
    english, chinese = options_of(doudi("--help").stdout), options_of(doudi("--lang", "zh", "--help").stdout)
    assert list(english) == ["-h,--help", "--lang LANG", "--version", *COMMANDS] and english.keys() == chinese.keys()


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_the_help_explains_the_same_options_in_both_languages(doudi, command):
    told = {lang: doudi(*command, "--help", env=os.environ | {"DOUDI_LANG": lang}) for lang in ("en", "zh")}
    assert all(done.returncode == 0 and done.stderr == "" for done in told.values())
    english, chinese = (options_of(told[lang].stdout) for lang in ("en", "zh"))
    assert english.keys() == chinese.keys() and len(english) > 0
    assert not any(re.search("[一-鿿]", line) for line in told["en"].stdout.splitlines() if "Doudi (兜底)" not in line)
    for option, meaning in chinese.items():
        assert re.search("[一-鿿]", meaning) and re.search("[a-z]", english[option]), option
    for heading in ("Options", "Arguments", "Usage", "OPTIONS", "usage", "required", "default"):
        assert heading not in told["zh"].stdout


def test_defaults_in_the_help_are_those_that_count(doudi):
    assert options_of(doudi("risk", "--help").stdout)["--confidence P"].endswith("; default 0.95")
    assert options_of(doudi("solve", "--help", "--lang", "zh").stdout)["--probability P"].endswith("；默认 0.05")


def test_the_usual_language_is_that_of_the_environment_and_an_option_overrides_it(doudi, comparison, tmp_path):
    usual = os.environ | {"DOUDI_LANG": "zh"}
    english, chinese = doudi("summary", comparison[0]).stdout, doudi("summary", comparison[0], "--lang", "zh").stdout
    assert english != chinese
    assert doudi("summary", comparison[0], env=usual).stdout == chinese == doudi("--lang", "zh", "summary", comparison[0]).stdout
    assert doudi("summary", comparison[0], "--lang", "en", env=usual).stdout == english
    assert doudi("summary", comparison[0], "--lang", "fr", env=usual).stderr == "错误：--lang：fr 应为 en、zh 之一\n"
    refused = doudi("summary", comparison[0], env=os.environ | {"DOUDI_LANG": "fr"})
    assert refused.returncode == 2 and 'DOUDI_LANG: error: "fr" is not en or zh' in refused.stderr and refused.stdout == ""
    # Pages are in Chinese unless something else is asked for.
    pages = [([], {}, "zh"), ([], {"DOUDI_LANG": "en"}, "en"), (["--lang", "en"], {"DOUDI_LANG": "zh"}, "en")]
    for i, (words, environment, lang) in enumerate([*pages, (["first"], {}, "en")]):
        before, after = (["--lang", "en"], []) if words == ["first"] else ([], words)
        page = tmp_path / f"{i}.html"
        done = doudi(*before, "report", comparison[0], "-o", page, *after, env=os.environ | environment)
        assert done.returncode == 0, done.stderr
        assert f'<html lang="{lang}' in page.read_text(encoding="utf-8")


def test_no_command_writes_over_a_file_that_it_reads(doudi, tmp_path):
    folder = tmp_path / "scenarios"
    shutil.copytree(ROOT / "scenarios", folder)
    scenario, table = folder / "jilin-2024.toml", folder / "data/counties.csv"
    link = folder / "link.toml"
    link.symlink_to(scenario)
    before = scenario.read_bytes(), table.read_bytes()
    for words in (["run", scenario, "-o", scenario, "--force", *SMALL], ["run", scenario, "-o", link, "--force", *SMALL], ["drivers", scenario, "-o", table, "--force", "--counties", "222402"],
                  ["calibrate", scenario, "-o", scenario, "--force", "--sample-share", "0.01"], ["population", scenario, "-o", table, "--force"]):
        done = doudi(*words)
        assert done.returncode == 2 and "is a file that this command reads" in done.stderr, done.stderr
    assert (scenario.read_bytes(), table.read_bytes()) == before


def test_a_sample_without_a_household_of_some_county_is_refused(doudi, tmp_path):
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "x.h5", "--replicates", "3", "--sample-share", "0.000001")
    assert done.returncode == 2 and "--sample-share" in done.stderr and "take at least" in done.stderr
    assert not (tmp_path / "x.h5").exists()


def test_one_replicate_has_neither_an_interval_nor_a_reserve(doudi, tmp_path):
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "x.h5", *SMALL[:4], "--replicates", "1", "--threads", "1", "--progress", "off")
    assert done.returncode == 0, done.stderr
    total = next(line for line in done.stdout.splitlines() if line.startswith("TOTAL"))
    assert total.split()[-1] == "?"
    told = doudi("risk", tmp_path / "x.h5").stdout
    assert next(line for line in told.splitlines() if line.startswith("reserve over the median")).split()[4] == "?"


@pytest.mark.parametrize(("words", "faults"), [
    (["run", "nosuch.toml", "-o", "TAKEN", "--until", "totl within 1%"], ["nosuch.toml", "totl", "exists"]),
    (["run", "scenarios/jilin-2024.toml", "-o", "TAKEN", "--replicates", "0"], ["--replicates", "exists"]),
    (["run", "scenarios/jilin-2024.toml", "-o", "TAKEN", "--until", "total.q95 within 1%", "--parameter-draws", "stratified"], ["--until", "exists"]),
    (["drivers", "scenarios/jilin-2024.toml", "-o", "TAKEN", "--level", "0.2", "--rows", "1", "--populations", "0", "--groups", "nosuch"],
     ["--level", "--rows", "--populations", "--groups", "exists"]),
    (["calibrate", "scenarios/jilin-2024.toml", "-o", "TAKEN", "--members", "3", "--steps", "0", "--hold-out", "1999-01"], ["--members", "--steps", "--hold-out", "exists"]),
    (["population", "nosuch.toml", "-o", "TAKEN", "--table", "TAKEN"], ["nosuch.toml", "exists", "exists"]),
    (["households", "nosuch.toml", "--replicate", "-1"], ["nosuch.toml", "--replicate"]),
    (["explain", "nosuch.toml", "--replicate", "-1", "--household", "x"], ["nosuch.toml", "--replicate", "--household"]),
    (["bridge", "nosuch.toml", "scenarios/jilin-2024.toml", "--order", "nosuch", "--last-results", "none.h5", "--replicates", "3"], ["nosuch.toml", "--order", "none.h5"]),
    (["solve", "nosuch.toml", "--probability", "2", "--floor", "dibao.recipients>=1"], ["--budget", "--probability", "--floor", "nosuch.toml"]),
    (["solve", "scenarios/jilin-2024.toml", "--lever", "living_subsidy.amount=100:80", "--lever", "living_subsidy.amount=80", "--budget", "x"],
     ["=100:80: its low end 100 is not under", "=80\" is not a lever", "--budget", "--floor"]),
    (["solve", "nosuch.toml", "--lever", "living_subsidy.amount=80:100", "--budget", "x"], ["nosuch.toml", "--budget", "--floor"]),
    (["run", "scenarios/jilin-2024.toml", "-o", "TAKEN", "--until", "dibaos.mean within 1%, difference.mean within 1%"], ["dibaos", "needs a reform", "exists"]),
])
def test_all_faults_are_told_at_once_and_before_any_work(doudi, tmp_path, words, faults):
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    done = doudi(*(taken if word == "TAKEN" else word for word in words))
    told = done.stderr.splitlines()
    assert done.returncode == 2 and done.stdout == ""
    assert sum(": error: " in line for line in told) == len(faults), done.stderr
    for fault in faults:
        assert any(fault in line for line in told), (fault, done.stderr)
    assert taken.read_text(encoding="utf-8") == "mine"


def test_a_bridge_reads_the_results_of_last_budget_before_it_simulates(doudi, comparison):
    done = doudi("bridge", "scenarios/jilin-2024.toml", "scenarios/jilin-2024.toml", "--last-results", comparison[0], "--replicates", "200", "--progress", "auto")
    assert done.returncode == 2 and "number of replicates (8, not 200)" in done.stderr and "list of counties" in done.stderr
    assert "%" not in done.stderr


@pytest.mark.parametrize(("words", "said"), [
    (["--key", "nursing_subsidy.amount", "--low", "90"], "give the bracket of nursing_subsidy.amount: --low and --high"),
    (["--low", "1.3"], "--low: error: 1.3 is not under --high 1.2"),
    (["--high", "0.9"], "--low: error: 1 is not under --high 0.9"),
])
def test_the_end_of_a_bracket_that_is_not_given_is_the_usual_one(doudi, words, said):
    done = doudi("solve", "scenarios/jilin-2024.toml", "--budget", "6e9", "--counties", "222402", *words)
    assert done.returncode == 2 and said in done.stderr and "--budget" in done.stderr


def test_words_that_page_and_pictures_do_not_know_are_told_with_their_own_usage(doudi, comparison, tmp_path):
    done = doudi("pictures", comparison[0], "-o", tmp_path, "--bogus")
    assert done.returncode == 2 and done.stderr.startswith("usage: doudi pictures [-h] -o OUTPUT") and "--bogus" in done.stderr
    assert "always replaced" in doudi("pictures", "--help").stdout and "replace an existing file" in doudi("report", "--help").stdout


def test_a_search_names_the_end_of_the_bracket_that_cannot_be_and_all_faults_at_once(doudi, tmp_path):
    words = ["solve", "scenarios/jilin-2024.toml", "--progress", "off"]
    done = doudi(*words, "--budget", "2.7亿", "--probability", "5", "--key", "dibao.standard.factor", "--low", "2", "--high", "1", "-o", tmp_path / "none" / "a.toml")
    assert done.returncode == 2
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["--budget", "--probability", "-o", "--low"]
    done = doudi(*words, "--budget", "270000000", "--key", "dibao.standard.urban.3", "--low", "600", "--high", "900")
    assert done.returncode == 2 and done.stderr.startswith("--low: error: dibao.standard.urban.3 cannot be 600.00") and "--set" not in done.stderr
    done = doudi(*words, "--budget", "270000000", "--key", "dibao.standrd.factor", "--low", "1", "--high", "2")
    assert done.returncode == 2 and done.stderr.startswith("--key: error: unknown key") and len(done.stderr.splitlines()) == 1


def test_a_precision_of_something_unknown_names_what_there_is(doudi, tmp_path):
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "x.h5", "--until", "totl.q95 within 1%", *SMALL[:4])
    assert done.returncode == 2 and 'did you mean "total"?' in done.stderr and "difference, dibao" in done.stderr


def test_budgets_without_a_row_are_refused(doudi, tmp_path):
    assert doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "x.h5", *SMALL).returncode == 0
    (tmp_path / "budgets.csv").write_text("county,budget\n", encoding="utf-8")
    done = doudi("risk", tmp_path / "x.h5", "--budgets", tmp_path / "budgets.csv")
    assert done.returncode == 2 and "no row follows its header" in done.stderr
    assert json.loads(doudi("risk", tmp_path / "x.h5", "--json").stdout)


def test_shares_that_do_not_add_up_are_told_with_all_of_them(doudi, tmp_path):
    done = doudi("run", "scenarios/jilin-2024.toml", "-o", tmp_path / "x.h5", *SMALL, "--set", "funding.dibao.central=0.5", "--set", "funding.dibao.county=0.5")
    assert done.returncode == 2 and "centre 0.5, province 0.25 and prefecture 0 leave 0.25 for the county, not 0.5" in done.stderr
