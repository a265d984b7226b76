"""What a cautious administrator asks: no network, nothing executed, no file touched that was not named, texts stay texts."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

import h5py
import numpy as np
import pytest

import doudi as package
from conftest import DOUDI, ROOT, limited

strace = pytest.mark.skipif(not shutil.which("strace"), reason="there is no strace here")
RUN = ["run", "scenarios/jilin-2024.toml", "--counties", "222402,220623", "--replicates", "3", "--sample-share", "0.2", "--progress", "off"]
LINE = '{"id":1,"standard":"770.00","last_year_pcdi":"37503.00","members":[{"age":45,"monthly_income":"0"}],"assets_ok":true,"month":"2024-03"}\n'


def traced(tmp_path, calls, *args, **kwargs):
    log = tmp_path / "strace.log"
    done = subprocess.run(["strace", "-f", "-qq", "-e", f"trace={calls}", "-o", log, DOUDI, *map(str, args)], cwd=ROOT, capture_output=True, text=True, **kwargs)
    assert done.returncode == 0, done.stderr
    return [line for line in log.read_text().splitlines() if "---" not in line and "+++" not in line]


@strace
def test_no_command_opens_a_socket_or_starts_a_program(tmp_path):
    out = tmp_path / "x.h5"
    for args, given in [([*RUN, "-o", out], ""), (["check", "scenarios/jilin-2024.toml"], ""), (["assess"], LINE), (["summary", out], ""),
                        (["verify", out, "--rerun", "1"], ""), (["explain", "scenarios/jilin-2024.toml", "--household", "222402-urban-1"], "")]:
        calls = traced(tmp_path, "network,execve,execveat,fork,vfork", *args, input=given)
        path = "".join(chr(byte) if byte < 128 else f"\\{byte:o}" for byte in bytes(DOUDI))  # as strace writes it
        assert len(calls) == 1 and "execve(" in calls[0] and path in calls[0], calls


@strace
def test_a_run_writes_its_output_and_nothing_else(tmp_path):
    out = tmp_path / "out/x.h5"
    out.parent.mkdir()
    written = set()
    for call in traced(tmp_path, "openat,open,creat,mkdir,unlink,unlinkat,rename,symlink,link,chmod", *RUN, "-o", out):
        if "= -1 " not in call and re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(|mkdir|unlink|rename|link|chmod", call):
            written |= set(re.findall(r'"([^"]*)"', call))
    assert {pathlib.Path(p).name for p in written} <= {"x.h5", "x.h5.part", "x.h5.new"}, written
    assert all(pathlib.Path(p).parent == out.parent for p in written)


@pytest.mark.parametrize("way", ["a link", "a link to the folder above", "an absolute path", "dots", "a chain of links", "a link in the law"])
def test_no_scenario_reads_outside_its_folder_whatever_the_way(doudi, folder, way):
    secret = folder.parent / "secret.toml"
    secret.write_text('name = "the secret"\n')
    base = {"a link": "link.toml", "a link to the folder above": "up/secret.toml", "an absolute path": str(secret), "dots": "data/../../secret.toml",
            "a chain of links": "first.toml", "a link in the law": "jilin-2024.toml"}[way]
    if way == "a link":
        (folder / "link.toml").symlink_to(secret)
    if way == "a link to the folder above":
        (folder / "up").symlink_to(folder.parent)
    if way == "a chain of links":
        (folder / "second.toml").symlink_to("../secret.toml")
        (folder / "first.toml").symlink_to("second.toml")
    if way == "a link in the law":
        (folder / "law/dibao.toml").unlink()
        (folder / "law/dibao.toml").symlink_to(secret)
    (folder / "mine.toml").write_text(f'base = "{base}"\n')
    done = doudi("check", folder / "mine.toml")
    assert done.returncode == 2 and "leaves the scenario folder" in done.stderr and "the secret" not in done.stderr, done.stderr


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin", "/proc/self/environ", "pipe", "data", "."])
def test_what_is_no_file_is_not_read(doudi, folder, name):
    os.mkfifo(folder / "pipe")
    (folder / "mine.toml").write_text(f'base = "{name}"\n')
    done = doudi("check", folder / "mine.toml", timeout=20)
    assert done.returncode == 2 and ("there is no file" in done.stderr or "leaves the scenario folder" in done.stderr), done.stderr
    assert doudi("check", folder / "pipe", timeout=20).returncode == 2


def test_code_in_a_scenario_is_text(doudi, folder, tmp_path):
    mark = tmp_path / "executed"
    (folder / "mine.toml").write_text(f'base = "jilin-2024.toml"\nname = "$(touch {mark})"\ntitle = "`touch {mark}`; touch {mark}"\nwhy = "{{{{ 7*7 }}}} %n%s"\n')
    done = doudi("run", folder / "mine.toml", "--counties", "220623", "--replicates", "2", "--sample-share", "0.1", "--progress", "off", "-o", tmp_path / "x.h5")
    assert done.returncode == 0 and not mark.exists()
    with h5py.File(tmp_path / "x.h5") as file:
        assert file["scenario"][0].decode() == f"$(touch {mark})" and file["scenario_why"][0].decode() == "{{ 7*7 }} %n%s"


def test_a_table_in_another_encoding_is_refused_with_its_line(doudi, folder):
    path = folder / "data/counties.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    done = doudi("check", folder / "jilin-2024.toml")
    assert done.returncode == 2 and "counties.csv:2" in done.stderr and "is not UTF-8" in done.stderr and "CSV UTF-8" in done.stderr


def test_hostile_lines_to_assess_are_answered_and_the_next_is_decided(doudi):
    deep = '{"id":1,"standard":' + "[" * 300_000 + "]" * 300_000 + "}\n"
    nested = '{"id":1,"event":' + '{"a":' * 100_000 + "1" + "}" * 100_000 + "}\n"
    long = '{"id":"' + "x" * 5_000_000 + '"}\n'
    done = doudi("assess", input=deep + nested + long + LINE)
    lines = done.stdout.splitlines()
    assert done.returncode == 2 and len(lines) == 4 and len(done.stdout) < 10_000
    assert "nested over 16" in lines[0] and "over 1 MiB" in lines[2] and '"category":"dibao"' in lines[3]


def test_the_program_holds_no_path_of_the_machine_that_built_it():
    assert str(ROOT).encode() not in DOUDI.read_bytes()


def seal(path, data):
    path.write_bytes(data + b"\ndoudi-seal-1 " + hashlib.sha256(data).hexdigest().encode() + b"\n")


@pytest.fixture(scope="module")
def result(doudi, tmp_path_factory):
    path = tmp_path_factory.mktemp("origin") / "x.h5"
    done = doudi("compare", "scenarios/reforms/subsidies-80.toml", "scenarios/reforms/dibao-plus-5.toml", "--counties", "222402,220623,220605,220602", "--replicates", "3",
                 "--sample-share", "0.2", "--set", "take_up.dibao_urban=0.5", "--seed", "11", "--months", "7", "--progress", "off", "-o", path)
    assert done.returncode == 0, done.stderr
    return path


def test_a_result_states_its_program_seed_and_every_text_it_was_made_from(doudi, result):
    version = doudi("--version").stdout
    with h5py.File(result) as file:
        assert file.attrs["program"] in version and file.attrs["git_hash"] in version and file.attrs["build"] in version
        assert file.attrs["git_dirty"] == ("with local changes" in version)
        assert file.attrs["seed"] == 11 and file.attrs["sample_share"] == 0.2 and file.attrs["settings"] == "take_up.dibao_urban=0.5\n"
        assert [f.decode() for f in file["scenario_file"]] == ["reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml"]
        for name, text, digest in zip(file["source"][:], file["source_text"][:], file["source_sha256"][:], strict=True):
            on_disk = (ROOT / "scenarios" / name.decode()).read_bytes()
            assert text == on_disk and digest.decode() == hashlib.sha256(on_disk).hexdigest()


def test_verify_simulates_a_share_of_the_counties_again_from_the_texts_in_the_file(doudi, result, tmp_path):
    for share, count in [("0.01", 1), ("0.5", 2), ("1", 4)]:
        done = doudi("verify", result, "--rerun", share, env={**os.environ, "TMPDIR": str(tmp_path)})
        assert done.returncode == 0 and f"{count} of 4 counties simulated again" in done.stdout and "the same numbers" in done.stdout, done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def digest_again(file, county):
    digest = hashlib.sha256()
    for name in ("cost", "recipients", "households", "category_households", "dibao_single"):
        digest.update(np.ascontiguousarray(file[name][:, :, county]).astype("<i8").tobytes())
    file["county_sha256"][county] = digest.hexdigest()


def changed(result, tmp_path, change):
    path = tmp_path / "changed.h5"
    path.write_bytes(result.read_bytes())
    with h5py.File(path, "r+") as file:
        change(file)
    seal(path, path.read_bytes())
    return path


def test_a_number_changed_with_all_its_digests_is_found_by_simulating_again(doudi, result, tmp_path):
    def change(file):
        file["cost"][0, 1, 2, 0, 0, 3] += 100
        digest_again(file, 2)

    path = changed(result, tmp_path, change)
    assert doudi("verify", path).returncode == 0  # its digests agree: only the simulation knows better
    done = doudi("verify", path, "--rerun", "1")
    assert done.returncode == 2 and "differs: county" in done.stdout and "simulated again" not in done.stdout


def test_python_opens_no_result_whose_seal_does_not_agree(result, tmp_path):
    good, bad = result.read_bytes(), tmp_path / "bad.h5"
    assert package.open_results(result).dataset.sizes["replicate"] == 3
    for place in (*range(5, len(good), len(good) // 40), *range(len(good) - 79, len(good), 7)):
        data = bytearray(good)
        data[place] ^= 4
        bad.write_bytes(data)
        with pytest.raises(package.InputError, match=r"bad\.h5: was damaged or changed after it was written: its seal does not agree; run again"):
            package.open_results(bad)


@pytest.mark.parametrize(("version", "said"), [(2, "has results format 2; this program reads format 1"), (None, "no format_version"), ("1", "has results format 1")])
def test_python_opens_no_result_of_another_format_sealed_or_not(doudi, result, tmp_path, version, said):
    def change(file):
        del file.attrs["format_version"]
        if version is not None:
            file.attrs["format_version"] = version

    path = changed(result, tmp_path, change)
    assert doudi("summary", path).returncode == 2
    for data in (path.read_bytes(), path.read_bytes()[:-79]):
        path.write_bytes(data)
        with pytest.raises(package.InputError, match=said):
            package.open_results(path)


def test_a_result_without_a_seal_is_opened_and_one_whose_numbers_cannot_be_read_is_refused_with_advice(result, tmp_path):
    path = tmp_path / "x.h5"
    path.write_bytes(result.read_bytes()[:-79])
    assert package.open_results(path).dataset.identical(package.open_results(result).dataset)
    with h5py.File(path) as file:
        where = file["cost"].id.get_chunk_info(0).byte_offset
    data = bytearray(path.read_bytes())
    data[where + 3] ^= 1
    path.write_bytes(data)
    with pytest.raises(package.InputError, match=r"x\.h5: cannot read cost: a checksum does not agree, or the file is cut; run again, or take another copy"):
        package.open_results(path)


def test_a_text_that_was_changed_or_names_other_places_is_refused(doudi, result, tmp_path):
    def other_text(file):
        text = file["source_text"][:]
        place = [s.decode() for s in file["source"][:]].index("reforms/dibao-plus-5.toml")
        text[place] = text[place].replace(b"1.05", b"1.06")
        file["source_text"][place] = text[place]

    done = doudi("verify", changed(result, tmp_path, other_text), "--rerun", "0.1")
    assert done.returncode == 2 and "damaged: the text of reforms/dibao-plus-5.toml" in done.stdout and "make another plan" in done.stderr

    def elsewhere(file):
        file["source"][0] = "../../escaped.toml"

    (folders := tmp_path / "folders").mkdir()
    done = doudi("verify", changed(result, tmp_path, elsewhere), "--rerun", "0.1", env={**os.environ, "TMPDIR": str(folders)})
    assert done.returncode == 2 and "lies outside" in done.stderr
    assert list(folders.iterdir()) == [], "no folder is left behind"


@pytest.mark.parametrize(("replicates", "months", "counties", "threads"), [(40, 12, "222402,220623", 1), (2000, 12, "220623", 2), (600, 60, "222402,220623,220605", 2), (20, 12, "220102", 4), (2000, 24, "222402,220623,220605,222403", 2)])
def test_the_memory_that_is_foreseen_is_what_a_run_takes(doudi, tmp_path, replicates, months, counties, threads):
    """Never less than the peak, and at most three times it and 200 MiB."""
    done = doudi("run", "scenarios/jilin-2024.toml", "--counties", counties, "--replicates", replicates, "--months", months, "--threads", threads,
                 *(["--sample-share", "0.02"] if replicates > 100 else []), "--progress", "off", "-o", tmp_path / "x.h5")
    assert done.returncode == 0, done.stderr
    peak, foreseen = map(float, re.search(r"peak memory (\d+) MiB of (\d+) foreseen", done.stdout).groups())
    print(f"\npeak {peak} MiB, foreseen {foreseen} MiB")
    assert peak <= foreseen <= 3 * peak + 200


def test_a_run_that_would_not_fit_says_so_with_the_numbers_and_what_to_change(tmp_path):
    done = limited("ulimit -v 1500000", "run", "scenarios/jilin-2024.toml", "--replicates", "5000", "-o", tmp_path / "x.h5")
    assert done.returncode == 2 and re.search(r"needs about [\d.]+ GiB of memory and ulimit -v gives 1\.4; lower --replicates \(now 5000\), --months or --threads", done.stderr), done.stderr
    assert list(tmp_path.iterdir()) == []
