"""Polish help: each paragraph and option text of the commands with its translation, put in when the program starts.

English stands in the commands themselves. `tests/commands/test_help_languages.py` asks that nothing is left out.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from typing import Any, Literal

from textmine.errors import SettingsError
from textmine.settings import load_settings

__all__ = ["POLISH", "help_language", "translate", "translated"]

#: The variables that say a user's language, in the order of POSIX.
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def help_language() -> Literal["pl", "en"]:
    """The language of help: TEXTMINE_LANG or `lang` of textmine.toml, else that of the locale, else English."""
    try:
        chosen = load_settings().lang
    except SettingsError:  # help must show; the command itself will say what is wrong
        chosen = ""
    if not chosen:
        named = next((value for name in _LOCALE if (value := os.environ.get(name))), "")
        if not named and os.name == "nt":
            named = locale.getlocale()[0] or ""
        chosen = "pl" if named.lower().startswith(("pl", "polish")) else "en"
    return "pl" if chosen == "pl" else "en"


def translated(text: str, table: Mapping[str, str]) -> str:
    """A help text, paragraph by paragraph; examples keep their call. What the table lacks stays as it is."""
    parts = []
    for part in text.split("\n\n"):
        if part.startswith("Example: "):
            parts.append("Przykład: " + part.removeprefix("Example: "))
        else:
            parts.append(table.get(" ".join(part.split()), part))
    return "\n\n".join(parts)


def translate(command: Any) -> None:
    """Put the Polish texts into a command, its options and the commands below it, in place."""
    for holder in (command, *command.params):
        for field in ("help", "short_help"):
            if text := getattr(holder, field, None):
                setattr(holder, field, translated(text, POLISH))
    for param in command.params:
        _name_panel(param)
    command.options_metavar = "[OPCJE]"
    _translate_frame(command)
    if children := getattr(command, "commands", {}):
        command.subcommand_metavar = "POLECENIE [ARGUMENTY]..."
    for child in children.values():
        child.rich_help_panel = "Polecenia"
        translate(child)


def _name_panel(param: Any) -> None:
    param.rich_help_panel = "Argumenty" if param.param_type_name == "argument" else "Opcje"


def _translate_frame(command: Any) -> None:
    """The words that Typer puts around ours: it has no translations of its own."""
    usage, help_option, format_help = command.get_usage, command.get_help_option, command.format_help

    def polish_usage(context: Any) -> str:
        return str(usage(context)).replace("Usage:", "Użycie:", 1)

    def polish_help_option(context: Any) -> Any:
        option = help_option(context)
        if option is not None:
            option.help = "Pokaż tę pomoc i zakończ."
            _name_panel(option)
        return option

    def polish_help(context: Any, formatter: Any) -> None:
        from typer import rich_utils  # Rich loads only when help is shown

        before = rich_utils.DEFAULT_STRING, rich_utils.REQUIRED_LONG_STRING
        rich_utils.DEFAULT_STRING, rich_utils.REQUIRED_LONG_STRING = "[domyślnie: {}]", "[wymagane]"
        try:
            format_help(context, formatter)
        finally:
            rich_utils.DEFAULT_STRING, rich_utils.REQUIRED_LONG_STRING = before

    command.get_usage, command.get_help_option, command.format_help = polish_usage, polish_help_option, polish_help


POLISH: dict[str, str] = {
    # the program
    "Mine Polish and English cluster-policy documents: clusters, barriers, priorities over time, with evidence.": "Bada polskie i angielskie dokumenty polityki klastrowej: klastry, bariery i priorytety w czasie, z dowodami.",
    "Show the traceback of an error.": "Pokaż ślad wykonania przy błędzie.",
    "Print the version.": "Wypisz wersję.",
    # what many commands share
    "How to write rows; a table on a terminal, TSV when piped.": "Postać wierszy; tabela w terminalu, TSV w potoku.",
    "Write to this file, not to stdout.": "Zapisz do tego pliku zamiast na stdout.",
    "Rows at most; 50 on a terminal, all when piped.": "Najwięcej wierszy; w terminalu 50, w potoku wszystkie.",
    "The store; default textmine.db or TEXTMINE_CORPUS.": "Baza korpusu; domyślnie textmine.db albo TEXTMINE_CORPUS.",
    "A code or pattern (`barrier.*`); may be repeated.": "Kod lub wzorzec (`barrier.*`); można powtarzać.",
    "A region, such as mazowieckie.": "Region, na przykład mazowieckie.",
    "eu, national, regional or local.": "eu, national (krajowy), regional lub local.",
    "strategy, programme, report, evaluation, law or article.": "strategy (strategia), programme (program), report (raport), evaluation (ewaluacja), law (akt prawny) lub article (artykuł).",
    "pl or en.": "pl lub en.",
    "A year or a range A:B, both ends included.": "Rok lub zakres A:B, oba końce włącznie.",
    "Words of a heading above the passage.": "Słowa nagłówka nad fragmentem.",
    "Seed of everything random.": "Ziarno wszystkiego, co losowe.",
    "Also draw a picture: FILE.svg, FILE.png or FILE.html.": "Narysuj też wykres: PLIK.svg, PLIK.png lub PLIK.html.",
    "pl or en; default TEXTMINE_LANG, else en.": "pl lub en; domyślnie TEXTMINE_LANG, inaczej en.",
    "Your own codebook file or folder.": "Własna książka kodów: plik lub folder.",
    "Your own codebook file or folder; default ours.": "Własna książka kodów: plik lub folder; domyślnie nasza.",
    "keyword, auto or the folder of a model.": "keyword, auto lub folder modelu.",
    "auto, never or always.": "auto, never (nigdy) lub always (zawsze).",
    "auto, pdfium or pdfplumber.": "auto, pdfium lub pdfplumber.",
    "Worker processes; 0: one a core.": "Procesy robocze; 0: jeden na rdzeń.",
    "Language of the report: pl or en.": "Język raportu: pl lub en.",
    "Documents and folders of documents.": "Dokumenty i foldery z dokumentami.",
    # demo
    "Run the main job on the sample corpus: read, code, topics, trends, integration, report.": "Wykonuje główne zadanie na przykładowym korpusie: czytanie, kodowanie, tematy, trendy, integracja, raport.",
    "The HTML report.": "Raport HTML.",
    # ingest
    "Read documents, code their sentences and store them; what is done is skipped.": "Czyta dokumenty, koduje ich zdania i zapisuje w bazie; pomija to, co już zrobione.",
    "Can be stopped at any time and run again. A changed codebook codes anew without reading again.": "Można przerwać w każdej chwili i uruchomić ponownie. Zmieniona książka kodów oznacza kodowanie od nowa bez ponownego czytania.",
    "What is given of documents wins over what their covers tell: a table, then a bibliography (items are tied to documents by their attachments), then the file name.": "To, co podano o dokumentach, ma pierwszeństwo przed tym, co mówią ich okładki: najpierw tabela, potem bibliografia (pozycje są wiązane z dokumentami przez załączniki), potem nazwa pliku.",
    "CSV or XLSX: path, title, year, region, level, type, issuer, languages.": "CSV lub XLSX: path, title, year, region, level, type, issuer, languages (albo po polsku: plik, tytuł, rok, województwo…).",
    "Zotero or JabRef: FILE.bib, .json, .rdf or .csv, or an export's folder.": "Zotero lub JabRef: PLIK.bib, .json, .rdf lub .csv, albo folder eksportu.",
    "What file names say: '{region}_{year}_{title}.pdf'.": "Co mówią nazwy plików: '{region}_{year}_{title}.pdf'.",
    "Worker processes (0: one a core), serial, or dask:N for a Dask cluster here.": "Procesy robocze (0: jeden na rdzeń), serial albo dask:N: klaster Dask na tym komputerze.",
    "Address of a Dask scheduler: tcp://HOST:PORT.": "Adres planisty Dask: tcp://HOST:PORT.",
    "Its workers open the documents by path; else they are sent.": "Procesy klastra otwierają dokumenty po ścieżce; inaczej są im przesyłane.",
    "A file whose first line opens encrypted documents.": "Plik, którego pierwszy wiersz to hasło zaszyfrowanych dokumentów.",
    "Also process what the store holds already.": "Przetwórz także to, co baza już zawiera.",
    "Only list what would be done, and why.": "Tylko wypisz, co byłoby zrobione i dlaczego.",
    # merge
    "Join stores: documents, codes, runs and saved queries. A document that stands in several is kept once.": "Łączy bazy: dokumenty, kody, przebiegi i zapisane zapytania. Dokument obecny w kilku bazach zostaje jeden raz.",
    "Topics and vectors are of one corpus and are not taken over: fit and store them anew.": "Tematy i wektory należą do jednego korpusu i nie są przenoszone: trzeba je wyznaczyć od nowa.",
    "The stores; without --output the first takes in the others.": "Bazy; bez --output pierwsza przyjmuje pozostałe.",
    "A new store for all, which leaves the others as they are.": "Nowa baza na wszystko; pozostałe się nie zmieniają.",
    "Of a document made in two ways, take that of the later store.": "Z dokumentu przetworzonego na dwa sposoby weź ten z późniejszej bazy.",
    # extract
    "Print the text of a document as blocks in reading order, each with its kind, section, language and place.": "Wypisuje tekst dokumentu jako bloki w kolejności czytania, każdy z rodzajem, sekcją, językiem i miejscem.",
    "Lengths are in points from the top left corner of the page.": "Długości w punktach od lewego górnego rogu strony.",
    "A PDF, text, Markdown, HTML or DOCX file.": "Plik PDF, tekstowy, Markdown, HTML lub DOCX.",
    "Also running headers and footers, contents lines and text in figures.": "Także żywa pagina, stopki, spisy treści i tekst w rysunkach.",
    "Scanned pages: auto, never or always.": "Strony skanowane: auto, never (nigdy) lub always (zawsze).",
    "A file whose first line opens the document.": "Plik, którego pierwszy wiersz to hasło dokumentu.",
    # classify
    "Say what each sentence is about: clusters, barriers, priorities, instruments, integration.": "Mówi, o czym jest każde zdanie: klastry, bariery, priorytety, instrumenty, integracja.",
    "Documents, folders, or .jsonl files with id, lang, text.": "Dokumenty, foldery lub pliki .jsonl z id, lang, text.",
    "One row a sentence or one a document.": "Jeden wiersz na zdanie albo jeden na dokument.",
    "Leave out sentences that carry no code.": "Pomiń zdania bez kodu.",
    # query
    "Find words, phrases and patterns by lemma in both languages.": "Znajduje słowa, frazy i wzorce według form podstawowych w obu językach.",
    'Words, "phrases", AND OR NOT, NEAR/5, klast*, =klastra, fields, CQL; or @NAME.': 'Słowa, "frazy", AND OR NOT, NEAR/5, klast*, =klastra, pola, CQL; lub @NAZWA.',
    "Words as they are written, not by lemma.": "Słowa tak, jak zapisane, nie według formy podstawowej.",
    "Also the codebook's terms in the other language.": "Także terminy książki kodów w drugim języku.",
    "Sentences of this meaning in both languages, nearest first.": "Zdania o tym znaczeniu w obu językach, najbliższe najpierw.",
    "Words at most N words apart, in any order.": "Słowa oddalone najwyżej o N słów, w dowolnej kolejności.",
    "The hit in context, its sentence, or its block.": "Trafienie w kontekście, jego zdanie lub blok.",
    "By the words around the hit, document or year.": "Według słów wokół trafienia, dokumentu lub roku.",
    "Characters on each side of the hit.": "Znaków po każdej stronie trafienia.",
    "Count sentences by year, region, code, language, match, ...": "Policz zdania według year, region, code, language, match, ...",
    "Counts by year, region, level, type, language.": "Liczebności według roku, regionu, poziomu, rodzaju, języka.",
    "Words that go with the hits.": "Słowa towarzyszące trafieniom.",
    "Reach of --collocates, in words.": "Zasięg --collocates, w słowach.",
    "Keep this query; ask it again as @NAME.": "Zapamiętaj to zapytanie; powtórz je jako @NAZWA.",
    "List the saved queries.": "Wypisz zapisane zapytania.",
    "Keep all sentences' vectors, so that --like is fast.": "Zapisz wektory wszystkich zdań, by --like było szybkie.",
    # keyness
    "Words that tell the sentences of one query from those of another (log-odds with an informative prior).": "Słowa, które odróżniają zdania jednego zapytania od zdań drugiego (log-szanse z informatywnym rozkładem a priori).",
    "Words of A come first (z above 1.96 is the usual mark), words of B last.": "Słowa A są pierwsze (zwykły próg: z powyżej 1,96), słowa B ostatnie.",
    "A query: fields such as year:2007..2013, or words.": "Zapytanie: pola, na przykład year:2007..2013, lub słowa.",
    "The query to set against it.": "Zapytanie, z którym je porównać.",
    # mentions
    "List coded sentences with document, page, section, codes, terms and place on the page.": "Wypisuje zakodowane zdania z dokumentem, stroną, sekcją, kodami, terminami i miejscem na stronie.",
    "A cluster's name, or a part of it.": "Nazwa klastra lub jej część.",
    "A file name, path or id, also with * and ?.": "Nazwa pliku, ścieżka lub id, także z * i ?.",
    "Also sentences that only deny the code ('no longer a barrier').": "Także zdania, które tylko zaprzeczają kodowi („nie jest już barierą”).",
    # trends
    "Follow codes over time: rates per 10,000 words and per 100 sentences with intervals, document by document.": "Śledzi kody w czasie: częstości na 10 000 słów i na 100 zdań z przedziałami, dokument po dokumencie.",
    "year, period (EU programming period) or all.": "year (rok), period (okres programowania UE) lub all.",
    "A code, family or pattern (`barrier.*`); may be repeated. Default: the families.": "Kod, rodzina lub wzorzec (`barrier.*`); można powtarzać. Domyślnie: rodziny.",
    "Part of a cluster's name, as a series; may be repeated.": "Część nazwy klastra jako seria; można powtarzać.",
    "A query as in `textmine query`, as a series; may be repeated.": "Zapytanie jak w `textmine query` jako seria; można powtarzać.",
    "Split by region, level, language or type.": "Podziel według region, level, language lub type.",
    "document: the mean of documents' rates; word: pooled text.": "document: średnia z częstości dokumentów; word: cały tekst razem.",
    "Trend tests, breaks, peaks and steps between periods instead of rates.": "Testy trendu, załamania, szczyty i różnice między okresami zamiast częstości.",
    "Two periods A:B: which codes lean to which (log-odds).": "Dwa okresy A:B: które kody ciążą ku któremu (log-szanse).",
    "A family, such as barrier: which code leads, how surely.": "Rodzina, na przykład barrier: który kod przewodzi i jak pewnie.",
    "Hand-coded random sample, a file or its name in the store: corrects for coding errors.": "Ręcznie zakodowana próba losowa, plik lub nazwa w bazie: poprawia o błędy kodowania.",
    "Whose codes correct, where several coded the sample.": "Czyje kody poprawiają, gdy próbę kodowało kilka osób.",
    "Passages that documents share, instead of rates.": "Fragmenty wspólne dokumentom zamiast częstości.",
    "Count a shared passage only in the earliest document.": "Wspólny fragment licz tylko w najwcześniejszym dokumencie.",
    "What the chart draws.": "Co rysuje wykres.",
    "CSV of events for the chart instead of the policy time line: year_from, title.": "CSV zdarzeń na wykres zamiast osi czasu polityki: year_from, title.",
    # integration
    "Measure how cluster policy is tied into development policy: indicators, four sides, composite, intervals.": "Mierzy, jak polityka klastrowa jest wpleciona w politykę rozwoju: wskaźniki, cztery strony, wskaźnik złożony, przedziały.",
    "Text is not practice: a value says what documents tie together. An empty value means too little text, not zero.": "Tekst to nie praktyka: wartość mówi, co łączą dokumenty. Pusta wartość oznacza za mało tekstu, nie zero.",
    "region,period or one of them.": "region,period lub jedno z nich.",
    "Only this indicator, such as S4; may be repeated.": "Tylko ten wskaźnik, na przykład S4; można powtarzać.",
    "The sentences behind the values (also of --answers, --coupling) instead.": "Zamiast wartości zdania, które za nimi stoją (także dla --answers, --coupling).",
    "Rank ranges over 1,000 ways of counting, instead of the values.": "Zakresy miejsc przy 1000 sposobach liczenia zamiast wartości.",
    "Differences between neighbouring periods, instead of the values.": "Różnice między sąsiednimi okresami zamiast wartości.",
    "Which instruments stand by which barriers, instead of the values.": "Które instrumenty stoją przy których barierach zamiast wartości.",
    "Which priorities clusters go with, instead of the values.": "Z którymi priorytetami idą klastry zamiast wartości.",
    "Whose accents a region's documents share, instead of the values.": "Czyje akcenty podzielają dokumenty regionu zamiast wartości.",
    "CSV of S5 as a person read it: region, period, level (0-4).": "CSV wskaźnika S5 odczytanego przez człowieka: region, period, level (0-4).",
    "A placebo: codes that stand in for the cluster codes, such as priority.tourism.": "Placebo: kody w miejsce kodów klastrowych, na przykład priority.tourism.",
    # report
    "Write one HTML file that works offline: what was found, over time, by region, with quotes and methods.": "Zapisuje jeden plik HTML, który działa bez sieci: co znaleziono, w czasie, według regionów, z cytatami i metodami.",
    "The HTML file.": "Plik HTML.",
    # serve
    "Serve the corpus as a web application: search, reader, trends, topics, integration, coding by hand.": "Udostępnia korpus jako aplikację w przeglądarce: wyszukiwanie, czytnik, trendy, tematy, integracja, kodowanie ręczne.",
    "It listens on this machine only. With --host it can be reached by others, who need the token that is printed (TEXTMINE_TOKEN in the environment sets it), and may not code. It speaks plain HTTP: over a network put it behind a proxy with TLS.": "Nasłuchuje tylko na tym komputerze. Z --host jest dostępna dla innych, którym potrzebny jest wypisany token (ustawia go TEXTMINE_TOKEN w środowisku) i którzy nie mogą kodować. Mówi zwykłym HTTP: w sieci postaw przed nią serwer pośredniczący z TLS.",
    "0: any free one.": "0: dowolny wolny.",
    "Another address than this machine's own wants a token; one is made.": "Adres inny niż własny tego komputera wymaga tokenu; zostanie utworzony.",
    "Open the first page in the browser.": "Otwórz pierwszą stronę w przeglądarce.",
    # sample
    "Draw sentences to code by hand, as XLSX with drop-downs, CSV or JSONL, and take the coded files back.": "Losuje zdania do ręcznego kodowania jako XLSX z listami, CSV lub JSONL i przyjmuje zakodowane pliki.",
    "Without options it lists the samples and how far each coder is. Coders see neither the machine's codes nor each other's.": "Bez opcji wypisuje próby i postęp każdej osoby. Kodujący nie widzą ani kodów maszyny, ani kodów drugiej osoby.",
    "Draw so many sentences.": "Wylosuj tyle zdań.",
    "random; stratified (by --by); active (doubtful and unlike ones, a quarter random).": "random (losowo); stratified (warstwowo, według --by); active (wątpliwe i różne od siebie, ćwierć losowo).",
    "Strata: period, language, type, level, region, year, separated by commas.": "Warstwy: period, language, type, level, region, year, rozdzielone przecinkami.",
    "The sample's name; alone: write the sample of this name again.": "Nazwa próby; sama: zapisz próbę o tej nazwie jeszcze raz.",
    "Also the machine's codes: coders are then no longer blind to them.": "Także kody maszyny: kodujący już je wtedy widzą.",
    "Take a coded file into the store; may be repeated.": "Przyjmij zakodowany plik do bazy; można powtarzać.",
    "Who coded the file of --read; else: fill this coder's codes in.": "Kto kodował plik z --read; inaczej: wpisz kody tej osoby.",
    "How many sentences an interval of +- this width needs; may be repeated.": "Ile zdań trzeba na przedział o tej szerokości (+-); można powtarzać.",
    "Coder whose doubt --design active asks for.": "Koder, o którego wątpliwości pyta --design active.",
    # agree
    "Measure how alike two or more people code: Krippendorff's alpha and F1 with 95 % intervals, by code and language.": "Mierzy, jak zgodnie koduje dwoje lub więcej ludzi: alfa Krippendorffa i F1 z przedziałami 95 %, według kodu i języka.",
    "Codes are measured one by one (nominal alpha: given or not), families and all codes as sets. Intervals are bootstrapped over documents. Sentences that only one person coded, or that one skipped, count where two are left.": "Kody mierzone są osobno (alfa nominalna: jest lub nie ma), rodziny i wszystkie kody jako zbiory. Przedziały z bootstrapu po dokumentach. Zdania kodowane przez jedną osobę lub przez kogoś pominięte liczą się, gdy zostaje dwoje kodujących.",
    "Coded files, CSV, XLSX or JSONL, one a coder (or with a column coder).": "Zakodowane pliki CSV, XLSX lub JSONL, jeden na osobę (albo z kolumną coder).",
    "A sample of the store, instead of files.": "Próba z bazy zamiast plików.",
    "List sentences and codes on which coders differ.": "Wypisz zdania i kody, co do których kodujący się różnią.",
    "Of sets of codes: masi (Passonneau 2006) or jaccard.": "Zbiorów kodów: masi (Passonneau 2006) lub jaccard.",
    "Only all, family or code.": "Tylko all, family lub code.",
    "Only rows of pl, en or all.": "Tylko wiersze pl, en lub all.",
    # evaluate
    "Score the coder: precision, recall and F1 with 95 % intervals, by code, family and language; names by exact span.": "Ocenia koder: precyzja, czułość i F1 z przedziałami 95 %, według kodu, rodziny i języka; nazwy według dokładnego miejsca.",
    "Of a random sample, with the chance of each sentence, they are estimates for the whole corpus. With --sample the codes in the store are scored, with --model or a file what the coder says of each sentence alone.": "Z próby losowej, ze znaną szansą każdego zdania, są to oszacowania dla całego korpusu. Z --sample oceniane są kody w bazie, z --model lub plikiem to, co koder mówi o każdym zdaniu z osobna.",
    "JSONL with id, lang, text, codes and names; or a coded sample, CSV, XLSX or JSONL.": "JSONL z id, lang, text, codes i names; albo zakodowana próba, CSV, XLSX lub JSONL.",
    "A coded sample of the store, instead of a file: scores its codes.": "Zakodowana próba z bazy zamiast pliku: ocenia jej kody.",
    "Whose codes are the gold, where several coded.": "Czyje kody są wzorcem, gdy kodowało kilka osób.",
    "List the errors by kind instead of the scores.": "Wypisz błędy według rodzaju zamiast ocen.",
    "Only micro, macro, family, code or names.": "Tylko micro, macro, family, code lub names.",
    # train
    "Learn from people: a model of your own, scored on documents that it has not seen.": "Uczy się od ludzi: własny model, oceniony na dokumentach, których nie widział.",
    "The folder is then used with `--model FOLDER` by classify, ingest and evaluate.": "Folderu używają potem classify, ingest i evaluate z `--model FOLDER`.",
    "Coded sheets (CSV, XLSX, JSONL); with --unit document one table of labels.": "Zakodowane arkusze (CSV, XLSX, JSONL); z --unit document jedna tabela etykiet.",
    "Folder for the model.": "Folder na model.",
    "Codes of sentences, or labels of documents.": "Kody zdań albo etykiety dokumentów.",
    "A coded sample of the store, instead of files.": "Zakodowana próba z bazy zamiast plików.",
    "Whose codes to learn, where several coded.": "Czyich kodów się uczyć, gdy kodowało kilka osób.",
    "Folder of the labelled documents; else they are in the store.": "Folder oznaczonych dokumentów; inaczej są w bazie.",
    "A column of labels to learn; default all; may be repeated.": "Kolumna etykiet do nauczenia; domyślnie wszystkie; można powtarzać.",
    "Print the learning curve instead of the scores.": "Wypisz krzywą uczenia zamiast ocen.",
    "Learn from these sentences alone, not on top of the shipped model.": "Ucz się tylko z tych zdań, nie na podstawie dostarczonego modelu.",
    "Documents: the coder of their sentences (keyword, auto, a folder).": "Dokumenty: koder ich zdań (keyword, auto lub folder).",
    # export
    "Write documents, coded sentences and mentions for other tools; docs/exchange.md says which for which.": "Zapisuje dokumenty, zakodowane zdania i wzmianki dla innych narzędzi; docs/exchange.md mówi, co dla czego.",
    "csv, jsonl, xlsx: tables (xlsx with links to the pages). parquet: by year (DuckDB, Spark, R). tei (with metadata for TXM) and conllu: a file a document. vertical: for Sketch Engine. dtm: lemma counts as MatrixMarket. quanteda: texts, matrix, dictionaries and read.R. refi-qda: project and codebook for MAXQDA, NVivo, ATLAS.ti. datapackage: CSV with datapackage.json and CITATION.cff.": "csv, jsonl, xlsx: tabele (xlsx z odsyłaczami do stron). parquet: według lat (DuckDB, Spark, R). tei (z metadanymi dla TXM) i conllu: plik na dokument. vertical: dla Sketch Engine. dtm: liczebności form podstawowych jako MatrixMarket. quanteda: teksty, macierz, słowniki i read.R. refi-qda: projekt i książka kodów dla MAXQDA, NVivo, ATLAS.ti. datapackage: CSV z datapackage.json i CITATION.cff.",
    "The format.": "Format.",
    "Where the files go; made when it is not there.": "Dokąd trafią pliki; folder powstanie, jeśli go nie ma.",
    "CSV: semicolons between cells, decimal commas (Excel in Poland).": "CSV: średniki między komórkami, przecinki dziesiętne (polski Excel).",
    "CSV: begin with a byte order mark (Excel).": "CSV: zacznij od znacznika BOM (Excel).",
    "CSV: text as it is, also what Excel would run as a formula.": "CSV: tekst bez zmian, także to, co Excel uruchomiłby jako formułę.",
    "Your own codebook file or folder (refi-qda, quanteda).": "Własna książka kodów: plik lub folder (refi-qda, quanteda).",
    # cite
    "Print corpus id, codebook id, model id, version and a BibTeX entry.": "Wypisuje id korpusu, książki kodów i modelu, wersję oraz wpis BibTeX.",
    "Equal ids mean equal documents, read and coded alike.": "Równe id oznaczają te same dokumenty, tak samo czytane i kodowane.",
    # doctor
    "Say what is installed, what is missing and what it would give; with a file or folder, whether that is sound.": "Mówi, co jest zainstalowane, czego brak i co by to dało; z plikiem lub folderem: czy jest w porządku.",
    "Of a document it says how well each page could be read. Exit code 1 when something is broken.": "O dokumencie mówi, jak dobrze dało się przeczytać każdą stronę. Kod wyjścia 1, gdy coś jest zepsute.",
    "A store, the folder of a model, a codebook, or a document to report on page by page.": "Baza, folder modelu, książka kodów albo dokument do opisania strona po stronie.",
    # topics
    "Topics of both languages in one model, with their stability.": "Tematy obu języków w jednym modelu, z ich stabilnością.",
    "Fit topics to the corpus in the store and print them; with --choose, the figures of each number of topics.": "Wyznacza tematy korpusu w bazie i wypisuje je; z --choose także miary dla każdej liczby tematów.",
    "Number of topics, anchors included.": "Liczba tematów razem z zakotwiczonymi.",
    "nmf (stable, the default) or lda.": "nmf (stabilny, domyślny) lub lda.",
    "An anchor topic for these codes (`barrier.*`); may be repeated; `none`.": "Temat zakotwiczony w tych kodach (`barrier.*`); można powtarzać; `none`: bez kotwic.",
    "Try these numbers (`8,12,16`), print figures, keep the best.": "Wypróbuj te liczby (`8,12,16`), wypisz miary, zostaw najlepszą.",
    "With --choose: also coherence c_v (slow).": "Z --choose: także spójność c_v (wolno).",
    "Leave in names of regions and clusters, titles and issuers.": "Zostaw nazwy regionów i klastrów, tytuły i wydawców.",
    "Also write the model into this folder.": "Zapisz też model w tym folderze.",
    "List the topics: labels and terms in both languages, share of the text, stability, coherence.": "Wypisuje tematy: etykiety i terminy w obu językach, udział w tekście, stabilność, spójność.",
    "Topics with a stability below 0.5 have no label: they change with the documents and should not be interpreted.": "Tematy o stabilności poniżej 0,5 nie mają etykiety: zmieniają się wraz z dokumentami i nie należy ich interpretować.",
    "A model in a folder, not the one in the store.": "Model z folderu, nie ten w bazie.",
    "YAML with `rename`, `merge` and `hide`: your own decisions on topics.": "YAML z `rename`, `merge` i `hide`: własne decyzje o tematach.",
    "Show the passages that are most about a topic, in both languages, with file and page.": "Pokazuje fragmenty najbardziej na temat, w obu językach, z plikiem i stroną.",
    "A topic of `topics list`, such as barrier or topic-02.": "Temat z `topics list`, na przykład barrier lub topic-02.",
    "Print the share of each topic in the text of each period, with 95 % intervals.": "Wypisuje udział każdego tematu w tekście każdego okresu, z przedziałami 95 %.",
    "With --dynamic: the ten leading terms of each topic in each period, by a model fitted anew (minutes, not seconds).": "Z --dynamic: dziesięć głównych terminów każdego tematu w każdym okresie, z modelu wyznaczonego od nowa (minuty, nie sekundy).",
    "year, period, region, level, type or language.": "year, period, region, level, type lub language.",
    "Let the words of topics drift (gensim LdaSeqModel); slow, small corpora.": "Pozwól słowom tematów się zmieniać (gensim LdaSeqModel); wolno, małe korpusy.",
    "With --dynamic: number of topics.": "Z --dynamic: liczba tematów.",
    "Compare the shares of topics in two groups of documents: the difference, with a 95 % interval.": "Porównuje udziały tematów w dwóch grupach dokumentów: różnica z przedziałem 95 %.",
    "A group, such as mazowieckie.": "Grupa, na przykład mazowieckie.",
    "Another one, such as lubelskie.": "Druga, na przykład lubelskie.",
    "What the groups are.": "Czym są grupy.",
    "Assign documents that are not in the store to its topics; nothing is fitted again.": "Przypisuje dokumenty spoza bazy do jej tematów; niczego nie wyznacza od nowa.",
    # codebook
    "The codebook: what is in it, is it sound, what a change changes.": "Książka kodów: co zawiera, czy jest poprawna, co zmienia zmiana.",
    "List the codes, or the terms of one code.": "Wypisuje kody albo terminy jednego kodu.",
    "A code such as barrier.trust: its terms; none: all codes.": "Kod, na przykład barrier.trust: jego terminy; bez kodu: wszystkie kody.",
    "Look for collisions, dead terms, contradictions, a language left behind, examples that fail; exit 1 if any.": "Szuka kolizji, martwych terminów, sprzeczności, zaniedbanego języka i zawodzących przykładów; kod wyjścia 1, gdy coś znajdzie.",
    "Say how two codebooks differ: in their terms, or with --on in what they find.": "Mówi, czym różnią się dwie książki kodów: terminami albo, z --on, tym, co znajdują.",
    "A codebook file or folder; `-` is ours.": "Plik lub folder książki kodów; `-` to nasza.",
    "The one to compare with it; `-` is ours.": "Ta, z którą porównać; `-` to nasza.",
    "Documents or JSONL: list the hits that appear or vanish there.": "Dokumenty lub JSONL: wypisz trafienia, które tam przybywają lub znikają.",
    "Write the codebook for another program, to stdout.": "Zapisuje książkę kodów dla innego programu, na stdout.",
    "quanteda (YAML, one language), skos (JSON-LD) or refi-qda (.qdc).": "quanteda (YAML, jeden język), skos (JSON-LD) lub refi-qda (.qdc).",
    "pl or en; for quanteda.": "pl lub en; dla quanteda.",
    "Turn a quanteda dictionary into a codebook of ours, to stdout.": "Zamienia słownik quanteda na naszą książkę kodów, na stdout.",
    "A quanteda dictionary in YAML.": "Słownik quanteda w YAML.",
    "Language of its patterns: pl or en.": "Język jego wzorców: pl lub en.",
}
