"""What is refused is told in the language that was asked for: each fault has both, and the English ones are on record.

`python tests/python/test_both_languages.py` writes faults.txt anew, for a fault that is meant to read otherwise.
"""
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import pytest

from conftest import DOUDI, ROOT
from doudi import open_results, provenance

RECORD = pathlib.Path(__file__).parent / "faults.txt"
PRIOR = "[assumptions]\ntake_up.dibao_urban = "

REFORMS = {
    "kinds of values": 'title = 3\n[run]\nstart = 3\nmonths = 99\nburn_in = 1.5\nsample_share = 2\nparameter_draws = "even"\nseed = "x"\n'
                       '[monitoring]\nby_income = 1\ncoverage = "all"\n[policy]\nedge_mult_pct = 20\nsingle_benefit = "ful"\nsupp_for_single = 1\ntemp_cap_yuan = true\ngradual_profile_pct = 3\nincome_basis = 1.5\nedge_mul = 3\n',
    "a month that is none": '[run]\nstart = "2024-13"\n',
    "unknown keys": 'foo = 1\n[living_subsidy]\namout = "85.00 yuan/month"\n',
    "amounts": '[living_subsidy]\namount = 85\n[nursing_subsidy]\namount = "85 dollars"\n[dibao]\nmin_payment = "-3.00"\n[dibao.standard]\nadd = "much"\n[uprating]\nround_to = "200.00"\n[modules.heating]\namount = "60000.00"\n',
    "an amount in fen": '[living_subsidy]\namount = "8500 yuan/month"\n[nursing_subsidy]\namount = "600000.00"\n',
    "an amount over the most": '[living_subsidy.amount]\nvalues = [ { from = 2024-01-01, value = "1600.00" }, { from = 2024-07-01, value = "9000.00" } ]\n',
    "a factor under the guidance standard": "[dibao.standard]\nfactor = 0.95\n",
    "a standard over the most": '[dibao.standard]\nadd = "20000.00"\n',
    "local standards": '[dibao.standard.local.220182]\nurban = "600.00"\nrural = "9000.00"\n[dibao.standard.local.220181]\nurban = "900.00"\n[dibao.standard.local.x]\nurban = "900.00"\n[dibao.standard.local.220102]\nurban = 900\n',
    "standards of years": '[run]\nmonths = 36\n[dibao.standard.year.2025]\nfactor = 0.9\n[dibao.standard.year.2024]\nfactor = 1.0\n[dibao.standard.year.20x]\nfactor = 1.0\n',
    "a local standard of a year": '[run]\nmonths = 24\n[dibao.standard.year.2025]\nlocal.220102.urban = "9000.00"\nlocal.999999.urban = "900.00"\n',
    "uprating": '[run]\nmonths = 60\n[uprating]\ndibao_standard = "up"\nincome_per_head = []\nmin_wage = [1.0, 3.0]\n',
    "uprating over the most": "[run]\nmonths = 60\n[uprating]\ndibao_standard = 2\n",
    "shares, modules and what follows": 'foo = 1\n[dibao.standard.local.999999]\nurban = "900.00"\n[dibao.standard.local.220102]\nurban = "1.00"\n'
                                        '[funding.dibao]\ncentral = 0.9\nprovince = 0.9\n[funding.supplement]\ncentral = 0.5\ncounty = 0.9\n[modules.heating]\non = true\n[modules.holiday]\nmonths = "May"\n',
    "months of a module": "[modules.heating]\nmonths = [10, 13]\n",
    "priors": f'{PRIOR}1.4\ntake_up.dibao_rural = "high"\nhazard.illness = {{ prior = "lognormal", mean = 0, sd = -1, why = "x" }}\ntekun.care_full_share = {{ prior = "uniform", low = 0.5, high = 0.1 }}\n'
              'income.level = { prior = "normal", mean = "x", sd = 0.1, mode = 3, why = "x", indicators = "x" }\nincome.dagum_a_urban = { prior = "fixed", value = 99, why = "x" }\n',
    "a beta that is none": f'{PRIOR}{{ prior = "beta", mean = 0.5, sd = 0.9, why = "x" }}\ntake_up.dibao_rural = {{ prior = "bet", mean = 0.5, sd = 0.1, why = "x" }}\n',
    "values by date": '[living_subsidy.amount]\nvalue = "85.00"\nvalues = [ { from = 2024-01-01, value = "85.00", vlaue = "x" }, { value = "90.00" } ]\n[dibao]\nmin_payment = { values = [] }\n[nursing_subsidy.amount]\nvalues = []\n',
    "data in a reform": 'law = ["law/dibao.toml"]\n[data]\ncounties = "mine.csv"\n',
    "files": 'beliefs = "mine.toml"\n[data]\nmargins = "none.csv"\nsurvey_households = "data/counties.csv"\n',
    "a posterior": '[posterior]\nnames = ["take_up.dibao_urban", "take_up.dibao_urban", "take_up"]\nscale = ["none", "root", "log"]\nlow = [0, 0, 0]\nhigh = [1, 1, 1]\nmean = [0.5, 0.5, 0.5]\nfactor = [[1], [1], [1, 1, 1]]\n',
    "a posterior without its lists": '[posterior]\nnames = ["take_up.dibao_urban"]\n',
    "no value": "name = \n",
    "full-width signs": "[living_subsidy]\namount = “85.00 yuan/month”\n",
    "no base": 'base = "jilin-2042.toml"\n',
}

