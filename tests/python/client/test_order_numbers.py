"""Which number an order gets: never one twice, and many of one word."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from duebill.model import nonce_at
from duebill.roles import _order_numbers
from duebill.roles._order_numbers import next_number

MAKER = "0x00000000000000000000000000000000000012ab"


def test_128_numbers_are_of_one_word_and_none_comes_twice(monkeypatch):
    monkeypatch.setattr(_order_numbers, "_words", {})
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: next_number(MAKER), range(600)))
    assert len(set(numbers)) == 600
    assert len({number >> 7 for number in numbers}) == 5


def test_a_word_is_left_after_an_hour(monkeypatch):
    monkeypatch.setattr(_order_numbers, "_words", {})
    first = next_number(MAKER)
    assert next_number(MAKER) == first + 1
    _order_numbers._words[next(iter(_order_numbers._words))].drawn_at -= 3601
    assert next_number(MAKER) >> 7 != first >> 7


def test_numbers_go_on_above_a_floor(monkeypatch):
    monkeypatch.setattr(_order_numbers, "_words", {})
    first = next_number(MAKER)
    assert next_number(MAKER, floor=first - first % 256) == first + 1
    for floor in (first + 300, 1 << 255, (1 << 255) + 7):
        found = [next_number(MAKER, floor=floor) for _ in range(2)]
        assert floor <= found[0] == found[1] - 1
        assert found[0] >> 8 == found[1] >> 8


def test_a_number_tells_when_its_word_was_drawn(monkeypatch):
    monkeypatch.setattr(_order_numbers, "_words", {})
    now = datetime.now(UTC)
    assert nonce_at(now) <= next_number(MAKER) < nonce_at(now + timedelta(seconds=2))


def test_a_forked_process_has_a_word_of_its_own(monkeypatch):
    monkeypatch.setattr(_order_numbers, "_words", {})
    first = next_number(MAKER)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(next_number, (MAKER,)) >> 8 != first >> 8
