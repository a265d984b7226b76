"""What leaves the desk: pictures, the page, the workbook, opened in the programs of our users."""
import html
import html.parser
import os
import re
import shutil
import subprocess
import sys
import types
import warnings
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xarray
from scipy import stats

import doudi
from conftest import ROOT, chromium
from doudi import plots, provenance, style, words
from doudi.__main__ import main
from doudi.evidence import by_evidence, limit, shares

PICTURES = ("cost", "difference", "exceedance", "months", "counties", "drivers", "convergence", "scenarios")


@pytest.fixture(scope="module")
def c(comparison):
    return doudi.open_results(comparison[0])


@pytest.fixture(scope="module")
def base():
    return doudi.load(ROOT / "scenarios/jilin-2024.toml")


@pytest.fixture(scope="module")
def page(c, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "zh.html"
    c.report(path, "zh")
    return path


@pytest.fixture(scope="module")
def book(c, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "budget.xlsx"
    c.to_excel(path)
    return path


def words_of(figure):
    import matplotlib.text

    return [t.get_text() for t in figure.findobj(matplotlib.text.Text)]


# -- pictures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_states_unit_scenario_replicates_and_seed_and_has_no_box_for_a_character(c, name, tmp_path):
    assert style.chinese_font(), "fonts-noto-cjk is installed by make"
    for lang, unit, replicates in (("zh", "方差份额" if name == "drivers" else "万元", "8 次模拟"), ("en", "share of variance" if name == "drivers" else "10,000 yuan", "8 replicates")):
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a missing character is a warning of matplotlib
            figure = getattr(c.plot(lang), name)()
            figure.savefig(tmp_path / f"{name}.png")
        foot = next(w for w in words_of(figure) if replicates in w)
        assert unit in foot and "20240101" in foot
        assert ("两项补贴 85 元" if lang == "zh" else "subsidies-85") in foot or name == "scenarios"


def test_a_picture_shows_the_numbers_of_its_result(c):
    low, middle, high = np.quantile(c.difference().values / 1e4, [0.05, 0.5, 0.95])
    assert any(f"{middle:,.0f}" in w and f"{low:,.0f}" in w and f"{high:,.0f}" in w for w in words_of(c.plot("en").difference()))
    safe = np.quantile(c.total().values / 1e4, 0.95)
    assert any(f"{safe:,.0f}" in w for w in words_of(c.plot("en").exceedance()))
    labels = [t.get_text() for t in c.plot("zh").counties().axes[0].get_yticklabels()]
    assert labels == list(c.by_county().name_zh)[::-1], "the largest change on top"


def outside(figure):
    """The texts of a picture that are seen and do not lie within it."""
    import matplotlib.text
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    ticks = [(axis, tick) for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())]
    unseen = {tick.label1 for axis, tick in ticks if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())}
    texts = [t for t in figure.findobj(matplotlib.text.Text) if t.get_text() and t.get_visible() and t not in unseen]
    assert len(texts) > 5
    boxes = {t.get_text(): t.get_window_extent(canvas.get_renderer()) for t in texts}
    return [text for text, box in boxes.items() if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > figure.bbox.x1 + 0.5 or box.y1 > figure.bbox.y1 + 0.5]


LONG = {"living_subsidy__amount": "90.00", "nursing_subsidy__amount": "95.00", "dibao__standard__factor": 1.05, "monitoring__detection_factor": 2.0}


@pytest.mark.parametrize("font", [True, False])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_name_of_a_scenario_is_shortened_and_every_text_lies_inside_its_picture(base, lang, font, monkeypatch):
    c = doudi.compare(base, base.with_(**LONG), base.with_(**LONG | {"dibao__standard__factor": 1.06}), counties=[220623, 222402], replicates=20, sample_share=0.2, progress=False)
    if not font:
        monkeypatch.setattr(plots, "chinese_font", lambda: None)
    p = c.plot(lang)
    assert max(map(words.width_of, p.names)) <= 52 and len(set(p.names)) == 3 and p.names[1].startswith("2: living_subsidy.amount")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in PICTURES:
            assert outside(getattr(p, name)()) == [], name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_bridge_of_many_long_steps_is_drawn_inside_its_picture(lang):
    steps = [f"living_subsidy.amount={amount}.00, nursing_subsidy.amount={amount}.00, dibao.standard.factor=1.05" for amount in range(90, 95)]
    frame = pd.DataFrame({"mean": [1e8, *[1e6] * 5, 1.05e8], "q05": [0.9e8, *[9e5] * 5, 0.95e8], "q95": [1.1e8, *[1.1e6] * 5, 1.15e8]}, index=["base", *steps, "total"])
    frame.attrs = {"replicates": 20, "seed": 20240101}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert outside(doudi.waterfall(frame, lang)) == []


def test_scenarios_of_one_title_are_told_apart_by_their_names(tmp_path):
    path = tmp_path / "null.h5"
    done = command("compare", "scenarios/jilin-2024.toml", "scenarios/jilin-2024.toml", "-o", path, "--counties", "220623", "--replicates", "8", "--sample-share", "0.2", "--progress", "off")
    assert done.returncode == 0, done.stderr
    c = doudi.open_results(path)
    legend = c.plot("zh").cost().axes[0].get_legend().get_texts()
    assert [t.get_text() for t in legend] == ["吉林省 2024 年现行政策（jilin-2024）", "吉林省 2024 年现行政策（jilin-2024-again）"]
    assert c.plot("en").names == ["jilin-2024", "jilin-2024-again"]
    c.report(tmp_path / "r.html", "zh")
    c.plot.save_all(tmp_path)
    same = doudi.Comparison(c.dataset.assign_coords(scenario=["a", "a"]))
    assert same.plot("en").names == ["1: a", "2: a"]


def test_without_a_chinese_font_labels_are_english_and_a_hint_says_what_to_install(c, monkeypatch, tmp_path):
    monkeypatch.setattr(style, "_known_font", lambda: None)
    with pytest.warns(UserWarning, match="apt install fonts-noto-cjk"):
        p = c.plot
    assert p.lang == "en"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in PICTURES:
            getattr(p, name)().savefig(tmp_path / f"{name}.png")


