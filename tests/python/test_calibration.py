"""Calibration: a known truth is found again, the result is a scenario, the effect of a change is not distorted."""
import csv
import json
import re
import shutil
import tomllib

import pytest
import xarray

import doudi as package
from conftest import ROOT
from doudi.validation import validation_table

COUNTIES = "222402,220623,220602,222401"


@pytest.fixture(scope="module")
def fitted(doudi, tmp_path_factory):
    """Figures made by the model itself with another take-up and tekun share, then fitted from the prior."""
    folder = tmp_path_factory.mktemp("fit") / "scenarios"
    shutil.copytree(ROOT / "scenarios", folder)
    # A truth: one county table of four counties, every belief at its mean but two.
    text = (folder / "data/counties.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [line for line in text if line[:6] in COUNTIES.split(",")]
    (folder / "data/counties.csv").write_text(text[0] + "".join(rows), encoding="utf-8")
    prior = folder / "jilin-2024-prior.toml"
    prior.write_text(prior.read_text(encoding="utf-8").replace('indicators = "data/indicators.csv"\n', ""), encoding="utf-8")
    units = {next(csv.reader([r]))[next(csv.reader([text[0]])).index("notice_unit_zh")] for r in rows}
    standards = (folder / "data/dibao-standards-2024.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "data/dibao-standards-2024.csv").write_text(standards[0] + "".join(s for s in standards[1:] if s.split(",")[3] in units), encoding="utf-8")
    truth = folder / "truth.h5"
    done = doudi("run", prior, "-o", truth, "--replicates", "12", "--progress", "off", "--set", "take_up.dibao_urban=0.75",
                 "--set", "tekun.share_of_60plus_rural=0.07")
    assert done.returncode == 0, done.stderr
    with xarray.open_dataset(truth, engine="h5netcdf") as ds:
        heads = (ds.recipients[0].sum(["county", "month"]).mean("replicate") / 12).to_series()
    with (folder / "data/targets.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["programme", "residence", "statistic", "month", "value", "relative_error", "status", "note", "source"])
        for programme, label in (("dibao", "dibao"), ("tekun", "tekun_basic")):
            for residence in ("urban", "rural"):
                writer.writerow([programme, residence, "persons", "2024-01", heads[residence, label], 0.01, "fit", "", "made by the model"])
    out = folder / "fitted.toml"
    done = doudi("calibrate", prior, "-o", out, "--members", "120", "--sample-share", "0.5", "--progress", "off", "--hold-out", "")
    assert done.returncode == 0, done.stderr
    return folder, out, done.stdout


def test_the_fit_reaches_the_figures_and_names_what_the_data_say(fitted):
    _, _, words = fitted
    table = words.split("\n\n")[1].splitlines()[1:]
    assert len(table) == 4
    for line in table:
        assert 0.95 < float(line.split()[-2]) < 1.05, line
    tekun = next(line for line in words.splitlines() if line.startswith("tekun.share_of_60plus_rural "))
    assert "well told" in tekun and float(tekun.split()[4]) == pytest.approx(0.07, rel=0.05)
    assert "cannot tell apart" in words


def test_the_result_is_a_scenario_and_the_effect_of_80_to_85_stays_recipient_months_times_five(fitted, doudi):
    folder, out, _ = fitted
    text = out.read_text(encoding="utf-8")
    assert "before: mean 12000, sd 1500\"" in text and not re.search(r'why(_zh)? = "[^"]*\d[eE][+-]?\d', text)
    for name, amount in (("eighty", "80.00"), ("eightyfive", "85.00")):
        (folder / f"reforms/{name}.toml").write_text(
            f'base = "fitted.toml"\n[living_subsidy]\namount = "{amount}"\n[nursing_subsidy]\namount = "{amount}"\n')
    result = folder / "effect.h5"
    done = doudi("compare", folder / "reforms/eighty.toml", folder / "reforms/eightyfive.toml", "-o", result, "--replicates", "5", "--progress", "off")
    assert done.returncode == 0, done.stderr
    assert "gap 0.0000" in done.stdout and "No gap, to the fen, in every replicate" in done.stdout


def test_an_existing_file_is_kept_and_a_scenario_without_figures_refused(fitted, doudi, tmp_path):
    folder, out, _ = fitted
    before = out.read_text(encoding="utf-8")
    done = doudi("calibrate", folder / "jilin-2024-prior.toml", "-o", out)
    assert done.returncode == 2 and "--force" in done.stderr and out.read_text(encoding="utf-8") == before
    done = doudi("calibrate", folder / "jilin-2024-prior.toml", "-o", tmp_path / "x.toml", "--hold-out", "2001-01")
    assert done.returncode == 2 and "no published figure is of the month 2001-01" in done.stderr


def test_a_title_with_quotes_is_written_so_that_it_can_be_read_and_few_members_tell_no_directions(fitted, doudi, tmp_path):
    folder, _, _ = fitted
    titled = folder / "titled.toml"
    titled.write_text('base = "jilin-2024-prior.toml"\ntitle = "带\\"引号\\"与\\\\"\n', encoding="utf-8")
    out = folder / "titled-fitted.toml"
    done = doudi("calibrate", titled, "-o", out, "--members", "20", "--steps", "1", "--sample-share", "0.01", "--progress", "off", "--hold-out", "")
    assert done.returncode == 0, done.stderr
    assert "not to be seen from 20 members" in done.stdout and "% left" not in done.stdout
    with out.open("rb") as file:
        assert tomllib.load(file)["title"] == '带"引号"与\\（校准）'
    assert doudi("check", out).returncode == 0


def test_validate_puts_the_worst_first_and_says_what_has_no_data(doudi, tmp_path):
    path = tmp_path / "v.h5"
    assert doudi("run", "scenarios/jilin-2024.toml", "-o", path, "--sample-share", "0.01", "--replicates", "10", "--progress", "off").returncode == 0
    text = doudi("validate", path).stdout
    lines = text.splitlines()
    assert "no data" in lines[-1]
    assert "status" in lines[0] and "fits" in text and "nursing_subsidy, persons" in text
    chinese = doudi("validate", path, "--lang", "zh").stdout
    assert "结论" in chinese and "查找过，未找到" in chinese and not re.search(r"[a-z]{2,} [a-z]{2,}", chinese), chinese
    frame = validation_table(package.open_results(path), "zh")
    assert [name for name in frame.figure if name not in chinese] == []
    # The summary's figures beside what was published are those of validate, a head and all.
    scale = {p["what"]: p["simulated"] for p in json.loads(doudi("summary", path, "--json").stdout)["published"]}
    frame = validation_table(package.open_results(path)).set_index(["figure", "month"]).simulated
    for what, figure in (("dibao, urban, persons", "dibao, urban, persons"), ("dibao with extra payment, urban, a head", "dibao, urban, yuan_per_head_month"),
                         ("tekun, rural, a head", "tekun, rural, yuan_per_head_month"), ("temporary assistance, a time", "temporary, yuan_per_time")):
        assert scale[what] == pytest.approx(frame[figure, "2023-11"])


def test_some_counties_are_not_held_against_figures_of_the_province(doudi, tmp_path):
    path = tmp_path / "part.h5"
    assert doudi("run", "scenarios/jilin-2024.toml", "-o", path, "--counties", "220623", "--replicates", "5", "--progress", "off").returncode == 0
    done = doudi("validate", path)
    assert done.returncode == 2 and "holds 1 counties" in done.stderr and "published figures are the province's" in done.stderr
    assert "published" not in json.loads(doudi("summary", path, "--json").stdout) and "Scale against" not in doudi("summary", path).stdout
