"""Signatures: the vendors' own examples fit, everything else is a plain no."""

import base64
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import signatures
from tests.contracts_folder import FOLDER, contract, form_of

URL = "https://muster.example.com/callbacks/twilio/gather?incident=42&person=ana"
FORM = [("Digits", "1"), ("CallSid", "CA1"), ("msg", "Gather End")]


def vectors(scheme):
    found = [each for each in contract("webhooks/signature-vectors.json")["vectors"] if each["scheme"] == scheme]
    assert found
    return found


def body_of(vector):
    return (FOLDER / "webhooks" / vector["body_file"]).read_bytes()


def test_twilios_own_examples_fit_and_no_other_form_does():
    for vector in vectors("twilio"):
        given_ = (vector["secret"], vector["url"], form_of(vector), vector["value"])
        assert signatures.twilio(*given_)
        assert not signatures.twilio("other", *given_[1:])
        assert not signatures.twilio(given_[0], vector["url"] + "&x=1", *given_[2:])
        assert not signatures.twilio(*given_[:2], [*form_of(vector), ("Digits", "9")], vector["value"])
        assert not signatures.twilio(*given_, settings="key=SK1,algorithm=HMAC_SHA256")


def test_a_default_port_or_a_fragment_changes_nothing():
    vector = vectors("twilio")[0]
    secret, form, value = vector["secret"], form_of(vector), vector["value"]
    with_port = vector["url"].replace("bot.example.com", "bot.example.com:443")
    assert signatures.twilio(secret, with_port, form, value)
    assert signatures.twilio(secret, vector["url"] + "#part", form, value)
    assert not signatures.twilio(secret, vector["url"].replace("https", "http"), form, value)


def test_repeated_fields_are_signed_once_for_each_value():
    vector = vectors("twilio")[0]
    form = form_of(vector)
    assert signatures.twilio(vector["secret"], vector["url"], [*reversed(form), *form], vector["value"])


def test_pagerdutys_own_examples_fit_and_no_other_body_does():
    for vector in vectors("pagerduty"):
        body = body_of(vector)
        json.loads(body)
        assert signatures.pagerduty(vector["secret"], body, vector["value"])
        assert signatures.pagerduty(vector["secret"], body, "v2=abc , " + vector["value"].replace(",", " , "))
        assert not signatures.pagerduty(vector["secret"], body + b" ", vector["value"])
        assert not signatures.pagerduty("other", body, vector["value"])


@pytest.mark.parametrize("header", [None, "", "v1=", "v1", "é", "v1=é", "\ud800", "," * 1000])
def test_a_header_that_is_missing_or_odd_is_a_no(header):
    assert not signatures.pagerduty("secret", b"{}", header)
    assert not signatures.twilio("token", URL, FORM, header)


def test_an_empty_secret_refuses_even_a_right_signature():
    hexed = hmac.digest(b"", b"{}", "sha256").hex()
    encoded = base64.b64encode(hmac.digest(b"", b"https://h/", "sha1")).decode()
    assert not signatures.pagerduty("", b"{}", f"v1={hexed}")
    assert not signatures.twilio("", "https://h/", [], encoded)


@pytest.mark.parametrize("url", ["", "muster.example.com", "ftp://h/x", "https://h:x/", "https://["])
def test_an_address_that_is_none_is_a_no(url):
    assert not signatures.twilio("token", url, FORM, "x" * 28)


@given(st.text(), st.text(), st.lists(st.tuples(st.text(), st.text())), st.one_of(st.none(), st.text()), st.binary())
def test_nothing_that_arrives_raises(secret, url, form, header, body):
    assert signatures.twilio(secret, "https://h" + url, form, header) is False
    assert signatures.pagerduty(secret, body, header) is False


TOKEN = "hidden-5f3a-1234"


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"BEARER   {TOKEN} "])
def test_a_readers_token_fits_whatever_the_case_of_its_scheme(header):
    assert signatures.bearer(TOKEN, header)


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", " ", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer{TOKEN}", f"Bearer {TOKEN}x"),
        *(f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN.upper()}", f"Bearer {TOKEN} {TOKEN}", f"Bearer {TOKEN}, Bearer x"),
        *("Bearer \u00fc", "Bearer \udcff\ud800", "Bearer \x00", "B\u00e9arer x", "Bearer None"),
    ],
)
def test_any_other_header_does_not_and_none_is_an_error(header):
    assert not signatures.bearer(TOKEN, header)


def test_without_a_token_of_our_own_nothing_fits():
    assert not any(signatures.bearer("", header) for header in (None, "", "Bearer", "Bearer "))
