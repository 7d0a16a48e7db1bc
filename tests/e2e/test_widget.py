"""The chat on a page, in a real browser against the running bot."""

from __future__ import annotations

import gzip
import http.server
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

HTML = "text/html; charset=utf-8"
LARGEST_WIDGET = 15 * 1024


def open_chat(page: Page, url: str) -> Page:
    page.goto(url)
    page.get_by_role("button", name="Chatta med oss").click()
    return page


def field(page: Page) -> Locator:
    return page.get_by_label("Skriv din fråga")


def log(page: Page) -> Locator:
    return page.get_by_role("log")


def ask(page: Page, text: str) -> None:
    field(page).fill(text)
    field(page).press("Enter")


def focused(page: Page) -> str:
    return page.evaluate(
        "document.querySelector('bibliotek-chat').shadowRoot.activeElement?.textContent ?? ''"
    )


def rows(bot, query: str) -> list[tuple]:
    with sqlite3.connect(bot.database) as database:
        return database.execute(query).fetchall()


def say(*items: dict) -> Callable[[Route], None]:
    """Answer in place of the server."""
    return lambda route: route.fulfill(json=list(items))


@pytest.fixture
def page(bot, new_page) -> Page:
    page = open_chat(new_page(), bot.url)
    yield page
    assert page.problems == []


# --- Asking and reading -----------------------------------------------------------------------


