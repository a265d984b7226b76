"""The Python package: the command's numbers, labels, answers, pages and workbooks."""
import re
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import openpyxl
import pytest
import xarray

import doudi
from conftest import ROOT
from doudi import plots

COUNTIES = [220623, 222402]


@pytest.fixture(scope="module")
def base():
    return doudi.load(ROOT / "scenarios/jilin-2024.toml")


@pytest.fixture(scope="module")
def subsidies():
    return [doudi.load(ROOT / f"scenarios/reforms/subsidies-{amount}.toml") for amount in (80, 85)]


@pytest.fixture(scope="module")
def result(subsidies):
    return doudi.compare(*subsidies, counties=COUNTIES, replicates=8, progress=False)


def test_python_gives_the_commands_numbers(result, comparison):
    with xarray.open_dataset(comparison[0], engine="h5netcdf") as file:
        for name in ("cost", "recipients", "households", "category_households", "dibao_single", "parameter_value", "systemic", "standard", "funding_share"):
            assert result.dataset[name].dims == file[name].dims, name
            assert np.array_equal(result.dataset[name].values, file[name].values), name
        assert result.dataset.attrs["plan_sha256"] == file.attrs["plan_sha256"]


def test_the_difference_is_recipient_months_times_five_yuan(result):
    check = result.hand_check()
    assert check["expected"] > 0 and check["largest_gap"] == 0


def test_with_makes_another_scenario_and_leaves_the_first(base):
    raised = base.with_(name="raised", dibao__standard__factor=1.05)
    assert base.changes == () and raised.settings()[0] == "dibao.standard.factor=1.05"
    with pytest.raises(doudi.InputError, match=r'did you mean "dibao.standard.factor"'):
        doudi.run(base.with_(dibao__standard__facto=1.05), progress=False)
    with pytest.raises(TypeError, match="cannot hold a set"):
        base.with_(dibao__standard__factor={1, 2})


def test_a_sweep_shares_its_draws_and_grows_with_the_standard(base):
    c = doudi.sweep(base, "dibao.standard.factor", [1.0, 1.02, 1.05], counties=COUNTIES, replicates=4, progress=False)
    assert (c.difference(1) == 0).all(), "a null reform"
    assert (c.difference(2) > 0).all() and (c.difference(3) > c.difference(2)).all()


def test_reserve_breach_and_shortfall_agree_with_the_distribution(result):
    total = result.total().values
    assert result.reserve(0.95) == pytest.approx(np.quantile(total, 0.95) - np.median(total))
    assert result.breach_probability(np.median(total)) == pytest.approx((total > np.median(total)).mean())
    assert result.expected_shortfall(0.75) == pytest.approx(np.sort(total)[-2:].mean())
    assert result.expected_shortfall(0.95) == pytest.approx(total.max())
    low, high = result.quantile_interval(0.5, confidence=0.8)
    assert low <= np.median(total) <= high
    with pytest.raises(ValueError, match="not between 0 and 1"):
        result.reserve(1.5)
    with pytest.raises(KeyError, match="subsidies-80"):
        result.total("nonsense")


def test_the_order_statistics_interval_covers_a_known_quantile_as_often_as_it_says():
    """2,000 samples of 100 normals: coverage of the 95 % interval of the 90 % quantile within 4 standard errors."""
    rng, truth, hits = np.random.default_rng(5), 1.2815515655446004, 0
    dims = ("scenario", "replicate", "county", "residence", "programme", "month")
    for _ in range(2000):
        cost = rng.normal(size=(1, 100, 1, 1, 1, 1)) * 100
        c = doudi.Comparison(xarray.Dataset({"cost": (dims, cost)}, {"scenario": ["a"]}))
        low, high = c.quantile_interval(0.9)
        hits += low <= truth <= high
    assert hits / 2000 > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 2000)


def test_parts_add_to_the_total_and_the_tables_agree(result):
    by_county, total = result.total(by=("county",)), result.total()
    assert np.allclose(by_county.sum("county"), total)
    frame = result.by_programme()
    assert frame.loc["total", "change"] == pytest.approx(result.difference().median().item())
    assert set(result.by_county().grade) <= {"publish", "caution", "suppress"}
    assert "万元" in result._repr_html_()


def test_drivers_find_the_input_that_matters():
    rng = np.random.default_rng(3)
    x = rng.uniform(size=(400, 2))
    cost = (10 * x[:, 0] + rng.normal(size=400))[None, :, None, None, None, None] * 100
    ds = xarray.Dataset({"cost": (("scenario", "replicate", "county", "residence", "programme", "month"), cost), "parameter_value": (("replicate", "parameter"), x)},
                        {"parameter": ["strong", "idle"], "scenario": ["a"]})
    drivers = doudi.Comparison(ds).drivers()
    assert drivers.share_of_variance["strong"] > 0.8 and drivers.share_of_variance["idle"] < 0.05


