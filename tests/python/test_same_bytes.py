"""The same input gives the same bytes: whatever the threads, compiler, optimisation, machine level, county subset or interruption."""
import json
import os
import shutil
import subprocess

import h5py
import numpy as np
import pytest

from conftest import DOUDI, ROOT

SOAK = "DOUDI_SOAK" in os.environ
RUN = ["run", "scenarios/jilin-2024.toml", "--replicates", "6", "--sample-share", "0.3", "--progress", "off"]
CUBES = ["cost", "recipients", "households", "category_households", "dibao_single"]


@pytest.fixture(scope="module")
def reference(doudi, tmp_path_factory):
    path = tmp_path_factory.mktemp("same") / "one.h5"
    assert doudi(*RUN, "--counties", "222402,220623,220605", "-o", path, "--threads", 1).returncode == 0
    return path


@pytest.mark.parametrize("threads", [2, 3, 7, 16])
def test_any_number_of_threads_gives_the_same_file(doudi, reference, tmp_path, threads):
    assert doudi(*RUN, "--counties", "222402,220623,220605", "-o", tmp_path / "x.h5", "--threads", threads).returncode == 0
    assert (tmp_path / "x.h5").read_bytes() == reference.read_bytes()


def test_a_county_alone_gives_the_numbers_it_has_among_others(doudi, reference, tmp_path):
    assert doudi(*RUN, "--counties", "220623", "-o", tmp_path / "alone.h5").returncode == 0
    with h5py.File(tmp_path / "alone.h5") as alone, h5py.File(reference) as whole:
        place = list(whole["county"][:]).index(220623)
        for name in CUBES:
            assert np.array_equal(alone[name][:, :, 0], whole[name][:, :, place])
        assert np.array_equal(alone["parameter_value"][:], whole["parameter_value"][:])
        assert np.array_equal(alone["systemic"][:, :, 0], whole["systemic"][:, :, place])


BUILDS = [("g++", "-O0"), ("clang++", "-O3 -march=native")]
if SOAK:
    BUILDS = [(compiler, level) for compiler in ("g++", "clang++") for level in ("-O0", "-O2", "-O3 -march=native")]


@pytest.mark.parametrize(("compiler", "level"), BUILDS)
def test_another_compiler_or_optimisation_gives_the_golden_digest(compiler, level):
    """Builds the heart and the loader alone and compares by digest; the counties of tests/golden.json, both where time allows."""
    if not shutil.which(compiler):
        pytest.skip(f"there is no {compiler} here")
    golden = json.loads((ROOT / "tests/golden.json").read_text())["digests"]
    folder = ROOT / "build/same" / (compiler + level.replace(" ", ""))
    subprocess.run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_BUILD_TYPE=None",
                    f"-DCMAKE_CXX_FLAGS={level}"], check=True, capture_output=True)
    subprocess.run(["cmake", "--build", folder, "--target", "doudi_digest"], check=True, capture_output=True)
    for county in golden if SOAK else ["222402"]:
        done = subprocess.run([folder / "tests/doudi_digest", ROOT / "scenarios", county, "3"], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == golden[county], f"{compiler} {level}, county {county}"


@pytest.mark.parametrize("without", ["-AVX512F,-AVX512VL,-AVX512DQ,-AVX512BW", "-AVX2,-FMA,-AVX512F", "-AVX,-AVX2,-FMA,-FMA4,-AVX512F,-SSE4_2,-SSE4_1"])
def test_a_libc_that_takes_a_lesser_machine_gives_the_same_file(reference, tmp_path, without):
    """glibc picks exp, log and memcpy by what the processor has; none of them may reach a result."""
    done = subprocess.run([DOUDI, *RUN, "--counties", "222402,220623,220605", "-o", tmp_path / "x.h5"], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "GLIBC_TUNABLES": f"glibc.cpu.hwcaps={without}"})
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.h5").read_bytes() == reference.read_bytes()


@pytest.mark.parametrize("level", ["avx2", "sse4", "baseline"])
def test_every_vector_level_of_the_program_gives_the_same_file(reference, tmp_path, level):
    """DOUDI_VECTOR allows only lesser vector units than the processor has; the reference was made with the best."""
    units = {subprocess.run([DOUDI, "--version"], capture_output=True, text=True, env={**os.environ, **more}).stdout for more in ({}, {"DOUDI_VECTOR": "baseline"})}
    assert len(units) == 2 and all("vector unit" in unit for unit in units), "the variable changes nothing here"
    done = subprocess.run([DOUDI, *RUN, "--counties", "222402,220623,220605", "-o", tmp_path / "x.h5"], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "DOUDI_VECTOR": level})
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.h5").read_bytes() == reference.read_bytes()