def test_from_launcher_to_answer_and_back_by_keyboard_alone(bot, new_page):
    page = new_page()
    page.goto(bot.url)
    launcher = page.get_by_role("button", name="Chatta med oss")
    for _ in range(10):
        page.keyboard.press("Tab")
        if launcher.evaluate("button => button.getRootNode().activeElement === button"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Fråga Biblioteksutveckling")).to_be_visible()
    expect(field(page)).to_be_focused()
    page.keyboard.type("Vem är chef?")
    page.keyboard.press("Enter")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(log(page)).to_contain_text("10 medarbetare")
    assert "Vilka arbetar hos er?" in focused(page)
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.problems == []


def test_a_starter_and_a_suggestion_are_asked_by_button(page):
    page.get_by_role("button", name="Vilka områden har ni?").click()
    expect(log(page)).to_contain_text("beskriver tre områden")
    expect(page.get_by_role("button", name="Vilka arbetar hos er?")).to_have_count(0)
    page.get_by_role("button", name="Vad är Det öppna biblioteket?").click()
    expect(log(page)).to_contain_text("likvärdig tillgång")
    assert "Vad är Det öppna biblioteket?" in focused(page)


def test_every_starter_is_understood(bot, new_page):
    settings = new_page().request.get(f"{bot.url}/widget.json").json()
    for starter in settings["starters"]:
        (item,) = bot.post(starter, "starter-0123456789")
        assert item["custom"]["id"] in ("mission_overview", "areas_overview", "contact_all")


def test_shift_enter_breaks_the_line(page):
    field(page).press_sequentially("Hej")
    field(page).press("Shift+Enter")
    field(page).press_sequentially("Vem är chef?")
    expect(field(page)).to_have_value("Hej\nVem är chef?")
    field(page).press("Enter")
    expect(log(page)).to_contain_text("Daniella Pind")


def test_messages_in_a_hurry_are_answered_in_order(page):
    for text in ("Vem är chef?", "Vem är projektledare?", "Vad är Det lärande biblioteket?"):
        ask(page, text)
    expect(page.locator(".bot")).to_have_count(4)
    said = page.locator(".bot").all_inner_texts()
    assert ["Daniella" in said[1], "Malin" in said[2], "lärande" in said[3]] == [True] * 3


def test_the_limit_is_shown_and_nothing_too_long_is_lost(page):
    expect(page.get_by_text("Högst 1000 tecken")).to_be_visible()
    field(page).fill("å" * 990)
    expect(page.get_by_text("10 tecken kvar")).to_be_visible()
    field(page).fill("😀" * 1003)
    field(page).press("Enter")
    expect(page.get_by_text("3 tecken för mycket").first).to_be_visible()
    assert len(field(page).input_value()) == 1003
    field(page).fill("😀" * 1000)
    expect(page.get_by_text("0 tecken kvar")).to_be_visible()


def test_a_reply_in_english_is_marked(page):
    ask(page, "do you speak English?")
    english = page.locator(".bot").filter(has_text="I answer in Swedish and in English")
    expect(english).to_have_attribute("lang", "en")
    suggestions = page.get_by_role("group", name="Suggestions")
    expect(suggestions).to_have_attribute("lang", "en")
    expect(suggestions.get_by_role("button", name="Who works with you?")).to_be_visible()
    assert page.locator("[lang=en]").count() == 2


def test_each_answer_is_announced_once(page):
    log(page).evaluate("""log => {
        window.added = [];
        new MutationObserver(changes => changes.forEach(({addedNodes}) => addedNodes.forEach(
            node => { if (!node.closest("[aria-live=off], [aria-hidden=true]"))
                window.added.push(node.textContent); }
        ))).observe(log, {childList: true});
    }""")
    expect(log(page)).to_have_attribute("aria-live", "polite")
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    ask(page, "Vem är projektledare?")
    expect(log(page)).to_contain_text("Malin Carlsson är")
    added = page.evaluate("window.added")
    assert len(added) == 2
    assert "Daniella" in added[0]
    assert "Malin" in added[1]


# --- Text, links and cards --------------------------------------------------------------------


def test_what_is_typed_is_never_markup(page):
    attack = "<img src=x onerror=alert(1)><b>hej</b>"
    ask(page, attack)
    expect(page.locator(".me p")).to_have_text(attack)
    expect(page.locator(".bot")).to_have_count(2)
    assert page.locator(".log img, .log b").count() == 0


def test_what_the_server_says_is_never_markup(bot, new_page):
    page = new_page()
    attack = "<img src=x onerror=document.title='hit'><script>document.title='hit'</script>"
    url = 'javascript:alert(1) https://e.se/"onmouseover="x'
    person = {"name": attack, "title": attack, "phone": None, "email": attack, "areas": [attack]}
    custom = {"id": "x", "lang": '"><script>', "contacts": [person]}
    buttons = [{"title": attack, "payload": attack}]
    page.route(
        "**/webhooks/**", say({"text": f"{attack}\n- {url}", "custom": custom, "buttons": buttons})
    )
    page.route(
        "**/widget.json",
        lambda route: route.fulfill(
            json={"unit": attack, "greeting": attack, "starters": [attack], "human": attack}
        ),
    )
    open_chat(page, bot.url)
    ask(page, "hej")
    expect(page.locator(".bot")).to_have_count(2)
    assert page.locator(".dialog img, .dialog script").count() == 0
    assert page.title() == "Om Biblioteksutveckling"
    addresses = page.locator(".log a").evaluate_all("links => links.map(link => link.href)")
    assert addresses == ["https://e.se/"]


def test_a_name_in_the_facts_is_never_markup(start, project, new_page):
    contacts = project / "data" / "knowledge" / "contacts.yml"
    text = contacts.read_text(encoding="utf-8")
    contacts.write_text(text.replace("name: Daniella Pind", "name: <b>Daniella</b> Pind"))
    page = open_chat(new_page(), start(project).url)
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("<b>Daniella</b> Pind")
    assert page.locator(".log b").count() == 0


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Se https://exempel.se/a?b=c, tack.", ["https://exempel.se/a?b=c"]),
        ("(https://exempel.se/å)", ["https://exempel.se/%C3%A5"]),
        ("Skriv till eva.fred@exempel.se.", ["mailto:eva.fred@exempel.se"]),
        ("Ring 010-441 00 00.", ["tel:0104410000"]),
        ("Ring +46 10 441 00 00", ["tel:+46104410000"]),
        ("bibliotekslagen 2013:801, 11 §, åren 2024–2027, 10 medarbetare", []),
        ("javascript:alert(1) ftp://x", []),
    ],
)
def test_links(bot, new_page, text, links):
    page = new_page()
    page.route("**/webhooks/**", say({"text": text}))
    open_chat(page, bot.url)
    ask(page, "hej")
    expect(page.locator(".bot")).to_have_count(2)
    found = page.locator(".log a").evaluate_all("links => links.map(link => link.href)")
    assert found == links
    assert page.locator(".bot p").last.inner_text() == text