def test_every_picture_is_drawn_with_chinese_labels_and_no_missing_character(result, recwarn, tmp_path):
    assert plots.chinese_font(), "fonts-noto-cjk is installed by make"
    for name in ("cost", "difference", "exceedance", "months", "counties", "drivers", "convergence"):
        getattr(result.plot, name)().savefig(tmp_path / f"{name}.png")
    assert not [w for w in recwarn.list if "Glyph" in str(w.message)]


def test_the_report_is_one_page_without_network_and_says_what_the_file_says(comparison, tmp_path):
    c = doudi.open_results(comparison[0])
    for lang, words in (("zh", ["要花多少钱", "有多大把握", "图们市", "并非任何县的实际支出", "困难残疾人生活补贴"]), ("en", ["How much", "Tumen", "not the spending of any county"])):
        path = tmp_path / f"{lang}.html"
        c.report(path, lang)
        page = path.read_text(encoding="utf-8")
        assert all(word in page for word in words)
        assert not re.search(r'(src|href)="(?!data:)', page) and "http-equiv" not in page
        change = c.difference().median().item() / 1e4
        assert f"{change:,.1f}" in page


def test_text_from_data_is_escaped_in_the_report_and_is_no_formula_in_the_workbook(base, tmp_path):
    evil = '=cmd|"/c calc"!A1<script>alert(1)</script>'
    c = doudi.compare(base, base.with_(name=evil, living_subsidy__amount="90.00"), counties=[220623], replicates=3, progress=False)
    c.report(tmp_path / "r.html", "en")
    assert "<script>alert" not in (tmp_path / "r.html").read_text(encoding="utf-8")
    c.to_excel(tmp_path / "w.xlsx")
    for sheet in openpyxl.load_workbook(tmp_path / "w.xlsx"):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or re.fullmatch(r"=(SUM\([A-E]\d+:[A-E]\d+\)|[A-E]\d+[-/][A-E\d]+)", cell.value), cell.value


def test_the_workbook_has_its_sheets_numbers_formats_and_totals_that_agree(comparison, tmp_path):
    c = doudi.open_results(comparison[0])
    path = tmp_path / "budget.xlsx"
    c.to_excel(path)
    assert zipfile.is_zipfile(path)
    values, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    assert values.sheetnames == ["摘要", "分县", "分项目", "分月", "分级", "假设", "验证"]
    for name in ("分县", "分项目", "分月", "分级"):
        sheet = values[name]
        assert sheet.freeze_panes == "B3" and sheet["B3"].number_format == "#,##0.00"
        last = max(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == "合计")
        for column in (2, 3, 4):
            parts = sum(sheet.cell(r, column).value for r in range(3, last))
            assert sheet.cell(last, column).value == pytest.approx(parts)
            assert formulas[name].cell(last, column).value.startswith("=SUM(")
    assert values["分县"]["A3"].value == "长白朝鲜族自治县"


