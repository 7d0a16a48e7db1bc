"""The demo page in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    names = ("chromium", "chromium-browser", "google-chrome")
    installed = next((path for path in map(shutil.which, names) if path), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=FLAGS)
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.problems = []
        page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        yield page
        browser.close()


def test_asks_by_keyboard_and_reads_the_answer(bot, page):
    page.goto(bot.url + "/")
    page.get_by_label("Din fråga").fill("Vem är chef?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Daniella Pind är enhetschef.")
    page.get_by_role("button", name="Vem ansvarar för uppdraget?").click()
    expect(page.get_by_role("log")).to_contain_text("Kulturförvaltningen ansvarar")
    assert page.problems == []


def test_what_is_typed_is_never_markup(bot, page):
    page.goto(bot.url + "/")
    page.get_by_label("Din fråga").fill("<img src=x onerror=alert(1)><b>hej</b>")
    page.get_by_role("button", name="Skicka").click()
    expect(page.locator(".mine")).to_have_text("<img src=x onerror=alert(1)><b>hej</b>")
    expect(page.locator(".theirs").first).to_be_visible()
    assert page.locator("#log img, #log b").count() == 0


def test_tells_when_the_server_is_out_of_reach_and_tries_again(bot, page):
    page.goto(bot.url + "/")
    page.route("**/webhooks/**", lambda route: route.abort())
    page.get_by_label("Din fråga").fill("Vem är chef?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Jag når inte servern")
    page.unroute("**/webhooks/**")
    page.get_by_role("button", name="Försök igen: Vem är chef?").click()
    expect(page.get_by_role("log")).to_contain_text("Daniella Pind är enhetschef.")
