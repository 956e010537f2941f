"""`textmine topics`: fit a bilingual topic model, list and show its topics, follow them, assign other documents."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textmine.commands.options import (
    ChartLanguageOption,
    ChartOption,
    CorpusOption,
    FormatOption,
    LimitOption,
    OutputOption,
    SeedOption,
    chart_format,
    chart_words,
    corpus_settings,
    print_rows,
    warn,
    write_chart,
)
from textmine.errors import DocumentError

if TYPE_CHECKING:
    from textmine.settings import Settings
    from textmine.topics import TopicModel

__all__ = ["register"]


class Kind(StrEnum):
    """Which factorisation."""

    NMF = "nmf"
    LDA = "lda"


class By(StrEnum):
    """What shares are split by."""

    YEAR = "year"
    PERIOD = "period"
    REGION = "region"
    LEVEL = "level"
    TYPE = "type"
    LANGUAGE = "language"


FolderOption = Annotated[
    Path | None, typer.Option("--model-folder", help="A model in a folder, not the one in the store.")
]
NamesOption = Annotated[
    Path | None, typer.Option("--names", help="YAML with `rename`, `merge` and `hide`: your own decisions on topics.")
]

topics_app = typer.Typer(no_args_is_help=True, help="Topics of both languages in one model, with their stability.")


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    app.add_typer(topics_app, name="topics")


@topics_app.command("fit")
def fit(
    corpus: CorpusOption = None,
    topics: Annotated[int | None, typer.Option("--topics", min=2, help="Number of topics, anchors included.")] = None,
    model: Annotated[Kind, typer.Option("--model", help="nmf (stable, the default) or lda.")] = Kind.NMF,
    seed_codes: Annotated[
        list[str] | None,
        typer.Option("--seed-codes", help="An anchor topic for these codes (`barrier.*`); may be repeated; `none`."),
    ] = None,
    choose: Annotated[
        str | None, typer.Option("--choose", help="Try these numbers (`8,12,16`), print figures, keep the best.")
    ] = None,
    with_c_v: Annotated[bool, typer.Option("--c-v", help="With --choose: also coherence c_v (slow).")] = False,
    keep_names: Annotated[
        bool, typer.Option("--keep-names", help="Leave in names of regions and clusters, titles and issuers.")
    ] = False,
    model_folder: Annotated[
        Path | None, typer.Option("--model-folder", help="Also write the model into this folder.")
    ] = None,
    seed: SeedOption = None,
    chart: ChartOption = None,
    chart_language: ChartLanguageOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Fit topics to the corpus in the store and print them; with --choose, the figures of each number of topics.

    Example: textmine topics fit --topics 15 --seed-codes 'barrier.*' --seed-codes priority.ict
    """
    from textmine.findings.topic_sample import sample_note
    from textmine.findings.topics import (
        CHOICE_COLUMNS,
        TOPIC_COLUMNS,
        choose_store_topics,
        fit_store_topics,
        topic_rows,
    )
    from textmine.store import Store

    settings = corpus_settings(corpus, seed=seed)
    shape = chart_format(chart)
    if chart and choose is None:
        raise typer.BadParameter("--chart draws the figures of --choose 8,12,16; shares: textmine topics over-time.")
    seeds = [code for code in seed_codes if code != "none"] if seed_codes else None
    with Store.open(settings.corpus, mode="rw") as store:
        if choose is not None:
            candidates = choose_store_topics(
                store,
                settings,
                candidates=_parse_numbers(choose),
                kind=model.value,
                seed_codes=seeds,
                mask=not keep_names,
                with_c_v=with_c_v,
                model_folder=model_folder,
            )
            rows = [{column: getattr(candidate, column) for column in CHOICE_COLUMNS} for candidate in candidates]
            print_rows(rows, CHOICE_COLUMNS, format=format, output=output)
            if chart and shape:
                from textmine.report.topic_charts import topic_choice_chart

                write_chart(topic_choice_chart(rows, language=chart_words(chart_language, settings)), chart, shape)
            return
        fitted = fit_store_topics(
            store,
            settings,
            n_topics=topics,
            kind=model.value,
            seed_codes=seeds,
            mask=not keep_names,
            model_folder=model_folder,
        )
        print_rows(topic_rows(store), TOPIC_COLUMNS, format=format, output=output)
        if note := sample_note(fitted):
            warn(note)


