"""The population against its margins, a user's own data, and whom the money reaches."""
import csv
import shutil

import numpy as np
import pandas as pd
import pytest
import xarray

from conftest import ROOT


def test_every_margin_is_shown_worst_first_and_met_within_one(doudi, tmp_path):
    done = doudi("population", "scenarios/jilin-2024.toml", "--lines", "5", "--table", tmp_path / "margins.csv")
    assert done.returncode == 0, done.stderr
    assert "off by more than 1: 0" in done.stdout
    table = pd.read_csv(tmp_path / "margins.csv")
    assert (table.difference == table.after_the_fit - table.wanted).all() and table.difference.abs().max() <= 1
    assert (table.before_the_fit - table.wanted).abs().sum() > 100_000
    # The county's sums are the census's.
    census = {int(r["code"]): r for r in csv.DictReader((ROOT / "scenarios/data/counties.csv").open(encoding="utf-8"))}
    both = table.groupby(["county", "margin"]).after_the_fit.sum()
    for code, row in census.items():
        assert both[code, "households"] == int(row["family_households_2020"])
        assert both[code, "one-person households"] == int(row["one_person_households"])
        assert both[code, "children of 0-14"] == int(row["age_0_14"])
    assert "差超过 1 的有 0 个" in doudi("population", "scenarios/jilin-2024.toml", "--lines", "1", "--lang", "zh").stdout


def test_the_people_are_written_one_a_row_and_sum_to_the_county(doudi, tmp_path):
    out = tmp_path / "people.csv"
    assert doudi("population", "scenarios/jilin-2024.toml", "--counties", "222402", "-o", out).returncode == 0
    people = pd.read_csv(out)
    census = next(r for r in csv.DictReader((ROOT / "scenarios/data/counties.csv").open(encoding="utf-8")) if r["code"] == "222402")
    assert len(people) == int(census["population_2020"])
    assert (people.age >= 65).sum() == int(census["age_65plus"])
    assert (people.groupby("household").size() == people.groupby("household")["size"].first()).all()
    again = doudi("population", "scenarios/jilin-2024.toml", "--counties", "222402", "-o", out)
    assert again.returncode == 2 and "--force" in again.stderr


def test_own_margins_and_survey_are_used_and_named(doudi):
    done = doudi("population", "scenarios/examples/own-data.toml", "--lines", "3")
    assert done.returncode == 0, done.stderr
    assert "off by more than 1: 0" in done.stdout and "90 urban and 90 rural households" in done.stdout


def test_bad_own_data_is_refused_with_every_line(doudi, tmp_path):
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    folder = tmp_path / "scenarios/examples"
    (folder / "margins.csv").write_text("code,residence,margin,count,source\n222402,urban,one_persn,5,x\n22240,urban,one_person,5,\n", encoding="utf-8")
    (folder / "survey-members.csv").write_text("household,age\nu001,200\nnobody,30\n", encoding="utf-8")
    done = doudi("check", folder / "own-data.toml")
    assert done.returncode == 2
    for words in ("margins.csv:2", 'did you mean "one_person"', "margins.csv:3", "no source", "survey-members.csv:2", "outside 0 to 120", "survey-members.csv:3", '"nobody" is not in'):
        assert words in done.stderr, words


def test_a_belief_on_a_recalled_figure_must_carry_the_mark(doudi, tmp_path):
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    beliefs = tmp_path / "scenarios/assumptions/jilin.toml"
    text = beliefs.read_text(encoding="utf-8")
    assert "recalled, unverified" in doudi("check", tmp_path / "scenarios/jilin-2024-prior.toml").stdout
    beliefs.write_text("\n".join(line.replace('evidence = "recalled, unverified"', 'evidence = "published"') if line.startswith("hazard.job_loss_urban") else line
                                 for line in text.splitlines()), encoding="utf-8")
    done = doudi("check", tmp_path / "scenarios/jilin-2024-prior.toml")
    assert done.returncode == 2 and "hazard.job_loss_urban" in done.stderr and "must carry that mark" in done.stderr


def test_targeting_stands_in_the_file_and_in_python(doudi, tmp_path):
    doudi_python = pytest.importorskip("doudi")
    path = tmp_path / "t.h5"
    done = doudi("compare", "scenarios/reforms/subsidies-80.toml", "scenarios/reforms/dibao-plus-5.toml", "-o", path, "--counties", "222402,220623", "--replicates", "5",
                 "--set", "run.targeting_families=500", "--progress", "off")
    assert done.returncode == 0, done.stderr
    with xarray.open_dataset(path, engine="h5netcdf") as ds:
        assert ds.targeting.dims == ("scenario", "targeting_replicate", "county", "targeting_measure") and ds.sizes["targeting_replicate"] == 5
        frame = doudi_python.targeting(ds)
        assert set(frame.columns) == {"mean", "median", "low", "high"} and (frame.low <= frame.high).all()
        first = frame.xs("subsidies-80").xs(0)
        assert first.loc["coverage", "mean"] + first.loc["exclusion_error", "mean"] == pytest.approx(1)
        assert first.loc["poverty_gap_after", "mean"] < first.loc["poverty_gap_before", "mean"]
        with pytest.raises(KeyError, match="targeting_replicates"):
            doudi_python.targeting(ds.drop_vars("targeting"))
    none = tmp_path / "none.h5"
    assert doudi("run", "scenarios/jilin-2024.toml", "-o", none, "--counties", "222402", "--replicates", "2", "--set", "run.targeting_replicates=0", "--progress", "off").returncode == 0
    with xarray.open_dataset(none, engine="h5netcdf") as ds:
        assert "targeting" not in ds and np.isfinite(ds.cost.values.sum())
