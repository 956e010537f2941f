"""The tables of a store and the named steps that make them. docs/store.md describes them for readers with sqlite3.

Rows are joined by numbers that carry the document: `number >> DOCUMENT_SHIFT` of a block, sentence or mention is its
document, so that a count by document needs no join. The content ids of the records stand beside them in `id`.
"""

from __future__ import annotations

import sqlite3

__all__ = ["APPLICATION_ID", "DOCUMENT_SHIFT", "MIGRATIONS", "TOKENIZER", "applied_migrations", "migrate"]

#: "tmin" in the header of the file: tells a store from any other SQLite file (see `PRAGMA application_id`).
APPLICATION_ID = 0x746D696E

#: A document has room for 2**20 blocks, sentences and mentions each (a page has about 20 sentences).
DOCUMENT_SHIFT = 20

#: Every character but white space and controls belongs to a word, so that one token of ours is one token of FTS5,
#: and phrases and distances of the index are exact. Diacritics stay: `płaca` is not `placa`.
TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn Cf'"

_TABLES = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    year INTEGER,
    region TEXT NOT NULL,
    level TEXT NOT NULL,
    type TEXT NOT NULL,
    issuer TEXT NOT NULL,
    languages TEXT NOT NULL CHECK (json_valid(languages)),
    n_pages INTEGER NOT NULL,
    n_words INTEGER NOT NULL,
    n_sentences INTEGER NOT NULL,
    status TEXT NOT NULL,
    flags TEXT NOT NULL CHECK (json_valid(flags)),
    error TEXT NOT NULL,
    origins TEXT NOT NULL CHECK (json_valid(origins)),
    work_key TEXT NOT NULL
);
CREATE INDEX documents_path ON documents (path);
CREATE TABLE pages (
    document INTEGER NOT NULL REFERENCES documents (number),
    number INTEGER NOT NULL,
    width_pt REAL NOT NULL,
    height_pt REAL NOT NULL,
    source TEXT NOT NULL,
    flags TEXT NOT NULL CHECK (json_valid(flags)),
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE sections (
    number INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE CHECK (json_valid(path))
);
CREATE TABLE blocks (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (number),
    place INTEGER NOT NULL,
    page INTEGER NOT NULL,
    kind TEXT NOT NULL,
    level INTEGER NOT NULL,
    section INTEGER NOT NULL REFERENCES sections (number),
    language TEXT NOT NULL,
    n_sentences INTEGER NOT NULL,
    n_words INTEGER NOT NULL,
    row INTEGER NOT NULL,
    x0 REAL NOT NULL, top REAL NOT NULL, x1 REAL NOT NULL, bottom REAL NOT NULL,
    flags TEXT NOT NULL CHECK (json_valid(flags)),
    text TEXT NOT NULL,
    spans TEXT NOT NULL CHECK (json_valid(spans))
);
CREATE INDEX blocks_document ON blocks (document);
CREATE INDEX blocks_section ON blocks (section);
CREATE TABLE sentences (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    block INTEGER NOT NULL REFERENCES blocks (number),
    place INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    language TEXT NOT NULL,
    n_words INTEGER NOT NULL,
    lemmas TEXT NOT NULL,
    offsets BLOB NOT NULL,
    flags TEXT NOT NULL
);
CREATE INDEX sentences_block ON sentences (block);
CREATE INDEX sentences_id ON sentences (id);
CREATE TABLE mentions (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    sentence INTEGER NOT NULL REFERENCES sentences (number),
    code TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    term TEXT NOT NULL,
    score REAL NOT NULL,
    method TEXT NOT NULL,
    negated INTEGER NOT NULL CHECK (negated IN (0, 1))
);
CREATE INDEX mentions_sentence ON mentions (sentence);
CREATE INDEX mentions_code ON mentions (code, negated, sentence);
CREATE INDEX mentions_id ON mentions (id);
CREATE TABLE counts (
    document INTEGER NOT NULL REFERENCES documents (number),
    language TEXT NOT NULL,
    n_sentences INTEGER NOT NULL,
    n_words INTEGER NOT NULL,
    n_tokens INTEGER NOT NULL,
    PRIMARY KEY (document, language)
) WITHOUT ROWID;
CREATE TABLE runs (number INTEGER PRIMARY KEY, manifest TEXT NOT NULL CHECK (json_valid(manifest)));
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL CHECK (json_valid(value))) WITHOUT ROWID;
CREATE TABLE saved_queries (name TEXT PRIMARY KEY, options TEXT NOT NULL CHECK (json_valid(options))) WITHOUT ROWID;
CREATE TABLE derived (name TEXT PRIMARY KEY, value TEXT NOT NULL CHECK (json_valid(value)));
"""

_SEARCH = f"""
CREATE VIRTUAL TABLE search USING fts5 (lemmas, forms, content='', tokenize="{TOKENIZER}");
INSERT INTO search (search, rank) VALUES ('automerge', 16);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (search, col);
"""

_VECTORS = """
CREATE TABLE vectors (
    number INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (number),
    encoder TEXT NOT NULL,
    sentences BLOB NOT NULL,
    vectors BLOB NOT NULL
);
CREATE INDEX vectors_document ON vectors (document);
"""

_VIEWS = """
CREATE VIEW sentence_texts AS
SELECT s.number, lower(hex(s.id)) AS sentence_id, d.path AS document, d.title, d.year, d.region, d.level, d.type,
    b.page, b.kind, (SELECT group_concat(value, ' > ') FROM json_each(sections.path)) AS section,
    s.language, substr(b.text, s.start + 1, s."end" - s.start) AS text, s.n_words
