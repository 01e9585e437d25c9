"""The frame's template tags: links that keep the day, states, rates, sorting, hidden parameters."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory


def shown(text: str, path: str = "/", **context: object) -> str:
    request = RequestFactory().get(path)
    return Template("{% load frame %}" + text).render(Context({"request": request, **context})).strip()


@pytest.mark.parametrize(
    "path,address",
    [
        ("/", "/health/live"),
        ("/?as_of=2021-12-31&q=x", "/health/live?as_of=2021-12-31"),
        ("/?as_of=2021-13-31", "/health/live"),
    ],
)
def test_links_keep_the_day_and_nothing_else(path: str, address: str) -> None:
    assert shown("{% dated_url 'health_live' %}", path) == address


def test_links_take_parameters_that_say_something() -> None:
    address = shown("{% dated_url 'health_live' tab='a b' empty='' none=nothing %}", nothing=None)
    assert address == "/health/live?tab=a+b"


@pytest.mark.parametrize(
    "value,sign,word",
    [
        ("met", "✓", "达标"),
        ("unmet", "✗", "未达标"),
        ("unknown", "?", "资料不全"),
        ("not_applicable", "–", "不适用"),
    ],
)
def test_a_state_has_colour_sign_and_word(value: str, sign: str, word: str) -> None:
    html = shown("{% state value %}", value=value)
    assert (f"state-{value}" in html, f">{sign}<" in html, f">{word}<" in html) == (True, True, True)


@pytest.mark.parametrize(
    "numerator,denominator,part",
    [
        (331, 601, "55.1%"),
        (331, 601, "331/601"),
        (0, 4, "0.0%"),
        (0, 0, "未知"),
        (None, 4, "未知"),
        (4, None, "未知"),
    ],
)
def test_a_rate_shows_its_base_and_never_zero_for_unknown(
    numerator: int | None, denominator: int | None, part: str
) -> None:
    assert part in shown("{% rate n d %}", n=numerator, d=denominator)


@pytest.mark.parametrize(
    "path,href,order",
    [
        ("/?q=x&page=3", "?q=x&amp;sort=name", "none"),
        ("/?sort=name", "?sort=-name", "ascending"),
        ("/?sort=-name", "?sort=name", "descending"),
    ],
)
def test_a_heading_sorts_and_turns_round(path: str, href: str, order: str) -> None:
    html = shown("{% sort_heading 'name' 'Name' %}", path)
    assert (f'href="{href}"' in html, f'aria-sort="{order}"' in html) == (True, True)


def test_a_form_carries_the_other_parameters() -> None:
    html = shown("{% other_parameters 'q' %}", "/?q=x&page=2&sort=a&k=%3Cb%3E")
    expected = '<input type="hidden" name="sort" value="a"><input type="hidden" name="k" value="&lt;b&gt;">'
    assert html == expected