COUNTIES, STANDARDS, LAW = "data/counties.csv", "data/dibao-standards-2024.csv", "law/two-subsidies.toml"
EDITS = {
    "sums of a county": [(COUNTIES, "657682,657682,0", "657683,657682,0")],
    "shares of a county": [(COUNTIES, ",70265,0.2867,54918,32319,", ",370265,0.2867,354918,32319,")],
    "codes": [(COUNTIES, "\n220103,", "\n220102,"), (COUNTIES, "\n220104,", "\n2201,"), (COUNTIES, ",73069,", ",many,")],
    "wages": [(COUNTIES, ",500,city tier,长春市,1,1880,1,2120", ",500,city tier,长春市,1,188000,1,212000"), ("data/incomes.csv", "38810,20162", "388,much")],
    "a missing column": [(COUNTIES, "age_0_14", "age_0_15")],
    "a short row": [(COUNTIES, "\n220103,宽城区,", "\n220103,")],
    "an open quote": [("data/incomes.csv", "1.074)\",derived,", "1.074)\",\"derived,")],
    "units of the notice": [(STANDARDS, "urban,3,620,榆树市", "urban,3,620,榆树县"), (STANDARDS, "urban,2,660,吉林市", "town,2,66000,吉林市"), (STANDARDS, "urban,1,770", "urban,1,0.5")],
    "a law without source or unit": [(LAW, ', source = "吉民发〔2023〕68号 一"', ""), (LAW, 'unit = "yuan/person/month"', ""), ("law/dibao.toml", "values = [ { from = 2024-01-01, value = 200", "values = [ { from = 2025-01-01, value = 200")],
    "a law that is no table": [(LAW, "[nursing_subsidy.amount]", '[dibao]\nmin_payment = "3.00"\n[nursing_subsidy.amount]'), (LAW, "from = 2022-01-01, ", "")],
    "a belief that nobody states": [("assumptions/jilin.toml", "hazard.death_60plus =", "# hazard.death_60plus =")],
    "beliefs on indicators": [("assumptions/jilin.toml", '"cn.income.urban_quintile_1@2022"', '"cn.income.urban_quintile_9@2022"'), ("assumptions/jilin.toml", 'income.dagum_p_urban = { prior = "lognormal", mean = 2.5, sd = 0.3, evidence = "recalled, unverified"',
                                                                                                                                         'income.dagum_p_urban = { prior = "lognormal", mean = 2.5, sd = 0.3, evidence = "law"')],
    "people": [("data/indicators.csv", "jl.pop.total,24073453", "jl.pop.total,24073454")],
    "targets": [("data/targets.csv", "dibao,urban,persons,2021-08,366685,0.03,fit", "dibao,town,heads,2021-08,many,30,fits")],
    "no incomes": [("jilin-2024-prior.toml", 'incomes = "data/incomes.csv"', "")],
    "a path that leaves the folder": [("jilin-2024-prior.toml", "data/counties.csv", "../outside.csv")],
    "a file that is not UTF-8": [("data/incomes.csv", "吉林省", "\udcff")],
}

