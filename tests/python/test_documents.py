"""The documents say what the program does."""
import csv
import re
import subprocess
import tomllib

from conftest import ROOT


def leaves(table, prefix=""):
    for key, value in table.items():
        if isinstance(value, dict) and "prior" not in value:
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def test_the_model_card_lists_every_assumption_with_its_prior_and_evidence():
    card = (ROOT / "docs/model-card.md").read_text(encoding="utf-8")
    fitted = dict(leaves(tomllib.loads((ROOT / "scenarios/assumptions/jilin-calibrated.toml").read_text(encoding="utf-8"))["assumptions"]))
    for name, value in leaves(tomllib.loads((ROOT / "scenarios/assumptions/jilin.toml").read_text(encoding="utf-8"))):
        prior = {"fixed": "fixed {value}", "uniform": "uniform {low} to {high}"}.get(value["prior"], "{prior} mean {mean} sd {sd}").format(**value)
        after = f"mean {fitted[name]['mean']} sd {fitted[name]['sd']}" if name in fitted else "not fitted"
        assert f"| `{name}` | {prior} | {after} | {value['evidence']} |" in card, name


def test_the_model_card_lists_every_parameter_of_the_rules_with_its_default(doudi):
    card = (ROOT / "docs/model-card.md").read_text(encoding="utf-8")
    lines = doudi("parameters").stdout.splitlines()[1:]
    assert len(lines) == 43
    for line in lines:
        name, default, *_ = re.split(r" {2,}", line)
        assert f"| `{name}` | {default} |" in card, line


def test_the_command_lists_parameters_with_range_and_in_chinese(doudi):
    english, chinese = (doudi("parameters", *lang).stdout for lang in ((), ("--lang", "zh")))
    assert re.search(r"rigid_share_pct +60 +0 – 100 +necessary spending over", english)
    assert re.search(r'living_yuan +"\S+" +0\.00 – [\d,.]+ +living subsidy', english)
    assert re.search(r'income_basis +"current" +current, trailing12 +A-2 +收入核算：', chinese) and chinese.startswith("参数")


def test_links_in_the_documents_lead_somewhere():
    files = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    for name in files:
        for link in re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8")):
            assert link.startswith("http") or ((ROOT / name).parent / link).exists(), f"{name}: {link}"


def test_every_subcommand_named_in_the_readme_exists(doudi):
    help_text = doudi("--help").stdout
    for name in set(re.findall(r"build/release/doudi (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"))):
        assert f"  {name} " in help_text, name


def test_explain_tells_the_months_in_both_languages_and_ends_with_the_sum(doudi):
    english = doudi("explain", "scenarios/jilin-2024.toml", "--household", "220402-rural-39", "--replicate", "3")
    assert english.returncode == 0, english.stderr
    paid = [float(v) for v in re.findall(r"^  paid \w+: ([\d.]+) yuan", english.stdout, re.M)]
    assert paid and f"paid in 12 months: {sum(paid):.2f} yuan" in english.stdout
    assert "吉政办规〔2024〕2号 measure" in english.stdout
    chinese = doudi("explain", "scenarios/jilin-2024.toml", "--household", "220402-rural-39", "--replicate", "3", "--lang", "zh")
    assert "最低生活保障" in chinese.stdout and f"合计 {sum(paid):.2f} 元" in chinese.stdout
    for bad in ("220402-9", "220402-rural-99999999", "999999-rural-1"):
        assert doudi("explain", "scenarios/jilin-2024.toml", "--household", bad).returncode == 2


def prose(node):
    """Every text of a scenario file."""
    for value in node.values() if isinstance(node, dict) else node:
        if isinstance(value, str):
            yield value
        elif isinstance(value, (dict, list)):
            yield from prose(value)


def test_no_number_in_the_prose_of_scenarios_and_data_has_an_exponent():
    texts = []
    for path in (ROOT / "scenarios").rglob("*.toml"):
        texts += prose(tomllib.loads(path.read_text(encoding="utf-8")))
    for path in (ROOT / "scenarios").rglob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            texts += [cell for row in csv.reader(file) for cell in row]
    assert len(texts) > 1000
    assert not [text for text in texts if re.search(r"\d[eE][+-]?\d", text) and not re.fullmatch(r"[\d.eE+-]+", text)]