def test_a_card_says_how_to_reach_somebody_and_what_is_missing(page):
    ask(page, "Vem är chef?")
    card = page.locator(".card")
    expect(card).to_contain_text("Daniella Pind")
    expect(card).to_contain_text("Enhetschef")
    expect(card).to_contain_text("Telefonnummer saknas")
    expect(card).to_contain_text("E-postadress saknas")


def test_a_card_links_to_what_is_known(start, project, new_page):
    contacts = project / "data" / "knowledge" / "contacts.yml"
    text = contacts.read_text(encoding="utf-8")
    text = text.replace("    phone:\n", "    phone: 010-123 45 67\n", 1)
    contacts.write_text(text.replace("    email:\n", "    email: d@exempel.se\n", 1))
    page = open_chat(new_page(), start(project).url)
    ask(page, "Vem är chef?")
    card = page.locator(".card")
    expect(card.get_by_role("link", name="010-123 45 67")).to_have_attribute(
        "href", "tel:0101234567"
    )
    expect(card.get_by_role("link", name="d@exempel.se")).to_have_attribute(
        "href", "mailto:d@exempel.se"
    )
    expect(card).not_to_contain_text("saknas")


def test_many_cards_wait_behind_a_summary(page):
    ask(page, "Vilka arbetar hos er?")
    expect(page.locator(".card").first).to_be_hidden()
    page.get_by_text("Visa kontaktuppgifter (10)").click()
    expect(page.locator(".card")).to_have_count(10)
    expect(page.locator(".card").last).to_be_visible()


def test_where_a_human_is_reached_is_shown_when_it_is_known(bot, new_page):
    page = open_chat(new_page(), bot.url)
    expect(page.locator(".human")).to_be_hidden()
    settings = page.request.get(f"{bot.url}/widget.json").json()
    page = new_page()
    known = {**settings, "human": "Ring 010-123 45 67 på vardagar."}
    page.route("**/widget.json", lambda route: route.fulfill(json=known))
    open_chat(page, bot.url)
    expect(page.get_by_role("link", name="010-123 45 67")).to_be_visible()


# --- What is kept -----------------------------------------------------------------------------


def test_the_conversation_stays_in_the_tab_and_nowhere_else(bot, page, new_page):
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    field(page).fill("har hon ett tele")
    page.goto(f"{bot.url}/privacy.html")
    page.goto(bot.url)
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    expect(field(page)).to_have_value("har hon ett tele")
    expect(field(page)).not_to_be_focused()
    ask(page, "har hon ett telefonnummer?")
    expect(log(page)).to_contain_text("Telefonnumret till Daniella Pind saknas på vår webbsida.")
    assert page.context.cookies() == []
    other = open_chat(new_page(), bot.url)
    expect(log(other)).not_to_contain_text("Daniella")


def test_nothing_is_fetched_from_anyone_else(bot, new_page):
    page = new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_chat(page, bot.url)
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    assert asked
    assert all(url.startswith(bot.url) for url in asked)


def test_clearing_deletes_the_conversation_here_and_on_the_server(bot, page):
    ask(page, "Vem är Sara Hemlighetsson?")
    expect(log(page)).to_contain_text("Hemlighetsson bland")
    sender = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).sender")
    assert len(sender) == 32
    assert rows(bot, f"SELECT 1 FROM conversations WHERE sender = '{sender}'")
    field(page).fill("ett utkast")
    page.get_by_role("button", name="Rensa chatten").click()
    expect(page.get_by_text("Chatten är rensad, här och på servern.")).to_be_visible()
    expect(log(page)).not_to_contain_text("Hemlighetsson")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("ett utkast")
    assert not rows(bot, f"SELECT 1 FROM conversations WHERE sender = '{sender}'")
    assert not rows(bot, f"SELECT 1 FROM answers WHERE sender = '{sender}'")
    files = bot.database.parent.glob("conversations.sqlite*")
    assert not any(b"Hemlighetsson" in file.read_bytes() for file in files)
    assert "Hemlighetsson" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_what_could_not_be_deleted_is_deleted_later(bot, page):
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    sender = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).sender")
    page.route("**/delete", lambda route: route.abort())
    page.get_by_role("button", name="Rensa chatten").click()
    expect(page.get_by_text("senast efter 60 minuter")).to_be_visible()
    page.unroute("**/delete")
    with page.expect_response("**/delete"):
        ask(page, "Vem är projektledare?")
    assert not rows(bot, f"SELECT 1 FROM conversations WHERE sender = '{sender}'")
    page.problems.clear()  # The browser tells of the request that failed.