MARGINS, HOUSEHOLDS, MEMBERS = "code,residence,margin,count,source\n", "household,weight,residence\n", "household,age\n"
OWN = {
    "margins": {"margins.csv": f"{MARGINS}220102,urban,one_person,99999999,x\n220102,town,one_persons,3,\n999999,urban,one_person,x,x\n220102,urban,one_person,3,x\n"},
    "more than fifty faults": {"margins.csv": MARGINS + "220102,town,one_person,3,x\n" * 60},
    "a survey": {"survey-households.csv": f"{HOUSEHOLDS}a,0,urban\na,1,town\nb,x,rural\n", "survey-members.csv": f"{MEMBERS}a,45\na,130\nnobody,3\n"},
    "a small survey": {"survey-households.csv": f"{HOUSEHOLDS}a,1,urban\n", "survey-members.csv": f"{MEMBERS}a,45\n"},
}

RUN = ["run", "scenarios/jilin-2024.toml", "-o", "{out}/x.h5"]
SOLVE = ["solve", "scenarios/jilin-2024.toml", "--counties", "220623", "--replicates", "3", "--sample-share", "0.05", "--progress", "off"]
EXPLAIN = ["explain", "scenarios/jilin-2024.toml", "--household"]
BRIDGE = ["bridge", "scenarios/jilin-2024.toml", "scenarios/reforms/dibao-plus-5.toml", "--counties", "220623", "--replicates", "3"]
DRIVERS = ["drivers", "scenarios/jilin-2024.toml", "-o", "{out}/x.h5", "--counties", "220623", "--sample-share", "0.05", "--progress", "off"]
COMMANDS = {
    "no such scenario": ["check", "{out}/none.toml"],
    "sizes": [*RUN, "--replicates", "0", "--months", "61", "--sample-share", "2"],
    "counties": [*RUN, "--counties", "220182,220181"],
    "no counties": [*RUN, "--counties", ""],
    "settings": [*RUN, "--set", "nonsense", "--set", "foo=1", "--set", "base=none.toml", "--set", "a==", "--set", "dibao.standard.facto=1.1", "--set", "nursing_subsidy.amount=80.005"],
    "memory": [*RUN, "--replicates", "100000", "--months", "60"],
    "an output that exists": ["run", "scenarios/jilin-2024.toml", "-o", "{out}/there.h5"],
    "an output in no folder": ["run", "scenarios/jilin-2024.toml", "-o", "{out}/no/such/x.h5"],
    "an output that is a folder": ["run", "scenarios/jilin-2024.toml", "-o", "{out}"],
    "an output that cannot be written": ["run", "scenarios/jilin-2024.toml", "-o", "{out}/" + "x" * 250 + ".h5"],
    "precisions": [*RUN, "--until", "total within 1%,total.q95 near 1%"],
    "no precision": [*RUN, "--until", ","],
    "a precision of a difference": [*RUN, "--until", "difference.mean within 1%", "--counties", "220623"],
    "a precision of nothing": [*RUN, "--until", "dibaos.mean within 1%", "--counties", "220623"],
    "a precision of stratified draws": [*RUN, "--until", "total.mean within 1%", "--parameter-draws", "stratified"],
    "beliefs that differ": ["compare", "scenarios/jilin-2024.toml", "scenarios/jilin-2024-prior.toml", "-o", "{out}/x.h5"],
    "data and settings that differ": ["compare", "scenarios/jilin-2024.toml", "scenarios/examples/own-data.toml", "scenarios/jilin-2024-2026.toml", "-o", "{out}/x.h5"],
    "a replicate": ["explain", "scenarios/jilin-2024.toml", "--household", "220402-rural-39", "--replicate", "-1"],
    "solve without a budget": ["solve", "scenarios/jilin-2024.toml", "--probability", "2", "-o", "{out}/there.h5"],
    "a budget that is none": ["solve", "scenarios/jilin-2024.toml", "--budget", "much"],
    "a budget that is too small": [*SOLVE, "--budget", "1000"],
    "a tier": [*SOLVE, "--budget", "100000000", "--key", "dibao.standard.urban.9"],
    "a bracket": [*SOLVE, "--budget", "100000000", "--key", "nursing_subsidy.amount"],
    "a bracket upside down": [*SOLVE, "--budget", "100000000", "--low", "2", "--high", "1"],
    "a step": [*SOLVE, "--budget", "100000000", "--step", "-1"],
    "levers and floors": [*SOLVE, *["--lever", "dibao.standard.factor"] * 3, *["--lever", "dibao.standard.factor=1:1.2"] * 5, "--floor", "dibao>=3", "--floor", "none.recipients>=3", "--budget", "much"],
    "no floor": [*SOLVE, "--lever", "dibao.standard.factor=1:1.2"],
    "a floor that is too high": [*SOLVE, "--lever", "dibao.standard.factor=1:1.2:0.1", "--floor", "dibao.recipients>=99999999", "--floor", "dibao.benefit>=99999"],
    "a mix that is too dear": [*SOLVE, "--lever", "dibao.standard.factor=1:1.2:0.1", "--floor", "dibao.recipients>=1", "--budget", "1000"],
    "a level of drivers": ["drivers", "scenarios/jilin-2024.toml", "-o", "{out}/x.h5", "--level", "0.3"],
    "groups of drivers": ["drivers", "scenarios/jilin-2024.toml", "-o", "{out}/x.h5", "--groups", "{out}/none.csv"],
    "drivers that exist": ["drivers", "scenarios/jilin-2024.toml", "-o", "{out}/there.h5"],
    "people that exist": ["population", "scenarios/jilin-2024.toml", "--counties", "220623", "-o", "{out}/there.h5"],
    "no results": ["summary", "{out}/none.h5"],
    "results that are none": ["summary", "{out}/there.h5"],
    "risk of no results": ["risk", "{out}/none.h5"],
    "slices of the results": ["risk", "{results}", "--scenario", "subsidies-90", "--programme", "dibaos", "--level", "village", "--county", "220624", "--confidence", "0.2", "--budget", "much", "--budgets", "{out}/none.csv"],
    "budgets of the counties": ["risk", "{results}", "--budgets", "{out}/budgets.csv"],
    "figures of the province": ["validate", "{results}"],
    "a county without households": [*EXPLAIN, "999999-urban-3"],
    "no such household": [*EXPLAIN, "220623-rural-99999999"],
    "a household that is none": [*EXPLAIN, "220623-117"],
    "a step of the bridge": [*BRIDGE, "--order", "standrd"],
    "steps of the bridge": [*BRIDGE, "--order", "standard,prices"],
    "a bridge between other counties": ["bridge", "scenarios/jilin-2024.toml", "{out}/scenarios/jilin-2024.toml", "--replicates", "3", "--progress", "off"],
    "members of groups": [*DRIVERS, "--groups", "{out}/groups.csv"],
    "too few rows": [*DRIVERS, "--rows", "1"],
    "too many populations": [*DRIVERS, "--populations", "1001"],
    "too many scenarios": ["compare", *["scenarios/jilin-2024.toml"] * 40, "-o", "{out}/x.h5", "--counties", "220623", "--replicates", "1", "--months", "1", "--progress", "off"],
    "a vector unit": ["DOUDI_VECTOR=avx3", "check", "scenarios/jilin-2024.toml"],
    "a bridge from other results": ["bridge", "scenarios/jilin-2024.toml", "scenarios/reforms/dibao-plus-5.toml", "--last-results", "{results}", "--counties", "220623", "--replicates", "3", "--sample-share", "0.05", "--progress", "off"],
}
CASES = [*((kind, name) for kind, cases in {"reform": REFORMS, "edit": EDITS, "own": OWN, "command": COMMANDS}.items() for name in cases)]


