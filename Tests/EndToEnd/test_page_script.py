"""What the script of a simulation's page does, in V8 and a document that is just large enough for it."""

import json
import re

import pytest
from lab import BINARY, ROOT, run
from py_mini_racer import MiniRacer

DOCUMENT = """
const made = (name) => ({
  name, dataset: {}, style: {}, attributes: {}, children: [], handlers: {}, textContent: "", hidden: true,
  offsetWidth: 200, offsetHeight: 100, classList: { contains: (name) => name === "wide" },
  viewBox: { baseVal: { width: 1180 } },
  append(...more) { this.children.push(...more); },
  replaceChildren(...all) { this.children = all; },
  insertRow() { const row = made("tr"); this.append(row); return row; },
  setAttribute(name, value) { this.attributes[name] = value; },
  addEventListener(name, does) { this.handlers[name] = does; },
  querySelector() { return (this.cross ??= made("path")); },
  getBoundingClientRect: () => ({ left: 0, top: 0, width: 1180, height: 700 }),
});
const textOf = (part) => (typeof part === "string" ? part : part.textContent + part.children.map(textOf).join(" "));
const parts = { told: made("div"), ground: made("button") };
const picture = made("svg");
const document = {
  documentElement: made("html"), getElementById: (id) => parts[id], createElement: made,
  querySelectorAll: () => [picture],
};
const getComputedStyle = (root) => ({ colorScheme: root.dataset.ground ?? "light" });
const says = () => (parts.told.hidden ? null : textOf(parts.told));
const pressed = (key, shiftKey = false) => picture.handlers.keydown({ key, shiftKey, preventDefault() {} });
const pointed = (clientX, clientY) => picture.handlers.pointermove({ clientX, clientY });
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A job that takes a second in the middle of each minute of an hour, for a group that begins with nobody."""
    folder = tmp_path_factory.mktemp("page")
    trace = folder / "trace.csv"
    trace.write_text("timestamp,arrivals\n" + "".join(f"2026-03-01T00:{m:02}:00Z,1\n" for m in range(60)))
    words = ["policies/thumbnails.yaml", "--trace", trace, "--service-time", "1s", "--html", folder / "page.html"]
    run(BINARY, "simulate", *words, cwd=ROOT)
    script = re.search(r"<script>\n(.*?)</script>", (folder / "page.html").read_text(), re.S)[1]
    engine = MiniRacer()
    engine.eval(DOCUMENT + script)
    return lambda code: json.loads(engine.eval(f"JSON.stringify(({code}) ?? null)"))


def test_the_crosshair_tells_what_held_at_a_moment(page):
    left, right, top, _ = page("page.plots.wide[0]")
    page(f"pointed({left}, {top + 10})")
    told = page("says()")
    assert told.startswith("2026-03-01 00:00:00 UTC") and "desired 0" in told
    assert page("picture.cross.attributes.d").startswith(f"M{left} {top}V")
    page(f"pointed({(left + right) / 2}, {top + 10})")
    told = page("says()")
    assert re.match(r"2026-03-01 00:(29|30|31):\d\d UTC", told) and "in service 1" in told, told
    assert len(re.findall("M", page("picture.cross.attributes.d"))) == page("page.plots.wide.length")
    page(f"pointed({left - 50}, {top + 10})")
    assert page("says()") is None and page("picture.cross.attributes.d") == ""


def test_keys_go_from_change_to_change(page):
    page('pressed("Home")')
    page('pressed("PageDown")')
    event = page("page.events[0]")
    told = page("says()")
    assert event[1].startswith("desired 0 → ") and event[1] in told and event[2] in told
    page('pressed("PageUp")')
    assert event[1] in page("says()"), "there is none before the first"
    page('pressed("End")')
    assert page("at") == page("page.span")
    page('pressed("ArrowLeft", true)')
    assert page("at") < page("page.span")
    page('pressed("Escape")')
    assert page("says()") is None


def test_the_button_changes_light_and_dark(page):
    grounds = [page("(parts.ground.onclick(), document.documentElement.dataset.ground)") for _ in range(3)]
    assert grounds == ["dark", "light", "dark"]
