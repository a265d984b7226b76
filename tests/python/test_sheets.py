"""The workbook and the page as a finance officer reads them: no figure rounded away, no sentence cut, the same words as the terminal."""
import math
import re

import matplotlib.ticker
import numpy as np
import openpyxl
import pytest

import doudi
from conftest import ROOT
from doudi import headline, open_results, style, words


@pytest.fixture(scope="module")
def path(doudi, tmp_path_factory):
    """A reform that changes who draws the subsidies, on every household of two counties."""
    path = tmp_path_factory.mktemp("plus") / "r.h5"
    done = doudi("compare", "scenarios/reforms/subsidies-80.toml", "scenarios/reforms/dibao-plus-5.toml", "-o", path, "--counties", "222402,220623", "--replicates", "8", "--progress", "off")
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def c(path):
    return doudi.open_results(path)


@pytest.fixture(scope="module")
def books(c, tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    for lang in ("zh", "en"):
        c.to_excel(folder / f"{lang}.xlsx", lang)
    return {lang: openpyxl.load_workbook(folder / f"{lang}.xlsx") for lang in ("zh", "en")}


def page(c, tmp_path, lang):
    c.report(tmp_path / "r.html", lang)
    return (tmp_path / "r.html").read_text(encoding="utf-8")


def test_no_mean_or_spread_of_an_assumption_is_rounded_away(books):
    cells = [cell for row in books["zh"]["假设"].iter_rows(min_row=3, min_col=3, max_col=4) for cell in row if isinstance(cell.value, float) and cell.value]
    assert len(cells) > 50 and min(abs(cell.value) for cell in cells) < 1e-5
    for cell in cells:
        places = len(cell.number_format.partition(".")[2])
        assert float(f"{cell.value:.{places}f}") == pytest.approx(cell.value, rel=1e-3), (cell.coordinate, cell.number_format)
    assert [cell.alignment.horizontal for cell in books["zh"]["假设"]["D"] if cell.value == "固定"][:1] == ["right"], "beside the means a word would be read as a part of them"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_text_of_the_background_sheets_wraps_in_a_row_that_is_high_enough(books, lang):
    for name, columns in ((books[lang].sheetnames[-3], "ABFG"), (books[lang].sheetnames[-1], "AB")):
        sheet = books[lang][name]
        for row in range(3, sheet.max_row + 1):
            for column in columns:
                cell = sheet[f"{column}{row}"]
                lines = math.ceil(words.width_of(cell.value or "") / sheet.column_dimensions[column].width)
                assert cell.alignment.wrap_text and (sheet.row_dimensions[row].height or 15) >= 13 * lines, (name, cell.coordinate)


def test_a_sentence_that_is_longer_than_the_table_is_wide_goes_over_several_lines(tmp_path):
    c = doudi.run(doudi.load(ROOT / "scenarios/jilin-2024.toml"), counties=[220623], replicates=2, sample_share=0.1, progress=False)
    doudi.Comparison(c).to_excel(tmp_path / "w.xlsx", "en")
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["Summary"]
    row = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("The intervals are those of a sample"))
    assert f"A{row}:E{row}" in [str(r) for r in sheet.merged_cells.ranges] and sheet[f"A{row}"].alignment.wrap_text and sheet.row_dimensions[row].height > 40


def test_a_chart_is_printed_on_the_page_of_its_table(books):
    for name in ("分项目", "分月"):
        assert (books["zh"][name].page_setup.fitToWidth, books["zh"][name].page_setup.fitToHeight) in ((1, 1), (None, None)), "1 by 1 is what is not said"


def test_prefectures_have_english_names_on_page_workbook_and_picture(c, books, tmp_path):
    assert {cell.value for cell in books["en"]["By county"]["B"][2:4]} == {"Yanbian", "Baishan"}
    assert ">Yanbian<" in page(c, tmp_path, "en") and "延边" not in page(c, tmp_path, "en")
    assert [t.get_text() for t in c.plot("en").counties().legends[0].get_texts()] in (["Yanbian", "Baishan"], ["Baishan", "Yanbian"])
    listed = {line.split(",")[1] for line in (ROOT / "scenarios/data/prefectures.csv").read_text(encoding="utf-8").splitlines()[1:]}
    assert listed - {"吉林省"} == set(words.PREFECTURES["en"])


def test_the_gap_of_the_hand_check_is_explained_as_the_command_explains_it(c, path, doudi, books, tmp_path):
    printed = re.search(r"change of the caseload x new amounts ([\d.,]+) 万元, rest ([-\d.,]+) 万元", doudi("summary", path).stdout)
    check = c.hand_check()
    assert f"{check['caseload'] / 1e4:,.4f}" == printed[1] and check["caseload"] > 1
    said = f"change of the caseload x new amounts {check['caseload']:,.2f} yuan, rest {check['rest']:,.2f}"
    assert said in page(c, tmp_path, "en") and any(said in str(cell.value) for cell in books["en"]["Summary"]["A"])
    assert f"领取人月数变化 × 新标准 = {check['caseload']:,.2f} 元" in page(c, tmp_path, "zh")
    exact = {"expected": 1.0, "simulated": 1.0, "largest_gap": 0.0, "caseload": 0.0, "rest": 0.0}
    assert headline.gap(exact, "en", True) == "" and "rounding" in headline.gap(exact | {"largest_gap": 2.5, "rest": 1.2}, "en", True)
    cancelled = exact | {"largest_gap": 2.5}  # in a full run nothing is rounded: who draws them differs, though not on average
    assert "who draws the subsidies" in headline.gap(cancelled, "en", False) and "领取人的变化" in headline.gap(cancelled, "zh", False)