def prepared(kind, name, out, results):
    """Writes what is faulty and returns the command that meets it."""
    scenarios = out / "scenarios"
    if kind != "command":
        shutil.copytree(ROOT / "scenarios", scenarios)
    if kind == "reform":
        text = REFORMS[name] if REFORMS[name].startswith("base") else 'base = "jilin-2024.toml"\n' + REFORMS[name]
        (scenarios / "reforms/mine.toml").write_text(text, encoding="utf-8")
        return ["check", str(scenarios / "reforms/mine.toml")]
    if kind == "edit":
        shutil.copy(scenarios / COUNTIES, out / "outside.csv")
        for file, old, new in EDITS[name]:
            text = (scenarios / file).read_text(encoding="utf-8")
            assert old in text, (file, old)
            (scenarios / file).write_text(text.replace(old, new, 1), encoding="utf-8", errors="surrogateescape")
        return ["check", str(scenarios / "jilin-2024-prior.toml")]
    if kind == "own":
        for file, text in OWN[name].items():
            (scenarios / "examples" / file).write_text(text, encoding="utf-8")
        return ["check", str(scenarios / "examples/own-data.toml")]
    (out / "there.h5").write_text("precious")
    (out / "budgets.csv").write_text("county,budget\n220623,1000\n220623,x\n999999,1000\n")
    (out / "groups.csv").write_text("group,parameter\na,take_up\nb,take_up.dibao_urban\na,take_upp\n")
    if name == "a bridge between other counties":
        shutil.copytree(ROOT / "scenarios", scenarios)
        head, first, second, *rest = (scenarios / COUNTIES).read_text(encoding="utf-8").splitlines(keepends=True)
        (scenarios / COUNTIES).write_text("".join([head, second, first, *rest]), encoding="utf-8")
    return [part.format(out=out, results=results) for part in COMMANDS[name]]


