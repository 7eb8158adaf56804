"""The memo of a hedge as text, page and paper."""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import Any

from lasalle.contracts.rendering import STYLE
from lasalle.hedging.books.memo import Memo

MARGIN, LABEL = 42.0, 104.0
"""Points of a page of A4."""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def markdown(of: Memo) -> str:
    """The memo as Markdown."""
    lines = [f"# {of.title}", "", of.subtitle + "."]
    for section in of.sections:
        lines += ["", f"## {section.heading}", ""]
        lines += [f"- **{label}.** {_sentence(text)}" for label, text in section.rows]
    return "\n".join([*lines, "", f"`{of.footer}`", ""])


def html(of: Memo) -> str:
    """The memo as one page of HTML that prints on A4."""
    parts = []
    for section in of.sections:
        rows = "".join(
            f"<tr><th>{escape(label)}</th><td>{escape(_sentence(text))}</td></tr>"
            for label, text in section.rows
        )
        parts.append(f"<h2>{escape(section.heading)}</h2><table>{rows}</table>")
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport"'
        f' content="width=device-width"><title>{escape(of.title)}</title><style>{STYLE}'
        "th{overflow-wrap:anywhere}body{padding:0 4mm}</style></head><body>"
        f'<h1>{escape(of.title)}</h1><p class="under">{escape(of.subtitle)}</p>{"".join(parts)}'
        f"<footer>{escape(of.footer)}</footer></body></html>\n"
    )


def pdf(of: Memo) -> bytes:
    """The memo as a PDF of A4; the same memo gives the same bytes."""
    # reportlab is read only by who prints: every other verb starts without it.
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    blue = HexColor(0x1D3B5C)
    text = ParagraphStyle("text", fontName="Helvetica", fontSize=8.4, leading=10.8)
    bold = ParagraphStyle("label", parent=text, fontName="Helvetica-Bold")
    title = ParagraphStyle("title", parent=bold, fontSize=15, leading=19)
    head = ParagraphStyle(
        "head", parent=bold, fontSize=10, textColor=blue, spaceBefore=8, spaceAfter=2
    )
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=36, bottomMargin=40,
        title=of.title, author="LaSalle", subject=of.subtitle, invariant=1,
    )  # fmt: skip
    story: list[Any] = [
        Paragraph(escape(of.title), title),
        Paragraph(escape(_sentence(of.subtitle)), text),
    ]
    for section in of.sections:
        rows = [
            [Paragraph(escape(label), bold), Paragraph(escape(_sentence(said)), text)]
            for label, said in section.rows
        ]
        look = [
            (name, (0, 0), (-1, -1), value)
            for name, value in (
                ("VALIGN", "TOP"),
                ("LEFTPADDING", 0),
                ("TOPPADDING", 1),
                ("BOTTOMPADDING", 2),
            )
        ]
        table = Table(rows, colWidths=[LABEL, document.width - LABEL], hAlign="LEFT", style=look)
        story += [Paragraph(escape(section.heading), head), table]

    def foot(canvas: Any, page: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 6.5)
        canvas.drawString(MARGIN, 22, of.footer)
        canvas.drawRightString(A4[0] - MARGIN, 22, f"page {page.page}")
        canvas.restoreState()

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()
