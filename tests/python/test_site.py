"""The documents as a site: built without a network, every link leads somewhere, every Python example runs."""
import html.parser
import os
import re
import shutil
import subprocess
import sys
import urllib.parse

import pytest

import doudi
from conftest import ROOT
from doudi import engine


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.loads, self.ids = [], [], set()

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        self.ids.update(v for k, v in attributes if k in ("id", "name") and v)
        if tag == "a" and a.get("href"):
            self.links.append(a["href"])
        elif tag in ("script", "link", "img", "iframe") and a.get("rel") != "canonical":
            self.loads += [a[k] for k in ("src", "href") if a.get(k)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert done.returncode == 0, done.stderr
    pages = {}
    for path in folder.rglob("*.html"):
        pages[path] = Page()
        pages[path].feed(path.read_text(encoding="utf-8"))
    return folder, pages


def test_every_link_and_anchor_of_the_site_leads_somewhere(site):
    folder, pages = site
    assert {"index.html", "tutorial.html", "quickstart.zh.html", "python.html"} <= {p.name for p in pages}
    for path, page in pages.items():
        if path.name == "404.html":
            continue
        for link in page.links:
            to = urllib.parse.urlsplit(link)
            if to.scheme:
                continue
            target = (path.parent / urllib.parse.unquote(to.path)).resolve() if to.path else path
            target = target / "index.html" if target.is_dir() else target
            assert target.exists(), f"{path.name}: {link}"
            if to.fragment and target in pages:
                assert urllib.parse.unquote(to.fragment) in pages[target].ids | {"__top"}, f"{path.name}: {link}"


def test_the_site_loads_nothing_from_elsewhere(site):
    for path, page in site[1].items():
        assert not [u for u in page.loads if urllib.parse.urlsplit(u).netloc], path.name


def test_the_reference_has_every_public_name_with_its_docstring(site):
    folder, pages = site
    for name in doudi.__all__:
        if name not in ("parameters",):
            assert any(f"doudi.{name}" in i or f".{name}" in i for i in pages[folder / "python.html"].ids), name


EXAMPLES = ["tutorial.md", "quickstart.zh.md", "howto/standards.md", "howto/your-own-data.md"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_python_examples_of_the_documents_run(name, comparison, tmp_path, monkeypatch):
    """As they stand, but on one small county with four replicates."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    shutil.copy(comparison[0], tmp_path / "out/mine.h5")
    simulate = engine.simulate
    monkeypatch.setattr(engine, "simulate", lambda s, **o: simulate(s, **{**o, "counties": o["counties"] or [222402], "replicates": 4, "sample_share": 0.3, "progress": False}))
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert blocks
    space = {}
    for block in blocks:
        exec(compile(block, name, "exec"), space)
