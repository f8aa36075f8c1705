"""`cdsbot`: the command line. Each command imports what it needs, so that `--help` is quick."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from bot.delivery.reindexed import record_failure
from bot.settings import Settings, load_settings
from knowledge.calendar import date_of
from knowledge.errors import (
    AlreadyRunning,
    CdsbotError,
    DocumentUnknown,
    TableUnreadable,
    reason,
)

if TYPE_CHECKING:
    from index.evaluation.answers import Run
    from index.evaluation.compare import Comparison
    from index.serving import Serving
    from index.store.apart import Limits
    from index.store.generation import Entry, Generation
    from index.store.unread import RejectedFile


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status. What a user can cause is one line, never a traceback."""
    _speak_utf8()
    try:
        arguments = _parser().parse_args(argv)
        status = int(arguments.command(arguments))
        sys.stdout.flush()  # a closed pipe shows here, not after the last line of this program
        return status
    except CdsbotError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nĐã dừng.", file=sys.stderr)
        return 130
    except OSError as error:
        if not isinstance(error, BrokenPipeError):  # whoever read us has gone: nothing to tell
            place = f"{error.filename}: " if error.filename else ""
            print(f"Lỗi đọc hoặc ghi: {place}{reason(error)}.", file=sys.stderr)
        # what is still buffered has nowhere to go; the flush at exit must not complain of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _speak_utf8() -> None:
    """Windows pipes speak the code page of old unless told otherwise."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if not sys.stderr.isatty():
        os.environ.setdefault(
            "TQDM_MININTERVAL", "5"
        )  # a log needs no bar redrawn ten times a second


_SAID = {  # argparse's complaints, as our users read them
    "the following arguments are required": "còn thiếu",
    "unrecognized arguments": "không hiểu",
    "invalid choice": "không có lựa chọn",
    "choose from": "hãy chọn trong",
    "expected one argument": "cần một giá trị",
    "argument ": "đối số ",
}


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _Help)
        super().__init__(add_help=False, **options)
        self._positionals.title = "đối số"
        self._optionals.title = "tùy chọn"
        self.add_argument("-h", "--help", action="help", help="hiện hướng dẫn này rồi thoát")

    def error(self, message: str) -> NoReturn:
        for english, vietnamese in _SAID.items():
            message = message.replace(english, vietnamese)
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}. Xem `{self.prog} --help`.\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


# longer than a screen: one argument a line
def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cdsbot",
        description="Trả lời câu hỏi về chuyển đổi số Thái Nguyên từ văn bản, nguyên văn và có nguồn.",
        epilog="Cài đặt đọc từ biến môi trường CDSBOT_… và tệp .env (xem .env.example).",
    )
    commands = parser.add_subparsers(title="lệnh", metavar="LỆNH", required=True)

    def command(name: str, run: Any, about: str, *, json: bool = False) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(command=run)
        if json:
            added.add_argument(
                "--json", action="store_true", help="in kết quả dạng JSON cho máy đọc"
            )
        return cast(argparse.ArgumentParser, added)

    reindex = command("reindex", _reindex, "cập nhật chỉ mục theo thư mục văn bản", json=True)
    reindex.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH",
        help="tệp hoặc thư mục, thay cho CDSBOT_LIBRARY",
    )  # fmt: skip
    reindex.add_argument(
        "--yes", action="store_true", help="không hỏi lại khi kho văn bản mất hơn một phần ba"
    )
    read = command("read", _read, "đọc thử một tệp: hiểu được gì, chỗ nào nên xem lại", json=True)
    read.add_argument("file", type=Path, metavar="FILE", help="tệp, chưa cần có trong chỉ mục")
    read.add_argument(
        "--page", type=_page, metavar="TRANG", help="ghi thành trang .html và mở bằng trình duyệt"
    )
    ask = command("ask", _ask, "trả lời một câu hỏi", json=True)
    ask.add_argument("question", nargs="*", metavar="QUESTION", help="câu hỏi")
    ask.add_argument(
        "--turn", action="append", default=[], metavar="EARLIER",
        help="câu hỏi trước đó, để hiểu câu hỏi tiếp theo; dùng được nhiều lần, cũ trước",
    )  # fmt: skip
    ask.add_argument(
        "--batch", metavar="FILE",
        help='tệp mỗi dòng một câu hỏi hoặc một {"id","question","turns"}, hoặc - để đọc từ đầu vào; '
        "in mỗi dòng một câu trả lời dạng JSON",
    )  # fmt: skip
    ask.add_argument("--explain", action="store_true", help="kèm các bước đã làm và thời gian")
    command("chat", _chat, "hỏi đáp ngay trong cửa sổ lệnh")
    run = command("run", _run, "chạy bot Telegram (cần CDSBOT_TELEGRAM_TOKEN)")
    run.add_argument("--webhook", action="store_true", help="nhận tin qua webhook")
    command("try", _try, "mở trang dùng thử trên máy này, không cần token")
    command("verify", _verify, "kiểm tra chỉ mục: từng tệp, từng đoạn", json=True)
    command("library", _library, "liệt kê văn bản trong chỉ mục", json=True)
    show = command("show", _show, "hiện nội dung và các đoạn của một văn bản", json=True)
    show.add_argument("document", metavar="DOC", help="tên tệp như `library` liệt kê, hoặc số hiệu")
    off = command("off", _off, "ngừng trả lời ngay, ở mọi tiến trình; người hỏi được báo lý do")
    off.add_argument("reason", metavar="LÝ_DO", help="lý do, ai hỏi cũng đọc được")
    command("on", _on, "trả lời trở lại")
    report = command(
        "report", _report, "báo cáo cho lãnh đạo: hỏi gì, trả lời được bao nhiêu, thiếu gì"
    )
    report.add_argument(
        "file", type=_page, metavar="FILE", help="trang .html sẽ ghi, mở bằng trình duyệt"
    )
    report.add_argument(
        "--days", type=_days, default=30, metavar="N", help="bao nhiêu ngày qua (mặc định 30)"
    )
    kept = command("backup", _backup, "sao lưu bộ nhớ của bot và thư mục văn bản vào một tệp")
    kept.add_argument("file", type=Path, metavar="FILE", help="tệp .tar.gz sẽ ghi, chưa có")
    back = command("restore", _restore, "khôi phục từ bản sao lưu vào thư mục trống")
    back.add_argument("file", type=Path, metavar="FILE", help="tệp do `backup` ghi")
    command("doctor", _doctor, "kiểm tra cài đặt, mô hình, chỉ mục, token, đĩa và chỉ cách sửa")
    _evaluations(commands.add_parser("eval", help="đo chất lượng", description="Đo chất lượng."))
    return parser


def _days(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) <= 366):
        raise argparse.ArgumentTypeError(f"“{text}” phải là số ngày từ 1 đến 366")
    return int(text)


def _page(text: str) -> Path:
    """A page's file: under another name no browser would open it."""
    if not text.lower().endswith((".html", ".htm")):
        raise argparse.ArgumentTypeError(f"“{text}” phải có đuôi .html")
    return Path(text)


