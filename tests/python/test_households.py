"""`doudi households`: the families of a scenario as the input of `doudi assess`, and the NumPy peer of bench/ on them."""
import json
import pathlib
import sys

import h5py
import numpy as np
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
import peer_numpy  # noqa: E402

COUNTY = ["scenarios/jilin-2024.toml", "--counties", "220623"]
ALL_CLAIM = ["--set", "take_up.nursing_subsidy=1", "--set", "take_up.response_to_amount=0"]


@pytest.fixture(scope="module")
def families(doudi):
    done = doudi("households", *COUNTY, "--replicate", 2, "--sample-share", 0.2)
    assert done.returncode == 0, done.stderr
    answers = doudi("assess", input=done.stdout)
    assert answers.returncode == 0, answers.stdout[:1000]
    return [json.loads(line) for line in done.stdout.splitlines()], [json.loads(line) for line in answers.stdout.splitlines()]


def test_every_family_is_a_line_that_assess_answers(families):
    lines, answers = families
    assert len(lines) > 2000
    assert len({line["id"] for line in lines}) == len(lines)
    assert [line["id"] for line in lines] == [answer["id"] for answer in answers]
    assert {"none", "dibao", "edge", "tekun"} <= {answer["category"] for answer in answers}


def test_the_lines_do_not_depend_on_the_number_of_threads(doudi):
    small = ["households", *COUNTY, "--sample-share", 0.02, "--residence", "rural", "--month", "2024-07"]
    one, many = doudi(*small, "--threads", 1), doudi(*small, "--threads", 5)
    assert one.stdout == many.stdout != ""
    assert all("-rural-" in line and '"month": "2024-07"' in line for line in one.stdout.splitlines())


def test_a_month_outside_the_scenario_is_refused(doudi):
    done = doudi("households", *COUNTY, "--month", "2026-01")
    assert done.returncode == 2 and done.stdout == ""
    assert '"2026-01" is not a month of the scenario, which has 12 months from 2024-01' in done.stderr


def test_the_run_pays_the_nursing_subsidy_that_the_law_gives_these_families(doudi, tmp_path):
    """No means test and everyone claims: nothing stands between the law of a month and its payment."""
    done = doudi("run", *COUNTY, *ALL_CLAIM, "--replicates", 2, "-o", tmp_path / "run.h5", "--progress", "off")
    assert done.returncode == 0, done.stderr
    with h5py.File(tmp_path / "run.h5") as file:
        programmes = list(file["programme"].asstr())
        paid = file["cost"][0, :, 0, :, programmes.index("nursing_subsidy"), :]  # [replicate, residence, month]
    for replicate, residence, month in ((0, "urban", 0), (1, "rural", 7)):
        listed = doudi("households", *COUNTY, *ALL_CLAIM, "--replicate", replicate, "--residence", residence, "--month", f"2024-{month + 1:02}")
        h = peer_numpy.Households.read([json.loads(line) for line in listed.stdout.splitlines()])
        assert peer_numpy.static_month(h).pay["nursing_subsidy"].sum() == paid[replicate, ["urban", "rural"].index(residence), month] > 0


def test_where_nothing_happens_and_all_claim_the_run_pays_what_the_law_gives_these_families(doudi, tmp_path):
    """Policy-spec F.5.9, to the fen, in every programme: no hazards, sure detection, and months after the last lag."""
    nothing = ("hazard.job_loss_urban", "hazard.job_loss_rural", "hazard.illness", "hazard.disability", "hazard.disaster_county_month", "hazard.death_60plus",
               "temporary.other_emergency_month", "systemic.prices_sd")
    sure = ("take_up.dibao_urban", "take_up.dibao_rural", "take_up.living_subsidy", "take_up.nursing_subsidy", "detection.self_application", "detection.field_visit_urban",
            "detection.field_visit_rural", "review.reported_change")
    settings = [word for names, value in ((nothing, 0), (sure, 1)) for name in names for word in ("--set", f"{name}={value}")]
    done = doudi("run", *COUNTY, *settings, "--replicates", 2, "--threads", 2, "-o", tmp_path / "run.h5", "--progress", "off")
    assert done.returncode == 0, done.stderr
    with h5py.File(tmp_path / "run.h5") as file:
        programmes = list(file["programme"].asstr())
        paid = file["cost"][0, 1]  # [county, residence, programme, month] of replicate 1
    for residence, month in ((0, 5), (1, 11)):
        listed = doudi("households", *COUNTY, *settings, "--replicate", 1, "--residence", ("urban", "rural")[residence], "--month", f"2024-{month + 1:02}")
        law = peer_numpy.static_month(peer_numpy.Households.read([json.loads(line) for line in listed.stdout.splitlines()])).pay
        for programme in peer_numpy.PROGRAMMES:
            assert law[programme].sum() == paid[0, residence, programmes.index(programme), month] > 0, programme
        assert paid[0, residence, programmes.index("temporary"), month] == 0


def test_the_peer_in_numpy_agrees_with_assess_to_the_fen(families):
    lines, answers = families
    peer = peer_numpy.static_month(peer_numpy.Households.read(lines))
    assert [peer_numpy.CATEGORIES[c] for c in peer.category] == [a["category"] for a in answers]
    for programme in peer_numpy.PROGRAMMES:
        assert list(peer.pay[programme]) == [peer_numpy.fen(a["pay"][programme]) for a in answers], programme
    assert sum(int(pay.sum()) for pay in peer.pay.values()) > 0


def test_the_monte_carlo_in_numpy_starts_with_the_static_month_where_all_claim(families):
    h = peer_numpy.Households.read(families[0])
    names = ("hazard.job_loss_rural", "hazard.job_loss_urban", "hazard.reemployment", "hazard.illness", "hazard.illness_elderly_factor", "hazard.disability",
             "hazard.disability_elderly_factor", "hazard.death_60plus", "disability.severe_share")
    sure = dict.fromkeys(("take_up.dibao_urban", "take_up.dibao_rural", "take_up.living_subsidy", "take_up.nursing_subsidy"), 1.0) | dict.fromkeys(names, 0.0)
    cost = peer_numpy.monte_carlo(h, sure, replicates=1, months=2, seed=1)[0, :, 0]
    assert list(cost) == [pay.sum() for pay in peer_numpy.static_month(h).pay.values()]
    assert np.all(cost > 0)