def test_a_bridge_is_drawn_with_its_steps_unit_replicates_and_seed(base, tmp_path):
    steps = {"补贴 90 元": {"living_subsidy__amount": "90.00"}, "monitoring": {"monitoring__detection_factor": 2.0}}
    frame = doudi.bridge(base, steps, counties=[222402], replicates=3, sample_share=0.5, progress=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = doudi.waterfall(frame)
        figure.savefig(tmp_path / "bridge.png")
    assert any("补贴 90 元 → monitoring" in w and "万元" in w and "3 次模拟" in w and "20240101" in w for w in words_of(figure))
    assert any(f"{frame.loc['total', 'mean'] / 1e4:,.0f}" == w for w in words_of(figure))


def test_sobol_indices_are_drawn_with_their_errors_unit_runs_and_seed(tmp_path):
    frame = pd.DataFrame({"first_order": [0.4, 0.05], "first_order_error": [0.05, 0.03], "total_order": [0.5, 0.08], "total_order_error": [0.05, 0.03]}, index=["take_up", "layer:luck"])
    ds = xarray.Dataset(coords={"quantity": ["base", "difference: reform"], "run": range(4)}, attrs={"rows": 64, "seed": 7})
    drivers = types.SimpleNamespace(dataset=ds, table=lambda *cell: frame)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = doudi.sobol(drivers)
        figure.savefig(tmp_path / "sobol.png")
    assert any("difference: reform" in w and "单位：方差份额" in w and "64 行" in w and "种子 7" in w for w in words_of(figure))
    assert {"take_up", "layer:luck"} <= set(words_of(figure))


# -- the page -----------------------------------------------------------------------------------------------------------


class Structure(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.links, self.loads, self.alts, self.sections = set(), [], [], [], []

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if a.get("id"):
            self.ids.add(a["id"])
        if tag == "section":
            self.sections.append(a["id"])
        if tag == "a":
            self.links.append(a["href"])
        if tag == "img":
            self.alts.append(a.get("alt"))
        self.loads += [v for k, v in attributes if k in ("src", "srcset") or (k == "href" and tag != "a")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_answers_in_order_by_itself_and_says_what_the_result_says(c, tmp_path, lang):
    path = tmp_path / f"{lang}.html"
    c.report(path, lang)
    text = path.read_text(encoding="utf-8")
    page = Structure()
    page.feed(text)
    assert page.sections == ["much", "sure", "why", "where", "wrong", "made"]
    assert page.loads and all(u.startswith("data:image/") for u in page.loads), "nothing comes from elsewhere"
    assert "default-src 'none'" in text and all(page.alts)
    assert [u[1:] for u in page.links] == page.sections and {"assumptions", "validation", "version", "evidence"} <= page.ids
    for value in (f"{c.difference().median().item() / 1e4:,.1f}", f"{c.reserve(0.95) / 1e4:,.0f}", f"{c.expected_shortfall(0.95) / 1e4:,.0f}", c.dataset.attrs["plan_sha256"],
                  c.dataset.attrs["git_hash"], str(c.dataset.source_sha256.values[0]), "take_up.dibao_urban"):
        assert value in text, value
    for words in ({"zh": ["图们市", "并非任何县的实际支出", "困难残疾人生活补贴", "手工核对", "只模拟了 8 次", "中央"], "en": ["Tumen", "not the spending of any county", "Hand check", "Only 8 replicates"]}[lang]):
        assert words in text, words


def test_every_assumption_has_a_chinese_name_on_the_page_the_picture_and_the_workbook(c, page, book):
    names = words.ASSUMPTIONS["zh"]
    assert {str(p) for p in c.dataset.parameter.values} | {f"systemic: {f}" for f in c.dataset.factor.values} <= set(names)
    assert len(set(names.values())) == len(names)
    assert {str(e) for e in c.dataset.parameter_evidence.values} <= set(words.EVIDENCE["zh"])
    reasons = re.search(r"(?s)三、为什么</h2>(.*?)四、钱花在哪里</h2>", page.read_text(encoding="utf-8"))[1]
    assert not re.search(r"<td[^>]*>[a-z_]+\.[a-z_0-9]+</td>", reasons)
    assert "低保申领率（农村）（take_up.dibao_rural）" in page.read_text(encoding="utf-8")
    assert "低保申领率（农村）（take_up.dibao_rural）" in [cell.value for cell in openpyxl.load_workbook(book)["假设"]["A"]]
    figure = plots.Plots(c, "zh").drivers()
    shown = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert shown and set(shown) <= set(names.values())


def test_the_chinese_page_and_workbook_hold_no_english_sentence(c, page, book):
    """Reasons of scenarios and beliefs, notes of validation and priors too; names of files, keys and programs are as they are."""
    text = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", "", page.read_text(encoding="utf-8"))
    pieces = [html.unescape(piece) for piece in re.split(r"<[^>]*>", text)]
    pieces += [str(cell) for sheet in openpyxl.load_workbook(book) for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str) and not cell.startswith("=")]
    sentences = [piece for piece in pieces if re.search(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b|\b(mean|fixed) \d", piece)]
    assert not sentences, sentences[:5]
    assert any("2024 年的补贴标准（吉民发〔2023〕68号）" in piece for piece in pieces) and any("公布的人数与支出拟合" in piece for piece in pieces)


def test_every_shipped_reason_is_given_in_chinese_too():
    for file in sorted((ROOT / "scenarios").rglob("*.toml")):
        lines = file.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if re.search(r"[{,] why = ", line):
                assert re.search(r', why_zh = "[^"]+"', line), f"{file}:{number}"
        if any(line.startswith("why = ") for line in lines):
            assert any(line.startswith("why_zh = ") for line in lines), file


def test_the_reason_of_the_base_is_not_taken_for_that_of_a_reform(base):
    own = doudi.load(ROOT / "scenarios" / "reforms" / "subsidies-85.toml")
    other = doudi.run(own.with_(**{"why": "mine"}), replicates=1, counties=[220623], sample_share=0.02, progress=False)
    assert other.scenario_why.item() == "mine" and words.reasons(other, "scenario_why", "zh") == ["mine"]
    ours = doudi.run(own, replicates=1, counties=[220623], sample_share=0.02, progress=False)
    assert words.reasons(ours, "scenario_why", "zh") == ["2024 年的补贴标准（吉民发〔2023〕68号）"] and words.reasons(ours, "scenario_why", "en")[0].startswith("The amounts")


def test_the_share_of_variance_that_rests_on_assumptions_is_what_the_drivers_say():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(4000, 3))
    cost = (3 * x[:, 0] + x[:, 1])[None, :, None, None, None, None] * 100
    c = doudi.Comparison(xarray.Dataset(
        {"cost": (("scenario", "replicate", "county", "residence", "programme", "month"), cost), "parameter_value": (("replicate", "parameter"), x),
         "parameter_evidence": ("parameter", ["assumption", "published", "assumption"])}, {"parameter": ["guess", "known", "idle"], "scenario": ["a"]}))
    table = shares(c)
    assert list(table.index[:2]) == ["guess", "known"] and table.per_sd["guess"] == pytest.approx(3, rel=0.1)
    assert by_evidence(table)["assumption"] == pytest.approx(0.9, abs=0.03), "9 of 10 parts, within three standard errors"


def made_up(x, cost, months=1, names=None):
    cells = np.zeros((1, len(cost), 1, 1, 1, months))
    cells[0, :, 0, 0, 0, 0] = 100 * cost
    return doudi.Comparison(xarray.Dataset(
        {"cost": (("scenario", "replicate", "county", "residence", "programme", "month"), cells), "parameter_value": (("replicate", "parameter"), x)},
        {"parameter": names or [f"idle.{k}" for k in range(x.shape[1])], "scenario": ["a"]}))


@pytest.mark.parametrize(("replicates", "lists"), [(8, 400), (50, 400), (200, 200)])
def test_of_twenty_lists_of_idle_inputs_at_most_one_tells_any_from_chance(replicates, lists):
    """58 inputs as in the shipped scenarios; the four-fold of what one shows by chance told some of them apart in nearly every list."""
    rng = np.random.default_rng(20240101)
    found = 0
    for _ in range(lists):
        cost, x = rng.normal(size=replicates), rng.normal(size=(replicates, 58))
        found += ((stats.spearmanr(cost, x).statistic[0, 1:] ** 2) > limit(cost, x)).any()
    assert found / lists <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / lists)


def test_an_input_that_acts_is_told_from_chance_among_many_that_do_not():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(200, 58))
    table = shares(made_up(x, x[:, 3] + 1.5 * rng.normal(size=200)))
    assert list(table.index[table.clear]) == ["idle.3"] and table.limit.iloc[0] == pytest.approx(stats.beta.isf(0.05 / 58, 0.5, 99), rel=0.1), "with 200 replicates Bonferroni says the same"
    assert not shares(made_up(x, rng.normal(size=200))).clear.any() and not shares(made_up(x[:3], x[:3, 3])).clear.any(), "three replicates tell nothing"


def test_growth_of_incomes_stands_in_no_list_of_a_run_of_one_year(c):
    rng = np.random.default_rng(6)
    x = rng.normal(size=(50, 2))
    names = ["growth.income_year", "take_up.dibao_urban"]
    assert list(shares(made_up(x, x[:, 0], 12, names)).index) == names[1:]
    assert list(shares(made_up(x, x[:, 0], 13, names)).index) == names
    assert "growth.income_year" in c.dataset.parameter.values and not shares(c).index.str.startswith("growth.").any()


def test_the_page_opens_in_chromium_sorts_every_column_and_prints(page, c, tmp_path):
    text = page.read_text(encoding="utf-8")
    probe = """
      const county = [...document.querySelectorAll("table")].find(t => t.querySelector("th").textContent.startsWith("县"));
      const column = i => [...county.tBodies[0].rows].map(r => r.cells[i].textContent).join("|"), said = [];
      county.querySelectorAll("th").forEach((th, i) => {
        th.click(); const down = column(i), mark = th.getAttribute("aria-sort"); th.click();
        said.push(i + ":" + mark + ":" + th.getAttribute("aria-sort") + ":" + (down === column(i) ? "same" : "turned")); });
      const total = document.querySelector("tr.total"); total.closest("table").querySelectorAll("th")[1].click();
      said.push(total === total.parentNode.lastElementChild ? "total last" : "total moved");
      const lost = [...document.querySelectorAll("nav a")].filter(a => !document.querySelector(a.getAttribute("href")));
      const empty = [...document.images].filter(i => !i.complete || i.naturalWidth === 0);
      window.dispatchEvent(new Event("beforeprint"));
      document.title = said.join(" ") + " lost " + lost.length + " empty " + empty.length + " open " + document.querySelector("details").open + " errors " + errors.length;"""
    probing = tmp_path / "probe.html"
    probing.write_text(text.replace("<head>", "<head><script>const errors = []; onerror = e => errors.push(e);</script>")
                       .replace("</body>", f"<script>addEventListener('load', () => {{ {probe} }});</script></body>"), encoding="utf-8")
    dom = chromium("--virtual-time-budget=4000", "--dump-dom", probing.as_uri(), profile=tmp_path / "profile").stdout
    title = re.search("<title>(.*?)</title>", dom).group(1)
    for column in (0, 2, 3, 4, 5, 6):  # 1 is the prefecture, 7 the grade: both counties may share it
        assert f"{column}:descending:ascending:turned" in title, title
    assert title.endswith("total last lost 0 empty 0 open true errors 0"), title
    pdf = tmp_path / "page.pdf"
    chromium(f"--print-to-pdf={pdf}", page.as_uri(), profile=tmp_path / "profile")
    assert pdf.read_bytes()[:4] == b"%PDF" and pdf.stat().st_size > 50_000


def test_a_page_that_cannot_be_written_leaves_the_earlier_one(c, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("earlier", encoding="utf-8")
    with pytest.raises(ValueError, match="neither 'zh' nor 'en'"):
        c.report(path, "fr")
    with pytest.raises(OSError):
        c.report(tmp_path / "no" / "folder.html")
    with pytest.raises(OSError):
        c.to_excel(tmp_path / "no" / "folder.xlsx")
    assert path.read_text(encoding="utf-8") == "earlier" and list(tmp_path.iterdir()) == [path]


# -- the workbook -------------------------------------------------------------------------------------------------------

FORMULA = r"=(SUBTOTAL\(9,[A-Z]+\d+:[A-Z]+\d+\)|SUM\([A-Z]+\d+:[A-Z]+\d+\)|\$?[A-Z]+\$?\d+[-/]\$?[A-Z]*\$?\d+|IF\([A-Z]+\d+=0,0,[A-Z]+\d+/[A-Z]+\d+\)|ROUND\('[^'\"]+'![A-Z]+\d+-'[^'\"]+'![A-Z]+\d+,2\))"


def test_text_from_data_is_escaped_in_the_page_and_is_no_formula_in_the_workbook(base, tmp_path):
    evil = '=cmd|"/c calc"!A1<script>alert(1)</script>'
    c = doudi.compare(base, base.with_(name=evil, living_subsidy__amount="90.00"), base.with_(name="+1+2"), counties=[220623], replicates=3, progress=False)
    for lang in ("zh", "en"):
        c.report(tmp_path / "r.html", lang)
        assert "<script>alert" not in (tmp_path / "r.html").read_text(encoding="utf-8")
    c.to_excel(tmp_path / "w.xlsx")
    texts = []
    for sheet in openpyxl.load_workbook(tmp_path / "w.xlsx"):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or re.fullmatch(FORMULA, cell.value), cell.value
                texts += [cell.value] if cell.data_type == "s" else []
    assert evil in texts and "+1+2" in texts, "kept as text"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_has_its_sheets_headers_formats_panes_and_totals_that_agree(c, tmp_path, lang):
    path = tmp_path / "budget.xlsx"
    c.to_excel(path, lang)
    values, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    zh = ["摘要", "分县", "分项目", "分月", "分级", "分县分项目", "分县分级", "假设", "验证", "说明"]
    en = ["Summary", "By county", "By programme", "By month", "By paying level", "County x programme", "County x level", "Assumptions", "Validation", "About"]
    assert values.sheetnames == (zh if lang == "zh" else en)
    want = c.total().mean().item()
    for name in values.sheetnames[:7]:
        sheet, formula = values[name], formulas[name]
        assert sheet.freeze_panes and sheet.freeze_panes != "A1", name
        head = sheet[sheet.freeze_panes].row - 1
        headers = [cell.value for cell in sheet[head]]
        last = max(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == ("合计" if lang == "zh" else "Total"))
        totals = [i for i in range(2, len(headers) + 1) if str(formula.cell(last, i).value).startswith("=SUBTOTAL(9,")]
        assert totals, name
        for i in totals:
            assert sheet.cell(last, i).value == pytest.approx(sum(sheet.cell(r, i).value for r in range(head + 1, last)), abs=0.01), (name, i)
        for i, header in enumerate(headers, start=1):
            cell = sheet.cell(head + 1, i)
            header = str(header).split("\n")[-1]  # a title of a policy may speak of 元 too
            if isinstance(cell.value, (int, float)) and ("元" in header or "yuan" in header):
                small = "万元" in header or "10,000 yuan" in header
                assert cell.number_format == ("#,##0.0" if small else "#,##0.00"), (name, header)
        assert any(sheet.cell(last, i).value == pytest.approx(want, abs=0.01) for i in totals), f"{name}: the reform's total"
    assert values[values.sheetnames[1]]["A3"].value == ("长白朝鲜族自治县" if lang == "zh" else "Changbai Korean Autonomous County")
    summary = values[values.sheetnames[0]]
    checks = [row[1].value for row in summary.iter_rows() if row[0].value in values.sheetnames[1:7]]
    assert checks == [0] * 6, "the sheets agree"
    assert f"{c.reserve(0.95) / 1e4:,.0f}" in " ".join(str(row[0].value) for row in summary.iter_rows(max_row=6))


def test_a_run_of_one_scenario_and_a_sweep_have_workbooks_and_pages_too(base, tmp_path):
    one = doudi.Comparison(doudi.run(base, counties=[220623], replicates=3, progress=False))
    one.to_excel(tmp_path / "one.xlsx")
    one.report(tmp_path / "one.html")
    one.plot.save_all(tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "one.xlsx", data_only=True)["分县"]
    assert [cell.value for cell in sheet[2]][3:5] == ["吉林省 2024 年现行政策\n均值（元）", "均值（万元）"]
    many = doudi.sweep(base, "dibao.standard.factor", [1.02, 1.05], counties=[220623], replicates=3, progress=False)
    many.to_excel(tmp_path / "many.xlsx")
    many.report(tmp_path / "many.html")
    sheet = openpyxl.load_workbook(tmp_path / "many.xlsx", data_only=True)["各方案"]
    assert [sheet.cell(r, 1).value for r in (3, 4, 5)] == list(many.dataset.scenario_title.values)
    assert sheet["F5"].value == pytest.approx(many.difference().mean().item())


@pytest.fixture(scope="module")
def tiny(base):
    """A sample so small that most counties are graded "suppress" and few are not."""
    c = doudi.compare(base, doudi.load(ROOT / "scenarios/reforms/dibao-plus-5.toml"), sample_share=0.0004, replicates=20, progress=False)
    assert 0 < (c.by_county().grade != "suppress").sum() < 10
    return c


def test_a_suppressed_county_has_no_figure_in_frame_workbook_picture_or_page(tiny, tmp_path):
    frame = tiny.by_county()
    poor = frame.grade == "suppress"
    assert frame[poor].select_dtypes("number").isna().all(axis=None) and frame[~poor].select_dtypes("number").notna().all(axis=None)
    hidden = {int(code) for code in frame.index[poor]}
    base, reform = (tiny.total(s, by=("county",)).mean("replicate").to_series() for s in (0, 1))
    tiny.to_excel(tmp_path / "w.xlsx")
    values = openpyxl.load_workbook(tmp_path / "w.xlsx", data_only=True)
    names = {str(z): int(code) for code, z in zip(tiny.dataset.county.values, tiny.dataset.county_name_zh.values)}
    cells = tiny.cells().grade.unstack("programme")
    for sheet, labels in (("分县", 3), ("分县分项目", 1), ("分县分级", 1)):
        rows = list(values[sheet].iter_rows(values_only=True))
        assert "“不公布”者误差过大" in rows[0][0]
        for row in rows[2:-1]:
            figures = [v for v in row[labels:] if isinstance(v, (int, float))]
            assert bool(figures) == (names[row[0]] not in hidden), (sheet, row)
            assert sheet != "分县" or row[-1] == ("不公布" if names[row[0]] in hidden else "慎用")
            if sheet == "分县分项目" and figures:
                assert [v is None for v in row[1:8]] == list(cells.loc[names[row[0]], tiny.dataset.programme.values] == "suppress")
                assert row[-1] == pytest.approx(reform[names[row[0]]], abs=0.01), "the total of a county that may be passed on"
        assert any(v == pytest.approx(reform.sum(), abs=0.01) for v in rows[-1][1:] if v), "the total holds what is left out"
    for row in list(values["分县备用金"].iter_rows(values_only=True))[2:-1]:
        assert any(isinstance(v, (int, float)) for v in row[3:]) == (names[row[0]] not in hidden), row
    assert [row[1] for row in values["摘要"].iter_rows(values_only=True) if row[0] in values.sheetnames] == [0] * 6
    figure = tiny.plot("zh").counties()
    assert {t.get_text() for t in figure.axes[0].get_yticklabels()} == set(frame.name_zh[~poor])
    assert f"另有 {len(hidden)} 个县不公布，未画出" in figure.axes[0].get_xlabel()
    tiny.report(tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    code = min(hidden)
    assert f"{base[code] / 1e4:,.1f}" not in text and f"{len(hidden)} 个县的结果误差过大，不公布" in text


def test_one_replicate_makes_a_page_workbook_and_pictures_that_say_what_it_does_not_tell(doudi_once, tmp_path):
    for command_name, target in (("report", "r.html"), ("workbook", "w.xlsx"), ("pictures", "pictures")):
        done = command(command_name, doudi_once, "-o", tmp_path / target)
        assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "只有 1 次模拟：区间、备用金、超支概率、模拟误差，以及何种因素起作用，均无从得知" in text and "没有任何因素能与偶然区分" in text and "nan" not in re.sub(r"(?s)<(style|script|img).*?>", "", text)
    c = doudi.open_results(doudi_once)
    assert f"{c.total().item() / 1e4:,.0f} 万元" in text and "九成把握" not in text
    summary = [row[0].value for row in openpyxl.load_workbook(tmp_path / "w.xlsx")["摘要"].iter_rows(max_row=4)]
    assert any("只有 1 次模拟：区间、备用金和超支概率无从得知" in str(line) for line in summary) and not any("九成把握" in str(line) for line in summary)
    for name, said in (("drivers", "支出由什么决定"), ("exceedance", "超支概率"), ("convergence", "误差")):
        assert f"只有 1 次模拟，{said}无从得知" in words_of(getattr(c.plot("zh"), name)()), name


@pytest.fixture(scope="module")
def doudi_once(tmp_path_factory):
    path = tmp_path_factory.mktemp("once") / "r.h5"
    done = command("run", "scenarios/jilin-2024.toml", "-o", path, "--counties", "220623", "--replicates", "1", "--progress", "off")
    assert done.returncode == 0, done.stderr
    return path


def test_the_picture_of_convergence_draws_the_interval_that_the_command_prints(comparison, c):
    done = command("summary", comparison[0])
    halves = next(line for line in done.stdout.splitlines() if line.startswith("± 95 %")).split()[3:]  # of 2, 4 and 8 replicates
    figure = c.plot("en").convergence()
    bars = figure.axes[0].containers[0].lines[2][0].get_segments()
    drawn = [(b[1][1] - b[0][1]) / 2 for b in bars[1:]]
    assert drawn == pytest.approx([float(h.replace(",", "")) for h in halves[1:]], rel=5e-4), "as the command has it, which prints one decimal"
    precision = c.precision().loc[("cost", "mean")]
    assert drawn[-1] == pytest.approx((precision.high - precision.low) / 2 / 1e4)
    assert any(f"± {float(halves[-1].replace(',', '')):,.0f} (95 %)" in w for w in words_of(figure)) and any("Student's t" in w for w in words_of(figure))


def test_a_caseload_says_of_which_policy_it_is_and_is_that_policys(tiny, c, tmp_path):
    """The baseline's, on the page, in the workbook and in Python."""
    title = str(c.dataset.scenario_title.values[0])
    want = (c.dataset.recipients.isel(scenario=0).sum(["residence", "programme", "month"]).mean("replicate") / c.dataset.sizes["month"]).to_series()
    assert c.by_county().recipients_month.sort_index().tolist() == pytest.approx(want.sort_index().tolist())
    c.to_excel(tmp_path / "w.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx", data_only=True)["分县"]
    at = [cell.value for cell in sheet[2]].index(f"{title}\n月均领取人次")
    assert {row[2]: row[at] for row in sheet.iter_rows(min_row=3, max_row=4, values_only=True)} == pytest.approx(want.to_dict())
    c.report(tmp_path / "r.html")
    assert f"{title}\n月均领取人次" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_some_counties_are_not_held_against_the_figures_of_the_province(c, tiny, tmp_path):
    from doudi.validation import validation_table

    assert validation_table(c).empty and list(validation_table(c)) == list(validation_table(tiny))
    assert set(validation_table(tiny).status) >= {"no data"} and len(validation_table(tiny)) > 10, "all counties are compared as ever"
    c.to_excel(tmp_path / "w.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "w.xlsx")["验证"].iter_rows(values_only=True))
    assert "未与公布数对照：公布数是全省数，本结果只含 69 个县级单元中的 2 个" in rows[0][0] and len(rows) == 2, "a header and no verdict"
    for lang, said, verdict in (("zh", "未与公布数对照", "个公布数中"), ("en", "Not compared with published figures", "published figures that can be compared")):
        c.report(tmp_path / "r.html", lang)
        text = (tmp_path / "r.html").read_text(encoding="utf-8")
        assert text.count(said) == 2 and verdict not in text
    tiny.report(tmp_path / "r.html")
    assert "个公布数中" in (tmp_path / "r.html").read_text(encoding="utf-8") and "未与公布数对照" not in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_the_headline_of_a_sample_says_so_with_the_error_that_the_command_prints(tmp_path, tiny, c):
    path = tmp_path / "s.h5"
    done = command("compare", "scenarios/jilin-2024.toml", "scenarios/reforms/dibao-plus-5.toml", "-o", path, "--counties", "222402,220623", "--sample-share", "0.1", "--replicates", "8", "--progress", "off")
    assert done.returncode == 0, done.stderr
    said = doudi.open_results(path)
    printed = re.search(r"standard error of the total ([\d,.]+) 万元, ([\d.]+) % of the mean; of the change, .*?: ([\d,.]+) 万元", command("summary", path).stdout)
    assert [f"{said.sampling_error(0) / 1e4:,.1f}", f"{said.sampling_error(1, difference=True) / 1e4:,.1f}"] == [printed[1], printed[3]]
    said.to_excel(tmp_path / "w.xlsx")
    said.report(tmp_path / "r.html")
    lines = [str(row[0].value) for row in openpyxl.load_workbook(tmp_path / "w.xlsx")["摘要"].iter_rows(max_row=6)]
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    head = text[text.index('id="much"'):text.index('id="sure"')]
    for part in ("只模拟了 10% 的家庭", f"总额的抽样标准误 {said.sampling_error() / 1e4:,.1f} 万元", f"变化的抽样标准误 {printed[3]} 万元", "各县备用金与分位数偏高"):
        assert part in head and any(part in line for line in lines), part
    note = said.reserve(0.95, by=("county",)).attrs["note"]
    assert note == said.sample_note() == said.exceedance().attrs["note"] and "reserves and quantiles of counties from a sample are too high" in note
    assert np.isnan(tiny.sampling_error()) and "其标准误未测" in tiny.sample_note("zh"), "a run of Python carries no groups"
    assert c.sampling_error() == 0 and c.sample_note() == "" and "note" not in c.reserve(0.95, by=("county",)).attrs, "all households: nothing to say"


def test_what_was_set_for_a_run_stands_on_the_page_and_in_the_workbook_and_what_it_overrides(tmp_path):
    path = tmp_path / "s.h5"
    done = command("compare", "scenarios/jilin-2024.toml", "scenarios/reforms/dibao-plus-5.toml", "-o", path, "--counties", "220623", "--replicates", "3", "--progress", "off",
                   "--set", "dibao.standard.factor=1.02", "--set", "take_up.dibao_urban=0.7")
    assert done.returncode == 0, done.stderr
    said = doudi.open_results(path)
    said.to_excel(tmp_path / "w.xlsx")
    said.report(tmp_path / "r.html")
    text = html.unescape((tmp_path / "r.html").read_text(encoding="utf-8"))
    about = {(row[0], row[1]) for row in openpyxl.load_workbook(tmp_path / "w.xlsx")["说明"].iter_rows(values_only=True)}
    over = "覆盖了“低保标准提高 5%”自己写明的 dibao.standard.factor = 1.05"
    assert "本次运行另行设定（--set）" in text and "dibao.standard.factor=1.02" in text and over in text and "take_up.dibao_urban=0.7" in text
    assert ("另行设定（--set）：全部方案", f"dibao.standard.factor=1.02（{over}）") in about and ("另行设定（--set）：全部方案", "take_up.dibao_urban=0.7") in about


def test_without_settings_nothing_is_said_of_them(page):
    assert "--set" not in page.read_text(encoding="utf-8")


def test_settings_of_python_name_their_scenario(base, tmp_path):
    c = doudi.compare(base, base.with_(name="mine", living_subsidy__amount="90.00"), counties=[220623], replicates=2, sample_share=0.2, progress=False)
    assert provenance.settings(c.dataset, "en") == [("mine", 'living_subsidy.amount="90.00"', "")]


def test_funding_is_called_an_assumption_until_a_scenario_sets_it(base, c, tmp_path):
    assert provenance.funding(c.dataset, "zh").startswith("分担比例为假设 A-27")
    mine = base.with_(funding__dibao__central=0.6, funding__dibao__province=0.3)
    set_by = doudi.compare(base, mine, counties=[220623], replicates=2, sample_share=0.2, progress=False)
    set_by.to_excel(tmp_path / "w.xlsx")
    set_by.report(tmp_path / "r.html", "zh")
    want = "最低生活保障金的分担比例由方案设定（funding），其余为假设 A-27（文件未给出）"
    assert want in openpyxl.load_workbook(tmp_path / "w.xlsx")["分级"]["A1"].value and want in (tmp_path / "r.html").read_text(encoding="utf-8")
    same = doudi.run(base.with_(funding__dibao__central=0.5, funding__dibao__province=0.25), counties=[220623], replicates=1, sample_share=0.2, progress=False)
    assert provenance.funding(same, "en").startswith("The shares of dibao are the scenario's"), "stated, even if it is what would be assumed"


def test_policies_that_part_within_the_run_are_told_apart_by_their_months(tmp_path):
    c = doudi.compare(doudi.load(ROOT / "scenarios/jilin-2024-2026.toml"), doudi.load(ROOT / "scenarios/reforms/standards-frozen.toml"), counties=[220623], replicates=2, sample_share=0.1, progress=False)
    by_month = c.dataset.standard_in_month.mean(["county", "residence"]) / 100
    moving, frozen = (provenance.amounts(c.dataset, s, "zh")[2] for s in (0, 1))
    assert frozen == f"{by_month[1, 0]:,.2f}" and moving.startswith(f"2024-01 起 {by_month[0, 0]:,.2f}、") and f"{by_month[0, -1]:,.2f}" in moving
    c.report(tmp_path / "r.html")
    c.to_excel(tmp_path / "w.xlsx")
    assert moving in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert any(moving in str(row[1]) for row in openpyxl.load_workbook(tmp_path / "w.xlsx")["说明"].iter_rows(values_only=True))


def test_a_fixed_assumption_is_called_fixed_and_no_number_has_an_exponent(c, page, book):
    text = page.read_text(encoding="utf-8")
    table = re.search(r'(?s)id="assumptions".*?</table>', text)[0]
    assert not re.search(r">[\d.]+e[+-]?\d+<", table)
    fixed = [i for i, p in enumerate(c.dataset.parameter_prior.values) if str(p).startswith("fixed")]
    assert fixed and table.count(">固定<") == len(fixed)
    rows = list(openpyxl.load_workbook(book)["假设"].iter_rows(values_only=True))[2:]
    assert [row[3] == "固定" for row in rows] == [i in fixed for i in range(len(rows))]
    assert any("e-0" in str(p) for p in c.dataset.parameter_prior.values) and not any(re.search(r"\de[-+]\d", row[5]) for row in rows)
    assert [words.figure(v, d) for v, d in ((11910.4, 4), (153.2, 2), (0.00012345, 2), (0.5, 4), (6.9e-18, 2))] == ["11,910", "153", "0.00012", "0.5", "0.0000000000000000069"]


def test_the_chinese_workbook_names_what_the_file_says_of_itself_in_chinese(book, page):
    labels = [str(row[0].value) for row in openpyxl.load_workbook(book)["说明"].iter_rows(min_row=3)]
    assert {"程序（program）", "源码提交（git_hash）", "抽样比例（sample_share）", "起始月份（start）"} <= set(labels)
    assert not [label for label in labels if re.fullmatch(r"[a-z_0-9]+", label)]
    assert "方案摘要值（plan_sha256）" in page.read_text(encoding="utf-8")


def test_less_is_said_without_a_minus(base, tmp_path):
    dear = base.with_(name="dear", living_subsidy__amount="90.00", nursing_subsidy__amount="90.00")
    c = doudi.compare(dear, base, counties=[220623], replicates=8, progress=False)
    c.to_excel(tmp_path / "w.xlsx")
    said = next(row[0].value for row in openpyxl.load_workbook(tmp_path / "w.xlsx")["摘要"].iter_rows(max_row=5) if str(row[0].value).startswith("比“dear”"))
    low, high = (-c.difference().quantile([0.95, 0.05]) / 1e4).values
    assert said == f"比“dear”少 {-c.difference().mean().item() / 1e4:,.1f} 万元（九成把握 {low:,.1f} 至 {high:,.1f}）。" and low > 0


def test_a_grade_has_the_word_of_the_command():
    """engine/results/estimates.hpp says the words of the command."""
    words_of_the_command = re.search(r"grade_labels_zh\[\] = \{(.*?)\}", (ROOT / "engine/results/estimates.hpp").read_text(encoding="utf-8"))[1]
    assert list(words.GRADES["zh"].values()) == re.findall('"(.*?)"', words_of_the_command)


def libreoffice(book, to, folder, *, recalculate):
    """Converts a workbook without a window; `recalculate` makes it take no stored value on trust."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    mode = '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>' if recalculate else ""
    (profile / "user/registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">{mode}</oor:items>', encoding="utf-8")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", to, "--outdir", folder / "out", book], capture_output=True, timeout=180, check=True)
    return folder / "out" / f"{book.stem}.{to}"


def test_libreoffice_opens_the_workbook_and_its_own_calculation_gives_the_stored_values(book, tmp_path):
    spoilt = tmp_path / "spoilt.xlsx"  # every stored result of a formula replaced by nonsense: only a calculation can mend it
    count = 0
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(spoilt, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/"):
                text, n = re.subn(r"(</f>)<v>[^<]*</v>", r"\1<v>-77</v>", data.decode())
                data, count = text.encode(), count + n
            new.writestr(name, data)
    assert count > 50
    ours = openpyxl.load_workbook(book, data_only=True)
    theirs = openpyxl.load_workbook(libreoffice(spoilt, "xlsx", tmp_path, recalculate=True), data_only=True)
    assert ours.sheetnames == theirs.sheetnames
    for name in ours.sheetnames:
        for row in ours[name].iter_rows():
            for cell in row:
                value = theirs[name][cell.coordinate].value
                same = value == pytest.approx(cell.value, abs=1e-6) if isinstance(cell.value, (int, float)) else (value or "") == (cell.value or "")
                assert same, (name, cell.coordinate, cell.value, value)


def test_the_same_result_gives_the_same_workbook_and_page(c, book, page, tmp_path):
    c.to_excel(tmp_path / "again.xlsx")
    with zipfile.ZipFile(book) as a, zipfile.ZipFile(tmp_path / "again.xlsx") as b:
        assert all(a.read(n) == b.read(n) for n in a.namelist())
    c.report(tmp_path / "again.html", "zh")
    assert (tmp_path / "again.html").read_bytes() == page.read_bytes()


# -- from the command ---------------------------------------------------------------------------------------------------


def command(*arguments, **environment):
    env = {k: v for k, v in {**os.environ, "DOUDI_PYTHON": sys.executable, **environment}.items() if v is not None}
    return subprocess.run([ROOT / "build/release/doudi", *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, env=env, check=False)


def test_page_workbook_and_pictures_from_the_command(comparison, tmp_path):
    done = command("report", comparison[0], "-o", tmp_path / "r.html", "--lang", "en")
    assert done.returncode == 0 and str(tmp_path / "r.html") in done.stdout, done.stderr
    assert command("workbook", comparison[0], "-o", tmp_path / "b.xlsx", "--lang", "en").returncode == 0
    assert "By county" in openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames
    assert command("pictures", comparison[0], "-o", tmp_path / "pictures").returncode == 0
    assert {p.stem for p in (tmp_path / "pictures").glob("*.png")} == set(PICTURES)


def test_the_command_says_what_is_wrong_with_a_file_and_which_python_lacks_the_package(comparison, tmp_path):
    (tmp_path / "r.html").write_text("earlier", encoding="utf-8")
    again = command("report", comparison[0], "-o", tmp_path / "r.html")
    assert again.returncode == 2 and "--force" in again.stderr and (tmp_path / "r.html").read_text(encoding="utf-8") == "earlier"
    none = command("workbook", tmp_path / "none.h5", "-o", tmp_path / "x.xlsx")
    assert none.returncode == 2 and "there is no such file" in none.stderr and "Traceback" not in none.stderr
    for name, target in (("report", "r.html"), ("workbook", "w.xlsx")):
        lost = command(name, comparison[0], "-o", tmp_path / "none" / target)
        assert lost.returncode == 2 and f"there is no folder {tmp_path / 'none'}; make it first" in lost.stderr and f".{target}." not in lost.stderr, lost.stderr
    (tmp_path / "bad.h5").write_text("not a result", encoding="utf-8")
    bad = command("report", tmp_path / "bad.h5", "-o", tmp_path / "x.html")
    assert bad.returncode == 2 and "not a results file" in bad.stderr and "Traceback" not in bad.stderr
    lacking = command("report", comparison[0], "-o", tmp_path / "x.html", DOUDI_PYTHON="/usr/bin/python3", PYTHONPATH=None)
    if lacking.returncode:  # unless it has been installed there
        assert lacking.returncode == 2 and "has no package doudi; run `make package`" in lacking.stderr
    nowhere = command("report", comparison[0], "-o", tmp_path / "x.html", DOUDI_PYTHON="/nowhere/python")
    assert nowhere.returncode == 2 and "there is no /nowhere/python" in nowhere.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("way", ["itself", "another name", "a link", "a hard link", "a picture's name"])
def test_no_command_of_the_desk_writes_over_its_own_input(comparison, tmp_path, capfd, way, lang):
    made = tmp_path / ("cost.png" if way == "a picture's name" else "r.h5")
    made.write_bytes(comparison[0].read_bytes())
    other = {"another name": tmp_path / "x" / ".." / "r.h5"}.get(way, tmp_path / "other" if "link" in way else made)
    (tmp_path / "x").mkdir()
    if way == "a link":
        other.symlink_to(made)
    if way == "a hard link":
        other.hardlink_to(made)
    for name in ("report", "workbook", "pictures"):
        assert main([name, str(made), "-o", str(tmp_path if way == "a picture's name" and name == "pictures" else other), "--force", "--lang", lang]) == 2
        assert {"en": "is the results file itself; choose another name", "zh": "就是结果文件本身；请为输出另选文件名"}[lang] in capfd.readouterr().err
    assert made.read_bytes() == comparison[0].read_bytes()


@pytest.fixture(scope="module")
def faulty(comparison, tmp_path_factory):
    """A folder of what is no result, or a damaged one."""
    folder, good = tmp_path_factory.mktemp("faulty"), comparison[0].read_bytes()
    (folder / "flipped.h5").write_bytes(good[:5000] + bytes([good[5000] ^ 1]) + good[5001:])
    (folder / "cut.h5").write_bytes(good[:-5000])
    (folder / "empty.h5").write_bytes(b"")
    (folder / "text.h5").write_text("not a result", encoding="utf-8")
    (folder / "there.html").write_text("precious", encoding="utf-8")
    with xarray.open_dataset(comparison[0], engine="h5netcdf") as ds:
        ds.drop_vars("recipients").to_netcdf(folder / "lacking.h5", engine="h5netcdf")
        ds.assign_attrs(format_version=2).to_netcdf(folder / "format.h5", engine="h5netcdf")
        ds.assign_attrs(Conventions="doudi-drivers-1").to_netcdf(folder / "drivers.h5", engine="h5netcdf")
        ds.assign_attrs(Conventions="doudi-results-2").to_netcdf(folder / "later.h5", engine="h5netcdf")
        ds.drop_vars("cost").to_netcdf(folder / "foreign.h5", engine="h5netcdf")
    return folder


FAULTS = {
    "report flipped.h5 -o x.html": ("its seal does not agree; run again", "全文校验值不符；请重新运行"), "pictures flipped.h5 -o x": ("its seal does not agree", "全文校验值不符"),
    "workbook cut.h5 -o x.xlsx": ("not a results file, or a damaged one", "不是结果文件，或已损坏"), "report empty.h5 -o x.html": ("or a damaged one", "或已损坏"),
    "pictures text.h5 -o x": ("not a results file", "不是结果文件"), "workbook none.h5 -o x.xlsx": ("there is no such file", "没有该文件"), "report lacking.h5 -o x.html": ('has no dataset "recipients"', '缺少数据集 "recipients"'),
    "report format.h5 -o x.html": ("has results format 2; this program reads format 1", "结果格式为 2；本程序只读格式 1"), "workbook drivers.h5 -o x.xlsx": ("a file of `doudi drivers`", "是 `doudi drivers` 的文件"),
    "pictures later.h5 -o x": ("another format (doudi-results-2)", "另一种格式（文件自称 doudi-results-2）"), "report foreign.h5 -o x.html": ("not a result of doudi", "不是 doudi 的结果"),
    "report RESULTS -o there.html": ("there.html exists; choose another name, or --force", "there.html 已存在；请另选文件名，或加 --force 覆盖"), "report RESULTS -o no/x.html": ("make it first", "请先新建，或另选位置"),
    "workbook RESULTS -o . --force": ("it is a folder", "它是文件夹；请加上文件名"), "pictures RESULTS -o there.html": ("it is a file; name a folder", "它是文件；请指定文件夹"),
    "report RESULTS -o /proc/x.html": ("/proc/x.html cannot be written: ", "/proc/x.html 无法写入，系统提示："), "pictures RESULTS -o /proc/x": ("/proc/x cannot be written: ", "/proc/x 无法写入，系统提示："),
    "report RESULTS": ("the following arguments are required: -o/--output", "缺少参数：-o/--output"), "report RESULTS -o": ("argument -o/--output: expected one argument", "参数 -o/--output 后缺少值"),
    "report RESULTS -o x.html --colour": ("unrecognized arguments: --colour", "未知的参数：--colour"), "workbook RESULTS -o x.xlsx --force=yes": ("ignored explicit argument 'yes'", "不带值，却给出了 'yes'"),
    "pictures RESULTS -o x --lang=fr": ("invalid choice: 'fr'", "的值 'fr' 无效，可选："),
}


@pytest.mark.parametrize("asked", FAULTS)
def test_each_fault_is_told_in_the_language_that_was_asked_for(asked, comparison, faulty, monkeypatch, capfd):
    monkeypatch.chdir(faulty)
    before = sorted(faulty.iterdir())
    arguments = asked.replace("RESULTS", str(comparison[0])).split()
    for lang, said in zip(("en", "zh"), FAULTS[asked], strict=True):
        assert main([arguments[0], "--lang", lang, *arguments[1:]]) == 2
        text = capfd.readouterr().err
        assert said in text and ("错误：" in text) == (lang == "zh") and ("error: " in text) == (lang == "en") and "says more" not in text, text
        assert lang == "en" or re.match("错误：(?!系统提示)|用法：", text), text
    assert sorted(faulty.iterdir()) == before and (faulty / "there.html").read_text(encoding="utf-8") == "precious"


def test_faults_are_english_where_no_language_was_asked_for_and_the_page_chinese(comparison, tmp_path, capfd):
    assert main(["report", str(tmp_path / "none.h5"), "-o", str(tmp_path / "r.html")]) == 2 and "error: " in capfd.readouterr().err
    assert main(["report", str(comparison[0]), "-o", str(tmp_path / "r.html")]) == 0 and 'lang="zh-CN"' in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_python_too_never_writes_over_the_results_file_it_reads(comparison, tmp_path):
    results, link = tmp_path / "x.h5", tmp_path / "link.html"
    shutil.copy(comparison[0], results)
    link.symlink_to(results)
    before = results.read_bytes()
    c = doudi.open_results(results)
    for write, path in ((c.report, results), (c.report, link), (c.to_excel, results)):
        with pytest.raises(doudi.InputError, match="is the results file itself"):
            write(path)
    assert results.read_bytes() == before
    c.report(tmp_path / "x.html")
    assert (tmp_path / "x.html").stat().st_size > 100_000