@topics_app.command("list")
def list_topics(
    corpus: CorpusOption = None,
    model_folder: FolderOption = None,
    names: NamesOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """List the topics: labels and terms in both languages, share of the text, stability, coherence.

    Topics with a stability below 0.5 have no label: they change with the documents and should not be interpreted.

    Example: textmine topics list --corpus sample.db --format csv
    """
    from textmine.findings.topics import TOPIC_COLUMNS, stored_model, topic_rows
    from textmine.store import Store

    settings = corpus_settings(corpus)
    with Store.open(settings.corpus) as store:
        rows = topic_rows(store, folder=model_folder, names=names)
        if not rows:
            stored_model(store)  # says how to get one
    print_rows(rows, TOPIC_COLUMNS, format=format, output=output, limit=limit)


@topics_app.command("show")
def show(
    topic: Annotated[str, typer.Argument(help="A topic of `topics list`, such as barrier or topic-02.")],
    corpus: CorpusOption = None,
    model_folder: FolderOption = None,
    names: NamesOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """Show the passages that are most about a topic, in both languages, with file and page.

    Example: textmine topics show barrier --limit 4
    """
    from textmine.findings.topics import EXAMPLE_COLUMNS, example_rows, stored_model
    from textmine.store import Store

    settings = corpus_settings(corpus)
    with Store.open(settings.corpus) as store:
        rows = example_rows(store, stored_model(store, folder=model_folder, names=names), topic)
    print_rows(rows, EXAMPLE_COLUMNS, format=format, output=output, limit=limit)


@topics_app.command("over-time")
def over_time(
    by: Annotated[By, typer.Option("--by", help="year, period, region, level, type or language.")] = By.PERIOD,
    corpus: CorpusOption = None,
    model_folder: FolderOption = None,
    names: NamesOption = None,
    dynamic: Annotated[
        bool, typer.Option("--dynamic", help="Let the words of topics drift (gensim LdaSeqModel); slow, small corpora.")
    ] = False,
    topics: Annotated[int, typer.Option("--topics", min=2, help="With --dynamic: number of topics.")] = 8,
    chart: ChartOption = None,
    chart_language: ChartLanguageOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """Print the share of each topic in the text of each period, with 95 % intervals.

    With --dynamic: the ten leading terms of each topic in each period, by a model fitted anew (minutes, not seconds).

    Example: textmine topics over-time --by year --chart topics.svg
    """
    shape = chart_format(chart)
    if dynamic:
        if chart or by not in (By.PERIOD, By.YEAR):
            raise typer.BadParameter("--dynamic prints terms by --by period or year; leave out --chart.")
        _print_dynamic(corpus, by.value, topics, format, output, limit)
        return
    from textmine.findings.topics import SHARE_COLUMNS, share_rows, stored_model, topic_findings
    from textmine.store import Store

    settings = corpus_settings(corpus)
    with Store.open(settings.corpus) as store:
        model = stored_model(store, folder=model_folder, names=names)
        rows = share_rows(model, topic_findings(store, settings, model, by=by.value), by=by.value)
    columns = [by.value if column == "by" else column for column in SHARE_COLUMNS]
    print_rows(rows, columns, format=format, output=output, limit=limit)
    if chart and shape:
        from textmine.report.topic_charts import topic_shares_chart

        words = chart_words(chart_language, settings)
        write_chart(topic_shares_chart(rows, by=by.value, language=words), chart, shape)


def _print_dynamic(
    corpus: Path | None, by: str, n_topics: int, format: Any, output: Path | None, limit: int | None
) -> None:
    from textmine.findings.topics import dynamic_rows
    from textmine.store import Store

    settings = corpus_settings(corpus)
    warn("fitting a dynamic model; a corpus of thirty documents takes about four minutes")
    with Store.open(settings.corpus) as store:
        rows = dynamic_rows(store, settings, n_topics=n_topics, by=by)
    print_rows(
        rows, ("topic", by, "terms_pl", "terms_en", "share", "n_units"), format=format, output=output, limit=limit
    )


@topics_app.command("compare")
def compare(
    first: Annotated[str, typer.Argument(help="A group, such as mazowieckie.")],
    second: Annotated[str, typer.Argument(help="Another one, such as lubelskie.")],
    by: Annotated[By, typer.Option("--by", help="What the groups are.")] = By.REGION,
    corpus: CorpusOption = None,
    model_folder: FolderOption = None,
    names: NamesOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """Compare the shares of topics in two groups of documents: the difference, with a 95 % interval.

    Example: textmine topics compare mazowieckie lubelskie; textmine topics compare 2007-13 2014-20 --by period
    """
    from textmine.findings.topics import COMPARE_COLUMNS, compare_rows, stored_model
    from textmine.store import Store

    settings = corpus_settings(corpus)
    with Store.open(settings.corpus) as store:
        model = stored_model(store, folder=model_folder, names=names)
        rows = compare_rows(store, settings, model, first, second, by=by.value)
    print_rows(rows, COMPARE_COLUMNS, format=format, output=output, limit=limit)


@topics_app.command("assign")
def assign(
    paths: Annotated[list[Path], typer.Argument(help="Documents and folders of documents.")],
    corpus: CorpusOption = None,
    model_folder: FolderOption = None,
    names: NamesOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """Assign documents that are not in the store to its topics; nothing is fitted again.

    Example: textmine topics assign new_strategy.pdf --format csv
    """
    from textmine.findings.topics import ASSIGN_COLUMNS, stored_model
    from textmine.store import Store

    settings = corpus_settings(corpus)
    if model_folder is not None:
        model = stored_model(None, folder=model_folder, names=names)
    else:
        with Store.open(settings.corpus) as store:
            model = stored_model(store, names=names)
    rows, n_failed = _assign_paths(model, paths, settings)
    print_rows(rows, ASSIGN_COLUMNS, format=format, output=output, limit=limit)
    if n_failed:
        raise typer.Exit(1)


def _assign_paths(model: TopicModel, paths: list[Path], settings: Settings) -> tuple[list[dict[str, Any]], int]:
    """The rows of all readable documents, and how many could not be read or hold no known word."""
    from textmine.coding import load_coder
    from textmine.findings.topics import assign_readings
    from textmine.ingest import code_reading
    from textmine.reading import find_documents, read_document

    coder = load_coder(settings)
    rows: list[dict[str, Any]] = []
    n_failed = 0
    for path in find_documents(paths):
        try:
            coded = code_reading(read_document(path, settings=settings), coder=coder)
        except DocumentError as error:
            warn(f"error: {error}")
            n_failed += 1
            continue
        found = assign_readings(model, [(coded.reading, coded.sentences, coded.mentions)])
        if not found:
            warn(f"error: {path}: none of its words is in the model. Is there text? textmine extract {path}")
            n_failed += 1
        rows += found
    return rows, n_failed


def _parse_numbers(text: str) -> list[int]:
    """The numbers of `8,12,16`."""
    try:
        numbers = sorted({int(part) for part in text.split(",")})
    except ValueError:
        raise typer.BadParameter(f"--choose: found {text!r}, expected numbers such as 8,12,16.") from None
    if numbers[0] < 2:
        raise typer.BadParameter("--choose: a model has at least 2 topics.")
    return numbers
