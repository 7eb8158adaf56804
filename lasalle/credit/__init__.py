"""Suppliers' credit: files, scores, limits, collateral, warnings and losses. Estimates that the
house acts on by rule; nothing here binds by itself."""

from lasalle.credit.model import CreditError, SupplierFile
from lasalle.credit.portfolio import Book, Judged, judge_all, judged
from lasalle.credit.supplier_file import digest, read_supplier
from lasalle.credit.terms import CreditTerms, Scorecard, load_scorecard, load_terms
from lasalle.credit.what_if import WhatIf, what_if

__all__ = [
    "Book",
    "CreditError",
    "CreditTerms",
    "Judged",
    "Scorecard",
    "SupplierFile",
    "WhatIf",
    "digest",
    "judge_all",
    "judged",
    "load_scorecard",
    "load_terms",
    "read_supplier",
    "what_if",
]