def told(command, out, results):
    """Parts such as NAME=value before the command are of its environment."""
    words = list(command)
    environment = dict(words.pop(0).split("=") for _ in itertools.takewhile(lambda word: "=" in word, command))
    done = subprocess.run([DOUDI, *words], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, errors="replace")
    text = done.stderr.replace(str(results), "RESULTS").replace(str(out), "FOLDER")
    return done.returncode, re.sub(r"[\d.]+ GiB of memory and .* gives [\d.]+|约需 [\d.]+ GiB 内存，而.*可用 [\d.]+ GiB", lambda m: "MEMORY" if m[0].isascii() else "内存", text)


def record():
    return dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", RECORD.read_text(encoding="utf-8"), re.M))


@pytest.mark.parametrize(("kind", "name"), CASES, ids=[name for _, name in CASES])
def test_every_fault_is_told_in_chinese_where_that_is_asked_for_and_in_english_as_ever(kind, name, tmp_path, comparison):
    results = comparison[0]
    command = prepared(kind, name, tmp_path, results)
    english_code, english = told(command, tmp_path, results)
    chinese_code, chinese = told([*command, "--lang", "zh"], tmp_path, results)
    assert english_code == chinese_code == 2, english + chinese
    assert english == record()[f"{kind}: {name}"]
    lines = [line for line in chinese.splitlines() if not re.match(r"   [ \d]+ \|", line)]
    faults = [line for line in lines if "错误：" in line]
    assert len(faults) == english.count("error: ") > 0 and "error:" not in chinese, chinese
    assert [line.split("错误：")[0] for line in faults] == [line.split("error: ")[0] for line in english.splitlines() if "error: " in line]
    for line in lines:
        said = re.sub(r'"[^"]*"|`[^`]*`|\{[^}]*\}|\[[^]]*\]|--[a-z-]+|[A-Za-z0-9_./-]*[./][A-Za-z0-9_./-]*', "", line.split("错误：")[-1])
        assert re.search(r"[\u4e00-\u9fff]", said), line
        assert not re.search(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", said.split("提示：")[0]), line  # the parser and the system speak English


def test_all_faults_of_a_scenario_are_told_at_once_in_chinese(tmp_path, comparison):
    _, chinese = told([*prepared("reform", "shares, modules and what follows", tmp_path, comparison[0]), "--lang", "zh"], tmp_path, comparison[0])
    for words in ('未知的键 "foo"', "没有代码为 999999 的县级单元", "低于指导标准 770.00 元", "三级分担比例合计超过 1", "（取暖救助）已启用但未给出金额", "县级应负担 0.25，而不是 0.9", '未知的键 "modules.holiday.months"'):
        assert words in chinese, chinese


@pytest.mark.parametrize("asked", ["verify", "selftest", "calibrate"])
def test_checks_and_fits_are_told_in_chinese(doudi, comparison, tmp_path, asked):
    words = {"verify": ["verify", comparison[0]], "selftest": ["selftest", "scenarios/jilin-2024.toml"],
             "calibrate": ["calibrate", "scenarios/jilin-2024-prior.toml", "-o", tmp_path / "fitted.toml", "--members", "20", "--steps", "1", "--sample-share", "0.005", "--progress", "off"]}[asked]
    done = doudi(*words, "--lang", "zh")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    assert len(lines) > 3
    for line in lines:
        # Names of beliefs, files and builds are the same in both; a row of a table may be numbers and a name.
        english = re.findall(r"(?<![\w./-])[a-z]{3,}(?![\w./=-])", line)
        assert not set(english) - {"doudi", "git"}, line


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder) / "subsidies.h5"
        subprocess.run([DOUDI, "compare", "scenarios/reforms/subsidies-80.toml", "scenarios/reforms/subsidies-85.toml", "-o", made, "--counties", "222402,220623", "--replicates", "8", "--progress", "off"],
                       cwd=ROOT, check=True, stdout=sys.stderr)
        text = ""
        for place, case in enumerate(CASES):
            (out := pathlib.Path(folder) / str(place)).mkdir()
            text += f"## {case[0]}: {case[1]}\n{told(prepared(*case, out, made), out, made)[1]}"
        RECORD.write_text(text, encoding="utf-8")


def test_a_scenario_is_called_by_its_title_and_in_english_where_that_is_chinese_by_its_name(doudi, comparison, tmp_path):
    path, done = comparison
    title, name = "两项补贴 85 元", "subsidies-85"
    assert title not in done.stdout and name in done.stdout and title not in doudi("risk", path).stdout
    assert title in doudi("summary", path, "--lang", "zh").stdout and title in doudi("risk", path, "--lang", "zh").stdout
    done = doudi("run", "scenarios/jilin-2024.toml", "--set", "title=Today's law", "-o", tmp_path / "r.h5", "--counties", "220623", "--replicates", 2, "--sample-share", 0.02, "--progress", "off")
    assert "Today's law" in done.stdout
    results = provenance.titles(open_results(path).dataset, "en"), provenance.titles(open_results(tmp_path / "r.h5").dataset, "en")
    assert results == (["subsidies-80", name], ["Today's law"])
