"""`python -m doudi report|workbook OUT.h5 -o FILE`: what the command hands over to Python."""
from __future__ import annotations

import argparse
import pathlib
import sys

from .engine import open_results


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="doudi", description="pages and workbooks from a results file")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("report", "a self-contained HTML page"), ("workbook", "an Excel workbook")):
        sub = commands.add_parser(name, help=text)
        sub.add_argument("results", type=pathlib.Path)
        sub.add_argument("-o", "--output", type=pathlib.Path, required=True)
        sub.add_argument("--lang", choices=["zh", "en"], default="zh")
        sub.add_argument("--force", action="store_true", help="replace an existing file")
    options = parser.parse_args(arguments)
    try:
        if not options.results.is_file():
            raise ValueError(f"{options.results}: there is no such file")
        if options.output.exists() and not options.force:
            raise ValueError(f"{options.output} exists; choose another name, or --force to replace it")
        comparison = open_results(options.results)
        if options.command == "report":
            comparison.report(options.output, options.lang)
        else:
            comparison.to_excel(options.output)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
