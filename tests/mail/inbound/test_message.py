"""Mails taken apart: words, files and headers out of whatever comes."""

from __future__ import annotations

import io
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.mail.inbound.message import MAX_BYTES, UnreadableMail, read_mail
from tests.mail.inbound.mails import CUSTOMER, mail, raw


def _picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((80, 80), 60).save(out, "PNG")
    return out.getvalue()


class TestHeaders:
    def test_who_wrote_to_whom_about_what(self) -> None:
        read = read_mail(raw(
            "Hello", sender='"A. Customer" <JO@Customer.Example>', to="Support <Support+abc@meadow.example>",
            Cc="cases@meadow.example", Delivered_To="box@meadow.example",
            In_Reply_To="<b@x>", References="<a@x> <b@x>",
        ))  # fmt: skip
        assert (read.sender, read.sender_name) == (CUSTOMER, "A. Customer")
        assert read.recipients == (
            "support+abc@meadow.example", "cases@meadow.example", "box@meadow.example",
        )  # fmt: skip
        assert read.references == ("<a@x>", "<b@x>")
        assert (read.id, read.subject) == ("<one@customer.example>", "No mobile data")

    def test_a_mail_from_several_is_from_nobody(self) -> None:
        assert read_mail(raw(sender="a@customer.example, b@customer.example")).sender == ""

    def test_without_message_id_the_same_bytes_have_the_same_one(self) -> None:
        without = raw().replace(b"Message-ID: <one@customer.example>\r\n", b"")
        assert read_mail(without).id == read_mail(without).id
        assert read_mail(without).id != read_mail(without + b"more").id

    @pytest.mark.parametrize("given_bytes", [b"", b"\r\n", b"\x00" * 50, b"no header\r\n\r\ntext"])
    def test_what_is_no_mail_is_refused(self, given_bytes: bytes) -> None:
        with pytest.raises(UnreadableMail):
            read_mail(given_bytes)

    def test_what_is_too_large_is_refused_unread(self) -> None:
        with pytest.raises(UnreadableMail, match="larger than 30 MB"):
            read_mail(raw() + b"x" * MAX_BYTES)

    @given(st.binary(max_size=400), st.binary(max_size=400))
    def test_no_bytes_do_harm(self, head: bytes, body: bytes) -> None:
        try:
            read = read_mail(b"From: a@b.example\r\nSubject: " + head + b"\r\n\r\n" + body)
        except UnreadableMail:
            return
        (read.subject + read.text + read.quoted + read.sender).encode()  # has no lone surrogate


class TestWords:
    @pytest.mark.parametrize(
        ("charset", "text"),
        [("utf-8", "Ошибка – kein Netz"), ("iso-8859-1", "Störung"), ("koi8-r", "Ошибка")],
    )
    def test_character_sets(self, charset: str, text: str) -> None:
        message = mail()
        message.set_content(text, charset=charset)
        assert read_mail(message.as_bytes()).text == text

    def test_an_unknown_character_set_is_read_all_the_same(self) -> None:
        sent = raw("plain words").replace(b'charset="utf-8"', b'charset="x-none-such"')
        assert read_mail(sent).text == "plain words"

    def test_plain_text_is_preferred_to_html(self) -> None:
        message = mail("the plain part")
        message.add_alternative("<p>the HTML part</p>", subtype="html")
        assert read_mail(message.as_bytes()).text == "the plain part"

    def test_html_alone_becomes_text_without_marks_or_scripts(self) -> None:
        message = mail()
        message.set_content(
            "<style>p{color:red}</style><p>It <b>stopped</b><br>on&nbsp;Friday</p><ul><li>restarted"
            "</li><li>took the SIM out</li></ul><script>alert(1)</script><img src='http://x/y.gif'>",
            subtype="html",
        )
        assert read_mail(message.as_bytes()).text == (
            "It stopped\non Friday\n\n- restarted\n- took the SIM out"
        )

    def test_an_empty_plain_part_gives_way_to_html(self) -> None:
        message = mail("\n")
        message.add_alternative("<p>said here</p>", subtype="html")
        assert read_mail(message.as_bytes()).text == "said here"


class TestFiles:
    def test_files_come_with_their_names(self) -> None:
        message, picture = mail(), _picture()
        message.add_attachment(picture, maintype="image", subtype="png", filename="Bild ü.png")
        message.add_attachment(
            b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="b.pdf"
        )
        read = read_mail(message.as_bytes())
        assert [file.name for file in read.files] == ["Bild ü.png", "b.pdf"]
        assert read.files[0].body == picture

    def test_a_picture_in_the_text_is_a_file_but_a_tracking_pixel_is_not(self) -> None:
        message = mail()
        message.add_alternative("<img src='cid:a'><img src='cid:b'>", subtype="html")
        html = message.get_payload()[1]  # type: ignore[index]
        assert isinstance(html, EmailMessage)
        html.add_related(
            _picture(), maintype="image", subtype="png", cid="<a>", filename="shot.png"
        )
        html.add_related(b"GIF89a" + bytes(40), maintype="image", subtype="gif", cid="<b>")
        assert [file.name for file in read_mail(message.as_bytes()).files] == ["shot.png"]

    def test_signatures_are_no_files(self) -> None:
        message = mail()
        message.add_attachment(
            bytes(2000), maintype="application", subtype="pkcs7-signature", filename="smime.p7s"
        )
        assert read_mail(message.as_bytes()).files == ()

    def test_a_forwarded_mail_is_one_file(self) -> None:
        message = mail()
        inner = mail("what they said to me", subject="Inner")
        inner.add_attachment(_picture(), maintype="image", subtype="png", filename="inner.png")
        message.add_attachment(inner, filename="forwarded.eml")
        read = read_mail(message.as_bytes(policy=SMTP))
        assert [file.name for file in read.files] == ["forwarded.eml"]
        assert b"what they said to me" in read.files[0].body