def test_saving_gives_a_text_file(page):
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Spara chatten").click()
    assert download.value.suggested_filename.endswith(".txt")
    text = download.value.path().read_text(encoding="utf-8")
    assert "Du: Vem är chef?" in text
    assert "Boten: Daniella Pind är enhetschef." in text


def test_what_is_stored_is_told(bot, page):
    link = page.get_by_role("link", name="Vad sparas?")
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", name="Vad chatten sparar")).to_be_visible()
    expect(opened.value.get_by_text("tyst i 60 minuter")).to_be_visible()


def test_thumbs_are_counted_and_may_be_changed(bot, page):
    ask(page, "Vad är Det digitala biblioteket?")
    up, down = (page.get_by_role("button", name=name) for name in ("Bra svar", "Dåligt svar"))
    before = dict(rows(bot, "SELECT vote, count FROM votes WHERE answer = 'areas_digital'"))
    with page.expect_response("**/feedback"):
        up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    with page.expect_response("**/feedback"):
        down.click()
    expect(up).to_have_attribute("aria-pressed", "false")
    after = dict(rows(bot, "SELECT vote, count FROM votes WHERE answer = 'areas_digital'"))
    assert after["down"] == before.get("down", 0) + 1
    assert after["up"] == before.get("up", 0)
    page.reload()
    expect(page.get_by_role("button", name="Dåligt svar")).to_have_attribute("aria-pressed", "true")


def test_a_word_before_the_conversation_is_deleted(bot, new_page):
    page = new_page()
    page.clock.install()
    settings = page.request.get(f"{bot.url}/widget.json").json()
    page.route("**/widget.json", lambda r: r.fulfill(json={**settings, "silence_minutes": 20}))
    open_chat(page, bot.url)
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    page.clock.fast_forward("14:00")
    expect(page.get_by_role("status")).not_to_contain_text("raderas")
    page.clock.fast_forward("01:10")
    expect(page.get_by_role("status")).to_contain_text("raderas om 5 min")
    page.clock.fast_forward("05:00")
    expect(page.get_by_role("status")).to_contain_text("tyst i 20 minuter")
    expect(log(page)).not_to_contain_text("Daniella")


# --- When something is wrong ------------------------------------------------------------------


def test_a_slow_server_is_admitted_after_three_seconds(bot, new_page):
    page = new_page()
    page.clock.install()
    held: list[Route] = []
    page.route("**/webhook", lambda route: held.append(route))
    open_chat(page, bot.url)
    with page.expect_request("**/webhook"):
        ask(page, "Vem är chef?")
    expect(page.locator(".typing")).to_be_visible()
    expect(page.get_by_role("status")).to_be_empty()
    page.clock.fast_forward(3100)
    expect(page.get_by_role("status")).to_contain_text("lite längre tid")
    held[0].continue_()
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    expect(page.get_by_role("status")).to_be_empty()
    expect(page.locator(".typing")).to_have_count(0)


def test_a_server_out_of_reach_loses_nothing(bot, page):
    page.route("**/webhook", lambda route: route.abort())
    ask(page, "Vem är chef?")
    expect(page.get_by_role("status")).to_contain_text("Jag når inte servern")
    expect(page.locator(".me")).to_contain_text("Vem är chef?")
    page.reload()
    expect(page.locator(".me")).to_contain_text("Ditt meddelande finns kvar")
    page.unroute("**/webhook")
    page.get_by_role("button", name="Försök igen").click()
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    expect(page.get_by_role("button", name="Försök igen")).to_have_count(0)
    page.problems.clear()


