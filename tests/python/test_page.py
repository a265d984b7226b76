"""The page as it is read: on a screen, sorted, on paper."""
import json
import re

import pytest

import doudi
from conftest import chromium


@pytest.fixture(scope="module")
def c(comparison):
    return doudi.open_results(comparison[0])


WIDE = 'return [...document.querySelectorAll(".wide")].filter(w => w.scrollWidth > w.clientWidth).map(w => w.querySelector("th").textContent);'


def asked(page, script, profile, width=1200):
    """What a script says of a page that chromium has laid out at a width."""
    probe = page.with_name("probe.html")
    probe.write_text(page.read_text(encoding="utf-8").replace("</body>", f"<script>addEventListener('load', () => {{ document.title = JSON.stringify((() => {{ {script} }})()); }});</script></body>"), encoding="utf-8")
    dom = chromium(f"--window-size={width},900", "--virtual-time-budget=4000", "--dump-dom", probe.as_uri(), profile=profile).stdout
    return json.loads(re.search("<title>(.*?)</title>", dom)[1])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1200, 800])
def test_no_table_of_the_page_is_wider_than_the_screen_and_each_reason_stands_under_its_assumption(c, tmp_path, lang, width):
    c.report(tmp_path / "r.html", lang)
    reasons = asked(tmp_path / "r.html", """
      const rows = document.querySelector("#assumptions + .wide").querySelectorAll("tr.over");
      return [...rows].map(r => [r.cells[0].textContent, r.nextElementSibling.textContent, r.nextElementSibling.getBoundingClientRect().right <= innerWidth]);""", tmp_path / "profile", width)
    assert asked(tmp_path / "r.html", WIDE, tmp_path / "profile", width) == []
    why = c.dataset.parameter_why_zh.values if lang == "zh" else c.dataset.parameter_why.values
    assert len(reasons) == c.dataset.sizes["parameter"] and all(inside for *_, inside in reasons)
    assert all(str(p) in name and said.startswith(("理由：", "Why: ")) for (name, said, _), p in zip(reasons, c.dataset.parameter.values))
    assert [said for _, said, _ in reasons][3].endswith(str(why[3]))


def test_a_reason_goes_with_its_assumption_when_the_table_is_sorted(c, tmp_path):
    c.report(tmp_path / "r.html", "en")
    script = """
      const table = document.querySelector("#assumptions + .wide table"), pairs = () => [...table.querySelectorAll("tr.over")].map(r => r.cells[0].textContent + "|" + r.nextElementSibling.className + "|" + r.nextElementSibling.textContent);
      const before = pairs(); table.querySelectorAll("th")[4].click(); const after = pairs();
      return [before, after, [...table.tBodies[0].rows].map(r => r.className)];"""
    before, after, kinds = asked(tmp_path / "r.html", script, tmp_path / "profile")
    assert before != after and sorted(before) == sorted(after)
    assert kinds == ["over", "under"] * len(before)
