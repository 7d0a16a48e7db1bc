"""Photograph the main states of the chat for the documentation."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, expect, sync_playwright

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.bench.servers import the_bot  # noqa: E402

PICTURES: Final = ROOT / "docs" / "img"
COMPUTER: Final = {"viewport": {"width": 1100, "height": 760}}
PHONE: Final = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2}
DARK: Final = {"color_scheme": "dark"}


def ask(page: Page, text: str) -> None:
    """Ask and wait for the answer."""
    count = page.locator(".bot").count()
    page.get_by_label("Skriv din fråga").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".bot")).not_to_have_count(count)


def closed(page: Page) -> None:
    """Show the page with the launcher alone."""
    page.goto(page.url)
    page.get_by_role("button", name="Stäng chatten").click()


def greeting(page: Page) -> None:
    """Show the greeting with its starters."""


def answer(page: Page) -> None:
    """Show an answer about a person."""
    ask(page, "Vem är chef?")


def offline(page: Page) -> None:
    """Show a message that could not be sent."""
    page.route("**/webhook", lambda route: route.abort())
    page.get_by_label("Skriv din fråga").fill("Vilka områden har ni?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Försök igen")).to_be_visible()


STATES: Final[tuple[tuple[str, Callable[[Page], None], dict[str, Any]], ...]] = (
    ("closed", closed, COMPUTER),
    ("greeting", greeting, COMPUTER),
    ("answer", answer, COMPUTER),
    ("answer-dark", answer, {**COMPUTER, **DARK}),
    ("phone", answer, PHONE),
    ("phone-dark", answer, {**PHONE, **DARK}),
    ("offline", offline, COMPUTER),
)


def main() -> None:
    """Start the bot and write one picture a state."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    names = ("chromium", "chromium-browser", "google-chrome")
    installed = next((path for path in map(shutil.which, names) if path), None)
    with (
        tempfile.TemporaryDirectory() as data,
        the_bot(Path(data)) as bot,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        for name, show, options in STATES:
            context = browser.new_context(locale="sv-SE", **options)
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{bot.port}/")
            page.get_by_role("button", name="Chatta med oss").click()
            expect(page.locator(".choices")).to_be_visible()
            show(page)
            page.screenshot(path=PICTURES / f"{name}.png")
            print(f"docs/img/{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
