"""What page and workbook say of the rules: which differ, which change within the run, and how they are called."""
import html

import openpyxl
import pytest

import doudi
from doudi import rules
from test_page import WIDE, asked

REFORM = """
name = "later"
title = "later"
base = "../jilin-2024.toml"
[run]
months = 18
[nursing_subsidy.amount]
values = [ { from = 2024-07-01, value = "90.00 yuan/month" } ]
[policy.edge_mult_pct]
values = [ { from = 2024-01-01, value = 200 }, { from = 2024-07-01, value = 150, why = "a trial" },  # { from = 2024-08-01, value = 1 }
  { value = 250, from = 2025-03-01 }, { from = 2026-01-01, value = 300 } ]
# [policy.gradual_cap_pct]
[policy]
gradual_months = { values = [ { from = 2025-01-01, value = 12 } ] }
"""


@pytest.fixture
def later(folder, doudi, tmp_path):
    (folder / "reforms/later.toml").write_text(REFORM, encoding="utf-8")
    (folder / "reforms/base.toml").write_text('name = "base"\nbase = "../jilin-2024.toml"\n[run]\nmonths = 18\n', encoding="utf-8")
    done = doudi("compare", folder / "reforms/base.toml", folder / "reforms/later.toml", "-o", tmp_path / "r.h5", "--counties", "220623", "--replicates", "2", "--sample-share", "0.1",
                 "--progress", "off", "--set", "policy.temp_exp_months.illness={ values = [ { from = 2024-10-01, value = 4 } ] }")
    assert done.returncode == 0, done.stderr
    return tmp_path / "r.h5"


def test_a_rule_that_changes_within_the_run_stands_with_its_months_on_the_page_and_in_the_workbook(later, tmp_path):
    c = doudi.open_results(later)
    assert rules.dated(c.dataset) == [("edge_mult_pct", "200", "2024-07", "150", "reforms/later.toml"), ("edge_mult_pct", "200", "2025-03", "250", "reforms/later.toml"),
                                      ("gradual_months", "6", "2025-01", "12", "reforms/later.toml"), ("temp_exp_months.illness", "3", "2024-10", "4", "--set")]
    assert rules.differing(c.dataset, "zh") == [("重度残疾人护理补贴（元/月）（nursing_yuan）", ["85.00", "2024-01 起 85.00、2024-07 起 90.00"])], "the first month is the same"
    c.report(tmp_path / "r.html", "zh")
    c.to_excel(tmp_path / "w.xlsx")
    text = html.unescape((tmp_path / "r.html").read_text(encoding="utf-8"))
    row = "".join(f'<td class="text{kind}">{value}</td>' for value, kind in (("渐退期（月）（gradual_months）", " long"), ("6", ""), ("2025-01", ""), ("12", ""), ("reforms/later.toml", "")))
    assert row in text and "期内变动的规则" in text and "除两项补贴外，均为首月（2024-01）的值" in text
    about = [row for row in openpyxl.load_workbook(tmp_path / "w.xlsx")["说明"].iter_rows(values_only=True)]
    assert asked(tmp_path / "r.html", WIDE, tmp_path / "profile", 800) == []
    assert any(label == "期内变动的规则：渐退期（月）（gradual_months）" and said.startswith("首月 6，2025-01 起 12（见 reforms/later.toml") for label, said in about)


def test_without_a_rule_by_date_nothing_is_said_of_one(comparison, tmp_path):
    c = doudi.open_results(comparison[0])
    c.report(tmp_path / "r.html", "zh")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert rules.dated(c.dataset) == [] and "期内变动的规则" not in text and "均为首月" not in text and "规则参数的差别" in text


def test_every_rule_has_a_chinese_name_of_its_own():
    names = [chinese for *_, chinese in doudi.parameters()]
    assert all(names) and len(set(names)) == len(names)
    assert rules.called("en", "gradual_months") == "gradual_months: length of gradual exit" and rules.called("en", "of another version") == "of another version"
