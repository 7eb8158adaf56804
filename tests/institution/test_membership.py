"""Joining: the identifier, documents by hash, eligibility, screening through a hook, and the
commands that two operators carry out."""

from __future__ import annotations

import json
import shlex
from hashlib import sha256

import pytest

from lasalle.clearing.membership import (
    ApplicationError,
    check_eligible,
    check_lei,
    load_rules,
    read_application,
    read_screening,
)
from lasalle.institution.command_line import main
from lasalle.institution.member_desk import FILE
from lasalle.wire import ProductClass

LEI = "529900T8BM49AURSDO55"
FILES = {"a.pdf": b"articles", "b.pdf": b"balance sheet", "c.pdf": b"who may sign"}
TEXT = f"""name = "Ana Compute Ltd"
short = "Ana"
lei = "{LEI}"
jurisdiction = "DE"
products = ["physical", "cash"]
contact = "ana@example.com"

[documents]
constitution = "a.pdf"
accounts = "b.pdf"
authority = "c.pdf"
"""
GOOD = {"kyc": "pass", "sanctions": "clear", "by": "Checks Ltd", "reference": "C-1"}


def test_an_identifier_has_its_check_digits():
    assert check_lei(LEI) == LEI
    for bad in ("", LEI[:-1], LEI[:-1] + "4", LEI.lower(), "0" * 20):
        with pytest.raises(ApplicationError, match="lei: expected 20 characters"):
            check_lei(bad)


def test_an_application_names_its_documents_by_hash():
    one = read_application(TEXT, FILES)
    assert one.products == ("cash", "physical")
    assert one.documents["accounts"] == sha256(b"balance sheet").hexdigest()
    assert one.digest == sha256(one.canonical()).digest()
    other = read_application(TEXT, {**FILES, "c.pdf": b"who else may sign"})
    assert other.digest != one.digest


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("name =", "title =", "application: expected"),
        ('short = "Ana"', 'short = "Ana\\u00e9"', "short: expected up to 32 ASCII"),
        ('short = "Ana"', "short = 7", "short: expected a line of text"),
        ('"DE"', '"Germany"', "jurisdiction: expected two letters"),
        ('["physical", "cash"]', '["gold"]', "products: expected some of"),
        ('["physical", "cash"]', "[]", "products: expected some of"),
        ('authority = "c.pdf"', "", "documents: expected constitution, accounts, authority"),
        ('"c.pdf"', '"d.pdf"', "documents: authority: expected a file, found nothing at d.pdf"),
        (LEI, LEI[:-1] + "0", "lei: expected 20 characters"),
        ("name =", "name ==", "application: expected TOML"),
    ],
)
def test_an_application_that_is_none_is_refused(old, new, sentence):
    with pytest.raises(ApplicationError, match=sentence):
        read_application(TEXT.replace(old, new), FILES)


@pytest.mark.rule("CLR-049")
@pytest.mark.parametrize(
    ("where", "products", "refused"),
    [
        ("DE", '["physical", "cash"]', ""),
        ("CN", '["cash", "option", "swap"]', ""),
        ("CN", '["cash", "physical"]', "physical from CN: refused by export-control"),
        ("KP", '["cash"]', "cash from KP: refused by sanctions"),
    ],
)
def test_a_jurisdiction_has_the_products_it_may(where, products, refused):
    text = TEXT.replace('"DE"', f'"{where}"').replace('["physical", "cash"]', products)
    one = read_application(text, FILES)
    if not refused:
        check_eligible(one, load_rules())
        return
    with pytest.raises(ApplicationError, match=refused) as told:
        check_eligible(one, load_rules())
    assert "(CLR-049)" in str(told.value)


@pytest.mark.parametrize(
    ("bent", "sentence"),
    [
        ({"kyc": "maybe"}, "hook: kyc: expected one of pass, fail, refer"),
        ({"sanctions": "no"}, "hook: sanctions: expected one of clear, hit"),
        ({"by": ""}, "hook: by: expected text"),
        ({"more": 1}, "hook: expected kyc"),
    ],
)
def test_an_answer_of_a_hook_that_is_none_is_refused(bent, sentence):
    with pytest.raises(ApplicationError, match=sentence):
        read_screening(json.dumps({**GOOD, **bent}))
    with pytest.raises(ApplicationError, match="hook: expected kyc"):
        read_screening("yes")


def said(capsys, *words):
    code = main(["member", *map(str, words)])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.rule("CLR-049")
def test_a_firm_joins_by_screening_and_two_operators(tmp_path, capsys):
    folder = tmp_path / "house"
    (folder / "journal").mkdir(parents=True)
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    file, hook = tmp_path / "ana.toml", tmp_path / "hook"
    file.write_text(TEXT)
    code, told, _ = said(capsys, "apply", folder, file)
    assert (code, told.split(":")[0]) == (0, "application 1")
    assert (folder / FILE).stat().st_mode & 0o077 == 0
    assert "has applied already" in said(capsys, "apply", folder, file)[2]
    assert "expected passed, found none" in said(capsys, "admit", folder, 1, 9, 20260330)[2]

    def screened(answer):
        hook.write_text(f"#!/bin/sh\ncat > {tmp_path}/asked\necho '{answer}'\n")
        hook.chmod(0o700)
        return said(capsys, "screen", folder, 1, hook)

    assert screened("nonsense")[0] == 1
    assert screened(json.dumps({**GOOD, "sanctions": "hit"}))[0] == 1
    assert "found against" in said(capsys, "admit", folder, 1, 9, 20260330)[2]
    assert screened(json.dumps(GOOD))[0] == 0
    assert json.loads((tmp_path / "asked").read_text())["lei"] == LEI
    _, told, _ = said(capsys, "admit", folder, 1, 9, 20260330)
    propose, eligible, publish = (shlex.split(line) for line in told.splitlines())
    assert json.loads(propose[3]) == {"member": 9, "name": "Ana"}
    digest = read_application(TEXT, FILES).digest.hex()
    asked = {"publication": "membership", "day": 20260330, "digest": digest}
    assert json.loads(publish[3]) == asked
    products = ProductClass.FUTURE | ProductClass.PHYSICAL
    asked = {"member": 9, "account": 0, "products": products, "basis": digest}
    assert (eligible[2], json.loads(eligible[3])) == ("set_eligibility", asked)
    decision = tmp_path / "decision.txt"
    decision.write_text("No options.\n")
    _, told, _ = said(capsys, "restrict", folder, 9, "cash", "--account", 7, "--decision", decision)
    asked = {"member": 9, "account": 7, "products": int(ProductClass.FUTURE)}
    asked["basis"] = sha256(decision.read_bytes()).hexdigest()
    assert json.loads(shlex.split(told)[3]) == asked
    told = said(capsys, "restrict", folder, 9, "gold", "--decision", decision)[2]
    assert "products: expected some of" in told
    assert f"LEI {LEI}, digest {digest}, passed: kyc pass" in said(capsys, "list", folder)[1]
    unknown = said(capsys, "admit", folder, 2, 9, 20260330)[2]
    assert "expected one of the register, found 2" in unknown
    text = TEXT.replace('"DE"', '"CN"').replace(LEI, "5493001KJTIIGC8Y1R12")
    file.write_text(text)
    assert "refused by export-control" in said(capsys, "apply", folder, file)[2]