def test_a_message_whose_answer_was_lost_is_answered_once(bot, page):
    bodies = []

    def lose(route: Route) -> None:
        bodies.append(route.request.post_data_json)
        route.fetch()
        route.abort()

    page.route("**/webhook", lose)
    ask(page, "Vem är chef?")
    again = page.get_by_role("button", name="Försök igen")
    expect(again).to_be_visible()
    page.unroute("**/webhook")
    with page.expect_request("**/webhook") as second:
        again.click()
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    assert second.value.post_data_json == bodies[0]
    sender = bodies[0]["sender"]
    assert rows(bot, f"SELECT count(*) FROM answers WHERE sender = '{sender}'") == [(1,)]
    page.problems.clear()


def test_too_many_messages_are_told_when_to_try_again(start, new_page):
    page = open_chat(new_page(), start(BOT_RATE_LIMIT="1/minute").url)
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    ask(page, "Vem är projektledare?")
    expect(page.locator(".failed")).to_contain_text("Försök igen om")
    expect(page.get_by_role("button", name="Försök igen")).to_be_visible()
    expect(page.locator(".me").last).to_contain_text("Vem är projektledare?")


def test_a_server_restarted_in_the_middle(start, new_page, free_port):
    port = str(free_port())
    first = start(BOT_PORT=port)
    page = open_chat(new_page(), first.url)
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    first.stop()
    ask(page, "har hon något telefonnummer?")
    expect(page.get_by_role("status")).to_contain_text("Jag når inte servern")
    start(BOT_PORT=port)
    page.get_by_role("button", name="Försök igen").click()
    expect(log(page)).to_contain_text("Telefonnumret till Daniella Pind saknas på vår webbsida.")


# --- On other pages ---------------------------------------------------------------------------


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serve one page with its headers on a port of its own; return its origin."""
    servers = []

    def begin(page: Callable[[], str], policy: Callable[[], str]) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", HTML)
                self.send_header("Content-Security-Policy", policy())
                self.end_headers()
                self.wfile.write(page().encode())

            def log_message(self, *arguments: object) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()


def embedding(url: str, attributes: str = "") -> str:
    return f"""<!doctype html><html lang="sv"><meta charset="utf-8"><title>Kommunen</title>
        <main><h1>Kommunen</h1></main>
        <script src="{url}/widget.js" defer></script>
        <bibliotek-chat {attributes}></bibliotek-chat></html>"""


def strict(url: str) -> str:
    return f"default-src 'self'; script-src 'self' {url}; style-src 'self'; connect-src {url}"


def test_another_sites_page_under_a_strict_policy(start, serve, new_page):
    where = {}
    origin = serve(lambda: embedding(where["bot"]), lambda: strict(where["bot"]))
    where["bot"] = start(BOT_ALLOWED_ORIGINS=origin).url
    page = open_chat(new_page(), origin)
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    with page.expect_response("**/feedback") as voted:
        page.get_by_role("button", name="Bra svar").click()
    assert voted.value.ok
    page.get_by_role("button", name="Rensa chatten").click()
    expect(page.get_by_text("Chatten är rensad, här och på servern.")).to_be_visible()
    expect(page.locator(".send")).to_have_css("background-color", "rgb(0, 86, 122)")
    assert page.problems == []


def test_a_site_that_is_not_allowed_gets_no_answer(bot, serve, new_page):
    origin = serve(lambda: embedding(bot.url), lambda: strict(bot.url))
    page = open_chat(new_page(), origin)
    ask(page, "Vem är chef?")
    expect(page.get_by_role("status")).to_contain_text("Jag når inte servern")
    expect(log(page)).not_to_contain_text("Daniella")


def put(page: Page, bot, html: str) -> None:
    """Show a page on the bot's own address, under its own policy."""
    policy = {"Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self'"}
    page.route(
        f"{bot.url}/elsewhere",
        lambda route: route.fulfill(body=html, headers={**policy, "Content-Type": HTML}),
    )
    page.goto(f"{bot.url}/elsewhere")


def test_attributes(bot, new_page):
    page = new_page()
    attributes = 'title="Fråga oss" greeting="Välkommen hit!" position="left" open'
    put(page, bot, embedding(bot.url, attributes))
    dialog = page.get_by_role("dialog", name="Fråga oss")
    expect(dialog).to_be_visible()
    expect(log(page)).to_contain_text("Välkommen hit!")
    assert dialog.bounding_box()["x"] < 100
    assert page.locator("bibliotek-chat").get_attribute("title") is None
    page.evaluate("document.querySelector('bibliotek-chat').removeAttribute('open')")
    expect(dialog).to_be_hidden()
    page.evaluate("document.querySelector('bibliotek-chat').setAttribute('open', '')")
    expect(dialog).to_be_visible()
    page.evaluate("document.querySelector('bibliotek-chat').setAttribute('title', 'Hej')")
    expect(page.get_by_role("dialog", name="Hej")).to_be_visible()
    assert page.problems == []


