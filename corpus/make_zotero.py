"""The sample corpus as Zotero exports a collection: `python corpus/make_zotero.py` writes zotero.rdf from manifest.csv.

The tutorial starts from it. The region is a tag of the item; the level is left to be read off the cover, as Zotero has
no field for it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
HEAD = """<rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:bib="http://purl.org/net/biblio#"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/">
"""
ITEM = """    <bib:Report rdf:about="#item_{number}">
        <z:itemType>report</z:itemType>
        <dc:publisher><foaf:Organization><foaf:name>{issuer}</foaf:name></foaf:Organization></dc:publisher>
        <link:link rdf:resource="#item_{attachment}"/>
{tags}        <dc:title>{title}</dc:title>
        <dc:date>{year}</dc:date>
        <z:type>{type}</z:type>
        <z:language>{language}</z:language>
    </bib:Report>
    <z:Attachment rdf:about="#item_{attachment}">
        <z:itemType>attachment</z:itemType>
        <rdf:resource rdf:resource="{path}"/>
        <dc:title>Full Text PDF</dc:title>
        <link:type>application/pdf</link:type>
    </z:Attachment>
"""
#: What people write into Zotero's field "report type".
TYPES = {
    "pl": {"strategy": "Strategia", "programme": "Program", "report": "Raport", "evaluation": "Ewaluacja"},
    "en": {"strategy": "Strategy", "programme": "Programme", "report": "Report", "evaluation": "Evaluation"},
}


def zotero_rdf(rows: Iterable[Mapping[str, str]]) -> str:
    """The export of a collection with one item and one PDF for each row of the manifest."""
    items = []
    for number, row in enumerate(rows):
        language = row["languages"].split(";")[0]
        tag = f"        <dc:subject>{escape(row['region'])}</dc:subject>\n" if row["region"] else ""
        items.append(
            ITEM.format(
                number=100 + 2 * number,
                attachment=101 + 2 * number,
                issuer=escape(row["issuer"]),
                tags=tag,
                title=escape(row["title"]),
                year=row["year"],
                type=TYPES[language][row["type"]],
                language=language,
                path=escape(row["path"]),
            )
        )
    return f"{HEAD}{''.join(items)}</rdf:RDF>\n"


def main() -> None:
    """Write corpus/zotero.rdf."""
    with (HERE / "manifest.csv").open(encoding="utf-8", newline="") as file:
        (HERE / "zotero.rdf").write_text(zotero_rdf(csv.DictReader(file)), encoding="utf-8")


if __name__ == "__main__":
    main()
