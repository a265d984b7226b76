"""Dask.distributed: the same bytes from many workers, and after the loss of one."""
import shutil

import numpy as np
import pytest
from distributed import Client, LocalCluster

import doudi
from doudi.engine import simulate

OPTIONS = dict(counties=[220623, 222402, 220605], replicates=22, sample_share=0.3, progress=False)


@pytest.fixture(scope="module")
def scenarios():
    base = doudi.load("jilin-2024.toml")
    return base, base.with_(dibao__standard__factor=1.05)


@pytest.fixture(scope="module")
def alone(scenarios):
    return doudi.compare(*scenarios, **OPTIONS).dataset


@pytest.fixture(scope="module")
def client():
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client:
        yield client


def test_workers_give_the_bytes_of_one_machine_in_blocks_of_replicates(scenarios, alone, client):
    shared = doudi.compare(*scenarios, client=client, **OPTIONS).dataset
    assert shared.identical(alone)
    assert shared.cost.values.tobytes() == alone.cost.values.tobytes()


def test_the_task_of_a_lost_worker_runs_again_to_the_same_bytes(scenarios, alone, client):
    def die_once(path):
        import os
        import pathlib

        flag = pathlib.Path(path)
        if not flag.exists():
            flag.touch()
            os._exit(1)

    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        doomed = client.submit(die_once, f"{folder}/flag", pure=False)
        shared = doudi.compare(*scenarios, client=client, **OPTIONS).dataset
        doomed.result()
    assert np.array_equal(shared.cost.values, alone.cost.values) and shared.identical(alone)


def test_workers_simulate_only_the_replicates_that_a_shorter_result_lacks(scenarios, alone, client):
    shorter = doudi.compare(*scenarios, **OPTIONS | {"replicates": 9}).dataset
    assert simulate(scenarios, client=client, earlier=shorter, **OPTIONS).identical(alone)
    shorter["cost"] += 1  # so the result tells whence they came
    shared = simulate(scenarios, client=client, earlier=shorter, **OPTIONS)
    assert (shared.cost[:, :9] == alone.cost[:, :9] + 1).all() and (shared.cost[:, 9:] == alone.cost[:, 9:]).all()


def test_scenarios_travel_as_text_so_that_workers_need_no_files(tmp_path, client):
    mine = tmp_path / "mine.toml"
    mine.write_text('name = "mine"\nbase = "jilin-2024.toml"\nwhy = "a question"\n[living_subsidy]\namount = "90.00 yuan/month"\n', encoding="utf-8")
    scenario = doudi.load(mine).with_(dibao__take_up_factor=0.9)
    options = dict(counties=[220623], replicates=5, progress=False)
    here = doudi.run(scenario, **options)
    mine_read = mine.read_text(encoding="utf-8")
    there = doudi.run(scenario, client=client, **options)
    assert there.identical(here) and mine_read in list(here.source_text.values)


def test_workers_may_read_what_the_client_may(folder, client):
    shutil.copy(folder / "data/counties.csv", folder.parent)
    mine = doudi.load(folder / "jilin-2024.toml", allow_outside=True).with_(data__counties=str(folder.parent / "counties.csv"))
    options = dict(counties=[220623], replicates=2, sample_share=0.05, progress=False)
    assert doudi.run(mine, client=client, **options).identical(doudi.run(mine, **options))