@pytest.mark.parametrize(("reform", "english", "chinese"), [("dibao-plus-5", "The gap is the change in who draws the subsidies", "差额来自领取人的变化"), ("subsidies-85", "The gap is rounding", "差额为抽样加权取整所致")])
def test_of_a_sample_too_the_terminal_and_the_page_say_the_same_of_the_gap(reform, english, chinese, doudi, tmp_path):
    made = tmp_path / "sampled.h5"
    done = doudi("compare", "scenarios/reforms/subsidies-80.toml", f"scenarios/reforms/{reform}.toml", "-o", made, "--counties", "222402,220623", "--replicates", "8", "--sample-share", "0.2", "--progress", "off")
    assert done.returncode == 0, done.stderr
    sampled = open_results(made)
    assert sampled.hand_check()["largest_gap"] > 0.005
    for lang, said in (("en", english), ("zh", chinese)):
        assert said in doudi("summary", made, "--lang", lang).stdout and said in page(sampled, tmp_path, lang) and said in headline.gap(sampled.hand_check(), lang, True)


def test_page_and_workbook_say_which_of_their_figures_is_a_median(c, books, tmp_path):
    median = f"{c.total().median().item() / 1e4:,.0f}"
    text = page(c, tmp_path, "zh")
    assert f"期内总支出（中位数）<b>{median} 万元</b>" in text and "基准与变化为中位数" in text
    assert any(f"在中位数（{median} 万元）之外另备" in str(cell.value) for cell in books["zh"]["摘要"]["A"])
    assert f"<b>{median} x 10,000 yuan</b>" in page(c, tmp_path, "en")


def test_one_replicate_of_one_county_is_said_in_the_singular_and_has_no_median(tmp_path):
    c = doudi.Comparison(doudi.run(doudi.load(ROOT / "scenarios/jilin-2024.toml"), counties=[220623], replicates=1, progress=False))
    text = page(c, tmp_path, "en")
    assert "1 county, 2024-01 to 2024-12, 1 replicate, seed" in text and "(median)" not in text and "Only 1 replicate" not in text and "<b>–</b>" in text
    assert words.several(0, "county", "counties") == "0 counties" and words.several(2, "replicate") == "2 replicates"


def test_what_the_levels_pay_adds_up_on_the_page(c, tmp_path):
    table = re.search(r"(?s)谁来付</h3>.*?</table>", page(c, tmp_path, "zh"))[0]
    shown = [[float(v.replace(",", "")) for v in re.findall(r">([\d,.]+)</td>", row)] for row in re.findall(r"(?s)<tr.*?</tr>", table)[1:]]
    assert np.allclose(np.sum(shown[:-1], axis=0), shown[-1], atol=0.3) and shown[-1][0] == pytest.approx(c.total(0).mean().item() / 1e4, abs=0.05)


def test_the_english_workbook_ties_the_name_of_a_scenario_to_its_title(books):
    assert "低保标准提高 5% (dibao-plus-5)" in [cell.value for cell in books["en"]["About"]["A"]]


def test_a_label_of_an_axis_is_the_value_of_its_tick(c):
    for figure in (c.plot("zh").cost(), c.plot("zh").difference(), c.plot("zh").months()):
        figure.canvas.draw()
        axes = figure.axes[0]
        assert all(float(label.get_text().replace(",", "")) == pytest.approx(tick) for tick, label in zip(axes.get_yticks(), axes.get_yticklabels()))
    axes = c.plot("zh").cost().axes[0]
    assert all(tick == int(tick) for tick in axes.get_yticks()), "replicates are counted"
    _, axes = style.blank("", "")
    axes.xaxis.set_major_formatter(matplotlib.ticker.ScalarFormatter())
    style.thousands(axes)
    assert [axes.xaxis.get_major_formatter()(v, 0) for v in (12.5, 1234567.0, 0.30000000000000004)] == ["12.5", "1,234,567", "0.3"]


def test_no_reason_on_the_page_has_a_number_with_an_exponent(c, tmp_path):
    for lang in ("zh", "en"):
        table = re.search(r'(?s)id="assumptions".*?</table>', page(c, tmp_path, lang))[0]
        assert not re.search(r"\d[eE][-+]?\d+(?![\w.])", re.sub("<[^>]*>", " ", table))
    assert words.without_exponents("before: mean 4e-05, sd 1.5e+03; plan 2e4f") == "before: mean 0.00004, sd 1500; plan 2e4f"
