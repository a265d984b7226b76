"""`doudi report|workbook|pictures OUT.h5 -o FILE`: what the command hands over to Python."""
from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Sequence

from .engine import open_results


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 2 bad input (no such file, not a result, the output exists or cannot be written)."""
    parser = argparse.ArgumentParser(prog="doudi", description="pages, workbooks and pictures from a results file")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("report", "a self-contained HTML page"), ("workbook", "an Excel workbook"), ("pictures", "every picture as PNG, into a folder")):
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("results", type=pathlib.Path, help="a file that `doudi run` or `compare` wrote")
        sub.add_argument("-o", "--output", type=pathlib.Path, required=True)
        sub.add_argument("--lang", choices=["zh", "en"], default="zh")
        sub.add_argument("--force", action="store_true", help="replace an existing file")
    options = parser.parse_args(arguments)
    try:
        if options.command != "pictures" and options.output.exists() and not options.force:
            raise ValueError(f"{options.output} exists; choose another name, or --force to replace it")
        comparison = open_results(options.results)
        if options.command == "report":
            comparison.report(options.output, options.lang)
        elif options.command == "workbook":
            comparison.to_excel(options.output, options.lang)
        else:
            options.output.mkdir(parents=True, exist_ok=True)
            comparison.plot(options.lang).save_all(options.output)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
