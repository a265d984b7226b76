"""`doudi report|workbook|pictures OUT.h5 -o FILE`: what the command hands over to Python."""
from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Sequence
from typing import NoReturn

from . import _core
from .engine import open_results
from .words import told

COMMANDS = {"report": "a self-contained HTML page", "workbook": "an Excel workbook", "pictures": "every picture as PNG, into a folder"}
# What page, workbook and pictures read of every result.
NEEDED = ("recipients", "households", "category_households", "scenario_title", "programme_zh", "county_name_zh", "county_name_en", "prefecture_zh", "level", "funding_share",
          "living_amount", "nursing_amount", "standard", "parameter_value", "parameter_evidence", "parameter_why", "scenario_why", "source", "source_text")


class _Misused(ValueError):
    """Arguments that are none, with how the command is used."""

    def __init__(self, parser: argparse.ArgumentParser, message: str):
        super().__init__(message)
        self.usage, self.prog = parser.format_usage(), parser.prog


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Misused(self, message)


def _parser() -> _Parser:
    parser = _Parser(prog="doudi", description="pages, workbooks and pictures from a results file")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("results", type=pathlib.Path, help="a file that `doudi run` or `compare` wrote")
        sub.add_argument("-o", "--output", type=pathlib.Path, required=True)
        sub.add_argument("--lang", choices=["zh", "en"], help="zh (the default) or en; of the errors too, which are English by default")
        sub.add_argument("--force", action="store_true", help="replace an existing file")
    return parser


def _check_output(results: pathlib.Path, output: pathlib.Path, folder: bool, force: bool) -> None:
    """Raises InputError for an output that is the input, by whatever name, or exists."""
    for path in (output, *output.glob("*.png")) if folder else (output,):
        if path.exists() and results.exists() and path.samefile(results):
            raise _core.InputError(f"{path} is the results file itself; choose another name for the output")
    if folder and output.exists() and not output.is_dir():
        raise _core.InputError(f"{output} cannot be written: it is a file; name a folder")
    if not folder and output.exists() and not force:
        raise _core.InputError(f"{output} exists; choose another name, or --force to replace it")


def _write(command: str, results: pathlib.Path, output: pathlib.Path, lang: str) -> None:
    comparison = open_results(results)
    missing = next((name for name in NEEDED if name not in comparison.dataset.variables), None)
    if missing is not None:
        raise _core.InputError(f"{results}: has no dataset \"{missing}\"")
    try:
        if command == "report":
            comparison.report(output, lang)
        elif command == "workbook":
            comparison.to_excel(output, lang)
        else:
            output.mkdir(parents=True, exist_ok=True)
            comparison.plot(lang).save_all(output)
    except OSError as error:
        if error.strerror is None:  # in words already
            raise
        raise _core.InputError(f"{output} cannot be written: {error.strerror}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 2 bad input (no such file, not a result, the output exists or cannot be written)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    lang = "zh" if "zh" in words or "--lang=zh" in words else "en"  # as the engine's command line has it
    try:
        options = _parser().parse_args(words)
        _check_output(options.results, options.output, options.command == "pictures", options.force)
        _write(options.command, options.results, options.output, options.lang or "zh")
    except _Misused as error:
        usage = error.usage.replace("usage: ", "用法：", 1) if lang == "zh" else error.usage
        print(f"{usage}{error.prog}: {told(error, lang)}", file=sys.stderr)
        return 2
    except (ValueError, OSError) as error:
        print(told(error, lang), file=sys.stderr)
        return 2
    print(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