def test_report_and_workbook_from_the_command(doudi_command, comparison, tmp_path):
    done = doudi_command("report", comparison[0], "-o", tmp_path / "r.html", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert doudi_command("workbook", comparison[0], "-o", tmp_path / "b.xlsx").returncode == 0
    again = doudi_command("report", comparison[0], "-o", tmp_path / "r.html")
    assert again.returncode == 2 and "--force" in again.stderr
    assert doudi_command("workbook", tmp_path / "none.h5", "-o", tmp_path / "x.xlsx").returncode == 2


@pytest.fixture
def doudi_command(doudi_env):
    def call(*args):
        return subprocess.run([ROOT / "build/release/doudi", *map(str, args)], capture_output=True, text=True, cwd=ROOT, env=doudi_env)

    return call


@pytest.fixture
def doudi_env():
    import os

    return {**os.environ, "DOUDI_PYTHON": sys.executable}


@pytest.mark.parametrize("order", ["import h5py, doudi", "import doudi, h5py"])
def test_h5py_and_doudi_live_in_one_process_in_either_order(order, comparison):
    code = (f"{order}\nc = doudi.run(doudi.load({str(ROOT / 'scenarios/jilin-2024.toml')!r}), counties=[220623], replicates=1, progress=False)\n"
            f"f = h5py.File({str(comparison[0])!r}); print(int(f['cost'][0].sum() > 0), int(c.cost.sum() > 0))")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == ["1", "1"]


def test_ctrl_c_stops_within_a_second():
    code = (f"import doudi\nprint('go', flush=True)\ndoudi.run(doudi.load({str(ROOT / 'scenarios/jilin-2024.toml')!r}), replicates=200, progress=False)")
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    _, words = process.communicate(timeout=20)
    assert process.returncode != 0 and "KeyboardInterrupt" in words
    assert time.monotonic() - started < 2


def test_an_interrupted_python_run_goes_on_from_its_checkpoint_to_the_same_numbers(base, tmp_path):
    part = tmp_path / "run.part"
    options = f"counties=[222402, 220623, 220605, 220182, 222401], replicates=40, progress=False, checkpoint={str(part)!r}"
    code = f"import doudi\nds = doudi.run(doudi.load({str(ROOT / 'scenarios/jilin-2024.toml')!r}), {options})\nprint(int(ds.cost.sum()))"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    while process.poll() is None and not (part.exists() and part.stat().st_size > 200):
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    process.wait()
    assert process.returncode != 0 and part.exists()
    resumed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    whole = doudi.run(base, counties=[222402, 220623, 220605, 220182, 222401], replicates=40, progress=False)
    assert int(resumed) == int(whole.cost.sum()) and not part.exists()


def test_paying_levels_add_up_to_the_fen_and_follow_the_scenarios_shares(base, result):
    assert result.by_level()["reform_mean"].sum() == pytest.approx(result.total().mean().item(), abs=0.01)
    assert result.by_level().loc["central", "change_mean"] == 0, "the subsidies have no central share by default"
    mine = base.with_(**{"funding__dibao__central": 0.6, "funding__dibao__province": 0.3, "funding__dibao__prefecture": 0.1})
    c = doudi.compare(base, mine, counties=COUNTIES, replicates=3, progress=False)
    assert c.by_level()["change_mean"].sum() == pytest.approx(0, abs=0.01) and c.by_level().loc["central", "change_mean"] > 0
    with pytest.raises(doudi.InputError, match="over 1 together"):
        doudi.run(base.with_(funding__dibao__central=0.9), progress=False)


def test_the_steps_of_a_bridge_add_up_to_the_fen(base):
    steps = {"amounts": {"living_subsidy__amount": "90.00", "nursing_subsidy__amount": "90.00"}, "standard": {"dibao__standard__factor": 1.05},
             "monitoring": {"monitoring__detection_factor": 2.0}}
    frame = doudi.bridge(base, steps, counties=COUNTIES, replicates=8, progress=False)
    assert list(frame.index) == ["base", *steps, "total"]
    assert frame["mean"].iloc[:-1].sum() == pytest.approx(frame.loc["total", "mean"], abs=0.01)
    assert (frame.loc[list(steps), "mean"] > 0).all()
    doudi.waterfall(frame)


def test_the_page_opens_in_chromium_sorts_and_prints(comparison, tmp_path):
    page = tmp_path / "page.html"
    doudi.open_results(comparison[0]).report(page, "zh")
    probe = page.read_text(encoding="utf-8").replace("</script></body>", """
      const county = [...document.querySelectorAll("table")].find(t => t.querySelector("th").textContent.startsWith("县"));
      const first = () => county.tBodies[0].rows[0].cells[1].textContent, before = first();
      county.querySelectorAll("th")[1].click(); const down = first(); county.querySelectorAll("th")[1].click(); const up = first();
      document.title = "rows " + county.tBodies[0].rows.length + (down !== up ? " sorted" : " same");</script></body>""")
    probing = tmp_path / "probe.html"
    probing.write_text(probe, encoding="utf-8")
    chromium = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    done = subprocess.run([*chromium, "--dump-dom", probing.as_uri()], capture_output=True, text=True, timeout=120)
    assert "<title>rows 2 sorted</title>" in done.stdout, done.stderr[-2000:]
    pdf = tmp_path / "page.pdf"
    subprocess.run([*chromium, f"--print-to-pdf={pdf}", page.as_uri()], capture_output=True, timeout=120, check=True)
    assert pdf.read_bytes()[:4] == b"%PDF" and pdf.stat().st_size > 20_000


def test_the_workbook_opens_in_libreoffice_and_its_formulas_give_the_stored_values(comparison, tmp_path):
    book = tmp_path / "budget.xlsx"
    doudi.open_results(comparison[0]).to_excel(book)
    out = tmp_path / "out"
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless", "--convert-to", "xlsx", "--outdir", out, book],
                   capture_output=True, timeout=180, check=True)
    ours, theirs = openpyxl.load_workbook(book, data_only=True), openpyxl.load_workbook(out / "budget.xlsx", data_only=True)
    assert ours.sheetnames == theirs.sheetnames
    for name in ours.sheetnames:
        for row in ours[name].iter_rows():
            for cell in row:
                value = theirs[name][cell.coordinate].value
                same = value == pytest.approx(cell.value) if isinstance(cell.value, (int, float)) else (value or "") == (cell.value or "")
                assert same, (name, cell.coordinate, cell.value, value)


def test_assess_gives_a_row_a_family_and_an_error_for_a_bad_one():
    good = {"id": "a", "standard": "770.00", "last_year_pcdi": "37503.00", "assets_ok": True, "members": [{"age": 40, "monthly_income": "100.00"}]}
    frame = doudi.assess([good, {**good, "id": "b", "standard": "x"}])
    assert frame.category[0] == "dibao" and frame.dibao[0] == "670.00"
    assert "is not an amount" in frame.error[1]


def test_every_public_name_has_a_docstring_with_substance():
    for name in doudi.__all__:
        assert len((getattr(doudi, name).__doc__ or "").strip()) > 20 or name == "InputError", name
