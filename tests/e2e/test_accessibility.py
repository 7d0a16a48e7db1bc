"""WCAG 2.2 AA as far as a program can tell, in every state of the chat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP = {"width": 1200, "height": 800}
PHONE = {"width": 390, "height": 780}
SMALLEST_TARGET = 24


def violations(page: Page) -> list[str]:
    """Return what axe finds, one line a place."""
    # Evaluated from outside, so that the page's policy need not allow it.
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def opened(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Chatta med oss").click()
    expect(page.get_by_role("button", name="Vilka arbetar hos er?")).to_be_visible()


def asked(page: Page, url: str, *texts: str) -> None:
    opened(page, url)
    for place, text in enumerate(texts, start=2):
        page.get_by_label("Skriv din fråga").fill(text)
        page.keyboard.press("Enter")
        expect(page.locator(".bot").nth(place - 1)).to_be_visible()


def closed(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("button", name="Chatta med oss")).to_be_visible()


def answered(page: Page, url: str) -> None:
    asked(page, url, "Vem är chef?")


def english(page: Page, url: str) -> None:
    asked(page, url, "do you speak English?")


def waiting(page: Page, url: str) -> None:
    page.route("**/webhook", lambda route: None)
    opened(page, url)
    page.get_by_label("Skriv din fråga").fill("Vem är chef?")
    page.keyboard.press("Enter")
    expect(page.locator(".typing")).to_be_visible()


def offline(page: Page, url: str) -> None:
    page.route("**/webhook", lambda route: route.abort())
    opened(page, url)
    page.get_by_label("Skriv din fråga").fill("Vem är chef?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Försök igen")).to_be_visible()


def refused(page: Page, url: str) -> None:
    error = {"error": "Det kommer för många meddelanden."}
    page.route("**/webhook", lambda route: route.fulfill(status=429, json=error))
    opened(page, url)
    page.get_by_label("Skriv din fråga").fill("Vem är chef?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Försök igen")).to_be_visible()


def too_long(page: Page, url: str) -> None:
    opened(page, url)
    page.get_by_label("Skriv din fråga").fill("x" * 1001)
    page.keyboard.press("Enter")
    expect(page.locator("#limit.failed")).to_be_visible()


def long_conversation(page: Page, url: str) -> None:
    asked(
        page, url, *["Vilka områden har ni?", "Vem är chef?", "Vad är Det öppna biblioteket?"] * 4
    )


def with_cards(page: Page, url: str) -> None:
    asked(page, url, "Vilka arbetar hos er?")
    page.locator("summary").click()


def voted(page: Page, url: str) -> None:
    asked(page, url, "Vem är chef?")
    page.get_by_role("button", name="Bra svar").click()
    expect(page.get_by_role("status")).to_contain_text("Tack")


def cleared(page: Page, url: str) -> None:
    asked(page, url, "Vem är chef?")
    page.get_by_role("button", name="Rensa chatten").click()
    expect(page.get_by_role("status")).to_contain_text("rensad")


def what_is_stored(page: Page, url: str) -> None:
    page.goto(f"{url}/privacy.html")


STATES = [
    closed,
    opened,
    answered,
    english,
    waiting,
    offline,
    refused,
    too_long,
    long_conversation,
    with_cards,
    voted,
    cleared,
    what_is_stored,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(bot, new_page, state: Callable[[Page, str], None], viewport):
    page = new_page(viewport=viewport)
    state(page, bot.url)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme


def test_axe_is_at_work(new_page):
    page = new_page()
    page.set_content("<html><body><button></button><img src=x></body></html>")
    found = " ".join(violations(page))
    assert "button-name" in found
    assert "image-alt" in found


def test_everything_to_press_is_large_enough(bot, new_page):
    page = new_page(viewport=PHONE)
    with_cards(page, bot.url)
    targets = page.locator(".dialog").locator("button, summary, textarea, .bottom a")
    assert targets.count() > 8
    for target in targets.all():
        box = target.bounding_box()
        assert box["width"] >= SMALLEST_TARGET, target.inner_text()
        assert box["height"] >= SMALLEST_TARGET, target.inner_text()


def test_at_four_hundred_percent_there_is_one_way_to_scroll(bot, new_page):
    page = new_page(viewport={"width": 320, "height": 256})
    closed(page, bot.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Chatta med oss").click()
    page.get_by_label("Skriv din fråga").fill("Vilka arbetar hos er?")
    page.keyboard.press("Enter")
    page.get_by_text("Visa kontaktuppgifter").click()
    dialog = page.locator(".dialog")
    assert dialog.evaluate("d => d.scrollWidth") <= 320
    for text in ("Spara chatten", "Rensa chatten", "Skicka"):
        button = page.get_by_role("button", name=text)
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert 0 <= box["y"] <= 256 - box["height"]


def test_on_a_phone_the_chat_fills_the_screen_and_keeps_the_focus(bot, new_page):
    page = new_page(viewport=PHONE)
    answered(page, bot.url)
    box = page.get_by_role("dialog").bounding_box()
    assert box == {"x": 0, "y": 0, **PHONE}
    expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "true")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") == "bibliotek-chat"
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.localName") == "bibliotek-chat"


def test_on_a_computer_the_page_can_still_be_reached(bot, new_page):
    page = new_page()
    opened(page, bot.url)
    expect(page.get_by_role("dialog")).to_have_attribute("aria-modal", "false")
    reached = set()
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.localName"))
    assert "a" in reached


def test_the_keyboard_on_the_screen_does_not_cover_the_field(bot, new_page):
    page = new_page(viewport=PHONE)
    page.add_init_script("""
        const seen = Object.assign(new EventTarget(), {height: 780, offsetTop: 0});
        Object.defineProperty(window, "visualViewport", {value: seen});
    """)
    answered(page, bot.url)
    page.evaluate("""
        Object.assign(visualViewport, {height: 400, offsetTop: 20});
        visualViewport.dispatchEvent(new Event("resize"));
    """)
    dialog, field = page.get_by_role("dialog"), page.get_by_label("Skriv din fråga")
    assert dialog.bounding_box() == {"x": 0, "y": 20, "width": 390, "height": 400}
    box = field.bounding_box()
    assert box["y"] + box["height"] <= 420


def test_no_motion_for_those_who_want_none(bot, new_page):
    page = new_page()
    waiting(page, bot.url)
    dot = page.locator(".typing i").first
    assert dot.evaluate("i => getComputedStyle(i).animationName") == "wait"
    page.emulate_media(reduced_motion="reduce")
    assert dot.evaluate("i => getComputedStyle(i).animationName") == "none"


def test_forced_colours_keep_the_outlines(bot, new_page):
    page = new_page(forced_colors="active")
    answered(page, bot.url)
    for name in (".dialog", ".top", ".message.bot"):
        style = page.locator(name).first.evaluate("e => getComputedStyle(e).borderTopStyle")
        assert style == "solid", name


def test_names_and_landmarks_are_swedish(bot, new_page):
    page = new_page()
    answered(page, bot.url)
    expect(page.get_by_role("region", name="Fråga Biblioteksutveckling")).to_have_count(1)
    expect(page.get_by_role("dialog", name="Fråga Biblioteksutveckling")).to_be_visible()
    expect(page.get_by_role("log", name="Meddelanden")).to_be_visible()
    expect(page.get_by_role("group", name="Förslag")).to_be_visible()
    expect(page.get_by_role("group", name="Hjälpte svaret?")).to_be_visible()
    expect(page.get_by_role("button", name="Stäng chatten")).to_be_visible()
    assert page.locator("bibliotek-chat section").get_attribute("lang") == "sv"
