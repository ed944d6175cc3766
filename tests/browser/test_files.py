"""Evidence: chosen, dropped or pasted; with progress, cancel and retry."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Route, expect

from tests.browser.widget import PATIENCE_MS, Widget, accessible, keep

pytestmark = [pytest.mark.stack, pytest.mark.browser]

FILES = re.compile(r"/files$")


def picture(name: str = "screen.png", colour: str = "orange") -> FilePayload:
    body = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(body, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": body.getvalue()}


def attach(widget: Widget, *files: FilePayload) -> None:
    widget.root.locator("button.attach + input").set_input_files(list(files))


def hand_over(widget: Widget, target: str, kind: str, file: FilePayload) -> None:
    """Drop or paste a file, as the browser reports it to the page."""
    widget.root.locator(target).evaluate(
        """(target, { kind, name, type, bytes }) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], name, { type }));
          const init = { bubbles: true, cancelable: true, composed: true };
          const event = kind === "paste"
            ? new ClipboardEvent(kind, { ...init, clipboardData: data })
            : new DragEvent(kind, { ...init, dataTransfer: data });
          target.dispatchEvent(event);
        }""",
        {
            "kind": kind,
            "name": file["name"],
            "type": file["mimeType"],
            "bytes": list(file["buffer"]),
        },
    )


def test_a_picture_is_sent_and_shown_also_after_a_reload(widget: Widget) -> None:
    attach(widget, picture())
    expect(widget.log.get_by_text("screen")).to_be_visible(timeout=PATIENCE_MS)
    expect(widget.log.locator("img")).to_be_visible(timeout=PATIENCE_MS)
    accessible(widget.page)
    keep(widget.page, "picture")
    widget.page.reload()
    again = Widget(widget.page)
    again.open()
    expect(again.log.locator("img")).to_be_visible(timeout=PATIENCE_MS)


def test_files_are_dropped_and_pasted(widget: Widget) -> None:
    hand_over(widget, "dialog", "dragover", picture("dropped.png"))
    expect(widget.root.get_by_text("Drop files here")).to_be_visible()
    keep(widget.page, "dropping")
    hand_over(widget, "dialog", "drop", picture("dropped.png"))
    expect(widget.root.get_by_text("Drop files here")).to_be_hidden()
    expect(widget.log.get_by_text("dropped")).to_be_visible(timeout=PATIENCE_MS)
    hand_over(widget, ".composer textarea", "paste", picture("pasted.png", "teal"))
    expect(widget.log.get_by_text("pasted")).to_be_visible(timeout=PATIENCE_MS)


def test_a_file_of_the_wrong_kind_is_refused_before_its_journey(widget: Widget) -> None:
    attach(widget, {"name": "tool.zip", "mimeType": "application/zip", "buffer": b"PK\3\4"})
    item = widget.root.locator(".uploads li")
    expect(item.get_by_role("alert")).to_have_text("Only pictures, PDF and text files can be sent.")
    accessible(widget.page)
    item.get_by_role("button", name="Remove").click()
    expect(item).to_have_count(0)


def test_a_file_that_is_not_what_it_says_is_refused_by_the_edge(widget: Widget) -> None:
    attach(widget, {"name": "fake.png", "mimeType": "image/png", "buffer": b"not a picture\0"})
    item = widget.root.locator(".uploads li[data-state=refused]")
    expect(item.get_by_role("alert")).not_to_be_empty(timeout=PATIENCE_MS)
    expect(widget.log.locator(".file")).to_have_count(0)


def test_a_file_can_be_cancelled_on_its_way(widget: Widget) -> None:
    held: list[Route] = []
    widget.page.route(FILES, lambda route: held.append(route))
    attach(widget, picture("regretted.png"))
    item = widget.root.locator(".uploads li[data-state=sending]")
    expect(item.get_by_role("progressbar")).to_be_visible()
    keep(widget.page, "uploading")
    item.get_by_role("button", name="Cancel: regretted.png").click()
    expect(widget.root.locator(".uploads li")).to_have_count(0)
    for route in held:
        route.abort()
    expect(widget.log.locator(".file")).to_have_count(0)


def test_a_file_that_did_not_get_through_is_tried_again(widget: Widget) -> None:
    widget.page.route(FILES, lambda route: route.abort(), times=1)
    attach(widget, picture("second-try.png"))
    item = widget.root.locator(".uploads li[data-state=failed]")
    expect(item).to_contain_text("no connection")
    item.get_by_role("button", name="Try again").click()
    expect(widget.log.get_by_text("second-try")).to_be_visible(timeout=PATIENCE_MS)


def test_a_sixth_file_is_one_too_many(widget: Widget) -> None:
    colours = ["red", "orange", "yellow", "green", "blue", "indigo"]
    attach(widget, *[picture(f"{colour}.png", colour) for colour in colours])
    expect(widget.root.get_by_text("At most 5 files can be attached.")).to_be_visible()
    expect(widget.log.locator(".file")).to_have_count(5, timeout=PATIENCE_MS)
