"""Every worked example of the rules, typed by hand, through `doudi assess`."""
import csv
import json
import pathlib

import pytest

VECTORS = pathlib.Path(__file__).parents[1] / "policy/policy-vectors.csv"
PROGRAMMES = ["dibao", "supplement", "tekun_basic", "tekun_care", "living_subsidy", "nursing_subsidy", "temporary"]


def rows():
    with VECTORS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def household(row):
    fields = ["id", "standard", "standard_prev", "urban_standard", "min_wage_prev", "last_year_pcdi",
              "essential_spending_12m", "income_12m", "month"]
    line = {name: row[name] for name in fields}
    line["members"] = json.loads(row["members"])
    line["assets_ok"] = row["assets_ok"] == "1"
    for name in ("event", "prior", "params"):
        line[name] = json.loads(row[name] or "{}")
    return line


@pytest.fixture(scope="module")
def answers(doudi):
    text = "".join(json.dumps(household(row), ensure_ascii=False) + "\n" for row in rows())
    done = doudi("assess", input=text)
    assert done.returncode == 0, done.stderr
    return {answer["id"]: answer for answer in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['id']}: {row['rule_ref']}")
def test_the_worked_example_comes_out_to_the_fen(row, answers):
    answer = answers[row["id"]]
    assert answer["category"] == row["expected_category"]
    assert "|".join(f"{i}:{s}" for i, s in enumerate(answer["individual"])) == row["expected_individual"]
    assert answer["pay"] == {name: row[name] for name in PROGRAMMES}
    assert answer["why"], "an answer without a reason"


def test_there_are_153_worked_examples():
    assert len(rows()) == 153


@pytest.mark.parametrize(("change", "words"), [
    ({"standard": "770.001"}, "is not an amount in yuan"),
    ({"standard": "-1.00"}, "negative"),
    ({"members": []}, "at least one member"),
    ({"assets_ok": "maybe"}, "is not true or false"),
    ({"assets": True}, 'unknown field "assets"'),
    ({"month": "2024-13"}, "is not a month"),
    ({"params": {"edge_mult": 200}}, 'did you mean "edge_mult_pct"'),
    ({"params": {"supp_bp": {"minor": -1}}}, "is outside 0 to 10000"),
    ({"event": {"type": "acut", "need": "1.00"}}, 'did you mean "acute"'),
    ({"members": [{"age": 30, "monthly_income": "1", "agee": 3}]}, 'did you mean "age"'),
    ({"prior": {"status": "dibbao"}}, 'did you mean "dibao"'),
    ({"prior": {"status": "dibao", "reason": "employmnt"}}, 'did you mean "employment"'),
    ({"standard": 10**10 + 1}, "outside 0 to 10000000000"),
    ({"income_12m": 10**12}, "outside 0 to 10000000000"),
    ({"income_12m": "10000000000.01"}, "is over 10,000,000,000 yuan"),
])
def test_a_bad_line_says_what_is_wrong_and_the_next_line_is_still_decided(doudi, change, words):
    good = household(rows()[0])
    bad = {**good, "id": "bad", **change}
    done = doudi("assess", input=json.dumps(bad) + "\nnot json\n" + json.dumps(good) + "\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert answers[0]["id"] == "bad" and words in answers[0]["error"]
    assert "not JSON" in answers[1]["error"]
    assert answers[2]["category"] == "dibao"


def test_a_standard_that_is_not_said_is_the_one_that_applies_after_the_floor(doudi):
    """Policy specification A.2: S_prev and Su are by default the effective standard, 770.00 where the local 700.00 lies under the guidance."""
    family = {"standard": "700.00", "last_year_pcdi": "30000.00", "assets_ok": True}
    tekun = {**family, "id": "t", "members": [{"age": 70, "monthly_income": "0.00", "tekun": True}], "params": {"guidance": "770.00", "tekun_base": "prior"}}
    emergency = {**family, "id": "e", "members": [{"age": 40, "monthly_income": "0.00"}], "params": {"guidance": "770.00", "temp_emergency_months": 1}, "event": {"type": "public_emergency", "affected": 1}}
    done = doudi("assess", input="".join(json.dumps(f) + "\n" for f in (tekun, emergency, {**tekun, "standard_prev": "700.00"}, {**tekun, "params": {**tekun["params"], "floor_mode": "error"}})))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0]["pay"]["tekun_basic"] == "1001.00", "1.3 x 770.00"
    assert answers[1]["pay"]["temporary"] == "770.00"
    assert answers[2]["pay"]["tekun_basic"] == "910.00", "what is said counts"
    assert "under the guidance standard" in answers[3]["error"]


def person(**fields):
    return {"age": 40, "monthly_income": "0.00", "employed": False, "student": False, "disability_grade": 0, "disability_type": "none", "severe_illness": False,
            "care_level": "none", "tekun": False} | fields


@pytest.mark.parametrize(("members", "params", "pcdi", "says"), [
    ([person(monthly_income="770.00")], {"edge_lower_inclusive": False}, "9240.00", "income 9240.00 is exactly 9240.00: neither below nor above the standard"),
    ([person(monthly_income="1600.00")], {}, "9240.00", "income 19200.00 is not under 9240.00 yuan a year"),
    ([person(age=66, tekun=True), person(age=9, orphan=True)], {}, "37503.00", "all counted members are tekun persons or orphans under the allowance"),
    ([person(age=66, tekun=True, monthly_income="300.00")], {"tekun_in_full": False}, "37503.00", "basic living 130 percent of 770.00 less own income 300.00, at least 0, = 701.00"),
    ([person(monthly_income="900.00", employed=True, disability_grade=4, disability_type="physical")], {"living_scope": "dibao_edge"}, "37503.00", "living subsidy, disability grade 4 in an edge family: 85.00"),
    ([person(disability_grade=4, disability_type="physical")], {}, "37503.00", "living subsidy, disability grade 4 in dibao: 85.00"),
    ([person(age=75)], {}, "37503.00", "extra payment, 10 percent of the standard = 77.00"),
])
def test_the_reasons_of_an_answer_are_those_that_decided(doudi, members, params, pcdi, says):
    line = {"id": "x", "standard": "770.00", "standard_prev": "", "urban_standard": "", "min_wage_prev": "1880.00", "last_year_pcdi": pcdi, "essential_spending_12m": "0.00",
            "income_12m": "0.00", "month": "2024-05", "assets_ok": True, "members": members, "event": {}, "prior": {}, "params": params}
    done = doudi("assess", input=json.dumps(line) + "\n")
    assert done.returncode == 0, done.stdout
    assert says in json.dumps(json.loads(done.stdout)["why"], ensure_ascii=False), done.stdout