FROM sentences AS s JOIN blocks AS b ON b.number = s.block JOIN documents AS d ON d.number = b.document
JOIN sections ON sections.number = b.section;
CREATE VIEW mention_texts AS
SELECT m.number, m.code, m.term, m.score, m.method, m.negated, t.document, t.title, t.year, t.region, t.level, t.type,
    t.page, t.section, t.language, t.text, t.sentence_id, lower(hex(m.id)) AS mention_id
FROM mentions AS m JOIN sentence_texts AS t ON t.number = m.sentence;
"""

# sentences by their content id, with their text: what people decided outlives a document that is read anew
_CODINGS = """
CREATE TABLE samples (
    name TEXT PRIMARY KEY,
    design TEXT NOT NULL CHECK (design IN ('random', 'stratified', 'active')),
    seed INTEGER NOT NULL,
    settings TEXT NOT NULL CHECK (json_valid(settings))
) WITHOUT ROWID;
CREATE TABLE sample_sentences (
    sample TEXT NOT NULL REFERENCES samples (name),
    place INTEGER NOT NULL,
    sentence BLOB NOT NULL,
    document TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    stratum TEXT NOT NULL,
    chance REAL CHECK (chance > 0 AND chance <= 1),
    PRIMARY KEY (sample, place),
    UNIQUE (sample, sentence)
) WITHOUT ROWID;
CREATE TABLE codings (
    number INTEGER PRIMARY KEY,
    sample TEXT NOT NULL,
    sentence BLOB NOT NULL,
    coder TEXT NOT NULL CHECK (coder <> ''),
    state TEXT NOT NULL CHECK (state IN ('done', 'uncertain', 'skipped')),
    codes TEXT NOT NULL CHECK (json_valid(codes)),
    names TEXT NOT NULL CHECK (json_valid(names)),
    note TEXT NOT NULL,
    time TEXT NOT NULL,
    codebook TEXT NOT NULL,
    FOREIGN KEY (sample, sentence) REFERENCES sample_sentences (sample, sentence)
);
CREATE INDEX codings_sample ON codings (sample, coder, sentence);
"""

#: Name -> SQL, in the order in which they run. A name that was released never changes; new steps go to the end.
MIGRATIONS: dict[str, str] = {
    "0001_tables": _TABLES,
    "0002_search": _SEARCH,
    "0003_vectors": _VECTORS,
    "0004_views": _VIEWS,
    "0005_codings": _CODINGS,
}


def applied_migrations(connection: sqlite3.Connection) -> list[str]:
    """Names of the migrations a store has had, in order; empty for a file without any."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone():
        return []
    return [name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY number")]


def migrate(connection: sqlite3.Connection) -> list[str]:
    """Run the migrations that are missing, each in a transaction of its own that also records it; their names."""
    done = []
    for name, script in MIGRATIONS.items():
        # looked up again under the write lock: another process may be making the same store
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)"
            )
            if not connection.execute("SELECT 1 FROM migrations WHERE name = ?", (name,)).fetchone():
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute("INSERT INTO migrations (name) VALUES (?)", (name,))
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                done.append(name)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    return done


def _statements(script: str) -> list[str]:
    """The statements of a script; `executescript` would commit by itself."""
    return [statement for part in script.split(";\n") if (statement := part.strip())]
