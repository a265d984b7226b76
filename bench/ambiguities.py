"""What each ambiguity of the law does to the Jilin total: the table of docs/model-card.md.

    python bench/ambiguities.py [--sample-share 0.1] [--replicates 40] [--doudi build/release/doudi]

Every alternative against the default on the same draws, one parameter at a time, up to 15 in one comparison.
"""
import argparse
import pathlib
import shutil
import subprocess
import tempfile

import h5py
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[1]
ALTERNATIVES = [
    ("A-1", "edge_lower_inclusive = false"), ("A-2", 'income_basis = "trailing12"'), ("A-3", 'tekun_base = "prior"'),
    ("A-4", "supp_bp.severe_illness = 3000"), ("A-4", "supp_bp.severe_disability = 3000"), ("A-4", "supp_bp.age70 = 2000"), ("A-4", "supp_bp.minor = 2000"),
    ("A-5", 'supp_combine = "sum"'), ("A-6", 'single_severe_def = "grade12"'), ("A-7", 'single_benefit = "full"'), ("A-7", 'single_benefit = "floor60"'),
    ("A-8", "single_high_illness_needs_adult_jobless = false"), ("A-9", "work_deduction_bp = 3000"), ("A-10", 'living_scope = "dibao_edge"'),
    ("A-11", "nursing_im3 = true"),
    ("A-12", 'temp_small_yuan = "2000.00"'), ("A-12", 'temp_cap_yuan = "5000.00"'), ("A-12", "temp_exp_months.illness = 1"),
    ("A-13", "gradual_months = 0"), ("A-13", "gradual_months = 12"),
    ("A-14", "multiple_disability_no_labour = false"), ("A-24", "tekun_in_full = false"), ("A-25", "temp_emergency_per_person = false"),
    ("text", 'birthday_effective = "next_month"'), ("text", "single_enabled = false"), ("text", "supp_for_single = false"),
]


def main():
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--sample-share", default="0.1")
    ask.add_argument("--replicates", default="40")
    ask.add_argument("--doudi", default=ROOT / "build/release/doudi")
    o = ask.parse_args()
    print("| ground | alternative | median | 5 – 95 % | of the total |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        scenarios = pathlib.Path(folder) / "scenarios"
        shutil.copytree(ROOT / "scenarios", scenarios)
        for first in range(0, len(ALTERNATIVES), 15):
            batch, files = ALTERNATIVES[first:first + 15], []
            for k, (_, setting) in enumerate(batch):
                files.append(scenarios / f"alternative-{first + k}.toml")
                files[-1].write_text(f'base = "jilin-2024.toml"\n[policy]\n{setting}\n', encoding="utf-8")
            out = pathlib.Path(folder) / f"{first}.h5"
            subprocess.run([o.doudi, "compare", scenarios / "jilin-2024.toml", *files, "-o", out, "--sample-share", o.sample_share, "--replicates", o.replicates,
                            "--set", "run.targeting_replicates=0", "--progress", "off"], check=True, capture_output=True)
            with h5py.File(out) as file:
                total = file["cost"][:].sum(axis=(2, 3, 4, 5)) / 1e6  # [scenario, replicate], 万元
            for (ground, setting), cost in zip(batch, total[1:], strict=True):
                change = cost - total[0]
                low, median, high = np.quantile(change, [0.05, 0.5, 0.95])
                text = setting.replace('"', "")
                print(f"| {ground} | `{text}` | {median:,.0f} | {low:,.0f} – {high:,.0f} | {100 * np.median(change / total[0]):+.2f} % |")


if __name__ == "__main__":
    main()
