"""`doudi report|workbook|pictures OUT.h5 -o FILE`: what the command hands over to Python."""
from __future__ import annotations

import argparse
import functools
import os
import pathlib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, cast

from . import _core
from .engine import open_results
from .words import told

COMMANDS = {"report": {"en": "write a self-contained HTML page from a results file", "zh": "由结果文件生成单个网页报告"},
            "workbook": {"en": "write an Excel workbook from a results file", "zh": "由结果文件生成 Excel 工作簿"},
            "pictures": {"en": "write every picture of a results file as PNG into a folder", "zh": "将结果文件的全部图片存为 PNG"}}
HELP = {"en": {"commands": "commands", "arguments": "arguments", "options": "options", "help": "print this help", "results": "results file, written by `doudi run` or `compare`",
               "output": "file to write (required)", "folder": "folder to write into (required)", "force": "replace an existing file", "forced": "pictures of the same name are always replaced",
               "lang": "language of what is written, zh or en; by default that of DOUDI_LANG, or zh; errors are in it too, by default in English"},
        "zh": {"commands": "命令", "arguments": "参数", "options": "选项", "help": "显示本说明", "results": "结果文件，由 `doudi run` 或 `compare` 写出",
               "output": "写出的文件（必填）", "folder": "写出的文件夹（必填）", "force": "覆盖已有文件", "forced": "同名图片总是被覆盖",
               "lang": "所写内容的语言，zh（中文）或 en（英文）；默认取环境变量 DOUDI_LANG，否则 zh；错误信息同此，默认英文"}}
# What page, workbook and pictures read of every result.
NEEDED = ("recipients", "households", "category_households", "scenario_title", "programme_zh", "county_name_zh", "county_name_en", "prefecture_zh", "level", "funding_share",
          "living_amount", "nursing_amount", "standard", "parameter_value", "parameter_evidence", "parameter_why", "scenario_why", "source", "source_text")


class _Misused(ValueError):
    """Arguments that are none, with how the command is used."""

    def __init__(self, parser: argparse.ArgumentParser, message: str):
        super().__init__(message)
        self.usage, self.prog = parser.format_usage(), parser.prog


class _Parser(argparse.ArgumentParser):
    """With its help in one language."""

    def __init__(self, lang: str, **given: Any):
        super().__init__(add_help=False, **given)
        self.lang = lang
        self._positionals.title, self._optionals.title = HELP[lang]["arguments"], HELP[lang]["options"]
        self.add_argument("-h", "--help", action="help", help=HELP[lang]["help"])

    def format_help(self) -> str:
        return self._spoken(super().format_help())

    def format_usage(self) -> str:
        return self._spoken(super().format_usage())

    def _spoken(self, text: str) -> str:
        return text.replace("usage: ", "用法：", 1) if self.lang == "zh" else text

    def error(self, message: str) -> NoReturn:
        raise _Misused(self, message)


def _parser(lang: str) -> _Parser:
    parser = _Parser(lang, prog="doudi")
    commands = parser.add_subparsers(dest="command", required=True, title=HELP[lang]["commands"], parser_class=cast(type[_Parser], functools.partial(_Parser, lang)))
    for name, text in COMMANDS.items():
        sub = commands.add_parser(name, help=text[lang], description=text[lang])
        sub.set_defaults(parser=sub)
        sub.add_argument("results", type=pathlib.Path, help=HELP[lang]["results"])
        sub.add_argument("-o", "--output", type=pathlib.Path, required=True, help=HELP[lang]["folder" if name == "pictures" else "output"])
        sub.add_argument("--lang", choices=["zh", "en"], help=HELP[lang]["lang"])
        sub.add_argument("--force", action="store_true", help=HELP[lang]["forced" if name == "pictures" else "force"])
    return parser


def _read(parser: _Parser, words: Sequence[str]) -> argparse.Namespace:
    """Raises _Misused with the usage of the command itself, also for words that it does not know."""
    options, unknown = parser.parse_known_args(words)
    if unknown:
        raise _Misused(options.parser, f"unrecognized arguments: {' '.join(unknown)}")
    return options


def _usual_language() -> str | None:
    """That of DOUDI_LANG. Raises InputError if it is neither en nor zh."""
    lang = os.environ.get("DOUDI_LANG") or None
    if lang not in (None, "en", "zh"):
        raise _core.InputError(f"DOUDI_LANG: \"{lang}\" is not en or zh")
    return lang


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
    asked = next((word for word in ("zh", "en") if word in words or f"--lang={word}" in words), None)  # as the engine's command line has it
    lang = asked or "en"
    try:
        usual = _usual_language()
        lang = asked or usual or "en"
        options = _read(_parser(lang), words)
        _check_output(options.results, options.output, options.command == "pictures", options.force)
        _write(options.command, options.results, options.output, options.lang or usual or "zh")
    except _Misused as error:
        print(f"{error.usage}{error.prog}: {told(error, lang)}", file=sys.stderr)
        return 2
    except (ValueError, OSError) as error:
        print(told(error, lang), file=sys.stderr)
        return 2
    print(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
