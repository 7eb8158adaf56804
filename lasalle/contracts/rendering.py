"""A term sheet as Markdown, HTML and PDF: text in, text or bytes out. The same standard gives the
same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from io import BytesIO
from typing import Any

from lasalle.contracts.catalogue import Catalogue
from lasalle.contracts.reading import StandardFile
from lasalle.contracts.sheet import Section, Sheet, example_symbols, priced, term_sheet
from lasalle.contracts.standard import Standard

PAGE_MARGIN, LABEL_WIDTH = 42.0, 78.0
"""Points of a page of A4."""


IndexTerms = Callable[[Standard], Section | None]
"""What the published method of the index of a standard says."""


def chapter(catalogue: Catalogue, product: StandardFile, index: IndexTerms) -> str:
    """The rule chapter of a product: its terms once, and every grade and class it is listed for."""
    standards = catalogue.standards(product)
    sheet = term_sheet(standards[0], index(standards[0]), whole=True)
    terms = product.terms
    newest = catalogue.latest(terms["id"]).terms["version"]
    later = [] if terms["version"] == newest else [
        "", f"Version {newest} stands beside it: nothing begins under this one, and a series",
        "listed under it keeps it.",
    ]  # fmt: skip
    lines = [
        f"# {terms['title']}",
        "",
        f"`{terms['id']}`, version {terms['version']}. Written by",
        f"`lasalle contracts render`; why its terms are as they are: `{terms['reason']}`. Where a",
        "sentence names a grade, a class, a place or an index it is that of the first row; for the",
        "others read that of theirs.",
        *later,
        "",
        "| listed for | place | index | series | SHA-256 |",
        "|---|---|---|---|---|",
    ]
    for standard in standards:
        shown = example_symbols(standard)[0]
        against = standard.terms["contract"].get("against_index")
        on = f"{standard.index} less {against}" if against else standard.index
        digest = standard.sha256.hex()[:16]
        slice_id = standard.terms["slice"]["id"]
        lines.append(f"| {slice_id} | {standard.place} | {on} | `{shown}` | `{digest}` |")
    common = (*sheet.front, sheet.back[1])
    number = 0
    for section in common:
        lines += ["", f"## {section.heading}", ""]
        for label, text in section.rows:
            number += 1
            lines.append(f"{number}. **{label}.** {_sentence(text)}")
    heading = "Conformity" if standards[0].delivers else "What is priced"
    lines += ["", f"## {heading}"]
    for slice_id, one in {s.terms["slice"]["id"]: s for s in standards}.items():
        lines += ["", f"### {slice_id}", ""]
        lines += [f"- **{label}.** {_sentence(text)}" for label, text in priced(one).rows]
    lines += ["", "## Sources", ""]
    lines += [f"- {row['term']}: {row['from']}" for row in product.terms["source"]]
    return "\n".join(lines) + "\n"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


STYLE = """
@page { size: A4; margin: 15mm; @bottom-center { content: counter(page) " of " counter(pages); } }
body { font: 10px/1.35 "Helvetica Neue", Helvetica, Arial, sans-serif; color: #111;
  max-width: 180mm; margin: 8mm auto; }
h1 { font-size: 17px; margin: 0; } p.under { color: #444; margin: 2px 0 8px; font-size: 11px; }
h2 { font-size: 11px; margin: 10px 0 2px; border-bottom: 1px solid #1d3b5c; color: #1d3b5c; }
table { border-collapse: collapse; width: 100%; } tr { vertical-align: top; break-inside: avoid; }
th { text-align: left; width: 27mm; padding: 1.5px 6px 1.5px 0; font-weight: 600; }
td { padding: 1.5px 0; } section.back { break-before: page; }
footer { margin-top: 10px; color: #444; font-size: 8px; overflow-wrap: anywhere; }
"""


def html(sheet: Sheet) -> str:
    """The sheet as one page of HTML that prints on two sheets of A4."""
    front = "".join(map(_html_section, sheet.front))
    back = "".join(map(_html_section, sheet.back))
    return (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{escape(sheet.title)}</title><style>{STYLE}</style></head><body>\n"
        f'<h1>{escape(sheet.title)}</h1><p class="under">{escape(sheet.subtitle)}</p>\n'
        f'<section>{front}</section>\n<section class="back">{back}</section>\n'
        f"<footer>{escape(sheet.footer)}</footer>\n</body></html>\n"
    )


def _html_section(section: Section) -> str:
    rows = "".join(
        f"<tr><th>{escape(label)}</th><td>{escape(_sentence(text))}</td></tr>\n"
        for label, text in section.rows
    )
    return f"<h2>{escape(section.heading)}</h2><table>{rows}</table>\n"


def pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF of A4: terms of trade on the first page, failure and conformity on the
    second.
    """
    # reportlab is read only by who prints: every other verb starts without it.
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=PAGE_MARGIN,
        rightMargin=PAGE_MARGIN,
        topMargin=34,
        bottomMargin=38,
        title=sheet.title,
        author="LaSalle",
        subject=sheet.subtitle,
        invariant=1,
    )
    styles = _styles()
    story: list[Any] = [
        Paragraph(escape(sheet.title), styles["title"]),
        Paragraph(escape(sheet.subtitle), styles["under"]),
        *_printed(sheet.front, styles, document.width - 12),
        PageBreak(),
        *_printed(sheet.back, styles, document.width - 12),
    ]
    foot = partial(_foot, sheet.footer)
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _styles() -> dict[str, Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    blue, grey = HexColor(0x1D3B5C), HexColor(0x444444)
    text = ParagraphStyle("text", fontName="Helvetica", fontSize=7.9, leading=9.7)
    return {
        "text": text,
        "label": ParagraphStyle("label", parent=text, fontName="Helvetica-Bold"),
        "title": ParagraphStyle("title", parent=text, fontSize=14, leading=17),
        "under": ParagraphStyle("under", parent=text, fontSize=9, leading=13, textColor=grey),
        "head": ParagraphStyle(
            "head",
            parent=text,
            fontName="Helvetica-Bold",
            fontSize=9,
            leading=11,
            textColor=blue,
            spaceBefore=6,
            spaceAfter=1,
        ),
        "line": blue,
    }


def _printed(sections: Iterable[Section], styles: dict[str, Any], width: float) -> list[Any]:
    from reportlab.platypus import Paragraph, Table, TableStyle

    printed: list[Any] = []
    for section in sections:
        rows = [
            [
                Paragraph(escape(label), styles["label"]),
                Paragraph(escape(_sentence(text)), styles["text"]),
            ]
            for label, text in section.rows
        ]
        table = Table(rows, colWidths=[LABEL_WIDTH, width - LABEL_WIDTH], hAlign="LEFT")
        look = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ("LINEABOVE", (0, 0), (-1, 0), 0.7, styles["line"]),
        ]
        table.setStyle(TableStyle(look))
        printed += [Paragraph(escape(section.heading), styles["head"]), table]
    return printed


def _foot(text: str, canvas: Any, document: Any) -> None:
    """Name and digest of the standard, and the number of the page."""
    canvas.saveState()
    canvas.setFont("Helvetica", 6.5)
    canvas.drawString(PAGE_MARGIN, 22, text)
    canvas.drawRightString(document.pagesize[0] - PAGE_MARGIN, 22, f"{document.page} of 2")
    canvas.restoreState()
