"""Every signature vector of PagerDuty and Twilio fits, and fits nothing that was changed by one character."""

import pytest

from domain import signatures
from tests.contracts_folder import FOLDER, contract, form_of

VECTORS = "webhooks/signature-vectors.json"


def vectors(scheme):
    """One case for each vector; a single case that skips, saying so, where the contracts are absent."""
    if not (FOLDER / VECTORS).is_file():
        return [pytest.param(None, id="absent")]
    found = [each for each in contract(VECTORS)["vectors"] if each["scheme"] == scheme]
    return [pytest.param(each, id=f"{number}") for number, each in enumerate(found)]


def present(vector):
    return vector or contract(VECTORS)


def changed(text):
    """The text with its last letter or digit another one."""
    place = max(number for number, each in enumerate(text) if each.isalnum())
    return text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]


def test_there_are_vectors_of_both():
    schemes = [each["scheme"] for each in contract(VECTORS)["vectors"]]
    assert schemes.count("pagerduty") == schemes.count("twilio") == 4


@pytest.mark.parametrize("vector", vectors("pagerduty"))
def test_pagerdutys_signature(vector):
    vector = present(vector)
    secret, value = vector["secret"], vector["value"]
    body = (FOLDER / "webhooks" / vector["body_file"]).read_bytes()
    assert signatures.pagerduty(secret, body, value) is vector["valid"]
    assert signatures.pagerduty(secret, body, f" v2=0 ,{value.replace(',', ' , ')} ") is vector["valid"]
    for wrong in (
        (changed(secret), body, value),
        (secret, body.replace(b"incident", b"incidenT", 1), value),
        (secret, body.rstrip(b"\n"), value),
        (secret, body, changed(value)),
        (secret, body, value.replace("v1=", "v0=")),
    ):
        assert not signatures.pagerduty(*wrong)


@pytest.mark.parametrize("vector", vectors("twilio"))
def test_twilios_signature(vector):
    vector = present(vector)
    secret, url, fields, value = vector["secret"], vector["url"], form_of(vector), vector["value"]
    assert signatures.twilio(secret, url, fields, value) is vector["valid"]
    assert signatures.twilio(secret, url, list(reversed(fields)), value) is vector["valid"]
    for wrong in (
        (changed(secret), url, fields, value),
        (secret, changed(url), fields, value),
        (secret, url, fields[1:], value),
        (secret, url, [*fields, ("Digits", "9")], value),
        (secret, url, [(name, changed(each) if each else "x") for name, each in fields], value),
        (secret, url, fields, value.swapcase()),
    ):
        assert not signatures.twilio(*wrong)
