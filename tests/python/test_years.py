"""Runs over several years, read by others."""
import subprocess

import h5py
import numpy as np
import pytest

from conftest import DOUDI, ROOT

SCENARIOS = ROOT / "scenarios"


def run(output, *arguments, command="run", scenarios=("jilin-2024.toml",)):
    done = subprocess.run([DOUDI, command, *(SCENARIOS / s for s in scenarios), "-o", output, "--counties", "222402",
                           "--replicates", "4", "--progress", "off", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def three_years(tmp_path_factory):
    path = tmp_path_factory.mktemp("years") / "three.h5"
    text = run(path, command="compare", scenarios=("jilin-2024-2026.toml", "reforms/standards-frozen.toml"))
    return path, text


def test_the_first_twelve_months_of_sixty_are_the_one_year_run_in_every_cube(tmp_path):
    run(tmp_path / "year.h5", "--months", "12")
    run(tmp_path / "five.h5", "--months", "60")
    with h5py.File(tmp_path / "year.h5") as year, h5py.File(tmp_path / "five.h5") as five:
        assert [m.decode() for m in five["month"][[0, 12, 59]]] == ["2024-01", "2025-01", "2028-12"]
        for name in ("cost", "recipients", "households", "category_households", "dibao_single"):
            assert five[name].shape[-1] == 60
            assert np.array_equal(five[name][..., :12], year[name][...]), name
        assert year["cost"][...].sum() > 0
        assert np.array_equal(five["systemic"][:, :5, :, :12], year["systemic"][...])
        assert five["factor"][5] == b"income_growth" and (five["systemic"][:, 5, :, :12] == 0).all() and (five["systemic"][:, 5, :, 12:] != 0).all()
        assert np.array_equal(five["parameter_value"][...], year["parameter_value"][...])


def test_the_file_says_what_the_standard_is_in_each_month(three_years):
    with h5py.File(three_years[0]) as file:
        standard = file["standard_in_month"][:, 0]
        assert standard.shape == (2, 2, 36)
        assert list(standard[0, 0, [0, 11, 12, 24, 35]]) == [62000, 62000, 63900, 65800, 65800]  # 638.60 and 657.758, to whole yuan
        assert (standard[1] == standard[1][:, :1]).all()
        tekun = (slice(None), slice(None), 0, slice(None), 2)  # tekun_basic
        assert np.array_equal(file["cost"][tekun], file["recipients"][tekun] * -(-standard[:, None] * 130 // 100))


def test_uprating_costs_money_from_its_first_month_on_and_none_before(three_years):
    with h5py.File(three_years[0]) as file:
        cost = file["cost"][...].sum(axis=(2, 3, 4))  # scenario, replicate, month
        assert np.array_equal(cost[0, :, :12], cost[1, :, :12])
        assert (cost[0, :, 12:] > cost[1, :, 12:]).all()


def test_check_says_that_nothing_uprates_the_standards(doudi):
    said = doudi("check", SCENARIOS / "jilin-2024.toml", "--set", "run.months=36").stdout
    assert "the dibao standards of 2024 hold to 2026; nothing uprates them" in said
    assert "nothing uprates" not in doudi("check", SCENARIOS / "jilin-2024.toml").stdout


def test_a_fault_in_uprating_names_file_line_and_column(tmp_path, doudi):
    (tmp_path / "law").mkdir()
    scenario = tmp_path / "bad.toml"
    head = f'base = "{SCENARIOS / "jilin-2024.toml"}"\n[run]\nmonths = 24\n[uprating]\n'
    for text, words in (("dibao_standard = 3\nmin_wage = 5\n", ("bad.toml:5:18", "bad.toml:6:12", "outside 0.5 to 2")),
                        ("dibao_standard = 0.9\n", ("bad.toml:5:18", "under the guidance standard", "2025"))):
        scenario.write_text(head + text)
        done = subprocess.run([DOUDI, "check", scenario, "--allow-outside"], capture_output=True, text=True)
        assert done.returncode == 2
        for word in words:
            assert word in done.stderr