def _evaluations(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(title="phép đo", metavar="PHÉP_ĐO", required=True)
    retrieval = kinds.add_parser("retrieval", help="tìm đúng đoạn: hit@k, MRR, nDCG")
    retrieval.set_defaults(command=_eval_retrieval)
    retrieval.add_argument(
        "folder", type=Path, metavar="DIR", help="thư mục có passages.jsonl và questions.jsonl"
    )
    answers = kinds.add_parser("answers", help="trả lời đúng: văn bản, bằng chứng, từ chối")
    answers.set_defaults(command=_eval_answers)
    answers.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="bộ câu hỏi .jsonl, một hay nhiều tệp"
    )
    answers.add_argument("--html", type=_page, metavar="FILE", help="ghi báo cáo có biểu đồ")
    answers.add_argument(
        "--compare", type=Path, metavar="RUN", help="so với kết quả JSON lần trước"
    )
    for kind in (retrieval, answers):
        kind.add_argument("--json", action="store_true", help="in kết quả dạng JSON cho máy đọc")


# --- the library -------------------------------------------------------------------------------


def _reindex(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    libraries = arguments.paths or settings.libraries
    from bot.commands.reindexing import asked, report_lines
    from bot.private import keep_private
    from index.retrieval.encoder import open_encoder
    from index.store.build import reindex
    from knowledge.abbreviations import maintained

    keep_private(settings.data)
    try:
        report = reindex(
            settings.data, libraries, open_encoder(settings.model), progress=True,
            limits=_limits(settings), agree=(lambda _: True) if arguments.yes else asked,
        )  # fmt: skip
    except CdsbotError as error:
        if not isinstance(error, AlreadyRunning):
            record_failure(settings.data, str(error))  # a running bot tells its administrators
        raise
    if arguments.json:
        _print_json(report.as_json())
    else:
        _print_lines(report_lines(report))
    try:
        maintained(settings.data)
    except TableUnreadable as error:
        print(error, file=sys.stderr)
    return 0


def _limits(settings: Settings) -> Limits:
    from index.store.apart import Limits

    return Limits(settings.read_seconds, settings.read_megabytes)


def _read(arguments: argparse.Namespace) -> int:
    from bot.commands.reading import read_file, reading_json, reading_lines, write_page

    document = read_file(arguments.file, _limits(load_settings()))
    if arguments.page:
        opened = write_page(document, arguments.page)
        print(f"Đã ghi {arguments.page}." + ("" if opened else " Hãy mở bằng trình duyệt."))
    elif arguments.json:
        _print_json(reading_json(document))
    else:
        _print_lines(reading_lines(document))
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from index.store.generation import verify

    found = verify(load_settings().data)
    if arguments.json:
        _print_json(
            {"ok": found.ok, "problems": found.problems, "files": found.files,
             "documents": found.documents, "passages": found.passages}
        )  # fmt: skip
    elif found.ok:
        print(
            f"Chỉ mục nguyên vẹn: {found.files} tệp, {found.documents} văn bản, "
            f"{found.passages} đoạn."
        )
    else:
        print("Chỉ mục hỏng:", *found.problems, "Hãy chạy `cdsbot reindex`.", sep="\n  ")
    return 0 if found.ok else 1


def _generation(settings: Settings) -> Generation:
    """What serves now, to be read only: no model is needed, so any will do."""
    from index.store.generation import open_generation, serving_folder

    return open_generation(serving_folder(settings.data))


def _library(arguments: argparse.Namespace) -> int:
    from index.store.unread import kept

    settings = load_settings()
    entries, unread = tuple(_generation(settings).listed.values()), kept(settings.data)
    if arguments.json:
        _print_json(
            [_entry_json(entry) | _unread_json(unread.get(entry.path)) for entry in entries]
        )
        return 0
    from bot.commands.reindexing import unread_lines
    from bot.commands.terminal import table
    from bot.screens.standing import standing
    from bot.screens.texts import VIETNAMESE

    rows = [
        (
            entry.path, standing(entry.metadata, VIETNAMESE) or VIETNAMESE.status["unknown"],
            entry.metadata.number,
            date_of(entry.metadata.date), str(entry.passages), entry.metadata.title,
        )
        for entry in entries
    ]  # fmt: skip
    _print_lines(table(("Tệp", "Hiệu lực", "Số hiệu", "Ngày", "Đoạn", "Tên"), rows))
    _print_lines(unread_lines(unread[entry.path] for entry in entries if entry.path in unread))
    return 0


def _unread_json(file: RejectedFile | None) -> dict[str, str]:
    """Why the file could not be read the last time, and from when the reading is that serves."""
    return {"unread": file.reason, "kept_from": file.kept_from} if file else {}


def _show(arguments: argparse.Namespace) -> int:
    generation = _generation(load_settings())
    entry = _named(tuple(generation.listed.values()), arguments.document)
    text = generation.document(entry.path).text
    passages = [generation.passages[row] for row in entry.rows]
    if arguments.json:
        _print_json(
            {
                **_entry_json(entry),
                "text": text,
                "passages": [
                    {"section": p.section, "heading": p.heading, "page": p.page,
                     "start": p.start, "end": p.end}
                    for p in passages
                ],
            }
        )  # fmt: skip
        return 0
    from bot.commands.terminal import source

    print(f"{entry.path}\n{source(entry.metadata)}")
    end = 0
    for passage in passages:
        # the text between passages is shown too: a document is read whole here
        print(text[end : passage.start].strip("\n"))
        print(f"── [{passage.start}–{passage.end}] {passage.section}".rstrip())
        print(text[passage.start : passage.end])
        end = passage.end
    print(text[end:].strip("\n"))
    return 0


def _named(entries: Sequence[Entry], name: str) -> Entry:
    """The document of that path, file name or number; raises DocumentUnknown, naming the nearest."""
    import difflib

    from knowledge.vietnamese import fold

    wanted = fold(name.strip())
    for names in (
        lambda entry: (entry.path,),
        lambda entry: (Path(entry.path).name, Path(entry.path).stem, entry.metadata.number),
    ):
        found = [entry for entry in entries if wanted in map(fold, names(entry))]
        if len(found) == 1:
            return found[0]
        if found:
            paths = ", ".join(entry.path for entry in found)
            raise DocumentUnknown(
                f"Có {len(found)} văn bản tên “{name}”: {paths}. Hãy ghi tên tệp muốn xem."
            )
    near = difflib.get_close_matches(name, [entry.path for entry in entries], 3, 0.4)
    hint = f" Gần giống: {', '.join(near)}." if near else " Xem `cdsbot library`."
    raise DocumentUnknown(f"Không có văn bản nào tên “{name}” trong chỉ mục.{hint}")


def _entry_json(entry: Entry) -> dict[str, Any]:
    known = entry.metadata
    return {
        "document": entry.path,
        "title": known.title,
        "number": known.number,
        "date": known.date,
        "issuer": known.issuer,
        "kind": known.kind,
        "status": known.status,
        "effective": known.effective,
        "expires": known.expires,
        "replaced_by": known.replaced_by,
        "url": known.url,
        "passages": entry.passages,
        "sha256": entry.sha256,
        "added": entry.added,
    }


# --- questions ---------------------------------------------------------------------------------


def _ask(arguments: argparse.Namespace) -> int:
    from bot.commands.asking import answer_json, batch, sound
    from bot.phrased import phrased

    question = sound(" ".join(arguments.question)).strip()
    if bool(question) == bool(arguments.batch):
        raise CdsbotError('Hãy cho một câu hỏi (`cdsbot ask "…"`) hoặc một tệp (`--batch FILE`).')
    if arguments.batch:
        lines = _lines(arguments.batch)
        settings = load_settings()
        whole = batch(_serving(settings), lines, arguments.explain, settings.contact)
        return 0 if whole else 1
    turns = [sound(turn) for turn in arguments.turn]
    settings = load_settings()
    answer = phrased(_serving(settings).answerer().answer(question, turns), settings)
    if arguments.json:
        _print_json(answer_json(answer, arguments.explain, settings.contact))
    else:
        from bot.commands.terminal import answer_lines

        _print_lines(answer_lines(answer, arguments.explain, settings.contact))
    return 0


def _lines(name: str) -> list[str]:
    if name == "-":
        return sys.stdin.readlines()
    try:
        with Path(name).open(encoding="utf-8-sig", errors="replace") as file:
            return file.readlines()
    except OSError as error:
        raise CdsbotError(f"Không đọc được {name}: {reason(error)}.") from error


def _chat(arguments: argparse.Namespace) -> int:
    from bot.commands.asking import chat

    settings = load_settings()
    chat(_serving(settings), settings)
    return 0


def _serving(settings: Settings) -> Serving:
    from index.retrieval.encoder import open_encoder
    from index.serving import Serving

    return Serving(settings.data, open_encoder(settings.model), settings.contact)


# --- the bot, and whether all is well ----------------------------------------------------------


def _run(arguments: argparse.Namespace) -> int:
    from bot.heaps import share_heaps
    from bot.logs import start_logging
    from bot.telegram import run_polling, run_webhook

    share_heaps()
    settings = load_settings()
    start_logging(settings.log_level, settings.log_format)
    (run_webhook if arguments.webhook else run_polling)(settings, _serving(settings))
    return 0


def _off(arguments: argparse.Namespace) -> int:
    from bot.watching.incidents import note
    from bot.watching.switch import turn_off

    if not arguments.reason.strip():
        raise CdsbotError('Hãy cho lý do, người hỏi sẽ đọc: cdsbot off "đang kiểm tra văn bản".')
    data = load_settings().data
    off = turn_off(data, arguments.reason)
    note(data, "off", reason=off.reason)
    print(f"Đã ngừng trả lời. Người hỏi được báo: “{off.reason}”. Mở lại bằng `cdsbot on`.")
    return 0


def _on(arguments: argparse.Namespace) -> int:
    from bot.watching.incidents import note
    from bot.watching.switch import turn_on

    data = load_settings().data
    if turn_on(data):
        note(data, "on")
        print("Đã trả lời trở lại.")
    else:
        print("Vẫn đang trả lời.")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from bot.commands.report import read
    from bot.reports.page import html

    figures = read(load_settings(), arguments.days)
    arguments.file.write_text(html(figures), encoding="utf-8")
    print(f"Đã ghi {arguments.file}: {figures.questions} câu hỏi trong {arguments.days} ngày.")
    return 0


def _backup(arguments: argparse.Namespace) -> int:
    from bot.commands.archive import backup

    made = backup(load_settings(), arguments.file)
    print(f"Đã sao lưu và kiểm tra lại: {arguments.file}, {made.files} tệp, {made.bytes} byte.")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from bot.commands.archive import restore
    from knowledge.calendar import minute_of

    made = restore(load_settings(), arguments.file)
    at = f"sao lưu lúc {minute_of(made.made)} (giờ Việt Nam)"
    print(f"Đã khôi phục {made.files} tệp, {at}. Hãy chạy `cdsbot reindex`.")
    return 0


def _try(arguments: argparse.Namespace) -> int:
    from bot.commands.try_out import run_try
    from bot.logs import start_logging

    settings = load_settings()
    # beside the page's address, only what went wrong, unless more is asked for
    start_logging("DEBUG" if settings.log_level == "DEBUG" else "WARNING")
    run_try(settings)
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from bot.commands.doctor import examine

    sound = True
    for finding in examine():
        sound &= finding.ok
        print(("✓ " if finding.ok else "✗ ") + finding.text, flush=True)
    return 0 if sound else 1


# --- measures ----------------------------------------------------------------------------------


def _eval_retrieval(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    from bot.commands.terminal import table
    from index.evaluation.retrieval import read_set, retrieval
    from index.retrieval.encoder import open_encoder

    report = retrieval(
        read_set(arguments.folder),
        open_encoder(settings.model),
        progress=True,
    )
    if arguments.json:
        _print_json(report)
        return 0
    names = {"typed": "có dấu", "bare": "không dấu", "typos": "gõ sai"}
    halves = {"dense": "véc-tơ", "lexical": "từ ngữ", "fused": "kết hợp"}
    measures = report["typed"]["fused"]
    rows = [
        (names[form], halves[half], *(f"{report[form][half][name]:.4f}" for name in measures))
        for form in names
        for half in halves
    ]
    print(f"{report['set']}: {report['passages']} đoạn, {report['questions']} câu hỏi")
    _print_lines(table(("Câu hỏi", "Cách tìm", *measures), rows))
    return 0


def _eval_answers(arguments: argparse.Namespace) -> int:
    from index.evaluation.answers import Run, measure, read_questions
    from index.evaluation.compare import compare, read_run
    from index.evaluation.report import html

    questions = [question for file in arguments.files for question in read_questions(file)]
    earlier = read_run(arguments.compare) if arguments.compare else None
    answerer = _serving(load_settings()).answerer()
    documents = {one.document for one in questions if one.document}
    if documents and documents.isdisjoint(answerer.generation.entry):
        lacking = (
            f"Chỉ mục không có văn bản nào mà bộ câu hỏi hỏi tới, ví dụ {min(documents)}. Hãy lập chỉ "
            "mục những văn bản ấy trước (CDSBOT_LIBRARY, rồi `cdsbot reindex`)."
        )
        if not (arguments.json or arguments.html or arguments.compare):
            raise CdsbotError(lacking)
        print(lacking, file=sys.stderr)  # a script compares refusals, perhaps
    judged = measure(questions, answerer.answer, answerer.generation.document, progress=True)
    names = tuple(file.stem for file in arguments.files)
    run = Run(names, answerer.generation.identity, tuple(judged))
    comparison = compare(earlier, run.as_json()) if earlier else None
    if arguments.html:
        arguments.html.write_text(html(run, comparison), encoding="utf-8")
    if arguments.json:
        compared = {"compared": comparison.as_json()} if comparison else {}
        _print_json(run.as_json() | compared)
    else:
        _print_answers(run, comparison)
    return 0


def _print_answers(run: Run, comparison: Comparison | None) -> None:
    from bot.commands.terminal import table
    from index.evaluation.report_words import HEADS, comparison_lines, failure_lines, remarks, rows

    _print_lines(table(HEADS, rows(run)))
    _print_lines(remarks(run))
    _print_lines(failure_lines(run))
    if comparison:
        _print_lines(comparison_lines(comparison))


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False))


def _print_lines(lines: Iterator[str]) -> None:
    for line in lines:
        print(line)


if __name__ == "__main__":
    sys.exit(main())