def test_the_server_attribute_says_whom_to_ask(bot, start, serve, new_page):
    where = {}
    origin = serve(
        lambda: embedding(bot.url, f'server="{where["other"]}"'),
        lambda: f"default-src 'self'; script-src {bot.url}; connect-src {where['other']}",
    )
    where["other"] = start(BOT_ALLOWED_ORIGINS=origin).url
    page = open_chat(new_page(), origin)
    with page.expect_request("**/webhook") as asked:
        ask(page, "Vem är chef?")
    assert asked.value.url.startswith(where["other"])
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    assert page.problems == []


def test_the_pages_styles_and_the_chats_stay_apart(bot, new_page):
    page = new_page()
    styles = (
        "p,button,textarea,h2{font-size:50px!important;color:lime!important} html{font-size:5px}"
    )
    page.route(
        f"{bot.url}/styles.css", lambda route: route.fulfill(body=styles, content_type="text/css")
    )
    html = embedding(bot.url, "open").replace(
        "<main>", '<link rel="stylesheet" href="styles.css"><main>'
    )
    put(page, bot, html)
    expect(page.locator(".bot p").first).to_have_css("font-size", "16px")
    expect(page.locator("h1")).to_have_css("font-size", "10px")


def test_a_theme_by_custom_properties(bot, new_page):
    page = new_page()
    styles = "bibliotek-chat{--chat-accent:#700070;--chat-width:20em}"
    page.route(
        f"{bot.url}/styles.css", lambda route: route.fulfill(body=styles, content_type="text/css")
    )
    html = embedding(bot.url, "open").replace(
        "<main>", '<link rel="stylesheet" href="styles.css"><main>'
    )
    put(page, bot, html)
    expect(page.locator(".send")).to_have_css("background-color", "rgb(112, 0, 112)")
    assert page.get_by_role("dialog").bounding_box()["width"] == 320


def test_what_the_visitor_chose_goes_before_the_open_attribute(bot, new_page):
    page = new_page()
    put(page, bot, embedding(bot.url, "open"))
    page.get_by_role("button", name="Stäng chatten").click()
    page.reload()
    expect(page.get_by_role("button", name="Chatta med oss")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Chatta med oss").click()
    page.reload()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_what_the_server_refuses_is_given_back(bot, new_page):
    page = new_page()
    refusal = {"error": "Meddelandet är för långt. Högst 1000 tecken går bra."}
    page.route("**/webhook", lambda route: route.fulfill(status=400, json=refusal))
    open_chat(page, bot.url)
    ask(page, "Vem är chef?")
    expect(page.locator(".failed")).to_contain_text("för långt. Högst 1000 tecken går bra")
    expect(page.get_by_role("button", name="Försök igen")).to_have_count(0)
    expect(field(page)).to_have_value("Vem är chef?")


def test_the_size_of_all_that_a_page_loads(bot, new_page, capsys):
    script = new_page().request.get(f"{bot.url}/widget.js")
    size = len(gzip.compress(script.body()))
    with capsys.disabled():
        print(f"\nwidget.js: {size / 1024:.1f} KB compressed")
    assert script.headers["content-encoding"] == "gzip"
    assert size <= LARGEST_WIDGET


def test_storage_that_is_damaged_or_forbidden_is_no_hindrance(bot, new_page):
    page = new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('no'); }})"
    )
    open_chat(page, bot.url)
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    page = new_page()
    page.goto(bot.url)
    page.evaluate("key => sessionStorage.setItem(key, '{')", f"bibliotek-chat {bot.url}/")
    open_chat(page, bot.url)
    ask(page, "Vem är chef?")
    expect(log(page)).to_contain_text("Daniella Pind är enhetschef.")
    assert json.loads(page.evaluate("Object.values(sessionStorage)[0]"))["entries"]
